"""Whether something was lately, by clocks that may have jumped. Pure."""

from datetime import datetime, timedelta

SKEW = timedelta(minutes=2)
"""Clocks of two containers, or ours and somebody else's, may differ by so much."""


def lately(at: datetime | None, within: timedelta, now: datetime) -> bool:
    """Tell whether an instant lies less than a span back; one that is None never does.

    An instant further ahead than `SKEW` was written by a clock that jumped. It counts for nothing: it would hold for as
    long as that clock was ahead.
    """
    return at is not None and -SKEW <= now - at < within
