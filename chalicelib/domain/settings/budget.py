"""How many texts an agency may send in a minute, a day and a month, and who goes first where that is not enough. Pure.

Each kind may use only its share of a limit: the surveys of a busy day leave room for the acknowledgments of
its evening. Emails cost next to nothing and are not counted.
"""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from typing import Annotated

from msgspec import Meta, Struct

from chalicelib.domain.names import Kind

Limit = Annotated[int, Meta(ge=0)]

SHARES: dict[Kind, int] = {
    Kind.ACKNOWLEDGMENT: 100,
    Kind.DELAY: 95,
    Kind.DISPATCHED: 90,
    Kind.OUTCOME: 85,
    Kind.CASE_NUMBER: 75,
    Kind.SURVEY: 60,
}
"""Percent of each limit that a kind may use, the most important first: the rest is kept for those before it."""

BETWEEN_KINDS = timedelta(seconds=5)
"""Texts that were put off come back in the order of `SHARES`, each kind this long after the one before."""


class Budget(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The limits of texts; 0 is no limit. A segment's price is in dollars, carrier's fees included."""

    messages_per_minute: Limit = 0
    segments_per_day: Limit = 0
    dollars_per_month: Limit = 0
    segment_price: Annotated[str, Meta(pattern=r"^0?\.[0-9]{1,5}$")] = "0.012"

    @property
    def segments_per_month(self) -> int:
        """Return how many segments the month's dollars buy; 0 is no limit."""
        price = Decimal(self.segment_price)
        return int(self.dollars_per_month / price) if price else 0

    @property
    def limited(self) -> bool:
        """Tell whether there is anything to count."""
        return bool(self.messages_per_minute or self.segments_per_day or self.segments_per_month)


class Spent(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The texts of the minute, day and month of the last message; days and months are the agency's own."""

    at: datetime | None = None
    messages: int = 0
    day: int = 0
    month: int = 0


def spend(spent: Spent, budget: Budget, kind: Kind, segments: int, now: datetime, zone: tzinfo) -> Spent | datetime:
    """Count one text; or return until when it must wait, having counted nothing."""
    known = _in_this_period(spent, now, zone)
    limits = (
        (budget.segments_per_month, known.month + segments, _next_month(now, zone)),
        (budget.segments_per_day, known.day + segments, _midnight(_today(now, zone) + timedelta(days=1), zone)),
        (budget.messages_per_minute, known.messages + 1, _minute(now) + timedelta(minutes=1)),
    )
    for limit, wanted, next_period in limits:
        if limit and wanted > max(1, limit * SHARES[kind] // 100):
            return next_period + BETWEEN_KINDS * list(SHARES).index(kind)
    return Spent(
        at=max(now, spent.at or now),
        messages=known.messages + 1,
        day=known.day + segments,
        month=known.month + segments,
    )


def _in_this_period(spent: Spent, now: datetime, zone: tzinfo) -> Spent:
    """Return what of it was in the minute, the day and the month of `now`; a clock that is behind forgets nothing."""
    if spent.at is None:
        return Spent()
    now = max(now, spent.at)
    then, today = _today(spent.at, zone), _today(now, zone)
    return Spent(
        messages=spent.messages if _minute(spent.at) == _minute(now) else 0,
        day=spent.day if then == today else 0,
        month=spent.month if then.replace(day=1) == today.replace(day=1) else 0,
    )


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def _today(at: datetime, zone: tzinfo) -> date:
    return at.astimezone(zone).date()


def _next_month(now: datetime, zone: tzinfo) -> datetime:
    some_day_of_it = _today(now, zone).replace(day=1) + timedelta(days=32)
    return _midnight(some_day_of_it.replace(day=1), zone)


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time.min, zone).astimezone(UTC)
