"""The named queries and the views in infra/athena: SQL of Athena's, each with the question that it answers.

A query is written for one year, so that the file runs as it stands; its dates stand for whatever period is asked
for. `dt`, the partition, is asked for a week more on either side: days are UTC's and of the first writing, while
`received_on`, `sent_on` and their like are the agency's own.
"""

from datetime import date, timedelta
from pathlib import Path

from msgspec import Struct

ATHENA = Path(__file__).resolve().parents[3] / "infra" / "athena"
"""Beside `chalicelib`, in the repository as in the package."""

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
MARGIN = timedelta(days=7)


class NoQuery(ValueError):
    """There is no query of that name."""


class Query(Struct, frozen=True, kw_only=True):
    """A named query: its name, the question that it answers, and its SQL, for the year in which it is written."""

    name: str
    question: str
    sql: str

    def during(self, first: date, last: date) -> str:
        """Return the SQL for a period, both days included."""
        sql = self.sql
        for written, asked in _written(FIRST, LAST, first, last):
            sql = sql.replace(f"'{written}'", f"'{asked}'")
        return sql


def is_of_comments(sql: str) -> bool:
    """Tell whether SQL reads what people wrote, which fewer people may than the rest."""
    return "FROM comments" in sql


def queries() -> dict[str, Query]:
    """Return every named query, in the order of names."""
    return {path.stem: _read(path) for path in sorted(ATHENA.glob("*.sql"))}


def views() -> dict[str, Query]:
    """Return every view."""
    return {path.stem: _read(path) for path in sorted((ATHENA / "views").glob("*.sql"))}


def query(name: str) -> Query:
    """Return a query; NoQuery."""
    known = queries()
    if name not in known:
        raise NoQuery(f"{name!r} is no query; there are: {', '.join(known)}")
    return known[name]


def _written(first: date, last: date, asked_first: date, asked_last: date) -> tuple[tuple[date, date], ...]:
    return (
        (first - MARGIN, asked_first - MARGIN),
        (last + MARGIN, asked_last + MARGIN),
        (first, asked_first),
        (last, asked_last),
    )


def _read(path: Path) -> Query:
    question, _, sql = path.read_text(encoding="utf-8").partition("\n")
    return Query(name=path.stem, question=question.removeprefix("-- "), sql=sql)
