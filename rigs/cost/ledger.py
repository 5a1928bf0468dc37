"""The cost of an act that takes two people: entries in the ledger, and a locked copy of each."""

from rigs.cost import prices

ENTRIES = 3
"""Proposed, approved, done."""

_WRITES = 4
"""Write units of an entry: up to 2 KB, in a transaction, which costs twice."""

_KEYS = 2
"""Calls to KMS: for the table's stream, and for the bucket."""


def act() -> float:
    """Return the dollars of one act."""
    entry = _WRITES * prices.WRITE_UNIT + _KEYS * prices.KMS_REQUEST
    copy = prices.S3_PUT + prices.LAMBDA_REQUEST + prices.LAMBDA_GB_SECOND * 0.2
    return ENTRIES * (entry + copy)
