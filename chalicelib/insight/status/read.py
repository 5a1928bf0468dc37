"""Read how a stack does from its tables, and which of its alarms ring from CloudWatch."""

from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from msgspec import Struct

from chalicelib.domain.incidents.feed_health import FeedTrouble, limit, watch
from chalicelib.domain.notifications.wave import standing
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.surveys.follow_up import Desk
from chalicelib.insight.status.count import Backlog, Period, backlog, midnight, period, week_began
from chalicelib.insight.status.needs import Need, Seen, needs
from chalicelib.wiring import Aws, now

ANY_TIME = timedelta(days=366)
"""Nothing is planned for later."""

MOST_CALLS = 200
"""Waiting calls that are read to see whether a person must decide: those due first."""


class Feed(Struct, frozen=True, kw_only=True):
    """How the dispatch system's feed does; `silent_after` is in minutes, at this hour of the week."""

    heard_at: datetime | None
    told_at: datetime | None
    silent_after: int | None
    troubles: tuple[FeedTrouble, ...]


class Status(Struct, frozen=True, kw_only=True):
    """All of it. `alarms` are those that ring; None where nobody can say. Periods are None where nobody asked.

    `needs` is all that needs a person. Without periods, words that nobody judged are not among them.
    """

    agency_id: str
    agency: str
    at: datetime
    mode: str
    settings_version: int
    paused: tuple[str, ...]
    down: tuple[str, ...]
    feed: Feed
    backlog: Backlog
    today: Period | None
    week: Period | None
    alarms: tuple[str, ...] | None
    needs: tuple[Need, ...] = ()


def read(aws: Aws, agency: Agency, alarms: tuple[str, ...] | None, *, now_only: bool = False) -> Status:
    """Return how an agency does, with the alarms that ring.

    The state of this moment is in a few items and one index. The figures of today and this week take a scan.
    """
    agency_id, at = agency.agency_id, now()
    conditions = aws.settings.conditions(agency_id)
    records = None if now_only else tuple(aws.incidents.records(agency_id))
    found = [(key, when) for key, when in aws.incidents.due(at + ANY_TIME) if key.agency_id == agency_id]
    due, calls = [when for _, when in found], list(dict.fromkeys(key.incident for key, _ in found))
    waiting = [aws.incidents.load(key) for key in calls[:MOST_CALLS]]
    down = tuple(name for name, breaker in conditions.breakers.items() if breaker.waits_until(at))
    feed, late = _feed(aws, agency_id, at), backlog(due, at)
    seen = Seen(
        alerts=tuple(aws.follow_ups.of(agency_id, Desk.ALERTS)),
        follow_ups=tuple(aws.follow_ups.of(agency_id, Desk.SUPERVISORS)),
        waiting=waiting,
        not_looked_at=len(calls[MOST_CALLS:]),
        heard_at=feed.heard_at,
        told_at=feed.told_at,
        troubles=feed.troubles,
        blocked=standing(conditions.waves, at),
        down=down,
        backlog=late,
        pauses=conditions.pauses,
        alarms=alarms or (),
        records=records,
    )
    return Status(
        agency_id=agency_id,
        agency=agency.name,
        at=at,
        mode=agency.mode,
        settings_version=agency.version,
        paused=tuple(f"{pause.of} {pause.which}".strip() + f": {pause.reason}" for pause in conditions.pauses),
        down=down,
        feed=feed,
        backlog=late,
        today=None if records is None else period(records, agency, midnight(at, agency)),
        week=None if records is None else period(records, agency, week_began(at, agency)),
        alarms=alarms,
        needs=needs(seen, agency, at),
    )


def _feed(aws: Aws, agency_id: str, at: datetime) -> Feed:
    heard, book = aws.settings.feed(agency_id)
    return Feed(
        heard_at=heard.heard_at,
        told_at=heard.told_at,
        silent_after=int(limit(book, at).total_seconds() // 60) if book else None,
        troubles=watch(book, heard, at)[1] if heard.told_at else (),
    )


def ringing_alarms(cloudwatch: Any, stack: str) -> tuple[str, ...] | None:
    """Return the alarms of a stack that ring, by a client of CloudWatch; None where it may not be read."""
    try:
        pages = cloudwatch.get_paginator("describe_alarms")
        ringing = pages.paginate(AlarmNamePrefix=f"{stack}-", StateValue="ALARM")
        found = [alarm for page in ringing for alarm in page["MetricAlarms"]]
    except (BotoCoreError, ClientError):
        return None
    return tuple(sorted(f"{alarm['AlarmName']}: {alarm.get('AlarmDescription', '')}" for alarm in found))
