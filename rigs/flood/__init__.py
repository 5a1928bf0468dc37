"""Floods, counted: the flows and the real stores over a DynamoDB of our own that counts what AWS would bill.

The emulator takes some ten milliseconds a call and is one process: what it can't take says nothing about us. Here each
call that botocore is asked for is answered where it would leave the machine, and its units are counted by AWS's rules.
"""
