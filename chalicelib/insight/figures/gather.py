"""A quarter's figures, by the named queries: the report says nothing that an analyst can't ask for."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from msgspec import Struct

from chalicelib.insight.figures.quarter import Quarter
from chalicelib.insight.figures.queries import query
from chalicelib.insight.figures.source import LakeSource
from chalicelib.insight.figures.surveys import NOT_CARRIED, Surveys, surveys_of

Row = dict[str, Any]
Marks = Counter[int]
QuestionKey = tuple[str, str]
"""A question's id and its version: a changed question is another one."""


class Figures(Struct, frozen=True, kw_only=True):
    """All of a quarter's figures; `marks` go back a year, by month, and `scanned` is in bytes.

    `surveys` is what the desk shows of the quarter on the same day. `answered` may count people of whom it is not known
    that they were asked.
    """

    quarter: Quarter
    today: date
    calls: int
    duplicates: int
    told: int
    told_outcome: int
    asked: int
    answered: int
    marks: dict[QuestionKey, dict[str, Marks]]
    surveys: Surveys
    not_carried: frozenset[str]
    messages: tuple[Row, ...]
    timeliness: tuple[Row, ...]
    delays: tuple[Row, ...]
    delivery: tuple[Row, ...]
    cost: tuple[Row, ...]
    reasons: tuple[Row, ...]
    again: tuple[Row, ...]
    comments: tuple[Row, ...]
    comments_counted: tuple[Row, ...]
    scanned: int

    def marks_of(self, key: QuestionKey, months: Sequence[str]) -> Marks:
        """Return how often each mark was given to a question in some months."""
        return sum((self.marks.get(key, {}).get(month, Counter()) for month in months), Counter())


def gather(
    source: LakeSource, agency_id: str, quarter: Quarter, today: date, baseline: tuple[date, date] | None = None
) -> Figures:
    """Ask for a quarter's figures as of a day; `baseline` is a period in which messages were in shadow, if another."""
    scanned = 0

    def ask(name: str, first: date = quarter.first, last: date = quarter.last) -> tuple[Row, ...]:
        nonlocal scanned
        found = source.query(query(name).during(first, last))
        scanned += found.scanned
        return tuple(row for row in found.dicts() if row["agency_id"] == agency_id)

    calls, people = ask("calls"), ask("non_response")
    again = ask("repeat_contacts")
    if baseline:
        again = (*(row for row in again if row["phase"] == "live"), *_in_shadow(ask, baseline))
    return Figures(
        quarter=quarter,
        today=today,
        calls=sum(row["calls"] for row in calls),
        duplicates=sum(row["duplicates"] for row in calls),
        told=sum(row["calls_told"] for row in calls),
        told_outcome=sum(row["calls_told_outcome"] for row in calls),
        asked=sum(row["asked"] for row in people if row["dimension"] == "language"),
        answered=sum(row["answered"] for row in people if row["dimension"] == "language"),
        marks=_marks(ask("marks_by_month", quarter.year_before)),
        surveys=surveys_of(quarter, ask("marks_by_group"), people, today),
        not_carried=frozenset(row["dimension"] for row in people if row["value"] == NOT_CARRIED),
        messages=ask("messages"),
        timeliness=ask("timeliness"),
        delays=ask("delay_notices"),
        delivery=ask("delivery"),
        cost=ask("cost"),
        reasons=ask("reasons"),
        again=again,
        comments=ask("comments"),
        comments_counted=ask("comments_counted"),
        scanned=scanned,
    )


def newest_version(marks: dict[QuestionKey, dict[str, Marks]], question: str, quarter: Quarter) -> QuestionKey:
    """Return the question in the version asked last in the quarter; of two in one month, the one answered more."""
    months = quarter.months
    asked = [
        (max(known), known[max(known)].total(), key)
        for key, known in marks.items()
        if key[0] == question and set(known) & set(months)
    ]
    return max(asked)[2] if asked else (question, "")


def _in_shadow(ask: Callable[[str, date, date], tuple[Row, ...]], baseline: tuple[date, date]) -> tuple[Row, ...]:
    return tuple(row for row in ask("repeat_contacts", *baseline) if row["phase"] == "shadow")


def _marks(rows: Sequence[Row]) -> dict[QuestionKey, dict[str, Marks]]:
    found: dict[QuestionKey, dict[str, Marks]] = defaultdict(lambda: defaultdict(Counter))
    for row in rows:
        found[row["question"], row["question_version"] or ""][row["month"]][row["mark"]] += row["answers"]
    return {key: dict(months) for key, months in found.items()}
