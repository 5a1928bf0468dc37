"""Held: the calls that wait for a person's decision, the one with the least time left first, and what came since.

A page costs one read of what waits, one of each call that it shows, and up to five to know who is protected. One more
tells which releases somebody proposed already.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec import Struct

from chalicelib.domain.approval import Proposal
from chalicelib.domain.desk.attention import Cause, Waiting
from chalicelib.domain.desk.holds import Hold, holds_of
from chalicelib.domain.harmless import as_text
from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.names import IncidentKey
from chalicelib.domain.notifications.notification import State
from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.domain.settings.agency import Agency
from chalicelib.flow.incidents.release import state_of
from chalicelib.insight.approval.ledger import what_waits
from chalicelib.insight.mask import Mask
from chalicelib.ports.errors import Unreadable
from chalicelib.wiring import Aws

MOST = 10
"""Calls on one page."""


class HeldCall(Struct, frozen=True, kw_only=True):
    """A call that waits: why, in which words, and `state`, the digest of what a release of it would cover.

    `types` are its type, and what dispatch said beside it. `texts` counts what waits, by kind. `holds` is empty where
    nothing of the call can be read, or where another call holds it. `protected` tells that a person on it is.
    """

    waiting: Waiting
    received_at: datetime | None = None
    types: tuple[str, ...] = ()
    holds: tuple[Hold, ...] = ()
    texts: tuple[tuple[str, int], ...] = ()
    state: str = ""
    protected: bool = False


class HeldPage(Struct, frozen=True):
    """Some of the calls that wait, and where the next page goes on; empty at the end."""

    calls: tuple[HeldCall, ...]
    after: str = ""


def read_held(aws: Aws, agency: Agency, at: datetime, after: str = "") -> HeldPage:
    """Return the calls that wait for a decision, by the time that is left."""
    found = aws.attention.of(agency.agency_id, (Cause.HELD,))
    waits = sorted((_place(one), one) for one in found if one.waits(at) and one.incident_number)
    rest = [(place, one) for place, one in waits if place > after]
    shown, more = rest[:MOST], rest[MOST:]
    read = tuple((one, _record(aws, agency, one)) for _, one in shown)
    protected = _protected(aws, agency, filter(None, (record for _, record in read)))
    calls = tuple(_held(one, record, agency, protected) if record else HeldCall(waiting=one) for one, record in read)
    return HeldPage(calls, shown[-1][0] if more else "")


def proposed_releases(aws: Aws, agency_id: str, at: datetime) -> Mapping[tuple[str, str, str], Proposal]:
    """Return the releases that wait for a second person, by incident, hold and party: one read; NoLedger."""
    waits = (one for one in what_waits(aws, agency_id, at) if one.act.what == "release")
    return {(one.act.words["incident"], one.act.words["what"], one.act.words["party"]): one for one in waits}


def shown_state(record: IncidentRecord) -> str:
    """Return the digest that goes with what a page shows of a call: a release says which state it is about."""
    return state_of(record.incident)


def _place(one: Waiting) -> str:
    """Return where a call stands on the list; the next page begins after it, also where it is gone by then."""
    ends = one.first_ends or one.until
    return f"{ends.isoformat() if ends else '9'} {one.about}"


def _record(aws: Aws, agency: Agency, one: Waiting) -> IncidentRecord | None:
    """Return a call that waits; None where this release can't read it."""
    try:
        return aws.incidents.load(IncidentKey(agency.agency_id, one.incident_number))
    except Unreadable:
        return None


def _protected(aws: Aws, agency: Agency, records: Iterable[IncidentRecord]) -> frozenset[str]:
    """Return the addresses on calls that are of protected people, by a read for each or one for all."""
    addresses = frozenset[str]().union(*(record.incident.all_addresses for record in records))
    people = {address: aws.contacts.reference(address) for address in sorted(addresses)}
    found = aws.contacts.protected.among(agency.agency_id, frozenset(people.values())) if people else ()
    return frozenset(address for address, person in people.items() if person in found)


def _held(one: Waiting, record: IncidentRecord, agency: Agency, protected: frozenset[str]) -> HeldCall:
    facts, kinds = record.incident.facts, [row.key.kind for row in record.rows.values() if row.state is State.SCHEDULED]
    return HeldCall(
        waiting=one,
        received_at=facts.received_at or record.created_at,
        types=types_of(record.incident),
        holds=tuple(hold for hold in holds_of(record.incident, agency) if hold.what == one.detail),
        texts=tuple((str(kind), kinds.count(kind)) for kind in dict.fromkeys(sorted(kinds))),
        state=shown_state(record),
        protected=not protected.isdisjoint(record.incident.all_addresses),
    )


def types_of(incident: Incident) -> tuple[str, ...]:
    """Return what dispatch says that a call is, without anybody's phone or email."""
    facts, mask = incident.facts, Mask()
    told = (facts.incident_type, facts.incident_type_description, facts.type_modifier)
    return tuple(dict.fromkeys(as_text(mask.text(one)) for one in told if one))
