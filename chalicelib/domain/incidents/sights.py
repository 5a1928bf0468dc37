"""The ends of a call that were merely seen: of those since it was last open, the first counts.

A system that says that a call is closed, but not since when, says so anew in each snapshot: the first of them counts
(see `first_seen`). If it is open again, a later word takes the closing back, and the next closing is another one. So
for each end the times at which it was seen are kept with their words' own order, and the last word that took it back.
Each may come in any order.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal

from msgspec import Struct

from chalicelib.domain.incidents.merge import Word

ENDS = frozenset({"closed_at", "cancelled_at"})
MOST_SIGHTS = 8
"""The most that are kept of one end and source: the first, and the last ones. Nobody closes a call more often."""


class Sight(Struct, frozen=True, order=True, array_like=True):
    """A time at which an end was seen, None for a word that took it back, and the order of its word."""

    as_of: datetime
    sequence: int
    source: Literal["cad", "rms", ""]
    at: datetime | None


Sights = tuple[Sight, ...]


def sights_of(
    known: Mapping[str, Sights], told: Mapping[str, Word], first: Mapping[str, datetime]
) -> dict[str, Sights]:
    """Return the sights of each end, with more words heard.

    `first` are the earliest times that were ever seen: a row from before sights were kept has nothing else.
    """
    found = dict(known)
    for name in ENDS & told.keys():
        value, stamp = told[name]
        if value is None or stamp.first_seen:
            before = known.get(name) or _from_before(first.get(name))
            found[name] = _those_that_count((*before, Sight(stamp.as_of, stamp.sequence, stamp.source, value)))
    return found


def joined(*rows: tuple[Mapping[str, Sights], Mapping[str, datetime]]) -> dict[str, Sights]:
    """Return the sights of rows that are one incident; with each, the earliest times that were ever seen."""
    names = sorted({name for sights, _ in rows for name in sights})
    return {
        name: _those_that_count(
            each for sights, first in rows for each in sights.get(name) or _from_before(first.get(name))
        )
        for name in names
    }


def first_since_open(sights: Sights) -> datetime | None:
    """Return the first time at which an end was seen since it was last taken back, or None."""
    return min((each.at for each in sights if each.at), default=None)


def _from_before(first: datetime | None) -> Sights:
    return () if first is None else (Sight(first, 0, "", first),)


def _those_that_count(sights: Iterable[Sight]) -> Sights:
    """Return of each source the last word that took an end back, and the sights that are not older than it.

    A sight says nothing beside another one that came later and saw an earlier time. One of a row from before sources
    were kept is of either source.
    """
    told = sorted(set(sights), key=_order)
    opened = {each.source: each for each in told if each.at is None}
    last = max(map(_order, opened.values()), default=None)
    kept: list[Sight] = [*opened.values()]
    for source in sorted({each.source for each in told}):
        since = last if source == "" else _order(opened[source]) if source in opened else None
        kept += _first_ones([each for each in told if each.source == source and _counts(each, since)])
    return tuple(sorted(kept, key=lambda each: (each.source, *_order(each), each.at is not None)))


def _counts(sight: Sight, since: tuple[datetime, int] | None) -> bool:
    return sight.at is not None and (since is None or _order(sight) >= since)


def _first_ones(sights: list[Sight]) -> list[Sight]:
    """Return those before which no later word saw an earlier time, the first and the last ones of too many."""
    kept: list[Sight] = []
    for each in reversed(sights):
        if each.at and not any(later.at and later.at <= each.at for later in kept):
            kept = [later for later in kept if _order(later) != _order(each)] + [each]
    return kept if len(kept) <= MOST_SIGHTS else [*kept[: MOST_SIGHTS - 1], kept[-1]]


def _order(sight: Sight) -> tuple[datetime, int]:
    return sight.as_of, sight.sequence
