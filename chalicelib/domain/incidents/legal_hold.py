"""Legal holds: nothing of an incident expires while a court, a lawyer or an auditor may ask for it. Pure.

A person's hold also covers what they report later: the keyed hash of their phone or email finds it.
"""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

ITSELF = "incident"
"""The name of an incident's own hold; those of persons are named by keyed hashes."""

OF_INCIDENT = "incident#"


class LegalHold(Struct, frozen=True, kw_only=True):
    """A request that nothing of an incident or person expires: by whom, and why."""

    author: str
    reason: str
    at: datetime


Holds = Mapping[str, LegalHold]


def of_incident(number: str) -> str:
    """Return the name of an incident's hold among the holds of its agency."""
    return f"{OF_INCIDENT}{number}"
