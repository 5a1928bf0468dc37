"""Merge what several updates say about one thing: the later word wins, whichever was heard first."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

T = TypeVar("T")
K = TypeVar("K", bound=str)


class Stamp(Struct, frozen=True, order=True, array_like=True):
    """The time of a fact, and the update that said it: the later stamp wins."""

    as_of: datetime
    update_id: str


def newer(known: Struct, stamps: Mapping[str, Stamp], told: Mapping[str, Any], stamp: Stamp) -> dict[str, Any]:
    """Return the fields whose new value is later than the known one."""
    return {name: value for name, value in told.items() if _wins(value, stamp, getattr(known, name), stamps.get(name))}


def latest(one: datetime | None, other: datetime | None) -> datetime | None:
    """Return the later of two instants, either of which may be missing."""
    return max((at for at in (one, other) if at), default=None)


def canonical(value: object) -> bytes:
    """Return a value as bytes: equal values always give equal bytes."""
    return msgspec.json.encode(value, order="deterministic")


def _wins(value: object, stamp: Stamp, known: object, known_stamp: Stamp | None) -> bool:
    if known_stamp is None or stamp != known_stamp:
        return known_stamp is None or stamp > known_stamp
    # The same update id with two values: a broken source. Any rule will do that ignores which came first.
    return canonical(value) > canonical(known)


def latest_of(known: Mapping[K, datetime], told: Mapping[K, datetime]) -> dict[K, datetime]:
    """Return the later instant of each name that is in either mapping."""
    return {
        name: max(at for at in (known.get(name), told.get(name)) if at) for name in sorted(known.keys() | told.keys())
    }


def least(items: Mapping[str, T], most: int) -> dict[str, T]:
    """Return the first items in the order of their names."""
    return dict(sorted(items.items())[:most])
