"""The lake's columns, from the types: what Glue, DuckDB and the analyst's page say of them."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from msgspec import Meta, Struct

from chalicelib.domain.lake.tables import TABLES

GLUE_TYPES: dict[type, str] = {
    str: "string",
    int: "bigint",
    float: "double",
    bool: "boolean",
    datetime: "string",
    date: "string",
}
"""The name that Glue has for each type of a field. Instants are ISO 8601 texts, which sort as they should."""

DUCKDB_TYPES = {"string": "VARCHAR", "bigint": "BIGINT", "double": "DOUBLE", "boolean": "BOOLEAN"}
DT = "the UTC day on which the row was first written; it never changes"
OF_SURVEYS = ("survey_answers", "comments", "releases", "follow_ups")
DT_OF_ANSWERS = "the UTC day on which the person was asked; it never changes"


class Column(Struct, frozen=True):
    """A column: its name, its type in Glue, and what it means."""

    name: str
    type: str
    meaning: str


def columns(row: type[Struct]) -> tuple[Column, ...]:
    """Return a table's columns in order; `dt`, the partition, is not one of them."""
    hints = get_type_hints(row, include_extras=True)
    names = (name for name in row.__struct_fields__ if name != "dt")
    return tuple(Column(name, GLUE_TYPES[_plain(hints[name])], _meaning(hints[name])) for name in names)


def meaning_of_dt(table: str) -> str:
    """Return what the partition of a table means."""
    return DT_OF_ANSWERS if table in OF_SURVEYS else DT


def duckdb_columns(table: str) -> Mapping[str, str]:
    """Return a table's columns as DuckDB has them."""
    return {column.name: DUCKDB_TYPES[column.type] for column in columns(TABLES[table])}


def _meaning(hint: Any) -> str:
    said = (meta.description for meta in getattr(hint, "__metadata__", ()) if isinstance(meta, Meta))
    return next(said, None) or ""


def _plain(hint: Any) -> type:
    """Return the one type behind an annotation, an optional, a literal or an enumeration."""
    if get_origin(hint) is Annotated:
        return _plain(get_args(hint)[0])
    kinds: Iterator[Any] = (kind for kind in get_args(hint) if kind is not type(None))
    kind = next(kinds, hint)
    if isinstance(kind, str) or (isinstance(kind, type) and issubclass(kind, StrEnum)):
        return str
    return kind if isinstance(kind, type) else _plain(kind)
