"""One field of a mapping → two functions of a record: the value that an update gets, and what stands there as it is."""

import re
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from chalicelib.domain.incidents.facts import Facts
from chalicelib.domain.phones import clean_phone
from chalicelib.inbound.mapping.file import Format, InvalidMapping, Mapping, Source, Spec, as_paths, as_source
from chalicelib.inbound.mapping.finding import found_by
from chalicelib.inbound.mapping.paths import Many, One, many, one
from chalicelib.inbound.mapping.times import Instants
from chalicelib.inbound.mapping.values import LONGEST_TEXT, OTHERWISE, CodeList, Unfit, as_flag, as_text

INSTANTS = frozenset({"as_of", *(name for name in Facts.__struct_fields__ if name.endswith(("_at", "_for")))})
LISTS = frozenset({"dispositions", "case_numbers", "offenses", "officer_ids"})
FLAGS = frozenset({"exercise", "juvenile", "do_not_contact", "safe_to_contact"})
TEXTS = frozenset({"incident_type_description", "type_modifier", "initial_type"})
"""Free texts, which are cut where they are too long: a code that is cut would be another code."""

NATURE = TEXTS | {"incident_type"}
"""Words about an incident's nature: of several at a path none is left out, since nobody would judge it."""

Read = Callable[[Any, datetime], Any]
"""Record and the time at which it was read → the field's value, None where nothing is said; Unfit."""


class FieldReader(NamedTuple):
    """How a field is read; `raw` is what stands there, for an update that is rejected."""

    name: str
    read: Read
    raw: One


def reader(where: str, name: str, spec: Spec, mapping: Mapping) -> FieldReader:
    """Compile a field; InvalidMapping."""
    source = as_source(spec)
    try:
        raw = found_by(source, mapping.format, _blanks(mapping), every=name in NATURE)
        read = _conditional(source, mapping.format, _read(name, source, mapping, raw))
    except InvalidMapping as problem:
        raise InvalidMapping(f"{where}: {problem}") from problem
    return FieldReader(name, read, raw)


def _read(name: str, source: Source, mapping: Mapping, raw: One) -> Read:
    if name in INSTANTS:
        return _instant(source, mapping, raw)
    if source.now or source.earliest or source.latest:
        raise InvalidMapping("only times have `now`, `earliest` and `latest`")
    refine = _refined(source, mapping, name)
    if name in LISTS:
        return _listed(source, mapping.format, refine)
    if name in FLAGS:
        return _flag(raw, refine)
    if name == "phone" and len(as_paths(source.from_)) > 1:
        return _best_phone(source, mapping, refine)
    if name in TEXTS:
        return lambda record, _now: _refine(as_text(raw(record)), refine)
    return _plain(raw) if refine is None else lambda record, _now: refine(as_text(raw(record)))


def _plain(raw: One) -> Read:
    def read(record: Any, _now: datetime) -> str | None:
        found = raw(record)
        if type(found) is str and found.isprintable():
            return found.strip() or None
        return None if found is None else as_text(found)

    return read


def _refine(text: str | None, refine: Callable[[str | None], str | None] | None) -> str | None:
    return refine(text) if refine else text


def _instant(source: Source, mapping: Mapping, raw: One) -> Read:
    instants = Instants(source.dates or mapping.dates, source.time_zone or mapping.time_zone, _blanks(mapping))
    if source.now:
        return lambda _record, now: now
    choose = min if source.earliest else max if source.latest else None
    if choose is None:
        pick = _picked(source.pick)
        if pick is None:
            return _live(instants, raw)
        return lambda record, now: instants(pick(as_text(raw(record))), now)
    finders = [many(path, mapping.format) for path in as_paths(source.earliest or source.latest)]

    def chosen(record: Any, now: datetime) -> datetime | None:
        there = [found for find in finders for found in find(record)]
        return choose({instants(found, now) for found in there} - {None}, default=None) if there else None  # type: ignore[type-var]

    return chosen


