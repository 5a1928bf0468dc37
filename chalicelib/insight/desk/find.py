"""Find: the calls of a person, by keyed hash and a span of time; calls by last digits; and what was near.

Each takes so many reads at most, whoever is asked about. Nobody's phone is in what comes back.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from msgspec import Struct

from chalicelib.domain.desk.local_time import LocalSpan
from chalicelib.domain.desk.recent import Wanted
from chalicelib.domain.names import IncidentKey
from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.domain.notifications.text_code import code_hash
from chalicelib.domain.people.consent import Reference
from chalicelib.insight.explain.calls import Call, calls_in
from chalicelib.wiring import Aws

CALLS = 20
"""A person's calls on one page: each is a read."""

LAST_DIGITS = 5
"""A phone's last digits lead to so many calls at most: more would be a list to look through."""

LOOKED_AT = 60
"""Calls of a day and a beat that are read for a phone's last digits."""

NEAR = 200
BEFORE = timedelta(hours=24)
"""A text may be so much later than its call: calls of so long before a span are read, too."""

HEARD_LATER = timedelta(hours=24)
"""A feed that was down may tell of a call so much later: what was first heard of so long behind a span is read, too."""


class Near(Struct, frozen=True, kw_only=True):
    """Calls of other people in a span: how many, on which beats, and whether there are more than were counted."""

    calls: int
    beats: tuple[str, ...]
    more: bool


class Theirs(Struct, frozen=True, kw_only=True):
    """A person's calls in a span, a page of them; `after` asks for the next ones, and is None at the end.

    `ever` tells whether the person was on any call that is still kept, and `near` counts others' calls in the span.
    """

    calls: tuple[Call, ...]
    after: datetime | None = None
    ever: bool
    near: Near
    last_digits: str = ""


class Several(Struct, frozen=True, kw_only=True):
    """Calls whose phones end alike; `many` tells that there are too many to be named, `more` that not all were read."""

    calls: tuple[Call, ...] = ()
    many: bool = False
    more: bool = False


def calls_of_person(
    aws: Aws, agency_id: str, person: Reference, span: LocalSpan, beat: str = "", before: datetime | None = None
) -> Theirs:
    """Return a person's calls that came in within a span, or about which a message went out then."""
    until = before or span.until + HEARD_LATER
    met = aws.contacts.incidents_of(agency_id, person, span.since - BEFORE, until, CALLS + 1)
    records = tuple(on_their_calls(aws, agency_id, person, (one.incident_number for one in met[:CALLS])))
    within = [record for record in records if _is_in(record, span) and beat in ("", record.incident.facts.beat)]
    # A page that goes on looks for others once more: each page costs the same, whoever is asked about.
    ever = bool(aws.contacts.incidents_of(agency_id, person, most=1))
    after = met[CALLS].created_at if len(met) > CALLS else None
    near, digits = calls_near(aws, agency_id, span, beat), _digits(aws, records, person)
    return Theirs(calls=calls_in(within, None), after=after, ever=ever, near=near, last_digits=digits)


def on_their_calls(aws: Aws, agency_id: str, person: Reference, numbers: Iterable[str]) -> Iterator[IncidentRecord]:
    """Yield those of an agency's calls on which a person is still known, one read each."""
    for number in numbers:
        record = aws.incidents.load(IncidentKey(agency_id, number))
        if record.version and address_in(aws, record, person):
            yield record


def address_in(aws: Aws, record: IncidentRecord, person: Reference) -> str:
    """Return the phone or email by which a call knows a person, or ""."""
    found = (address for address in record.incident.all_addresses if aws.contacts.reference(address) == person)
    return next(found, "")


def calls_near(aws: Aws, agency_id: str, span: LocalSpan, beat: str) -> Near:
    """Count the calls of a span, and name their beats, those with the most first."""
    wanted = Wanted(kind="call", beat=beat or None)
    page = aws.recent.of(agency_id, span.since, span.until, wanted=wanted, most=NEAR)
    beats = Counter(one.beat for one in page.found if one.beat)
    return Near(calls=len(page.found), beats=tuple(name for name, _ in beats.most_common(3)), more=bool(page.after))


def calls_by_last_digits(aws: Aws, agency_id: str, digits: str, day: LocalSpan, beat: str) -> Several:
    """Return the calls of one day and beat from a phone that ends in four digits; too many are not named at all."""
    wanted = Wanted(kind="call", beat=beat)
    page = aws.recent.of(agency_id, day.since, day.until, wanted=wanted, most=LOOKED_AT)
    keys = list(dict.fromkeys(one.key for one in page.found))
    records = [aws.incidents.load(key) for key in keys[:LOOKED_AT]]
    found = [record for record in records if _ends(record, digits)]
    more = bool(page.after) or len(keys) > LOOKED_AT
    if len(found) > LAST_DIGITS:
        return Several(many=True, more=more)
    return Several(calls=calls_in(found, None), more=more)


def call_of_code(aws: Aws, agency_id: str, code: str, at: datetime) -> str:
    """Return the key of the call about which a text with this code went out, or ""."""
    found = aws.surveys.message_of(code_hash(agency_id, code), at)
    return found.incident_number if found and found.agency_id == agency_id else ""


def _ends(record: IncidentRecord, digits: str) -> bool:
    return any(address.startswith("+") and address.endswith(digits) for address in record.incident.all_addresses)


def _digits(aws: Aws, records: Iterable[IncidentRecord], person: Reference) -> str:
    """Return what a page may show of a person's address."""
    from chalicelib.insight.mask import Mask

    found = next((address for record in records if (address := address_in(aws, record, person))), "")
    return Mask().address(found) if found else ""


def _is_in(record: IncidentRecord, span: LocalSpan) -> bool:
    received = record.incident.facts.received_at or record.created_at
    times = (received, *(row.sent_at for row in record.rows.values()))
    return any(at is not None and span.since <= at <= span.until for at in times)
