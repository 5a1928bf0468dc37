"""What waits for somebody, by cause: in a storm a page says of each cause how much there is, and shows a few. Pure."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from msgspec import Struct

from chalicelib.domain.desk.attention import Cause, Waiting

MOST, MOST_OF_DANGER = 3, 5
"""Entries of one cause that a page shows before it leads to all of them."""


class Group(Struct, frozen=True, kw_only=True):
    """What waits for one cause. `shown` are the first entries of all, and `more` is how many others there are.

    `count` is how many things wait: texts where they are late, entries elsewhere. `texts` are those that calls hold.
    `since` is when the first began to wait, `ends` when the first is of no use any more, `taken` how many somebody has.
    """

    cause: Cause
    shown: tuple[Waiting, ...]
    more: int
    count: int
    texts: int
    since: datetime
    ends: datetime | None
    taken: int


def grouped(waits: Sequence[Waiting], most: int = MOST, most_of_danger: int = MOST_OF_DANGER) -> tuple[Group, ...]:
    """Group what waits, given the gravest first, by cause; nobody's entries come before those that somebody has."""
    return tuple(
        _group(cause, tuple(found), most_of_danger if cause is Cause.DANGER else most)
        for cause, found in groupby(waits, key=lambda one: one.cause)
    )


def ends_at(one: Waiting) -> datetime | None:
    """Return when an entry, or the first text of it, is of no use any more; None where nobody counts minutes."""
    return one.first_ends or (one.until if one.cause is Cause.HELD else None)


def _group(cause: Cause, found: tuple[Waiting, ...], most: int) -> Group:
    free_first = sorted(found, key=lambda one: one.taken_at is not None)
    texts = sum(one.count for one in found)
    return Group(
        cause=cause,
        shown=tuple(free_first[:most]),
        more=max(0, len(found) - most),
        count=texts if cause is Cause.OVERDUE else len(found),
        texts=texts if cause is Cause.HELD else 0,
        since=min(one.since for one in found),
        ends=min(filter(None, map(ends_at, found)), default=None),
        taken=sum(one.taken_at is not None for one in found),
    )
