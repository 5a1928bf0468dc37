"""Dates and words that stand for no time: each system has its own, and none of them may cost an update its arrival."""

import re
from datetime import UTC, datetime, timedelta

_YEARS = frozenset({1, 1601, 1753, 1899, 1900})
"""Where the calendars of databases and languages begin; no call was then.

Where they end is refused by name: it may be a time that went wrong. A system that means none by it says so in `blank`.
"""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_A_DAY = timedelta(days=1)
_WORDS = frozenset({"null", "none", "n/a", "na", "nil", "unknown"})
_FORM = re.compile(r"[-_/:., ]+")
"""An empty form of a date, as masks leave it."""

_ZEROS = re.compile(r"[-0/:. TZ]*0[-0/:. TZ]*(?:[A-Z]{2,3})?")
_YEAR = re.compile(r"(?<!\d)(?:0000|0001|1601|1753|1899|1900)(?!\d)")
_OURS = re.compile(r"(?<!\d)20\d\d(?!\d)")


def is_no_time(at: datetime) -> bool:
    """Tell whether a time stands for none: the first of a calendar, or the first second of 1970."""
    known = at if at.tzinfo else at.replace(tzinfo=UTC)
    return at.year in _YEARS or (at.year in (1969, 1970) and abs(known - _EPOCH) <= _A_DAY)


def says_no_time(text: str) -> bool:
    """Tell whether a text in which no time of ours is written stands for none: `N/A`, `0000-00-00`, `12/30/1899`."""
    if text.casefold() in _WORDS or _ZEROS.fullmatch(text) or _FORM.fullmatch(text):
        return True
    return _YEAR.search(text) is not None and _OURS.search(text) is None
