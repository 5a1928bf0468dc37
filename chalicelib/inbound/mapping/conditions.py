"""Conditions of a mapping file: what must stand at some paths, for a field to count or for a record to be taken."""

from collections.abc import Callable, Iterator
from typing import Any
from xml.etree.ElementTree import Element

from chalicelib.inbound.mapping.file import Conditions, Format, InvalidMapping, Mapping, as_conditions, as_paths
from chalicelib.inbound.mapping.paths import Many, things
from chalicelib.inbound.mapping.values import OTHERWISE, Unfit, as_text

Holds = Callable[[Any], bool]
"""Record, or document → whether the conditions hold."""

NOTHING = ""
"""In a condition: nothing stands there."""


def holding(conditions: Conditions, kind: Format, blank: frozenset[str] = frozenset(), *, alone: bool = False) -> Holds:
    """Return what tells whether all conditions hold; InvalidMapping.

    Of several values at a path one is enough. With `alone`, each of them must be one of the words: a record is not
    passed over for a word beside which there is another.
    """
    each = [(things(path, kind), frozenset(map(str.casefold, as_paths(words)))) for path, words in conditions.items()]
    return lambda record: all(_holds(find, words, record, blank, alone=alone) for find, words in each)


def passing_over(mapping: Mapping) -> Holds:
    """Return what tells whether a record is passed over; InvalidMapping."""
    return _named("", lambda: _passing_over(mapping.only, mapping.skip, mapping.record_format, mapping))


def passing_over_documents(mapping: Mapping) -> Holds:
    """Return what tells whether a whole document is passed over; InvalidMapping."""
    told = mapping.document
    return _named("document.", lambda: _passing_over(told.only, told.skip, mapping.format, mapping))


def _named(where: str, compiled: Callable[[], Holds]) -> Holds:
    try:
        return compiled()
    except InvalidMapping as problem:
        raise InvalidMapping(f"{where}only, {where}skip: {problem}") from problem


def _passing_over(
    only: Conditions | tuple[Conditions, ...],
    skip: Conditions | tuple[Conditions, ...],
    kind: Format,
    mapping: Mapping,
) -> Holds:
    blank = frozenset(word.casefold() for word in mapping.blank)
    wanted = [holding(each, kind, blank) for each in as_conditions(only)]
    unwanted = [holding(each, kind, blank, alone=True) for each in as_conditions(skip)]

    def passes_over(record: Any) -> bool:
        if wanted and not any(holds(record) for holds in wanted):
            return True
        return any(holds(record) for holds in unwanted)

    return passes_over


def _holds(find: Many, words: frozenset[str], record: Any, blank: frozenset[str], *, alone: bool) -> bool:
    try:
        there = dict.fromkeys(said for found in find(record) for said in _said(found))
    except Unfit:
        return False  # a text that should be JSON
    telling = [said for said in there if said is None or said not in blank]
    if not telling:
        return NOTHING in words or not words.isdisjoint(there.keys() - {None})
    if OTHERWISE in words:
        return True
    return all(said in words for said in telling) if alone else any(said in words for said in there)


def _said(found: Any) -> Iterator[str | None]:
    """Yield each word, in small letters, and None for what is there and is no word."""
    if isinstance(found, list):
        for item in found:
            yield from _said(item)
    elif isinstance(found, dict):
        yield from [None] if found else []
    elif isinstance(found, Element):
        own = found.text or ""
        if own.strip():
            yield " ".join(own.split()).casefold()
        elif len(found) or found.attrib.keys() - {"nil"}:
            yield None
    else:
        try:
            text = as_text(found)
        except Unfit:
            yield None
            return
        if text:
            yield text.casefold()
