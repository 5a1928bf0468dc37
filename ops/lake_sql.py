"""The lake's SQL on this machine: Athena's dialect, translated to DuckDB's, over files.

Columns come from the same types as the Glue tables, so a query that runs here sees what Athena sees.
"""

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, get_args, get_type_hints

import duckdb
import sqlglot
from msgspec import Struct

from chalicelib.domain.lake import TABLES
from ops.local.deploy import client
from ops.local.stack import Stack

GLUE_TYPES: dict[type, str] = {str: "string", int: "int", datetime: "string", date: "string"}
"""What a field's type is to Glue. Instants are ISO 8601 texts, which sort as they should."""

_DUCKDB_TYPES = {"string": "VARCHAR", "int": "INTEGER"}


def columns(row: type[Struct]) -> dict[str, str]:
    """Return a table's columns with their Glue types; `dt`, the partition, is not one of them."""
    hints = get_type_hints(row)
    return {name: GLUE_TYPES[_plain(hints[name])] for name in row.__struct_fields__ if name != "dt"}


def download(stack: Stack, folder: Path) -> None:
    """Copy a city's lake into a folder."""
    bucket, _, prefix = stack.lake.removeprefix("s3://").partition("/")
    storage = client("s3", stack.aws_endpoint)
    for page in storage.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=f"{prefix}/"):
        for entry in page.get("Contents", ()):
            target = folder / entry["Key"].removeprefix(f"{prefix}/")
            target.parent.mkdir(parents=True, exist_ok=True)
            storage.download_file(bucket, entry["Key"], str(target))


def query(sql: str, lake: Path) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Run a query of Athena's over a folder laid out as the lake; return column names and rows."""
    with duckdb.connect() as database:
        for name, row in TABLES.items():
            database.execute(_view(name, columns(row), lake))
        result = database.execute(sqlglot.transpile(sql, read="athena", write="duckdb")[0])
        return [column[0] for column in result.description or ()], result.fetchall()


def _view(name: str, typed: dict[str, str], lake: Path) -> str:
    wanted = {column: _DUCKDB_TYPES[kind] for column, kind in typed.items()}
    if not any(lake.glob(f"{name}/dt=*/*.json.gz")):
        empty = ", ".join(f"CAST(NULL AS {kind}) AS {column}" for column, kind in {**wanted, "dt": "VARCHAR"}.items())
        return f"CREATE VIEW {name} AS SELECT {empty} WHERE false"
    described = ", ".join(f"{column}: '{kind}'" for column, kind in wanted.items())
    return (
        f"CREATE VIEW {name} AS SELECT * FROM read_json('{lake}/{name}/dt=*/*.json.gz', format='newline_delimited',"
        f" columns={{{described}}}, hive_partitioning=true, hive_types={{dt: VARCHAR}})"
    )


def _plain(hint: Any) -> type:
    """Return the one type behind an optional, a literal or an enumeration."""
    kinds: Iterator[Any] = (kind for kind in get_args(hint) if kind is not type(None))
    kind = next(kinds, hint)
    if isinstance(kind, str) or (isinstance(kind, type) and issubclass(kind, StrEnum)):
        return str
    return kind if isinstance(kind, type) else _plain(kind)
