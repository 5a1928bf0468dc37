"""The time that a person who complains names, in the agency's own time: `yesterday 9 pm`, `11/28 21:00`."""

import re
from datetime import date, datetime, time, timedelta, tzinfo

from msgspec import Struct

ABOUT = timedelta(hours=2)
"""People remember a time no better than that."""

_DAYS = {"today": timedelta(), "yesterday": timedelta(days=1)}
_FORMS_OF_DAYS = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y")
_FORMS_OF_TIMES = ("%H:%M", "%I:%M%p", "%I%p")
_FILLING = re.compile(r"\b(?:at|about|around|on)\b|,")


class BadTime(ValueError):
    """The text is neither a day nor a time."""


class Span(Struct, frozen=True):
    """The time in which something happened: from an instant on, before another."""

    first: datetime
    before: datetime

    def has(self, at: datetime | None) -> bool:
        """Tell whether an instant is within."""
        return at is not None and self.first <= at < self.before

    def in_words(self, zone: tzinfo) -> str:
        """Return both ends, in the agency's own time."""
        first, before = self.first.astimezone(zone), self.before.astimezone(zone)
        return f"between {first:%a %Y-%m-%d %H:%M} and {before:%a %Y-%m-%d %H:%M}"


def span_of(text: str, zone: tzinfo, now: datetime) -> Span:
    """Read a day, a time of day, or both; a time alone is the last one that was. BadTime."""
    try:
        span = _span(text, zone, now)
    except OverflowError:  # there is no time before the year 1 or after 9999
        span = None
    if span is None:
        raise BadTime(f"{text!r} is neither a day nor a time such as '2026-11-21 14:30' or 'yesterday 9 pm'")
    return span


def _span(text: str, zone: tzinfo, now: datetime) -> Span | None:
    exact = _exact(text.strip(), zone)
    if exact:
        return Span(exact - ABOUT, exact + ABOUT)
    today = now.astimezone(zone).date()
    said, _, rest = _FILLING.sub(" ", text.strip().lower()).strip().partition(" ")
    day = _day(said, today)
    clock = _clock(rest if day else f"{said} {rest}")
    if clock is None:
        if day is None or rest.strip():
            return None
        return Span(datetime.combine(day, time(), zone), datetime.combine(day + timedelta(days=1), time(), zone))
    at = datetime.combine(day or today, clock, zone)
    if day is None and at > now:
        at = datetime.combine(today - timedelta(days=1), clock, zone)
    return Span(at - ABOUT, at + ABOUT)


def _exact(text: str, zone: tzinfo) -> datetime | None:
    """Return an instant of ISO 8601 that has a time of day."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    if len(text) <= len("2026-11-21"):
        return None
    return at if at.tzinfo else at.replace(tzinfo=zone)


def _day(word: str, today: date) -> date | None:
    if word in _DAYS:
        return today - _DAYS[word]
    if re.fullmatch(r"\d\d?/\d\d?", word):  # without a year: the last such day
        this = _parsed(f"{word}/{today.year}", _FORMS_OF_DAYS)
        past = this and this.date() <= today
        this = this if past else _parsed(f"{word}/{today.year - 1}", _FORMS_OF_DAYS)
        return this.date() if this else None
    at = _parsed(word, _FORMS_OF_DAYS)
    return at.date() if at else None


def _clock(text: str) -> time | None:
    at = _parsed(text.replace(" ", "").replace(".", ""), _FORMS_OF_TIMES)
    return at.time() if at else None


def _parsed(text: str, forms: tuple[str, ...]) -> datetime | None:
    for form in forms:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007  the caller takes the day or the time of day alone
        except ValueError:
            continue
    return None
