"""The parts of a default that an agency leaves out: types, dispositions, or other entries of a table, each by its name.

extends = "starter.toml"
leave_out = { incident_types = ["PARKING"], dispositions = ["BOL"] }
"""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

LEAVE_OUT = "leave_out"
TYPES = "incident_types"


class Wrong(Struct, frozen=True):
    """A part that can't be left out: where it is named, and why not."""

    path: tuple[str | int, ...]
    message: str
    hint: str = ""


def wrong(base: Mapping[str, Any], wanted: object) -> Iterator[Wrong]:
    """Yield what can't be left out of a default: a typing error would leave a type in force."""
    if not isinstance(wanted, dict):
        yield Wrong((LEAVE_OUT,), "expected a table", f'write {LEAVE_OUT} = {{ {TYPES} = ["PARKING"] }}')
        return
    for table, names in wanted.items():
        known = _names(base, table)
        if known is None:
            yield Wrong(
                (LEAVE_OUT, table), "nothing of it can be left out", f"types can, as {TYPES}, and tables' entries"
            )
        elif not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            yield Wrong(
                (LEAVE_OUT, table), "expected a list of names", f'write {table} = ["{next(iter(known), "NAME")}"]'
            )
        else:
            for place, name in enumerate(names):
                if name not in known:
                    yield Wrong((LEAVE_OUT, table, place), f"the default has no {name!r}", f"it has {', '.join(known)}")


def without(base: Mapping[str, Any], wanted: Mapping[str, list[str]]) -> dict[str, Any]:
    """Return a default without the entries of tables that are left out; its types stay, and go by their codes."""
    tables = {table: names for table, names in wanted.items() if table != TYPES}
    return dict(base) | {
        table: {key: value for key, value in base[table].items() if key not in names} for table, names in tables.items()
    }


def _names(base: Mapping[str, Any], table: str) -> tuple[str, ...] | None:
    """Return the names in a part of a default that can be left out; None where nothing can."""
    part = base.get(table)
    if table == TYPES and isinstance(part, list):
        return tuple(code for entry in part for code in entry.get("codes", ()))
    return tuple(part) if isinstance(part, dict) else None
