"""A quarter's figures, by the named queries: the report says nothing that an analyst can't ask for."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from msgspec import Struct

from chalicelib.insight.figures.quarter import Quarter
from chalicelib.insight.figures.queries import query
from chalicelib.insight.figures.source import LakeSource, Result
from chalicelib.insight.figures.surveys import NOT_CARRIED, Surveys, surveys_of

Row = dict[str, Any]
Marks = Counter[int]
QuestionKey = tuple[str, str]
"""A question's id and its version: a changed question is another one."""


class Figures(Struct, frozen=True, kw_only=True):
    """All of a quarter's figures; `marks` go back a year, by month, and `scanned` is in bytes.

    `surveys` is what the desk shows of the quarter on the same day, without employees. `answered` may count people of
    whom it is not known that they were asked.
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


_OF_THE_QUARTER = (
    *("calls", "non_response", "marks_by_group", "messages", "timeliness", "delay_notices", "delivery", "cost"),
    *("reasons", "repeat_contacts", "comments_counted", "marks_by_officer_and_call_taker"),
)
"""Named queries that are asked about the quarter's own days."""


def gather(
    source: LakeSource,
    agency_id: str,
    quarter: Quarter,
    today: date,
    baseline: tuple[date, date] | None = None,
    *,
    quotes: bool = True,
) -> Figures:
    """Ask for a quarter's figures as of a day; `baseline` is a period in which messages were in shadow, if another.

    Without `quotes` nobody's words are asked for.
    """
    asked = {name: query(name).during(quarter.first, quarter.last) for name in _OF_THE_QUARTER}
    asked["marks_by_month"] = query("marks_by_month").during(quarter.year_before, quarter.last)
    if quotes:
        asked["comments"] = query("comments").during(quarter.first, quarter.last)
    if baseline:
        asked["baseline"] = query("repeat_contacts").during(*baseline)
    found = dict(zip(asked, source.queries([*asked.values()]), strict=True))
    rows = {name: _of_agency(one, agency_id) for name, one in found.items()}
    calls, people, again = rows["calls"], rows["non_response"], rows["repeat_contacts"]
    if baseline:
        live = (row for row in again if row["phase"] == "live")
        again = (*live, *(row for row in rows["baseline"] if row["phase"] == "shadow"))
    return Figures(
        quarter=quarter,
        today=today,
        calls=sum(row["calls"] for row in calls),
        duplicates=sum(row["duplicates"] for row in calls),
        told=sum(row["calls_told"] for row in calls),
        told_outcome=sum(row["calls_told_outcome"] for row in calls),
        asked=sum(row["asked"] for row in people if row["dimension"] == "language"),
        answered=sum(row["answered"] for row in people if row["dimension"] == "language"),
        marks=_marks(rows["marks_by_month"]),
        surveys=surveys_of(quarter, rows["marks_by_group"], people, today, rows["marks_by_officer_and_call_taker"]),
        not_carried=frozenset(row["dimension"] for row in people if row["value"] == NOT_CARRIED),
        messages=rows["messages"],
        timeliness=rows["timeliness"],
        delays=rows["delay_notices"],
        delivery=rows["delivery"],
        cost=rows["cost"],
        reasons=rows["reasons"],
        again=again,
        comments=rows.get("comments", ()),
        comments_counted=rows["comments_counted"],
        scanned=sum(one.scanned for one in found.values()),
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


def _of_agency(found: Result, agency_id: str) -> tuple[Row, ...]:
    return tuple(row for row in found.dicts() if row["agency_id"] == agency_id)


def _marks(rows: Sequence[Row]) -> dict[QuestionKey, dict[str, Marks]]:
    found: dict[QuestionKey, dict[str, Marks]] = defaultdict(lambda: defaultdict(Counter))
    for row in rows:
        found[row["question"], row["question_version"] or ""][row["month"]][row["mark"]] += row["answers"]
    return {key: dict(months) for key, months in found.items()}
