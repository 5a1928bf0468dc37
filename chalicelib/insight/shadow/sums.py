"""Counts that can be written down, read again and added up: a period is the sum of its days. Pure."""

import zlib
from base64 import b64decode, b64encode
from collections import Counter
from typing import Any, Self, TypeVar, get_args

import msgspec
from msgspec import Struct

T = TypeVar("T", bound="Sums")

UNREADABLE = (msgspec.MsgspecError, ValueError, zlib.error)
"""What reading raises of counts that another release wrote, or that are damaged."""


class Sums(Struct):
    """Numbers, counters, lists and tables of them; of a text the first one stays."""

    def add_up(self, other: Self) -> None:
        """Take in what another has counted."""
        for name in self.__struct_fields__:
            setattr(self, name, _added(getattr(self, name), getattr(other, name)))


def written(counts: Sums) -> str:
    """Write counts as text: keys of counters have parts, which JSON has no word for."""
    plain = msgspec.to_builtins(counts)  # MessagePack has instants in UTC, and a local day would be lost with its zone
    return b64encode(zlib.compress(msgspec.msgpack.encode(plain), 9)).decode()


def read(text: str, kind: type[T]) -> T:
    """Read what `written` wrote; one of UNREADABLE."""
    return msgspec.msgpack.decode(zlib.decompress(b64decode(text)), type=kind, dec_hook=_counter)


def _counter(kind: Any, found: Any) -> Any:
    """Return a counter with the keys that it is declared to have."""
    return Counter(msgspec.convert(found, dict[get_args(kind)[0], int]))  # type: ignore[misc]


def _added(mine: Any, theirs: Any) -> Any:
    if isinstance(mine, Sums):
        mine.add_up(theirs)
    elif isinstance(mine, Counter):
        mine.update(theirs)
    elif isinstance(mine, dict):
        mine |= {name: _added(mine[name], one) if name in mine else one for name, one in theirs.items()}
    elif not isinstance(mine, str):
        mine += theirs
    return mine
