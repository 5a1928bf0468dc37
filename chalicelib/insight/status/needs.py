"""What needs a person, the gravest first: one list for the status, and for each page that says the same. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum

from msgspec import Struct

from chalicelib.domain.incidents.feed_health import FeedTrouble
from chalicelib.domain.incidents.identity import called
from chalicelib.domain.notifications.judged import not_judged
from chalicelib.domain.notifications.notification import State
from chalicelib.domain.notifications.pause import Pause
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.domain.notifications.recipients import awaits_human
from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.surveys.follow_up import Call, FollowUp, shown
from chalicelib.insight.named import named
from chalicelib.insight.status.count import Backlog
from chalicelib.insight.status.nulls import nulls_of

LATELY = timedelta(days=7)
FREQUENT = 3
"""Incidents of a week that one value must stop before it is named; rarer ones wait in `tenfour settings judge`."""

MOST_NAMED = 5
MOST_FIELDS = 3
"""Fields that are named of those that nulls took back."""


class What(StrEnum):
    """The kinds of need, the gravest first."""

    DANGER = "danger"
    HELD = "held"
    FEED = "feed"
    NULLS = "nulls"
    BLOCKED = "blocked"
    PROVIDER = "provider"
    OVERDUE = "overdue"
    PAUSED = "paused"
    ALARM = "alarm"
    FOLLOW_UPS = "follow_ups"
    NOT_JUDGED = "not_judged"
    NOT_LOOKED_AT = "not_looked_at"


class Need(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that needs a person.

    `about` is what an alert, pause, alarm or value is called; `calls` are numbers of incidents; one that has none
    yet is named by its time and its key. `count` is of texts for
    held calls and what is overdue, of incidents for values and nulls, of follow-ups, or of calls not looked at.
    """

    what: What
    about: str = ""
    calls: tuple[str, ...] = ()
    count: int = 0
    since: datetime | None = None
    minutes_left: int | None = None


class Seen(Struct, frozen=True, kw_only=True):
    """What is known at this moment. `records` are all incidents, None where nobody looked through them.

    `waiting` are incidents of which something waits to be sent; `not_looked_at` counts those beyond them.
    """

    alerts: Sequence[FollowUp] = ()
    follow_ups: Sequence[FollowUp] = ()
    waiting: Sequence[IncidentRecord] = ()
    not_looked_at: int = 0
    heard_at: datetime | None = None
    told_at: datetime | None = None
    troubles: Sequence[FeedTrouble] = ()
    blocked: Sequence[str] = ()
    down: Sequence[str] = ()
    backlog: Backlog = Backlog(waiting=0, overdue=0, oldest=None)
    pauses: Sequence[Pause] = ()
    alarms: Sequence[str] = ()
    records: Sequence[IncidentRecord] | None = None


def needs(seen: Seen, agency: Agency, now: datetime) -> tuple[Need, ...]:
    """Return what needs a person; empty if nothing does that was looked at."""
    return (
        *sorted(_dangers(seen.alerts, agency.zone), key=lambda one: (one.since or now, one.about)),
        *sorted(_held_calls(seen.waiting, agency, now), key=lambda one: (one.minutes_left or 0, one.calls)),
        *_feed(seen),
        *_nulls(seen.records or (), now),
        *(Need(what=What.BLOCKED, about=name) for name in seen.blocked),
        *(Need(what=What.PROVIDER, about=name) for name in seen.down),
        *_overdue(seen.backlog),
        *(Need(what=What.PAUSED, about=_paused(pause), since=pause.at) for pause in seen.pauses),
        *(Need(what=What.ALARM, about=alarm) for alarm in seen.alarms),
        *_late(seen.follow_ups, now),
        *_unjudged(seen.records or (), agency, now),
        *([Need(what=What.NOT_LOOKED_AT, count=seen.not_looked_at)] if seen.not_looked_at else []),
    )


def _dangers(alerts: Iterable[FollowUp], zone: tzinfo) -> Iterator[Need]:
    for one in alerts:
        if one.answered_at is None:
            calls = {call.incident_number: call for call in one.calls}
            own = Call(incident_number=one.incident_number, called=one.called)
            names = dict.fromkeys([named(calls.get(one.incident_number, own), zone)])
            names |= dict.fromkeys(named(call, zone) for call in one.calls)
            yield Need(what=What.DANGER, about=one.id, calls=tuple(filter(None, names)), since=one.raised_at)


def _held_calls(waiting: Iterable[IncidentRecord], agency: Agency, now: datetime) -> Iterator[Need]:
    for record in waiting:
        rows = [row for row in record.rows.values() if row.state is State.SCHEDULED and row.expires_at > now]
        if rows and awaits_human(record.incident, agency.at(record.incident.facts.beat)):
            left = min(row.expires_at for row in rows) - now
            key, minutes = record.incident.incident_number, int(left.total_seconds() // 60)
            began = record.incident.facts.received_at or record.created_at
            call = Call(incident_number=key, called=called(record.incident), received_at=began)
            yield Need(what=What.HELD, calls=(named(call, agency.zone),), count=len(rows), minutes_left=minutes)


def _feed(seen: Seen) -> Iterator[Need]:
    if seen.heard_at is None:
        yield Need(what=What.FEED)
    for trouble in seen.troubles:
        yield Need(what=What.FEED, about=trouble, since=seen.told_at)


def _nulls(records: Iterable[IncidentRecord], now: datetime) -> Iterator[Need]:
    """Yield the systems whose nulls took so much back that it can't be corrections by hand."""
    for told in nulls_of(records, now):
        if told.many:
            named = ", ".join([*told.fields][:MOST_FIELDS])
            yield Need(what=What.NULLS, about=f"{told.source}: {named}", count=told.calls)


def _overdue(backlog: Backlog) -> Iterator[Need]:
    if backlog.overdue:
        yield Need(what=What.OVERDUE, count=backlog.overdue, since=backlog.oldest)


def _paused(pause: Pause) -> str:
    return f"{pause.of} {pause.which}".strip() + f" by {pause.author}" + (f": {pause.reason}" if pause.reason else "")


def _late(follow_ups: Iterable[FollowUp], now: datetime) -> Iterator[Need]:
    late = [
        one.due_at
        for one in follow_ups
        if shown(one, now) and one.answered_at is None and one.due_at and one.due_at < now
    ]
    if late:
        yield Need(what=What.FOLLOW_UPS, count=len(late), since=min(late))


def _unjudged(records: Iterable[IncidentRecord], agency: Agency, now: datetime) -> Iterator[Need]:
    """Yield the values that stopped most incidents lately, as today's settings judge them."""
    stopped = Counter(
        not_judged(record.incident, agency.at(record.incident.facts.beat))
        for record in records
        if record.created_at
        and now - record.created_at <= LATELY
        and any(item.reason is Reason.NOT_JUDGED for item in record.skipped)
    )
    ranked = sorted((-count, value) for value, count in stopped.items() if value and count >= FREQUENT)
    for count, value in ranked[:MOST_NAMED]:
        yield Need(what=What.NOT_JUDGED, about=value, count=-count)
