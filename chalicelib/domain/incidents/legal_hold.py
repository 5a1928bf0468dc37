"""Legal holds: nothing of an incident expires while a court, a lawyer or an auditor may ask for it. Pure.

A person's hold also covers what they report later: the keyed hash of their phone or email finds it.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

if TYPE_CHECKING:
    from chalicelib.domain.incidents.incident import Incident

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


def with_persons_holds(incident: "Incident", persons: Holds, name: Callable[[str], str]) -> "Incident":
    """Return the incident with the holds of the persons on it; `name` gives the keyed hash of an address."""
    if not persons:  # nearly always so; no address is hashed in vain
        return incident
    found = {known: persons[known] for known in map(name, incident.all_addresses) if known in persons}
    if found.keys() <= incident.legal_holds.keys():
        return incident
    return replace(incident, legal_holds={**found, **incident.legal_holds})


def held(incident: "Incident", name: str, hold: LegalHold) -> "Incident":
    """Return the incident with one more hold; a hold of the same name stays as it was."""
    return replace(incident, legal_holds={name: hold, **incident.legal_holds})


def lifted(incident: "Incident", name: str) -> "Incident":
    """Return the incident without one hold; others may still keep it."""
    return replace(incident, legal_holds={key: hold for key, hold in incident.legal_holds.items() if key != name})


def keep_until(incident: "Incident", now: datetime, usual: timedelta) -> datetime | None:
    """Return when the rows of an incident may expire; None while it is held."""
    return None if incident.legal_holds else now + usual
