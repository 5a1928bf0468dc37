"""Athena's JSON protocol over a lake that DuckDB reads: of its API, the three calls by which a query is asked.

The emulators' own Athena rewrites names by regular expression and has none of Trino's functions. What comes and what
goes is held against botocore's own description of the API, so that nothing passes here which AWS would not take.
Queries run one after the other; meanwhile they are queued, as they are there.
"""

import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import duckdb
import sqlglot.errors
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.validate import ParamValidator
from msgspec import Struct
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from chalicelib.insight.figures.source import Result

ENDPOINT = "AWS_ENDPOINT_URL_ATHENA"
"""The variable by which clients find Athena."""

MOST_ROWS = 1000
"""Athena answers with so many rows at once, and takes no larger wish."""

_TARGET = "AmazonAthena."
_TYPES = ((bool, "boolean"), (int, "bigint"), (float, "double"))
_FAILURES = (duckdb.Error, sqlglot.errors.SqlglotError)

Ask = Callable[[str], Result]


class Refused(Exception):
    """A request that Athena would not take; the text says why."""


class Execution(Struct, frozen=True):
    """A query that was asked: its SQL, where, since when, and what becomes of it."""

    id: str
    sql: str
    workgroup: str
    database: str
    began_at: datetime
    answer: "Future[Result]"

    @property
    def state(self) -> str:
        """Return the state, in Athena's words."""
        if not self.answer.done():
            return "RUNNING" if self.answer.running() else "QUEUED"
        return "FAILED" if self.answer.exception() else "SUCCEEDED"


class Athena:
    """An Athena for the workgroups of one stack. `ask` answers its SQL; results come in pages of `rows` rows."""

    def __init__(self, ask: Ask, workgroups: Sequence[str], rows: int = MOST_ROWS) -> None:
        self._ask, self._workgroups, self._rows = ask, frozenset(workgroups), rows
        self._model = ServiceModel(Loader().load_service_model("athena", "service-2"), "athena")
        self._line = ThreadPoolExecutor(1, thread_name_prefix="athena")
        self._calls: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
            "StartQueryExecution": self._start,
            "GetQueryExecution": self._execution,
            "GetQueryResults": self._results,
        }
        self.executions: dict[str, Execution] = {}

    def app(self) -> Starlette:
        """Return the server."""
        return Starlette(routes=[Route("/", self._serve, methods=["POST"])])

    async def _serve(self, request: Request) -> Response:
        target = request.headers.get("x-amz-target", "").removeprefix(_TARGET)
        if target not in self._calls:
            return _error("UnknownOperationException", f"{target} is not served here")
        asked = await request.json()
        try:
            return await run_in_threadpool(self._answered, target, asked)
        except Refused as problem:
            return _error("InvalidRequestException", str(problem))

    def _answered(self, target: str, asked: dict[str, Any]) -> Response:
        operation = self._model.operation_model(target)
        wrong = ParamValidator().validate(asked, operation.input_shape)
        if wrong.has_errors():
            raise Refused(wrong.generate_report())
        answer = self._calls[target](asked)
        wrong = ParamValidator().validate(answer, operation.output_shape)
        if wrong.has_errors():
            raise TypeError(f"{target}: Athena would not answer so: {wrong.generate_report()}")
        return JSONResponse(_written(answer), media_type="application/x-amz-json-1.1")

    def _start(self, asked: dict[str, Any]) -> dict[str, Any]:
        workgroup = asked.get("WorkGroup", "primary")
        if workgroup not in self._workgroups:
            raise Refused(f"WorkGroup {workgroup} is not found.")
        made = Execution(
            str(uuid.uuid4()),
            asked["QueryString"],
            workgroup,
            asked.get("QueryExecutionContext", {}).get("Database", ""),
            datetime.now(UTC),
            self._line.submit(self._ask, asked["QueryString"]),
        )
        self.executions[made.id] = made
        return {"QueryExecutionId": made.id}

    def _execution(self, asked: dict[str, Any]) -> dict[str, Any]:
        found = self._found(asked)
        state = found.state  # of this moment: it moves on meanwhile
        status: dict[str, Any] = {"State": state, "SubmissionDateTime": found.began_at}
        told: dict[str, Any] = {
            "QueryExecutionId": found.id,
            "Query": found.sql,
            "StatementType": "DML",
            "QueryExecutionContext": {"Database": found.database} if found.database else {},
            "WorkGroup": found.workgroup,
            "Status": status,
        }
        if state == "SUCCEEDED":
            told["Statistics"] = {"DataScannedInBytes": found.answer.result().scanned}
        if state == "FAILED":
            problem = found.answer.exception()
            if not isinstance(problem, _FAILURES):
                raise TypeError("the lake could not be asked") from problem
            status["StateChangeReason"] = f"SYNTAX_ERROR: {problem}"
        return {"QueryExecution": told}

    def _results(self, asked: dict[str, Any]) -> dict[str, Any]:
        found = self._found(asked)
        if found.state != "SUCCEEDED":
            raise Refused(f"Query has not yet finished. Current state: {found.state}")
        result, token = found.answer.result(), asked.get("NextToken", "0")
        every = [{"Data": [{"VarCharValue": name} for name in result.names]}, *map(_row, result.rows)]
        if not token.isdecimal() or int(token) >= len(every):
            raise Refused("Invalid pagination token")
        ends = int(token) + min(asked.get("MaxResults", self._rows), self._rows)
        page = {"Rows": every[int(token) : ends], "ResultSetMetadata": {"ColumnInfo": _described(result)}}
        more = {"NextToken": str(ends)} if ends < len(every) else {}
        return {"UpdateCount": 0, "ResultSet": page, **more}

    def _found(self, asked: dict[str, Any]) -> Execution:
        known = self.executions.get(asked["QueryExecutionId"])
        if known is None:
            raise Refused(f"QueryExecution {asked['QueryExecutionId']} was not found")
        return known


def _row(values: tuple[Any, ...]) -> dict[str, Any]:
    return {"Data": [{} if value is None else {"VarCharValue": _text(value)} for value in values]}


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _described(result: Result) -> list[dict[str, str]]:
    columns = ([row[place] for row in result.rows] for place in range(len(result.names)))
    return [{"Name": name, "Type": _type(values)} for name, values in zip(result.names, columns, strict=True)]


def _type(values: Sequence[Any]) -> str:
    """Return Athena's name for a column's type, by its first value."""
    first = next((value for value in values if value is not None), "")
    return next((name for kind, name in _TYPES if isinstance(first, kind)), "varchar")


def _written(told: Any) -> Any:
    """Return an answer as JSON has it: instants are seconds."""
    if isinstance(told, dict):
        return {name: _written(value) for name, value in told.items()}
    if isinstance(told, list):
        return [_written(value) for value in told]
    return told.timestamp() if isinstance(told, datetime) else told


def _error(kind: str, why: str) -> Response:
    return JSONResponse({"__type": kind, "Message": why}, 400, media_type="application/x-amz-json-1.1")
