"""The hours in which a kind may go, by the agency's own clock."""

from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo


def open_at(at: datetime, window: tuple[str, str], zone: ZoneInfo) -> bool:
    """Tell whether an instant falls within the hours."""
    start, end = map(_time, window)
    local = at.astimezone(zone).time()
    if start == end:
        return True
    return start <= local < end if start < end else local >= start or local < end


def next_open(at: datetime, window: tuple[str, str], zone: ZoneInfo) -> datetime:
    """Return the first instant from `at` on that falls within the hours."""
    if open_at(at, window, zone):
        return at
    day = at.astimezone(zone).date()
    begins = (
        datetime.combine(day + timedelta(days=more), _time(window[0]), zone).astimezone(UTC) for more in (0, 1, 2)
    )
    return next(begin for begin in begins if begin >= at)


@lru_cache(maxsize=64)
def _time(text: str) -> time:
    return time.fromisoformat(text)
