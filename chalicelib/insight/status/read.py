"""Read how a stack does from its tables, and which of its alarms ring from CloudWatch."""

from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from msgspec import Struct

from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.domain.notifications.wave import standing
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.surveys.follow_up import Desk
from chalicelib.insight.records.every_call import loaded
from chalicelib.insight.status.count import Backlog, Period, backlog, midnight, period, week_began
from chalicelib.insight.status.feeds import Feed, feed_now
from chalicelib.insight.status.needs import LATELY, Need, Seen, needs
from chalicelib.insight.status.nulls import Nulls, nulls_of
from chalicelib.ports.errors import NotSearchable
from chalicelib.wiring import Aws, now

ANY_TIME = timedelta(days=366)
"""Nothing is planned for later."""

MOST_CALLS = 200
"""Waiting calls that are read to see whether a person must decide: those due first."""


WAITED = timedelta(days=2)
"""A message that goes within a week may have been planned so long before."""


class Status(Struct, frozen=True, kw_only=True):
    """All of it. `alarms` are those that ring; None where nobody can say. Periods are None where nobody asked.

    `needs` is all that needs a person. Without periods, words that nobody judged are not among them. `nulls` are
    what nulls took back in the last day, system by system; None where nobody asked for periods.
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
    nulls: tuple[Nulls, ...] | None = None


def read(aws: Aws, agency: Agency, alarms: tuple[str, ...] | None, *, now_only: bool = False) -> Status:
    """Return how an agency does, with the alarms that ring.

    The state of this moment is in a few items and one index. The figures of today and this week take a read for each
    call of nine days. NotSearchable where not all calls are in the index of what is recent.
    """
    agency_id, at = agency.agency_id, now()
    conditions = aws.settings.conditions(agency_id)
    records = None if now_only else recorded(aws, agency_id, at - LATELY - WAITED, at)
    found = [(key, when) for key, when in aws.incidents.due(at + ANY_TIME) if key.agency_id == agency_id]
    due, calls = [when for _, when in found], list(dict.fromkeys(key.incident for key, _ in found))
    waiting = [aws.incidents.load(key) for key in calls[:MOST_CALLS]]
    down = tuple(name for name, breaker in conditions.breakers.items() if breaker.waits_until(at))
    feed, late = feed_now(aws, agency_id, at).feed, backlog(due, at)
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
        nulls=None if records is None else nulls_of(records, at),
    )


def recorded(aws: Aws, agency_id: str, since: datetime, until: datetime) -> tuple[IncidentRecord, ...]:
    """Return every call of which anything began in a span, with its messages; one that can't be read is left out.

    NotSearchable where not all calls are in the index.
    """
    if aws.searchable.since(agency_id) is None:
        raise NotSearchable(agency_id)
    keys = dict.fromkeys(one.key for one in aws.recent.all_of(agency_id, since, until))
    return tuple(loaded(aws, keys))


def ringing_alarms(cloudwatch: Any, stack: str) -> tuple[str, ...] | None:
    """Return the alarms of a stack that ring, by a client of CloudWatch; None where it may not be read."""
    try:
        pages = cloudwatch.get_paginator("describe_alarms")
        ringing = pages.paginate(AlarmNamePrefix=f"{stack}-", StateValue="ALARM")
        found = [alarm for page in ringing for alarm in page["MetricAlarms"]]
    except (BotoCoreError, ClientError):
        return None
    return tuple(sorted(f"{alarm['AlarmName']}: {alarm.get('AlarmDescription', '')}" for alarm in found))
