"""Values of any type with horrors in all of their words: a list has one item for each horror.

Halves of characters are left out: no store keeps one. They come by file names and by what somebody types.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from enum import Enum
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

from msgspec import Struct

from chalicelib.domain.duration import Duration
from tests.factories import NOW
from tests.horrors.horrors import ALL, SOUND

_PLAIN: dict[Any, Any] = {
    bool: True,
    int: 7,
    float: 0.5,
    bytes: b"x",
    datetime: NOW,
    date: NOW.date(),
    timedelta: timedelta(minutes=3),
    Duration: Duration(minutes=3),
    Decimal: Decimal("1.50"),
    tzinfo: ZoneInfo("America/Denver"),
    type(None): None,
}
_LISTS = (tuple, list, set, frozenset, Sequence, Iterable, Collection)


def made(kind: Any, words: str = ALL, **given: Any) -> Any:
    """Return a value of a type with these words wherever it has words; `given` are fields as they shall be."""
    if kind in (str, Any, object):
        return words
    if kind in _PLAIN:
        return _PLAIN[kind]
    if isinstance(kind, type) and issubclass(kind, Struct):
        hints = get_type_hints(kind, include_extras=True)
        return kind(**{name: made(hints[name], words) for name in kind.__struct_fields__ if name not in given}, **given)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return next(iter(kind))
    return _composed(kind, words)


def _composed(kind: Any, words: str) -> Any:
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return made(parts[0], words)
    if origin is Literal:
        return parts[0]
    if origin in (Union, UnionType):
        return made(next((part for part in parts if part is str), parts[0]), words)
    if origin in (dict, Mapping):
        return {made(parts[0], horror): made(parts[1], horror) for horror in SOUND}
    if origin in _LISTS:
        if origin is tuple and parts[-1:] != (...,):
            return tuple(made(part, words) for part in parts)
        many = [made(parts[0], horror) for horror in SOUND]
        return origin(many) if isinstance(origin, type) and origin.__module__ == "builtins" else tuple(many)
    raise TypeError(f"no horror is known for {kind}")
