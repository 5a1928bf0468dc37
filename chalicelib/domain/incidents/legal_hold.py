"""Legal holds: nothing of an incident expires while a court, a lawyer or an auditor may ask for it. Pure.

A person's hold also covers what they report later: the keyed hash of their phone or email finds it.
"""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

ITSELF = "incident"
"""The name of an incident's own hold; those of persons are named by keyed hashes."""

OF_INCIDENT = "incident#"


class LegalHold(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A request that nothing of an incident or person expires: by whom, and why.

    `lifted_at` is when somebody began to lift it. From then on it holds nothing new, and it stands until all that it
    held is free: whoever is killed in between can do it again.
    """

    author: str
    reason: str
    at: datetime
    lifted_at: datetime | None = None


Holds = Mapping[str, LegalHold]


def in_force(holds: Holds) -> Holds:
    """Return the holds that nobody is lifting."""
    return {name: hold for name, hold in holds.items() if hold.lifted_at is None}


def of_incident(number: str) -> str:
    """Return the name of an incident's hold among the holds of its agency."""
    return f"{OF_INCIDENT}{number}"
