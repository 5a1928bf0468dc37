"""Purge looks and acts from the ledger: by the records schedule, or by an order that two people give.

Either leaves an entry of who ordered it, from when to when, and how many were deleted. It is written first: what can't
be noted is not purged. Entries about what a legal hold keeps stay, and so do the steps of two people and the audit of
records.
"""

from datetime import datetime, timedelta, tzinfo

from msgspec import Struct

from chalicelib.domain.incidents.legal_hold import OF_INCIDENT
from chalicelib.domain.ledger.noted import Noted, clean_ticket, incident, person
from chalicelib.domain.ledger.what import What, Why
from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.ledger.read import BEGINNING
from chalicelib.wiring import Aws

_LAST_DAY = timedelta(microseconds=1)


class NothingToPurge(ValueError):
    """There is nothing of that time in the ledger that may be purged."""


class Purge(Struct, frozen=True, kw_only=True):
    """A range of time, whose end is not included, and how many entries a purge deletes."""

    agency_id: str
    since: datetime
    before: datetime
    count: int = 0

    def days(self, zone: tzinfo) -> str:
        """Return the range as its first and its last day."""
        first, last = self.since.astimezone(zone), (self.before - _LAST_DAY).astimezone(zone)
        return f"{first:%Y-%m-%d} to {last:%Y-%m-%d}"


def what_is_due(aws: Aws, agency: Agency, at: datetime) -> Purge:
    """Return what the records schedule lets go of: whatever is older than `retention.ledger`; NothingToPurge."""
    return what_is_in(aws, agency.agency_id, BEGINNING, at - agency.retention.ledger)


def what_is_in(aws: Aws, agency_id: str, since: datetime, before: datetime) -> Purge:
    """Return what a purge of a range of time deletes, from its oldest entry on; NothingToPurge."""
    count, oldest = aws.ledger.purging.extent(agency_id, since, before, _held(aws, agency_id))
    if oldest is None:
        raise NothingToPurge(
            "nothing of that time may be purged: it holds no look and no act, or a legal hold keeps it"
        )
    return Purge(agency_id=agency_id, since=max(since, oldest), before=before, count=count)


def by_schedule(aws: Aws, agency: Agency, by: str, at: datetime) -> Purge:
    """Purge what is due, and return it; NothingToPurge, NotNoted."""
    due = what_is_due(aws, agency, at)
    carry_out(aws, due, by, at, agency.zone, Why.SCHEDULE, agency.retention.schedule)
    return due


def carry_out(aws: Aws, purge: Purge, by: str, at: datetime, zone: tzinfo, why: Why, ticket: str) -> None:
    """Note a purge, and do it; NotNoted."""
    aws.ledger.note(
        Noted(
            at=at,
            agency_id=purge.agency_id,
            by=by,
            what=What.PURGED,
            about=purge.days(zone),
            reason=why,
            ticket=clean_ticket(ticket),
            count=purge.count,
        )
    )
    aws.ledger.purging.purge(purge.agency_id, purge.since, purge.before, _held(aws, purge.agency_id))


def _held(aws: Aws, agency_id: str) -> frozenset[str]:
    """Return what entries under a legal hold are about."""
    names = aws.settings.holds(agency_id)
    return frozenset(
        incident(name.removeprefix(OF_INCIDENT)) if name.startswith(OF_INCIDENT) else person(name) for name in names
    )
