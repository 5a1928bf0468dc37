"""Words about an incident's nature: all that stand where a mapping looks, for nobody judges a word that is left out."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any

from chalicelib.inbound.cad.several import WORDS
from chalicelib.inbound.mapping.file import NEVER_SENT, Format, InvalidMapping, Source, as_paths
from chalicelib.inbound.mapping.paths import Many, every
from chalicelib.inbound.mapping.reach import is_place
from chalicelib.inbound.mapping.values import Unfit, as_flag, as_text

NATURE = WORDS.keys() | {"offenses", "dispositions"}
"""All fields that say something of an incident's nature."""

Refine = Callable[[str | None], str | None]


def finders(source: Source, kind: Format, name: str) -> list[Many]:
    """Return what finds all values of a field, at each of its paths; InvalidMapping."""
    find = partial(every, kind=kind, words=name in NATURE)
    if source.value is not None:
        value = source.value
        return [lambda _record: [value]]
    if source.join:
        return [_joined([find(path) for path in source.join], source.with_)]
    found = [find(path) for path in as_paths(source.from_)]
    if not found:
        raise InvalidMapping("expected a path, `join` or `value`")
    return found


def all_at(source: Source, kind: Format) -> Many:
    """Return what finds all values at a field's paths as they are, though one of them can't be followed."""
    found = [every(path, kind) for path in (*as_paths(source.from_), *source.join)]

    def find(record: Any) -> list[Any]:
        there = []
        for each in found:
            with suppress(Unfit):
                there.append(each(record))
        return there

    return find


def words(find: list[Many], refine: Refine | None) -> Callable[[Any, datetime], str | list[str] | None]:
    """Return what reads a word, or a list of several of which the first is the field's value."""

    def read(record: Any, _now: datetime) -> str | list[str] | None:
        found = dict.fromkeys(_refined(find, refine, record))
        return None if not found else next(iter(found)) if len(found) == 1 else list(found)

    return read


def listed(find: list[Many], split: str, refine: Refine | None) -> Callable[[Any, datetime], list[str] | None]:
    """Return what reads a list of codes, which may stand in one text with something between them."""

    def cut(text: str | None) -> list[str | None]:
        return [as_text(cell) for cell in text.split(split)] if text and split else [text]

    def read(record: Any, _now: datetime) -> list[str] | None:
        cells = [cell for text in _refined(find, None, record) for cell in cut(text)]
        kept = [word for cell in cells if (word := refine(cell) if refine else cell)]
        return list(dict.fromkeys(kept)) or None

    return read


def flag(find: list[Many], refine: Refine | None, said: Callable[[Iterable[bool]], bool]) -> Callable[..., bool | None]:
    """Return what reads yes or no, of several words by `said`: one that stops a text is never left out."""

    def read(record: Any, _now: datetime) -> bool | None:
        told = [as_flag(word) for word in _refined(find, refine, record)]
        return said(told) if told else None

    return read


def texts_in(value: Any, *, strict: bool = False) -> Iterator[str]:
    """Yield each text in a value, however deep; but for those that no update has.

    `strict` raises Unfit for objects, of which nobody can say which of their texts is meant.
    """
    if isinstance(value, list | tuple):
        for item in value:
            yield from texts_in(item, strict=strict)
    elif isinstance(value, dict) and not strict:
        for name, item in value.items():
            if not NEVER_SENT.search(str(name)) and not is_place(str(name)):
                yield from texts_in(item)
    elif (text := as_text(value)) is not None:
        yield text


def as_it_is(name: str, raw: Many, record: Any) -> str | list[str] | dict[str, str]:
    """Return all texts where a field was looked for, for an update that is rejected: its words hold all the same.

    Of an object, only a word about the nature is looked for: nobody named its other texts.
    Where there is none it is an object, which no field takes: a blank text would take back what was said before.
    """
    try:
        found = list(dict.fromkeys(texts_in(raw(record), strict=name not in NATURE)))
    except Exception:  # noqa: BLE001  what made the field unfit may be in the way here, too
        return {}
    return found[0] if len(found) == 1 else found or {}


def _refined(find: list[Many], refine: Refine | None, record: Any) -> Iterator[str]:
    for each in find:
        for text in texts_in(each(record), strict=True):
            word = refine(text) if refine else text
            if word:
                yield word


def _joined(find: list[Many], between: str) -> Many:
    """Return what puts together all texts that are there, whether or not each part has one."""

    def join(record: Any) -> list[Any]:
        texts = [text for each in find for text in texts_in(each(record), strict=True)]
        return [between.join(texts)] if texts else []

    return join
