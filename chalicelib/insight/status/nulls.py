"""Count on how many calls of the last day nulls took known values back, and of which fields. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import get_args

from msgspec import Struct

from chalicelib.domain.incidents.merge import Source
from chalicelib.domain.notifications.record import IncidentRecord

WITHIN = timedelta(hours=24)
FEWEST, MANY = 3, 5
"""Calls, and percent of the day's calls, from which on it is no correction by hand but a program that writes nulls."""


class Nulls(Struct, frozen=True, kw_only=True):
    """What one system's nulls took back in a day: on how many calls, and by field, the most frequent first.

    `of` is the number of calls that anything was told of in that day.
    """

    source: Source
    calls: int
    fields: dict[str, int]
    of: int

    @property
    def many(self) -> bool:
        """Tell whether it is so frequent that somebody should ask the vendor."""
        return self.calls >= FEWEST and 100 * self.calls >= MANY * self.of


def nulls_of(records: Iterable[IncidentRecord], now: datetime) -> tuple[Nulls, ...]:
    """Return what nulls took back in the last day, system by system; those that took nothing back are left out."""
    lately = [record for record in records if _is_late(record, now)]
    return tuple(found for source in get_args(Source) if (found := _of_source(lately, source, now)).calls)


def _is_late(record: IncidentRecord, now: datetime) -> bool:
    """Tell whether anything was told of a call in the last day; what nulls did has our own time."""
    known = (record.incident.as_of, *record.taken_back.values())
    return any(at and now - at <= WITHIN for at in known)


def _of_source(records: Sequence[IncidentRecord], source: Source, now: datetime) -> Nulls:
    each = [_fields(record, source, now) for record in records]
    counted = Counter(field for fields in each for field in fields)
    ranked = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return Nulls(source=source, calls=sum(map(bool, each)), fields=dict(ranked), of=len(records))


def _fields(record: IncidentRecord, source: Source, now: datetime) -> list[str]:
    told = ((name.partition("."), at) for name, at in record.taken_back.items())
    return [field for (said_by, _, field), at in told if said_by == source and now - at <= WITHIN]
