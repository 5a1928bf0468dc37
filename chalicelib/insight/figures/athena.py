"""The lake's SQL on Athena itself. The stack's workgroup sets where results go, and how much may be read."""

import time
from collections.abc import Callable, Sequence
from typing import Any

from chalicelib.insight.figures.queries import is_of_comments
from chalicelib.insight.figures.source import QueryFailed, Result

_READ: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(("tinyint", "smallint", "integer", "bigint"), int),
    **dict.fromkeys(("double", "float", "decimal"), float),
    "boolean": lambda text: text == "true",
}
"""Athena gives every value as a text, beside its column's type."""

WAIT = 0.5
COMMENTS = "-comments"


class Athena:
    """A lake that Athena queries."""

    def __init__(self, client: Any, workgroup: str, database: str, sleep: Callable[[float], None] = time.sleep) -> None:
        self._client, self._workgroup, self._database, self._sleep = client, workgroup, database, sleep

    def query(self, sql: str) -> Result:
        """Run a query; QueryFailed with Athena's own words."""
        return self._ended(self._begun(sql))

    def queries(self, sqls: Sequence[str]) -> Sequence[Result]:
        """Run several queries side by side: all of them take about as long as the slowest. QueryFailed."""
        return [self._ended(execution_id) for execution_id in [self._begun(sql) for sql in sqls]]

    def _begun(self, sql: str) -> str:
        # Comments have a workgroup of their own, which fewer people may use.
        workgroup = self._workgroup + COMMENTS if is_of_comments(sql) else self._workgroup
        began = self._client.start_query_execution(
            QueryString=sql, WorkGroup=workgroup, QueryExecutionContext={"Database": self._database}
        )
        execution_id: str = began["QueryExecutionId"]
        return execution_id

    def _ended(self, execution_id: str) -> Result:
        scanned = self._finished(execution_id).get("Statistics", {}).get("DataScannedInBytes", 0)
        return self._result(execution_id, scanned)

    def _finished(self, execution_id: str) -> dict[str, Any]:
        while True:
            execution: dict[str, Any] = self._client.get_query_execution(QueryExecutionId=execution_id)[
                "QueryExecution"
            ]
            status = execution["Status"]
            if status["State"] == "SUCCEEDED":
                return execution
            if status["State"] in ("FAILED", "CANCELLED"):
                raise QueryFailed(f"Athena: {status.get('StateChangeReason', status['State'])}")
            self._sleep(WAIT)

    def _result(self, execution_id: str, scanned: int) -> Result:
        pages = self._client.get_paginator("get_query_results").paginate(QueryExecutionId=execution_id)
        described: list[dict[str, Any]] = []
        rows: list[tuple[Any, ...]] = []
        for place, page in enumerate(pages):
            described = page["ResultSet"]["ResultSetMetadata"]["ColumnInfo"]
            kinds = [column["Type"] for column in described]
            # The first row of the first page is the columns' names.
            found = page["ResultSet"]["Rows"][0 if place else 1 :]
            rows += [tuple(map(_value, row["Data"], kinds)) for row in found]
        return Result(tuple(column["Name"] for column in described), tuple(rows), scanned)


def _value(cell: dict[str, str], kind: str) -> Any:
    text = cell.get("VarCharValue")
    return None if text is None else _READ.get(kind, str)(text)
