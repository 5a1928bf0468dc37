"""The ledger as auditors read it: looks, acts, approvals and what was done with records, in one list."""
