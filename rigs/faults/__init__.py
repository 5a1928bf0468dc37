"""Faults in the words of AWS: real clients and stores, the emulator behind a proxy that breaks calls, the carriers too.

`simulate` tries the flows in every order over ports in memory; this tries the stores, the SDK with its own retries, and
the protocols. The clock is the driver's: it jumps, or an hour's wait for a receipt would take an hour.
"""
