"""Merge what several updates say about one thing, whichever was heard first.

Each field has a register for each source: the dispatch system (CAD) and the records system (RMS). A register holds
the greatest word of its source, so registers may be filled in any order. The field shows CAD's word where there is
one, else RMS's. For case numbers it is the other way round.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Literal, NamedTuple, TypeVar

import msgspec
from msgspec import Struct

from chalicelib.domain.incidents.stopping import rank

T = TypeVar("T")
K = TypeVar("K", bound=str)

Source = Literal["cad", "rms"]
_SOURCES: tuple[Source, ...] = ("cad", "rms")


class Stamp(Struct, frozen=True, order=True, array_like=True):
    """The time of a fact, and who said it. Rows from before sources were known have no source.

    `update_id` is of those rows, too. It decides nothing: the history has every update by its name, and here the names
    would fill a second kilobyte of the incident, which each text pays for. `first_seen` is 1 for a time at which
    something was merely seen: see `first_seen`.
    """

    as_of: datetime
    update_id: str = ""
    sequence: int = 0
    source: Literal["cad", "rms", ""] = ""
    first_seen: Literal[0, 1] = 0


class Word(NamedTuple):
    """A value of a field, None where it was taken back, and its stamp."""

    value: Any
    stamp: Stamp


class Heard(NamedTuple):
    """The words that changed: those that the fields show, and those of the other source."""

    shown: dict[str, Word]
    other: dict[str, Word]


def heard(shown: Mapping[str, Word], other: Mapping[str, Word], told: Mapping[str, Word]) -> Heard:
    """Return which words change when more are told."""
    changed = Heard({}, {})
    for name, word in told.items():
        first, second = shown.get(name), other.get(name)
        one_source = second is None and (first is None or first.stamp.source == word.stamp.source)
        if one_source:  # nearly always, and `settle` would say the same
            if first is None or _is_greater(name, word, first):
                changed.shown[name] = word
            continue
        now_shown, now_other = settle(name, [known for known in (first, second, word) if known])
        if now_shown != first:
            changed.shown[name] = now_shown
        if now_other and now_other != second:
            changed.other[name] = now_other
    return changed


def settle(name: str, words: Iterable[Word]) -> tuple[Word, Word | None]:
    """Return the word that a field shows, and the one of the other source.

    A word without a source stands in both registers, so that each source can replace it by a later one.
    """
    registers: dict[Source, Word] = {}
    for word in words:
        for source in (word.stamp.source,) if word.stamp.source else _SOURCES:
            known = registers.get(source)
            if known is None or _is_greater(name, word, known):
                registers[source] = word
    first: Source = "rms" if name == "case_numbers" else "cad"
    held = registers.values()
    shown = max(held, key=lambda word: (word.value is not None, word.stamp.source != "", word.stamp.source == first))
    return shown, next((word for word in held if word != shown), None)


def words_of(values: Struct, stamps: Mapping[str, Stamp], names: Iterable[str]) -> dict[str, Word]:
    """Return the words behind those of the named fields that have a stamp."""
    return {name: Word(getattr(values, name), stamps[name]) for name in names if name in stamps}


def values_in(words: Mapping[str, Word]) -> dict[str, Any]:
    """Return the values of words."""
    return {name: word.value for name, word in words.items()}


def stamps_in(words: Mapping[str, Word]) -> dict[str, Stamp]:
    """Return the stamps of words."""
    return {name: word.stamp for name, word in words.items()}


def latest(one: datetime | None, other: datetime | None) -> datetime | None:
    """Return the later of two instants, either of which may be missing."""
    return max((at for at in (one, other) if at), default=None)


def canonical(value: object) -> bytes:
    """Return a value as bytes: equal values always give equal bytes."""
    return msgspec.json.encode(value, order="deterministic")


def _is_greater(name: str, word: Word, known: Word) -> bool:
    at, known_at = word.stamp.as_of, known.stamp.as_of
    if at != known_at:
        return at > known_at
    return word != known and _greatness(name, word) > _greatness(name, known)


def _greatness(name: str, word: Word) -> tuple[datetime, int, bool, int, bool, bytes, str, str]:
    """Return the order of words. At one instant a fact beats its absence, then the value that stops a text.

    A time that was told beats one at which something was seen. The update's id and a missing source decide nothing but
    which of two equal words is named as the source.
    """
    value, stamp = word
    told = value is not None
    order = (stamp.as_of, stamp.sequence, told, rank(name, value), not stamp.first_seen)
    return (*order, canonical(value), stamp.update_id, stamp.source)


def latest_of(known: Mapping[K, datetime], told: Mapping[K, datetime]) -> dict[K, datetime]:
    """Return the later instant of each name that is in either mapping."""
    return {
        name: max(at for at in (known.get(name), told.get(name)) if at) for name in sorted(known.keys() | told.keys())
    }


def least(items: Mapping[str, T], most: int) -> dict[str, T]:
    """Return the first items in the order of their names."""
    return dict(sorted(items.items())[:most])
