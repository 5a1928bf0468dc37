"""One field of a mapping → two functions of a record: the value that an update gets, and what stands there as it is."""

import re
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from chalicelib.domain.incidents.facts import Facts
from chalicelib.domain.incidents.sights import ENDS
from chalicelib.domain.phones import clean_phone
from chalicelib.inbound.cad.several import WORDS
from chalicelib.inbound.cad.update_fields import ALLOWED
from chalicelib.inbound.mapping.conditional import conditional
from chalicelib.inbound.mapping.conditions import holding
from chalicelib.inbound.mapping.file import InvalidMapping, Mapping, Source, Spec, as_paths, as_source
from chalicelib.inbound.mapping.finding import found_by
from chalicelib.inbound.mapping.nature import NATURE, Refine, all_at, finders, flag, listed, texts_in, words
from chalicelib.inbound.mapping.paths import One, many
from chalicelib.inbound.mapping.times import Instants
from chalicelib.inbound.mapping.units import units_read
from chalicelib.inbound.mapping.values import LONGEST_TEXT, OTHERWISE, CodeList, Unfit, as_text

INSTANTS = frozenset({"as_of", *(name for name in Facts.__struct_fields__ if name.endswith(("_at", "_for")))})
LISTS = frozenset({"dispositions", "case_numbers", "offenses", "officer_ids"})
FLAGS = frozenset({"exercise", "juvenile", "do_not_contact", "safe_to_contact"})
Read = Callable[[Any, datetime], Any]
"""Record and the time at which it was read → the field's value, None where nothing is said; Unfit."""


class FieldReader(NamedTuple):
    """How a field is read; `raw` is what stands there, for an update that is rejected.

    `seen` tells that it is a time at which something was first seen. `back` tells of a record in which a missing time
    takes back what was said.
    """

    name: str
    read: Read
    raw: One
    seen: bool = False
    back: Callable[[Any], bool] | None = None


def reader(where: str, name: str, spec: Spec, mapping: Mapping) -> FieldReader:
    """Compile a field; InvalidMapping."""
    source = as_source(spec)
    try:
        _check_split(name, source)
        back = _back(name, source, mapping)
        if name in WORDS.keys() | LISTS | FLAGS:
            return _of_all(name, source, mapping)
        raw = found_by(source, mapping.format, _blanks(mapping), whole=name in INSTANTS)
        read = conditional(source, mapping.format, _blanks(mapping), _read(name, source, mapping, raw))
        seen = _is_seen(name, source)
    except InvalidMapping as problem:
        raise InvalidMapping(f"{where}: {problem}") from problem
    return FieldReader(name, read, raw, seen, back)


def _back(name: str, source: Source, mapping: Mapping) -> Callable[[Any], bool] | None:
    """Return what tells whether a missing time takes back what was said; InvalidMapping."""
    if not source.taken_back:
        return None
    if name not in INSTANTS - {"as_of"}:
        raise InvalidMapping("`taken_back` is for times")
    if (source.now or source.first_seen) and name not in ENDS:
        raise InvalidMapping(f"`taken_back` of a time that is first seen is for {', '.join(sorted(ENDS))}")
    return holding(source.taken_back, mapping.format, _blanks(mapping))


def _check_split(name: str, source: Source) -> None:
    if source.split and name not in LISTS | {"unit"}:
        raise InvalidMapping("only lists and units have `split`")


def _is_seen(name: str, source: Source) -> bool:
    """Tell whether a time is that of a first sight, as that of reading always is; InvalidMapping."""
    may_be = name in ALLOWED["first_seen"]
    if source.first_seen and not may_be:
        raise InvalidMapping(f"`first_seen` is for {', '.join(ALLOWED['first_seen'])}")
    return may_be and (source.first_seen or source.now)


