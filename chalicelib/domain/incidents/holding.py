"""Holding an incident: giving it legal holds, lifting them, and what they do to its end. Pure."""

from collections.abc import Callable
from datetime import datetime, timedelta

from msgspec.structs import replace

from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.incidents.legal_hold import Holds, LegalHold


def with_persons_holds(incident: Incident, persons: Holds, name: Callable[[str], str]) -> Incident:
    """Return the incident with the holds of the persons on it; `name` gives the keyed hash of an address."""
    if not persons:  # nearly always so; no address is hashed in vain
        return incident
    found = {known: persons[known] for known in map(name, incident.all_addresses) if known in persons}
    if found.keys() <= incident.legal_holds.keys():
        return incident
    return replace(incident, legal_holds={**found, **incident.legal_holds})


def held(incident: Incident, name: str, hold: LegalHold) -> Incident:
    """Return the incident with one more hold; a hold of the same name stays as it was."""
    return replace(incident, legal_holds={name: hold, **incident.legal_holds})


def lifted(incident: Incident, name: str) -> Incident:
    """Return the incident without one hold; others may still keep it."""
    return replace(incident, legal_holds={key: hold for key, hold in incident.legal_holds.items() if key != name})


def keep_until(incident: Incident, now: datetime, usual: timedelta) -> datetime | None:
    """Return when the rows of an incident may expire; None while it is held."""
    return None if incident.legal_holds else now + usual
