"""Dates of a sample that stand for none, and that the mapping does not name."""

from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

from chalicelib.inbound.mapping.fields import INSTANTS
from chalicelib.inbound.mapping.file import Mapping, as_source
from chalicelib.inbound.mapping.nature import texts_in
from chalicelib.inbound.mapping.paths import many
from chalicelib.inbound.mapping.times import Instants
from chalicelib.inbound.mapping.values import Unfit

MOST_NAMED = 3
_SOME_DAY = datetime(2026, 11, 21, tzinfo=UTC)


def zero_dates(mapping: Mapping, records: list[Any]) -> dict[str, tuple[str, ...]]:
    """Return the texts of each time that are read as no time, though `blank` does not list them."""
    found = defaultdict[str, dict[str, None]](dict)
    blank = {word.casefold() for word in mapping.blank}
    for name in INSTANTS & mapping.fields.keys():
        source = as_source(mapping.fields[name])
        read = Instants(source.dates or mapping.dates, source.time_zone or mapping.time_zone or "UTC")
        finders = [many(path, mapping.format) for path in source.sent]
        for text in (text for record in records for find in finders for text in _texts(find(record))):
            if text.casefold() not in blank and _is_none(read, text) and len(found[name]) < MOST_NAMED:
                found[name][text] = None
    return {name: tuple(texts) for name, texts in sorted(found.items()) if texts}


def _texts(found: list[Any]) -> list[str]:
    return [text for text in texts_in(found) if text]


def _is_none(read: Instants, text: str) -> bool:
    try:
        return read(text, _SOME_DAY) is None
    except Unfit:
        return False