def _of_all(name: str, source: Source, mapping: Mapping) -> FieldReader:
    """Compile a field of which no value may be left out: words about the nature, lists, yes and no."""
    _not_timed(source)
    found, refine = finders(source, mapping.format, name), _refined(source, mapping, name)
    if name in LISTS:
        read: Read = listed(found, source.split, refine)
    elif name in FLAGS:
        read = flag(found, refine, all if name == "safe_to_contact" else any)
    else:
        read = words(found, refine)
    read = conditional(source, mapping.format, _blanks(mapping), read)
    return FieldReader(name, read, all_at(source, mapping.format))


def _not_timed(source: Source) -> None:
    if source.now or source.earliest or source.latest or source.first_seen:
        raise InvalidMapping("only times have `now`, `earliest`, `latest` and `first_seen`")


def _read(name: str, source: Source, mapping: Mapping, raw: One) -> Read:
    if name in INSTANTS:
        return _instant(source, mapping, raw)
    _not_timed(source)
    refine = _refined(source, mapping, name)
    if name == "unit":
        return units_read(source, mapping.format, raw, refine)
    if name == "phone" and source.from_:
        return _phones(source, mapping, refine)
    if name == "sequence":
        return lambda record, _now: _whole_number(_refine(as_text(raw(record)), refine))
    return _plain(raw) if refine is None else lambda record, _now: refine(as_text(raw(record)))


def _plain(raw: One) -> Read:
    def read(record: Any, _now: datetime) -> str | None:
        found = raw(record)
        if type(found) is str and found.isprintable():
            return found.strip() or None
        return None if found is None else as_text(found)

    return read


def _whole_number(text: str | None) -> int | None:
    if text is None or text.isdecimal():
        return int(text) if text else None
    raise Unfit("expected a whole number")


def _refine(text: str | None, refine: Refine | None) -> str | None:
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


def _phones(source: Source, mapping: Mapping, refine: Refine | None) -> Read:
    """Return what reads all phones, the first that can be texted before the others: a silence must reach them all."""
    finders = [many(path, mapping.format) for path in as_paths(source.from_)]

    def read(record: Any, _now: datetime) -> str | list[str] | None:
        texts = (text for find in finders for found in find(record) for text in texts_in(found, strict=True))
        phones = list(dict.fromkeys(phone for text in texts if (phone := _refine(text, refine))))
        if len(phones) <= 1:
            return phones[0] if phones else None
        best = next((phone for phone in phones if _number(phone, mapping.country)), phones[0])
        number = _number(best, mapping.country)
        others = [phone for phone in phones if phone != best and _number(phone, mapping.country) != (number or "")]
        return [best, *others] if others else best

    return read


@lru_cache(maxsize=2_000)
def _number(phone: str, country: str) -> str | None:
    """Return the number that can be texted, or None; the next snapshot of a call asks it again."""
    return clean_phone(phone, country).number


def _refined(source: Source, mapping: Mapping, name: str) -> Refine | None:
    """Return what a text goes through: blanks of the vendor's own, what is picked out of it, the table of codes.

    A word about the nature that has not the form to be picked from, or that no line of the table names, stays whole.
    """
    blank = _blanks(mapping)
    pick = _picked(source.pick)
    table = mapping.codes.get(name, {})
    whole = name in NATURE
    codes = CodeList(_without_otherwise(table) if name in WORDS.keys() | {"offenses"} else table) if table else None
    if not blank and pick is None and codes is None:
        return None

    def refine(text: str | None) -> str | None:
        if text is None or (blank and text.casefold() in blank):
            return None
        if pick is not None:
            picked = None if whole and len(text) > LONGEST_TEXT else pick(text)
            if picked is None and not whole:
                return None
            text = picked or text
        return text if codes is None else codes(text)

    return refine


def _without_otherwise(table: dict[str, str]) -> dict[str, str]:
    return {word: ours for word, ours in table.items() if word != OTHERWISE}


def _blanks(mapping: Mapping) -> frozenset[str]:
    return frozenset(word.casefold() for word in mapping.blank)


def _picked(pattern: str) -> Callable[[str | None], str | None] | None:
    if not pattern:
        return None
    search = re.compile(pattern).search
    return lambda text: match[1] if text and (match := search(text[:LONGEST_TEXT])) else None
