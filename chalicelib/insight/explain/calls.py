"""Find the call that somebody complains about: by its number, or by a phone or email and, if need be, a time.

People complain about a call or about a text: the time may be that of either. Nobody's phone is in what comes back.
"""

from collections.abc import Iterable
from datetime import UTC, datetime

from msgspec import Struct

from chalicelib.domain.incidents.identity import shown_number
from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.domain.phones import readable_emails, readable_numbers
from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.explain.read import Unknown
from chalicelib.insight.explain.span import Span
from chalicelib.insight.records.subject import bearing_name, calls_of
from chalicelib.wiring import Aws

_EVER = datetime(1970, 1, 1, tzinfo=UTC)


class Call(Struct, frozen=True, kw_only=True):
    """A call as people at dispatch find it, and how many messages about it went out; `key` is its place."""

    incident_number: str
    key: str
    received_at: datetime | None
    incident_type: str
    beat: str
    went: int


def named(aws: Aws, agency: Agency, text: str, span: Span | None = None) -> tuple[Call, ...]:
    """Return the calls of that number or id, or the calls of a phone or email, the latest first; Unknown.

    A number may be that of several calls, one after another. A phone leads to its calls: that takes one
    read, and one a call. Unreadable, NotSearchable.
    """
    bearing = bearing_name(aws, agency, text)
    if bearing:
        return calls_in(bearing, span if len(bearing) > 1 else None) or calls_in(bearing, None)
    addresses = readable_numbers(text, agency.country) | readable_emails(text)
    if not addresses:
        raise Unknown(f"{agency.agency_id} has no incident {text!r}, and that is neither a phone nor an email")
    theirs = calls_of(aws, agency.agency_id, addresses)
    if not theirs:
        raise Unknown(f"{agency.agency_id} knows no call by that phone or email")
    found = calls_in(theirs, span)
    if not found and span:
        others = "1 call" if len(theirs) == 1 else f"{len(theirs)} calls"
        raise Unknown(
            f"{agency.agency_id} knows no call by that phone or email, and no message to it, "
            f"{span.in_words(agency.zone)}; without --at it knows {others}"
        )
    return found


def calls_in(records: Iterable[IncidentRecord], span: Span | None) -> tuple[Call, ...]:
    """Return the calls that came in within a span, or of which a message went out then, the latest first."""
    within = (_call(record) for record in records if span is None or _is_in(record, span))
    return tuple(sorted(within, key=lambda call: call.received_at or _EVER, reverse=True))


def _is_in(record: IncidentRecord, span: Span) -> bool:
    sent = (row.sent_at for row in record.rows.values())
    return span.has(_received_at(record)) or any(map(span.has, sent))


def _received_at(record: IncidentRecord) -> datetime | None:
    return record.incident.facts.received_at or record.created_at


def _call(record: IncidentRecord) -> Call:
    facts = record.incident.facts
    return Call(
        incident_number=shown_number(record.incident) or record.incident.incident_number,
        key=record.incident.incident_number,
        received_at=_received_at(record),
        incident_type=facts.incident_type or "",
        beat=facts.beat or "",
        went=sum(row.sent_at is not None for row in record.rows.values()),
    )
