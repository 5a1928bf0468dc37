"""What a draft would have done to the calls of a week: counts and examples by local day, and their sum. Pure.

No person is in it: a message is told by its call, its kind, its time, and the reason for which it was not sent.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import TypeVar

from msgspec import Struct

from chalicelib.domain.desk.local_time import LocalSpan
from chalicelib.domain.names import IncidentKey

DAYS = 7
MOST_CALLS = 500
"""Calls of one day that are played: of more, a sample. Both settings take two seconds for them on a slow machine."""

MOST_EXAMPLES = 20
"""Examples of each change that a day has, and the week."""

_A_DAY, _AN_INSTANT = timedelta(days=1), timedelta(microseconds=1)
T = TypeVar("T")


class Told(Struct, frozen=True, omit_defaults=True):
    """One message under one of the settings: when it went and how, or why not."""

    at: datetime | None = None
    channel: str = ""
    reason: str = ""


class Example(Struct, frozen=True, kw_only=True):
    """One message that is not what it was; `called` is its call as staff know it, `change` a word of `CHANGES`."""

    incident_number: str
    called: str
    incident_type: str
    kind: str
    change: str
    before: Told
    after: Told


class Count(Struct, frozen=True, kw_only=True):
    """How many messages of a type and kind differ in one way."""

    incident_type: str
    kind: str
    change: str
    messages: int


class Day(Struct, frozen=True, kw_only=True):
    """One local day: so many of its calls were played, and so many messages were sent before and after."""

    played: int
    calls: int
    sent_before: int
    sent_after: int
    counts: tuple[Count, ...] = ()
    examples: tuple[Example, ...] = ()


class Week(Struct, frozen=True, kw_only=True):
    """The sum of days."""

    played: int
    calls: int
    sent_before: int
    sent_after: int
    counts: Counter[tuple[str, str, str]]
    examples: tuple[Example, ...]

    def by_kind(self) -> Counter[tuple[str, str]]:
        """Return how many messages differ, by kind and change."""
        found: Counter[tuple[str, str]] = Counter()
        for (_, kind, change), messages in self.counts.items():
            found[kind, change] += messages
        return found


def days_before(at: datetime, zone: tzinfo, days: int = DAYS) -> tuple[date, ...]:
    """Return the last whole local days before an instant, the earliest first."""
    today = at.astimezone(zone).date()
    return tuple(today - _A_DAY * back for back in range(days, 0, -1))


def span_of_day(day: date, zone: tzinfo) -> LocalSpan:
    """Return a local day's first and last instant; one of spring has 23 hours, one of autumn 25."""
    first, next_first = (
        datetime.combine(one, time.min).replace(tzinfo=zone).astimezone(UTC) for one in (day, day + _A_DAY)
    )
    return LocalSpan(first, next_first - _AN_INSTANT)


def sample(keys: Iterable[IncidentKey], most: int = MOST_CALLS) -> list[IncidentKey]:
    """Return so many of the calls: the same ones each time, by a hash of each, whatever others there are."""
    return sorted(keys, key=_hash)[:most]


def sum_of(days: Iterable[Day]) -> Week:
    """Return what the days have together."""
    known = tuple(days)
    counts: Counter[tuple[str, str, str]] = Counter()
    for one in (count for day in known for count in day.counts):
        counts[one.incident_type, one.kind, one.change] += one.messages
    every = [one for day in known for one in day.examples]
    changes = dict.fromkeys(one.change for one in every)
    chosen = ([*_first_of(every, change)][:MOST_EXAMPLES] for change in changes)
    return Week(
        played=sum(day.played for day in known),
        calls=sum(day.calls for day in known),
        sent_before=sum(day.sent_before for day in known),
        sent_after=sum(day.sent_after for day in known),
        counts=counts,
        examples=tuple(one for found in chosen for one in found),
    )


def varied(items: Iterable[T], name: Callable[[T], Hashable]) -> Iterator[T]:
    """Yield the first item of each name before a second one of any."""
    seen: set[Hashable] = set()
    later = []
    for item in items:
        if name(item) in seen:
            later.append(item)
            continue
        seen.add(name(item))
        yield item
    yield from later


def _first_of(every: Iterable[Example], change: str) -> Iterator[Example]:
    return varied((one for one in every if one.change == change), lambda one: (one.incident_type, one.kind))


def _hash(key: IncidentKey) -> bytes:
    return hashlib.sha256(f"{key.agency_id}#{key.incident_number}".encode()).digest()
