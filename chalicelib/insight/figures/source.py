"""The lake's SQL and its answers, wherever it runs: on Athena, or on a machine without it."""

from collections.abc import Sequence
from typing import Any, Protocol

from msgspec import Struct


class QueryFailed(Exception):
    """A query could not be answered; the text says why, in the words of the engine that ran it."""


class Result(Struct, frozen=True):
    """The answer to a query: column names, rows, and how many bytes of files were read for it."""

    names: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    scanned: int = 0

    def dicts(self) -> list[dict[str, Any]]:
        """Return the rows by column."""
        return [dict(zip(self.names, row, strict=True)) for row in self.rows]


class LakeSource(Protocol):
    """Something that runs the lake's SQL."""

    def query(self, sql: str) -> Result:
        """Run a query in Athena's dialect; QueryFailed."""

    def queries(self, sqls: Sequence[str]) -> Sequence[Result]:
        """Run several queries, at once where that is faster, and return their answers in their order; QueryFailed."""