def _live(instants: Instants, raw: One) -> Read:
    known = instants.known

    def read(record: Any, now: datetime) -> datetime | None:
        found = raw(record)
        if found is None:
            return None
        return known[found] if type(found) is str and found in known else instants(found, now)

    return read


def _listed(source: Source, kind: Format, refine: Callable[[str | None], str | None] | None) -> Read:
    finders: list[Many] = [many(path, kind) for path in as_paths(source.from_)]
    if not finders:
        raise InvalidMapping("a list needs a path")
    plain = refine is None and not source.split

    def read(record: Any, _now: datetime) -> list[str] | None:
        texts = [text for find in finders for found in find(record) if (text := as_text(found))]
        if not texts:
            return None
        if plain:
            return list(dict.fromkeys(texts))
        cells = [cell for text in texts for cell in (text.split(source.split) if source.split else (text,))]
        kept = [word for cell in cells if (word := _refine(as_text(cell), refine))]
        return list(dict.fromkeys(kept)) or None

    return read


def _flag(raw: One, refine: Callable[[str | None], str | None] | None) -> Read:
    def read(record: Any, _now: datetime) -> bool | None:
        text = as_text(raw(record))
        word = _refine(text, refine)
        return None if word is None else as_flag(word)

    return read


def _best_phone(source: Source, mapping: Mapping, refine: Callable[[str | None], str | None] | None) -> Read:
    """Return what reads the first phone that can be texted, the first of all where none can."""
    finders = [one(path, mapping.format) for path in as_paths(source.from_)]

    def read(record: Any, _now: datetime) -> str | None:
        texts = [as_text(find(record)) for find in finders]
        phones = [phone for text in texts if (phone := _refine(text, refine))]
        textable = (phone for phone in phones if _textable(phone, mapping.country))
        return phones[0] if len(phones) == 1 else next(textable, phones[0] if phones else None)

    return read


@lru_cache(maxsize=2_000)
def _textable(phone: str, country: str) -> bool:
    """Tell whether a phone can be texted; the next snapshot of a call asks it again."""
    return clean_phone(phone, country).number is not None


def _refined(source: Source, mapping: Mapping, name: str) -> Callable[[str | None], str | None] | None:
    """Return what a text goes through: blanks of the vendor's own, what is picked out of it, the table of codes."""
    blank = _blanks(mapping)
    pick = _picked(source.pick)
    codes = CodeList(mapping.codes[name]) if name in mapping.codes else None
    if not blank and pick is None and codes is None:
        return None

    def refine(text: str | None) -> str | None:
        if text is None or (blank and text.casefold() in blank):
            return None
        if pick is not None and (text := pick(text)) is None:
            return None
        return text if codes is None else codes(text)

    return refine


def _blanks(mapping: Mapping) -> frozenset[str]:
    return frozenset(word.casefold() for word in mapping.blank)


def _picked(pattern: str) -> Callable[[str | None], str | None] | None:
    if not pattern:
        return None
    search = re.compile(pattern).search
    return lambda text: match[1] if text and (match := search(text[:LONGEST_TEXT])) else None


def _conditional(source: Source, kind: Format, read: Read) -> Read:
    if not source.when:
        return read
    conditions = [(many(path, kind), {word.casefold() for word in words}) for path, words in source.when.items()]

    def holds(record: Any) -> bool:
        for find, words in conditions:
            there = {text.casefold() for found in find(record) if (text := as_text(found))}
            if not (there & words or (there and OTHERWISE in words)):
                return False
        return True

    return lambda record, now: read(record, now) if holds(record) else None


def as_it_is(raw: One, record: Any) -> str:
    """Return what stands where a field was looked for, as a text of bearable length."""
    try:
        return (as_text(raw(record)) or "")[:LONGEST_TEXT]
    except Unfit:
        return ""
