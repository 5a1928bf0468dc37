"""The lake's SQL on this machine: Athena's dialect, translated to DuckDB's, over files laid out as the lake."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import duckdb
import sqlglot

from chalicelib.domain.lake.tables import TABLES
from chalicelib.insight.figures.columns import duckdb_columns
from chalicelib.insight.figures.queries import views
from chalicelib.insight.figures.source import Result
from tenfour.common.reach import Stack, client

WILSON = """
CREATE MACRO wilson_interval_{name}(part, of, z) AS
    (part + z * z / 2 {sign} z * sqrt(1e0 * part * (of - part) / of + z * z / 4)) / (of + z * z)
"""
"""Athena's own function, which DuckDB has not."""

MEMORY = "1GB"
"""The most memory for DuckDB; more is spilled to disk."""


class LocalLake:
    """A lake in a folder: `TABLE/dt=YYYY-MM-DD/*.json.gz`. Missing tables and days are empty."""

    def __init__(self, folder: Path) -> None:
        self._database = duckdb.connect(config={"memory_limit": MEMORY})
        for name, sign in (("lower", "-"), ("upper", "+")):
            self._database.execute(WILSON.format(name=name, sign=sign))
        for table in TABLES:
            self._database.execute(_view(table, folder))
        for name, view in views().items():
            self._database.execute(f"CREATE VIEW {name} AS {translated(view.sql)}")
        self._database.execute("CALL enable_logging('FileSystem', storage = 'memory')")

    def query(self, sql: str) -> Result:
        """Run a query of Athena's."""
        self._database.execute("CALL truncate_duckdb_logs()")
        found = self._database.execute(translated(sql))
        names, rows = tuple(column[0] for column in found.description or ()), tuple(found.fetchall())
        read = "SELECT coalesce(sum(bytes), 0) FROM duckdb_logs_parsed('FileSystem') WHERE op = 'READ'"
        scanned = self._database.execute(read).fetchall()[0][0]
        return Result(names, rows, int(scanned))

    def queries(self, sqls: Sequence[str]) -> Sequence[Result]:
        """Run several queries of Athena's, one after the other."""
        return [self.query(sql) for sql in sqls]


def download(stack: Stack, folder: Path) -> None:
    """Copy a city's lake into a folder."""
    bucket, _, prefix = stack.lake.removeprefix("s3://").partition("/")
    storage = client("s3", stack.aws_endpoint)
    for page in storage.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=f"{prefix}/"):
        for entry in page.get("Contents", ()):
            target = folder / entry["Key"].removeprefix(f"{prefix}/")
            target.parent.mkdir(parents=True, exist_ok=True)
            storage.download_file(bucket, entry["Key"], str(target))


@cache
def translated(sql: str) -> str:
    """Return Athena's SQL as DuckDB's."""
    return sqlglot.transpile(sql, read="athena", write="duckdb")[0]


def _view(table: str, folder: Path) -> str:
    wanted = duckdb_columns(table)
    if not any(folder.glob(f"{table}/dt=*/*.json.gz")):
        empty = ", ".join(f"CAST(NULL AS {kind}) AS {column}" for column, kind in {**wanted, "dt": "VARCHAR"}.items())
        return f"CREATE VIEW {table} AS SELECT {empty} WHERE false"
    described = ", ".join(f"{column}: '{kind}'" for column, kind in wanted.items())
    files = str(folder / table / "dt=*" / "*.json.gz").replace("'", "''")
    return (
        f"CREATE VIEW {table} AS SELECT * FROM read_json('{files}', format='newline_delimited',"
        f" columns={{{described}}}, hive_partitioning=true, hive_types={{dt: VARCHAR}})"
    )
