"""A quarter's figures, by the named queries: the report says nothing that an analyst can't ask for."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from msgspec import Struct

from chalicelib.insight.figures.quarter import Quarter
from chalicelib.insight.figures.queries import query
from chalicelib.insight.figures.source import LakeSource

Row = dict[str, Any]
Marks = Counter[int]
QuestionKey = tuple[str, str]
"""A question's id and its version: a changed question is another one."""


class Part(Struct, frozen=True):
    """A part of the people who answered a question: how many did, and how many marks were 4 or 5."""

    name: str
    answers: int
    favourable: int


class Asked(Struct, frozen=True):
    """A part of the people who were asked; `answered` may count people of whom it is not known that they were asked."""

    name: str
    asked: int
    answered: int


class Figures(Struct, frozen=True, kw_only=True):
    """All of a quarter's figures; `marks` go back a year, by month, and `scanned` is in bytes."""

    quarter: Quarter
    calls: int
    duplicates: int
    told: int
    told_outcome: int
    asked: int
    answered: int
    marks: dict[QuestionKey, dict[str, Marks]]
    parts: dict[str, tuple[Part, ...]]
    people: dict[str, tuple[Asked, ...]]
    untold: dict[str, Asked]
    not_carried: dict[str, int]
    by_call: tuple[Row, ...]
    doors: tuple[Row, ...]
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


NOT_TOLD, NOT_CARRIED = "(not told)", "(not carried)"
"""Values of a dimension: the call does not say it, and the answers may not say it."""

PARTS = {"type": "incident_type", "beat": "beat", "shift": "shift"}
"""The parts of those who answered, and the column by which each is told."""


def gather(
    source: LakeSource, agency_id: str, quarter: Quarter, overall: str, baseline: tuple[date, date] | None = None
) -> Figures:
    """Ask for a quarter's figures; `baseline` is a period in which messages were in shadow, if not this quarter."""
    scanned = 0

    def ask(name: str, first: date = quarter.first, last: date = quarter.last) -> tuple[Row, ...]:
        nonlocal scanned
        found = source.query(query(name).during(first, last))
        scanned += found.scanned
        return tuple(row for row in found.dicts() if row["agency_id"] == agency_id)

    calls, people = ask("calls"), ask("non_response")
    marks = _marks(ask("marks_by_month", quarter.year_before))
    again = ask("repeat_contacts")
    if baseline:
        again = (*(row for row in again if row["phase"] == "live"), *_in_shadow(ask, baseline))
    return Figures(
        quarter=quarter,
        calls=sum(row["calls"] for row in calls),
        duplicates=sum(row["duplicates"] for row in calls),
        told=sum(row["calls_told"] for row in calls),
        told_outcome=sum(row["calls_told_outcome"] for row in calls),
        asked=sum(row["asked"] for row in people if row["dimension"] == "language"),
        answered=sum(row["answered"] for row in people if row["dimension"] == "language"),
        marks=marks,
        parts={
            part: _parts(ask(f"satisfaction_by_{part}"), column, newest_version(marks, overall, quarter))
            for part, column in PARTS.items()
        },
        people=_people(people),
        untold={
            row["dimension"]: Asked(NOT_TOLD, row["asked"], row["answered"])
            for row in people
            if row["value"] == NOT_TOLD
        },
        not_carried={row["dimension"]: row["answered"] for row in people if row["value"] == NOT_CARRIED},
        by_call=_of_question(ask("marks_by_call"), newest_version(marks, overall, quarter)),
        doors=ask("response_by_door_and_arm"),
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


def _parts(rows: Sequence[Row], column: str, key: QuestionKey) -> tuple[Part, ...]:
    return tuple(
        Part(row[column], row["answers"], row["favourable"])
        for row in _of_question(rows, key)
        if row[column] is not None
    )


def _of_question(rows: Sequence[Row], key: QuestionKey) -> tuple[Row, ...]:
    return tuple(row for row in rows if (row["question"], row["question_version"] or "") == key)


def _people(rows: Sequence[Row]) -> dict[str, tuple[Asked, ...]]:
    found: dict[str, list[Asked]] = defaultdict(list)
    for row in rows:
        if row["value"] not in (NOT_TOLD, NOT_CARRIED):
            found[row["dimension"]].append(Asked(row["value"], row["asked"], row["answered"]))
    return {dimension: tuple(groups) for dimension, groups in found.items()}
