"""How words about one thing come together: the later wins, whichever was heard first."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

T = TypeVar("T")
K = TypeVar("K", bound=str)


class Stamp(Struct, frozen=True, order=True, array_like=True):
    """When a fact was so, and which update said it: the later stamp wins."""

    as_of: datetime
    update_id: str


def newer(known: Struct, stamps: Mapping[str, Stamp], told: Mapping[str, Any], stamp: Stamp) -> dict[str, Any]:
    """Return those of the told fields whose word is later than what is known."""
    return {name: value for name, value in told.items() if _wins(value, stamp, getattr(known, name), stamps.get(name))}


def latest(one: datetime | None, other: datetime | None) -> datetime | None:
    """Return the later of two instants, either of which may be missing."""
    return max((at for at in (one, other) if at), default=None)


def canonical(value: object) -> bytes:
    """Return a value as bytes that are the same whenever the value is."""
    return msgspec.json.encode(value, order="deterministic")


def _wins(value: object, stamp: Stamp, known: object, known_stamp: Stamp | None) -> bool:
    if known_stamp is None or stamp != known_stamp:
        return known_stamp is None or stamp > known_stamp
    # One update id, two values: a broken source. Any rule will do that ignores which came first.
    return canonical(value) > canonical(known)


def latest_of(known: Mapping[K, datetime], told: Mapping[K, datetime]) -> dict[K, datetime]:
    """Return the later instant of each name that either knows."""
    return {
        name: max(at for at in (known.get(name), told.get(name)) if at) for name in sorted(known.keys() | told.keys())
    }


def least(items: Mapping[str, T], most: int) -> dict[str, T]:
    """Return so many items, those of the least names."""
    return dict(sorted(items.items())[:most])
