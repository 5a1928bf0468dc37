"""Generate the Glue tables and named queries of the stack, and the tables of the analyst's page.

Both are written from the types and the SQL files by `tenfour lake document`; a test compares.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from chalicelib.domain.lake.tables import TABLES
from chalicelib.insight.figures.columns import columns, meaning_of_dt
from chalicelib.insight.figures.queries import Query, is_of_comments, queries, views
from tenfour.common.paths import GENERATED, ROOT
from tenfour.figures.local import LocalLake

PAGE = ROOT / "docs" / "analyst" / "analyst.md"
_PROJECTED_FROM = "2026-01-01"
_COMMENT = "Written by `tenfour lake document` from chalicelib/domain/lake and infra/athena: edit those instead."
_HIVE_TYPES = {"VARCHAR": "string", "BIGINT": "bigint", "INTEGER": "int", "DOUBLE": "double", "BOOLEAN": "boolean"}
_TRINO_TYPES = {"string": "varchar", "int": "integer"}
_SECTION = re.compile(
    r"(<!-- (tables|views|queries): written by `tenfour lake document` -->\n).*?(<!-- end -->)", re.DOTALL
)


def write() -> tuple[Path, ...]:
    """Write the generated template and the page again; return where they are."""
    GENERATED.write_text(json.dumps(template(), indent=2) + "\n")
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    return GENERATED, PAGE


def template() -> dict[str, Any]:
    """Return the tables, views and named queries as the types and files have them, and a comment that says so."""
    resources = {f"{_word(table)}Table": _table(table) for table in TABLES}
    resources |= {f"{_word(name)}View": _glue_view(view) for name, view in views().items()}
    resources |= {f"{_word(name)}Query": _named(query) for name, query in queries().items()}
    return {"Metadata": {"Generated": _COMMENT}, "Resources": resources}


def page(text: str) -> str:
    """Return the analyst's page with its tables as the types and files have them."""
    parts = {"tables": tuple(_tables()), "views": tuple(_listed(views())), "queries": tuple(_listed(queries()))}
    return _SECTION.sub(lambda found: "\n".join((found[1], *parts[found[2]], "", found[3])), text)


def _tables() -> Iterator[str]:
    for place, (table, row) in enumerate(TABLES.items()):
        yield from ([""] if place else [])
        yield from (f"### `{table}`", "", " ".join((row.__doc__ or "").split()), "")
        yield from ("| column | type | what it is |", "|---|---|---|")
        yield from (f"| `{column.name}` | {column.type} | {column.meaning} |" for column in columns(row))
        yield f"| `dt` | string | {meaning_of_dt(table)} |"


def _listed(named: Mapping[str, Query]) -> Iterator[str]:
    yield from ("| name | the question that it answers |", "|---|---|")
    yield from (f"| `{name}` | {query.question} |" for name, query in named.items())


def _word(name: str) -> str:
    return "".join(part.title() for part in name.split("_"))


def _table(name: str) -> dict[str, Any]:
    place = f"s3://${{Lake}}/lake/{name}/"
    described = [{"Name": c.name, "Type": c.type, "Comment": c.meaning} for c in columns(TABLES[name])]
    return _glue(
        {
            "Name": name,
            "Description": " ".join((TABLES[name].__doc__ or "").split()),
            "TableType": "EXTERNAL_TABLE",
            "Parameters": {
                "projection.enabled": "true",
                "projection.dt.type": "date",
                "projection.dt.format": "yyyy-MM-dd",
                "projection.dt.range": f"{_PROJECTED_FROM},NOW",
                "storage.location.template": {"Fn::Sub": f"{place}dt=${{!dt}}/"},
            },
            "PartitionKeys": [{"Name": "dt", "Type": "string", "Comment": meaning_of_dt(name)}],
            "StorageDescriptor": {
                "Location": {"Fn::Sub": place},
                "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
                "OutputFormat": "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
                "SerdeInfo": {"SerializationLibrary": "org.openx.data.jsonserde.JsonSerDe"},
                "Columns": described,
            },
        }
    )


def _glue_view(view: Query) -> dict[str, Any]:
    """Return a view as Athena itself stores one: its SQL and columns as JSON in Base64."""
    described = _described(view)
    trino = [{"name": name, "type": _TRINO_TYPES.get(kind, kind)} for name, kind in described]
    stored = json.dumps(
        {"originalSql": view.sql, "catalog": "awsdatacatalog", "schema": "${AnalystDatabase}", "columns": trino}
    )
    return _glue(
        {
            "Name": view.name,
            "Description": view.question,
            "TableType": "VIRTUAL_VIEW",
            "Parameters": {"presto_view": "true", "comment": "Presto View"},
            "ViewOriginalText": {"Fn::Join": ["", ["/* Presto View: ", {"Fn::Base64": {"Fn::Sub": stored}}, " */"]]},
            "ViewExpandedText": "/* Presto View */",
            "PartitionKeys": [],
            "StorageDescriptor": {
                "Location": "",
                "SerdeInfo": {},
                "Columns": [{"Name": name, "Type": kind} for name, kind in described],
            },
        }
    )


def _described(view: Query) -> list[tuple[str, str]]:
    with TemporaryDirectory() as nowhere:
        found = LocalLake(Path(nowhere)).query(f"DESCRIBE {view.name}")
    return [(row[0], _HIVE_TYPES[row[1]]) for row in found.rows]


def _glue(table_input: dict[str, Any]) -> dict[str, Any]:
    return {
        "Type": "AWS::Glue::Table",
        "Properties": {
            "CatalogId": {"Ref": "AWS::AccountId"},
            "DatabaseName": {"Ref": "AnalystDatabase"},
            "TableInput": table_input,
        },
    }


def _named(query: Query) -> dict[str, Any]:
    workgroup = "CommentsWorkgroup" if is_of_comments(query.sql) else "AnalystWorkgroup"
    return {
        "Type": "AWS::Athena::NamedQuery",
        "Properties": {
            "Name": query.name,
            "Description": query.question,
            "Database": {"Ref": "AnalystDatabase"},
            "WorkGroup": {"Ref": workgroup},
            "QueryString": query.sql,
        },
    }
