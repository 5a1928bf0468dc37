"""From an agency's incidents to today's and this week's figures. Pure."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from decimal import Decimal

from msgspec import Struct

from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.notification import Notification, State
from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.domain.settings.agency import Agency

OVERDUE = timedelta(minutes=2)
"""The sweep finds what is due within a minute; what is older than this is stuck or held."""

_WENT_WRONG = (State.FAILED, State.UNDELIVERED, State.UNKNOWN)


class Lateness(Struct, frozen=True):
    """How long after its due time a kind was sent, in seconds; what a rule held back is not late."""

    kind: Kind
    sent: int
    median: float
    worst: float


class Period(Struct, frozen=True, kw_only=True):
    """Counts of events since an instant."""

    since: datetime
    incidents: int
    sent: int
    delivered: int
    went_wrong: dict[str, int]
    not_sent: dict[str, int]
    segments: int
    dollars: str
    lateness: tuple[Lateness, ...]


class Backlog(Struct, frozen=True, kw_only=True):
    """Notifications that wait; `overdue` counts those whose time has passed, `oldest` is the earliest such time."""

    waiting: int
    overdue: int
    oldest: datetime | None


def midnight(now: datetime, agency: Agency) -> datetime:
    """Return when the agency's day began."""
    local = now.astimezone(agency.zone)
    return datetime.combine(local.date(), time.min, agency.zone)


def week_began(now: datetime, agency: Agency) -> datetime:
    """Return when the agency's week began, on Monday."""
    local = now.astimezone(agency.zone)
    return datetime.combine(local.date() - timedelta(days=local.weekday()), time.min, agency.zone)


def backlog(due: Iterable[datetime], now: datetime) -> Backlog:
    """Count what waits, from the instants at which each is due."""
    waiting = list(due)
    overdue = [at for at in waiting if now - at > OVERDUE]
    return Backlog(waiting=len(waiting), overdue=len(overdue), oldest=min(overdue, default=None))


def period(records: Iterable[IncidentRecord], agency: Agency, since: datetime) -> Period:
    """Count what happened since an instant: incidents by their first word, messages by when they went or ended."""
    records = list(records)
    rows = [row for record in records for row in record.rows.values()]
    sent = [row for row in rows if row.sent_at and row.sent_at >= since]
    ended = [row for row in rows if _ended(row) >= since]
    segments = sum(row.segments for row in sent if row.channel == "sms")
    return Period(
        since=since,
        incidents=sum(record.created_at is not None and record.created_at >= since for record in records),
        sent=len(sent),
        delivered=sum(row.state is State.DELIVERED for row in sent),
        went_wrong=_counted(row.reason or row.state for row in ended if row.state in _WENT_WRONG),
        not_sent=_counted(row.reason for row in ended if row.state is State.SUPPRESSED),
        segments=segments,
        dollars=f"{segments * Decimal(agency.budget.segment_price):.2f}",
        lateness=tuple(_lateness(sent)),
    )


def _ended(row: Notification) -> datetime:
    return row.steps[-1].at if row.steps else row.created_at


def _counted(words: Iterable[str]) -> dict[str, int]:
    return dict(Counter(map(str, words)).most_common())


def _lateness(sent: list[Notification]) -> Iterable[Lateness]:
    for kind in Kind:
        late = sorted(_late_by(row) for row in sent if row.key.kind is kind and not _was_held(row))
        if late:
            yield Lateness(kind, len(late), late[len(late) // 2], late[-1])


def _late_by(row: Notification) -> float:
    due = max(row.planned_for, row.created_at)
    return round(max(0.0, ((row.sent_at or due) - due).total_seconds()), 1)


def _was_held(row: Notification) -> bool:
    return row.attempts > 1 or any(step.state is State.SCHEDULED and step.reason for step in row.steps)
