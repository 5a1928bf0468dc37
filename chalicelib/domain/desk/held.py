"""Which calls wait for a person's decision, and for how long it is of use. Pure.

Two things hold the texts of a call until somebody decides: so many callers that it may be a mass call, and a word that
latches. A call that a latch keeps quiet waits for somebody only where that alone keeps a message from its people, and
only while the message is worth sending. Nobody has to decide for the sake of a survey.
"""

import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from chalicelib.domain.desk.attention import CALM, Attention, Cause, Waiting
from chalicelib.domain.incidents.identity import called
from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.incidents.release import Release
from chalicelib.domain.incidents.update import Latch
from chalicelib.domain.names import Kind, NotificationKey
from chalicelib.domain.notifications.notification import Notification, State
from chalicelib.domain.notifications.plan import Planned, plan
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.domain.notifications.recipients import awaits_human
from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.domain.settings.agency import Agency

Rows = Mapping[NotificationKey, Notification]

BY_A_PERSON = (Latch.JUVENILE, Latch.DO_NOT_CONTACT)
"""Latches that bar all messages of a call until a person releases them."""


LOOKED_AT_AGAIN = timedelta(minutes=10)
"""The sweep holds the entry of a call with many callers against what is stored this often."""


def held(incident: Incident, rows: Rows, agency: Agency, now: datetime) -> Waiting | None:
    """Return a call that waits for somebody to decide, or None."""
    agency = agency.at(incident.facts.beat)
    if awaits_human(incident, agency):
        waiting = [row for row in rows.values() if row.state is State.SCHEDULED and row.expires_at > now]
        began = min((row.created_at for row in waiting), default=now)
        return _waiting(incident, Reason.MASS_CALL, began, [row.expires_at for row in waiting])
    latches = [latch for latch in BY_A_PERSON if incident.holds(latch)]
    if not latches:
        return None
    would_go = _would_go(_freed(incident, latches, now), rows, agency, now)
    return _waiting(incident, latches[0].value, incident.latches[latches[0]], would_go)


def _waiting(incident: Incident, why: str, since: datetime, ends: Sequence[datetime]) -> Waiting | None:
    """Return the entry of a call whose texts end then; None where there is none."""
    if not ends:
        return None
    return Waiting(
        agency_id=incident.agency_id,
        cause=Cause.HELD,
        about=incident.incident_number,
        since=since,
        until=max(ends),
        first_ends=min(ends),
        incident_number=incident.incident_number,
        called=called(incident),
        detail=why,
        count=len(ends),
    )


def _freed(incident: Incident, latches: Sequence[Latch], now: datetime) -> Incident:
    for latch in latches:
        incident = incident.release(Release(what=latch.value, author="", reason="", at=now))
    return incident


def _would_go(freed: Incident, rows: Rows, agency: Agency, now: datetime) -> list[datetime]:
    """Return when each message ends that would go if nothing held the call."""
    planned = (one for one in plan(freed, agency) if isinstance(one, Planned) and one.expires_at > now)
    return [
        one.expires_at
        for one in planned
        if one.key.kind is not Kind.SURVEY and (one.key not in rows or rows[one.key].state is State.CANCELLED)
    ]


def was_held(record: IncidentRecord, agency: Agency, now: datetime) -> Waiting | None:
    """Return how a stored call waits for somebody, as far as its record tells.

    Others that name the same unknown incident may have held it: then its rows say that they wait for a person.
    """
    known = held(record.incident, record.rows, agency, now)
    waiting = [row for row in record.rows.values() if waits(row)]
    if known or not waiting:
        return known
    ends = [row.expires_at for row in waiting]
    return _waiting(record.incident, Reason.MASS_CALL, min(row.created_at for row in waiting), ends)


def heeded_row(record: IncidentRecord, moved: Notification, agency: Agency, now: datetime) -> Attention:
    """Return what a row's new state does to what waits for somebody: its call may begin or cease to wait.

    Most calls never waited for a person, and nothing is written of them. A row that begins to wait tells of its call in
    any case: other settings may have come since the call was decided on.
    """
    stored = record.rows.get(moved.key)
    waited = stored is not None and waits(stored)
    if not waited and not awaits_human(record.incident, agency.at(record.incident.facts.beat)):
        return CALM
    after = held(record.incident, {**record.rows, moved.key: moved}, agency, now)
    return heeded(was_held(record, agency, now) if waited or not waits(moved) else None, after)


def waits(row: Notification) -> bool:
    """Tell whether a row was found to wait for a person when it was last looked at."""
    return row.state is State.SCHEDULED and row.reason == Reason.MASS_CALL


def heeded(before: Waiting | None, after: Waiting | None) -> Attention:
    """Return what a change of a call does to what waits for somebody."""
    if before == after:
        return CALM
    if after is not None:
        return Attention(begun=(after,))
    return Attention(ended=frozenset({before.name})) if before else CALM


def is_looked_at_again(one: Waiting, now: datetime) -> bool:
    """Tell whether it is this entry's minute: each has one in ten, so that many entries make no minute dear.

    Workers that settle the last texts of a call at once each see the other's still wait, and one of them has the last
    word. A latch has no such entries: they change with the call alone, whose version orders them.
    """
    of_many = one.cause is Cause.HELD and one.detail == Reason.MASS_CALL and one.waits(now)
    every = int(LOOKED_AT_AGAIN.total_seconds() // 60)
    return of_many and (int(now.timestamp() // 60) + zlib.crc32(one.about.encode())) % every == 0
