"""Find the call that somebody complains about: by its number, or by a phone or email and, if need be, a time.

Times are the agency's own, as the person who calls says them. Nobody's phone is in what comes back.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta, tzinfo

from msgspec import Struct

from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.domain.phones import readable_emails, readable_numbers
from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.explain.read import Unknown
from chalicelib.insight.records.subject import find_incident
from chalicelib.wiring import Aws

ABOUT = timedelta(hours=2)
"""People remember the time of a call no better than that."""

_EVER = datetime(1970, 1, 1, tzinfo=UTC)


class BadTime(ValueError):
    """The text is neither a day nor a time."""


class Call(Struct, frozen=True, kw_only=True):
    """A call as people at dispatch find it, and how many messages about it went out."""

    incident_number: str
    received_at: datetime | None
    incident_type: str
    beat: str
    went: int


class Span(Struct, frozen=True):
    """The time in which a call came in: from an instant on, before another."""

    first: datetime
    before: datetime


def span_of(text: str, zone: tzinfo) -> Span:
    """Read a day, or a day with a time of day, in the agency's own time; BadTime."""
    try:
        return _span(text.strip(), zone)
    except (ValueError, OverflowError):  # before the year 1 and after 9999 there are no times
        raise BadTime(f"{text!r} is neither a day nor a time such as '2026-11-21 14:30'") from None


def _span(text: str, zone: tzinfo) -> Span:
    at = datetime.fromisoformat(text)
    at = at if at.tzinfo else at.replace(tzinfo=zone)
    if len(text) <= len("2026-11-21"):
        return Span(at, datetime.combine(at.date() + timedelta(days=1), time(), zone))
    return Span(at - ABOUT, at + ABOUT)


def named(aws: Aws, agency: Agency, text: str, span: Span | None = None) -> tuple[Call, ...]:
    """Return the call of that number, or the calls of a phone or email, the latest first; Unknown.

    A number that is an incident's is that incident. For a phone all incidents are read, by one scan.
    """
    key = find_incident(aws, agency, text)
    if key:
        return (_call(aws.incidents.load(key)),)
    addresses = readable_numbers(text, agency.country) | readable_emails(text)
    if not addresses:
        raise Unknown(f"{agency.agency_id} has no incident {text!r}, and that is neither a phone nor an email")
    found = calls_of(aws.incidents.records(agency.agency_id), addresses, span)
    if not found:
        raise Unknown(f"{agency.agency_id} knows no call by that phone or email{' at that time' if span else ''}")
    return found


def calls_of(records: Iterable[IncidentRecord], addresses: frozenset[str], span: Span | None) -> tuple[Call, ...]:
    """Return the calls with one of these addresses on them that came in within a span, the latest first."""
    theirs = (_call(record) for record in records if addresses & record.incident.all_addresses)
    within = (call for call in theirs if span is None or _is_in(call, span))
    return tuple(sorted(within, key=lambda call: call.received_at or _EVER, reverse=True))


def _is_in(call: Call, span: Span) -> bool:
    return call.received_at is not None and span.first <= call.received_at < span.before


def _call(record: IncidentRecord) -> Call:
    facts = record.incident.facts
    return Call(
        incident_number=record.incident.incident_number,
        received_at=facts.received_at or record.created_at,
        incident_type=facts.incident_type or "",
        beat=facts.beat or "",
        went=sum(row.sent_at is not None for row in record.rows.values()),
    )
