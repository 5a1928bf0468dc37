"""Put everything into the indexes: old incidents after an upgrade, and what an earlier release wrote after a roll-back.

One pass goes over the whole table of incidents, for all agencies, a page at a time. It remembers how far it has come,
so that it can be stopped and goes on there. It writes only what is not as it must be, over what it has read, and does
no harm to functions that write meanwhile. Doing it again only looks.
"""

from collections.abc import Collection, Iterator
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.aws.stores.again import place_of, read_incident, stands
from chalicelib.aws.stores.incidents import StoredIncident
from chalicelib.aws.stores.searchable import Pass
from chalicelib.aws.tables import INCIDENT, NOTIFICATION, IncidentItem, incident_key
from chalicelib.domain.desk.attention import Attention, Cause, Waiting
from chalicelib.domain.desk.held import held
from chalicelib.domain.desk.owed import owed
from chalicelib.domain.desk.recent import CallOf
from chalicelib.domain.incidents.leading import LONGER
from chalicelib.domain.names import IncidentKey, agency_of_sandbox
from chalicelib.domain.notifications.recipients import awaits_human
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.surveys.follow_up import Desk
from chalicelib.flow.incidents.awaited import beside_its_leader
from chalicelib.wiring import Aws

_STORED = frozenset({Cause.HELD, Cause.DANGER, Cause.FOLLOW_UP})
"""Causes that are written with what is stored; the sweep sees to the others each minute."""


class Step(Struct, frozen=True, kw_only=True):
    """One page of a pass: items that were read, and what was not as it must be. `done` after the last page."""

    seen: int
    wrong: int
    done: bool = False


def index(aws: Aws, now: datetime, *, check: bool = False, people: bool = True) -> Iterator[Step]:
    """Go over the table and yield each page's counts; where it is only a check, nothing is written.

    Without `people`, no way is looked at that leads from a person to a call: that takes a read for each address.
    A pass that was stopped goes on. A check always begins at the beginning. After a whole pass, the agencies that were
    seen are searchable, and what waits for somebody is what their incidents and follow-ups say.
    """
    one = (None if check else aws.searchable.unfinished()) or Pass(began_at=now)
    while page := aws.items_again.page(one.pk, one.sk):
        incidents = _Incidents(aws)
        wrong = sum(_put_right(aws, item, incidents, now, check=check) for item in page)
        wrong += sum(_lead(aws, item, incidents, now, check=check) for item in page) if people else 0
        one = replace(
            one,
            pk=page[-1].pk,
            sk=page[-1].sk,
            agencies=one.agencies | {incident_key(item.pk).agency_id for item in page if item.sk == INCIDENT},
            perhaps_held=one.perhaps_held | incidents.perhaps_held,
        )
        if not check:
            aws.searchable.note_pass(one)
        yield Step(seen=len(page), wrong=wrong)
    agencies = sorted(one.agencies | {*aws.settings.agencies()})
    lists = sum(_list(aws, agency_id, one.perhaps_held, now, check=check) for agency_id in agencies)
    if not check:
        for agency_id in agencies:
            aws.searchable.note(agency_id, one.began_at)
        aws.searchable.note_pass(None)
    yield Step(seen=0, wrong=lists, done=True)


class _Incidents:
    """The incidents of a page, each read once, and the keys of those that a person may have to decide on."""

    def __init__(self, aws: Aws) -> None:
        self._aws = aws
        self._known: tuple[str, StoredIncident | None] = ("", None)
        self.perhaps_held: frozenset[IncidentKey] = frozenset()

    def of(self, item: IncidentItem) -> StoredIncident | None:
        """Return the incident of an item; None for what belongs to none, or can't be read."""
        if item.sk == INCIDENT:
            self._known = item.pk, read_incident(item)
        elif not item.sk.startswith(NOTIFICATION):
            return None
        elif self._known[0] != item.pk:
            self._known = item.pk, self._aws.items_again.incident(item.pk)
        stored = self._known[1]
        if stored and item.sk == INCIDENT:
            agency = self._aws.settings.agency(agency_of_sandbox(stored.incident.agency_id))
            if stored.incident.latches or (agency and awaits_human(stored.incident, agency)):
                self.perhaps_held |= {stored.incident.key}
        return stored


def _put_right(aws: Aws, item: IncidentItem, incidents: _Incidents, now: datetime, *, check: bool) -> int:
    """Put one item into the index; return whether it was not in its place."""
    stored = incidents.of(item)
    if stored is None or _gone(item, now):
        return 0
    wanted = place_of(item, stored.incident)
    if wanted is None or wanted == stands(item):
        return 0
    if not check:
        aws.items_again.write(item, wanted)
    return 1


def _gone(item: IncidentItem, now: datetime) -> bool:
    return item.expires is not None and item.expires <= now


def _lead(aws: Aws, item: IncidentItem, incidents: _Incidents, now: datetime, *, check: bool) -> int:
    """Lead an incident's people to it; return how many did not find it."""
    stored = incidents.of(item) if item.sk == INCIDENT and not _gone(item, now) else None
    if stored is None:
        return 0
    key, wrong = incident_key(item.pk), 0
    call = CallOf(stored.created_at, key.incident_number)
    for address in sorted(stored.incident.all_addresses):
        wrong += _stopped(aws, aws.contacts.partition(key.agency_id, address), check=check)
        if call in aws.contacts.incidents_of(key.agency_id, address, call.created_at, call.created_at):
            continue
        wrong += 1
        if not check:
            until = item.expires + LONGER if item.expires else None
            aws.contacts.met.item(key.agency_id, address, key.incident_number, call.created_at, until).save()
    return wrong


def _stopped(aws: Aws, partition: str, *, check: bool) -> int:
    """List a person who said STOP to everything; return whether they were not listed."""
    if not aws.contacts.stopped.lacks(partition):
        return 0
    if not check:
        aws.contacts.stopped.item(partition).save()
    return 1


def _list(aws: Aws, agency_id: str, perhaps: Collection[IncidentKey], now: datetime, *, check: bool) -> int:
    """Bring the list of what waits for somebody in line with what is stored; return how much was wrong."""
    agency = aws.settings.agency(agency_of_sandbox(agency_id))
    if agency is None:
        return 0
    known = {one.name: one for one in aws.attention.of(agency_id, _STORED) if one.until is None or one.until > now}
    keys = {key for key in perhaps if key.agency_id == agency_id}
    keys |= {IncidentKey(agency_id, about) for cause, about in known if cause is Cause.HELD}
    wanted = {one.name: one for one in (*_held(aws, keys, agency, now), *_owed(aws, agency_id, agency))}
    begun = tuple(one for name, one in sorted(wanted.items()) if name not in known)
    ended = frozenset(known.keys() - wanted.keys())
    if not check:
        aws.attention.note(agency_id, Attention(begun, ended))
    return len(begun) + len(ended)


def _held(aws: Aws, keys: Collection[IncidentKey], agency: Agency, now: datetime) -> Iterator[Waiting]:
    for key in sorted(keys):
        record = aws.incidents.load(key)
        incident, _ = beside_its_leader(record.incident, aws)
        waiting = held(incident, record.rows, agency, now)
        if waiting:
            yield waiting


def _owed(aws: Aws, agency_id: str, agency: Agency) -> Iterator[Waiting]:
    for desk in Desk:
        for one in aws.follow_ups.of(agency_id, desk):
            late = owed(one, one.raised_at + agency.retention.surveys)
            if late:
                yield late
