"""A span of time as a form's two fields have it: on the agency's own clock, which jumps twice a year. Pure."""

import re
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum

from msgspec import Struct

_WRITTEN = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::\d\d(?:\.\d+)?)?)?")
_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)
_LONGEST_DAY = timedelta(hours=25, minutes=1)
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
"""What lies outside is a mistake in typing, and no clock of an agency."""


class BadSpan(ValueError):
    """The fields are no span; the text is `since`, `until` or `order`, by the field that is wrong."""


class LocalSpan(Struct, frozen=True):
    """From one instant to another, both included."""

    since: datetime
    until: datetime

    @property
    def is_a_day(self) -> bool:
        """Tell whether it is a day at most; one of autumn has 25 hours."""
        return self.until - self.since <= _LONGEST_DAY


def read_span(since: str, until: str, zone: tzinfo, usual: LocalSpan) -> LocalSpan:
    """Read a form's fields; `usual` stands for a field that is empty. BadSpan.

    An hour that comes twice in autumn is meant whole, and one that spring leaves out is no gap: the span is the widest
    that the two times may mean.
    """
    first = _read(since, zone, usual.since, "since")
    last = _read(until, zone, usual.until, "until", to_its_end=True)
    if first > last:
        raise BadSpan("order")
    return LocalSpan(first, last)


def written(at: datetime, zone: tzinfo) -> str:
    """Return an instant as a form's field has it."""
    return f"{at.astimezone(zone):%Y-%m-%dT%H:%M}"


class Comes(StrEnum):
    """How often a time of day comes on its date."""

    ONCE = "once"
    TWICE = "twice"
    NEVER = "never"


def comes(local: datetime, zone: tzinfo) -> Comes:
    """Tell how often a local time comes: twice where clocks go back, never where they go forward over it."""
    first, second = (local.replace(tzinfo=zone, fold=fold).utcoffset() or timedelta() for fold in (0, 1))
    return Comes.ONCE if first == second else Comes.TWICE if first > second else Comes.NEVER


def typed_time(text: str) -> datetime | None:
    """Return the local time that a form's field has, without a zone; None where it is empty or no time."""
    found = _WRITTEN.fullmatch(text.strip())
    try:
        return datetime.fromisoformat(f"{found[1]}T{found[2] or '00:00'}") if found else None
    except ValueError:
        return None


def _read(text: str, zone: tzinfo, usual: datetime, field: str, *, to_its_end: bool = False) -> datetime:
    plain = text.strip()
    if not plain:
        return usual
    found, naive = _WRITTEN.fullmatch(plain), typed_time(plain)
    if found is None or naive is None:
        raise BadSpan(field)
    try:
        if to_its_end:
            naive += (_MINUTE if found[2] else _DAY) - timedelta(microseconds=1)
        # Which of two equal times is meant nobody knows; in an hour that is left out the two readings lie apart.
        both = [naive.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
    except (ValueError, OverflowError):
        raise BadSpan(field) from None
    at = max(both) if to_its_end else min(both)
    if not EARLIEST <= at <= LATEST:
        raise BadSpan(field)
    return at
