"""Units of which several stand in one text or in one list: each is a unit of its own."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from chalicelib.inbound.mapping.file import Format, Source, as_paths
from chalicelib.inbound.mapping.nature import Refine, texts_in
from chalicelib.inbound.mapping.paths import One, many
from chalicelib.inbound.mapping.values import as_text


def units_read(
    source: Source, kind: Format, raw: One, refine: Refine | None
) -> Callable[[Any, datetime], str | list[str] | None]:
    """Return what reads the units at the first path that has any; InvalidMapping."""
    finders = [many(path, kind) for path in as_paths(source.from_)] or [lambda record: [raw(record)]]

    def read(record: Any, _now: datetime) -> str | list[str] | None:
        for find in finders:
            texts = (text for found in find(record) for text in texts_in(found, strict=True))
            cells = [cell for text in texts for cell in (text.split(source.split) if source.split else (text,))]
            units = [unit for cell in cells if (unit := refine(as_text(cell)) if refine else as_text(cell))]
            if units:
                several = list(dict.fromkeys(units))
                return several if len(several) > 1 else several[0]
        return None

    return read


def each_unit(told: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield an entry for each unit of one that names several.

    If there are as many officers as units, each unit has the one at its place; otherwise each has them all.
    """
    units = told.get("unit")
    if not isinstance(units, list):
        yield told
        return
    officers = told.get("officer_ids")
    paired = isinstance(officers, list) and len(officers) == len(units)
    for place, unit in enumerate(units):
        yield {**told, "unit": unit, **({"officer_ids": [officers[place]]} if officers and paired else {})}


def once(units: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return units without those that are there again, as in a log of their statuses."""
    return list({repr(sorted(unit.items())): unit for unit in units}.values())
