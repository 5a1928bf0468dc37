"""What a quarter's answers show: counts by question and by one dimension, with small groups as one cell.

The desk's Results keep this and nothing else, and the report is written from it. Figures are the named queries' own, to
the last digit.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from msgspec import Struct

from chalicelib.domain.surveys.fixed_cells import (
    FEWEST,
    FEWEST_OF_EMPLOYEE,
    Counted,
    Groups,
    counted_months,
    fixed_cells,
    has_groups,
    settled,
    together,
)
from chalicelib.insight.figures.quarter import Quarter

Row = Mapping[str, Any]
ANSWERED, ASKED = "answered", "asked"
"""The measures of response, beside one a question."""

NOT_TOLD, NOT_CARRIED = "(not told)", "(not carried)"
"""Values of a dimension: the call does not say it, and the answers may not say it."""

MARKED = ("type", "beat", "shift", "unit", "hour", "door", "language", "arm")
"""Dimensions of marks. Of those who were asked, only some are known."""

EMPLOYEES = ("officer", "call_taker")
"""Dimensions of marks where settings let answers carry them, of the questions about them. No report has them."""

_FEWEST_OF = dict.fromkeys(("unit", *EMPLOYEES), FEWEST_OF_EMPLOYEE)
"""So many people a group of a dimension has at least, where not `FEWEST`: a unit is often one officer."""


class Shown(Struct, frozen=True, kw_only=True):
    """A measure: how many people, and of how many of them it holds, for the months that are counted.

    `part` is None where all are alike or nothing is asked, and `of` is None where they are few.
    """

    measure: str
    version: str = ""
    months: int
    of: int | None
    part: int | None = None


class Line(Struct, frozen=True, kw_only=True):
    """A group of a dimension, or several that are few; `several` says how many, and is 0 for one group."""

    measure: str
    version: str = ""
    dimension: str
    group: str
    several: int = 0
    of: int
    part: int | None = None


class Surveys(Struct, frozen=True, kw_only=True):
    """All that a quarter's surveys show; `settled` says of how many of its months nobody answers any more."""

    settled: int
    shown: tuple[Shown, ...] = ()
    lines: tuple[Line, ...] = ()

    def of(self, measure: str, dimension: str) -> tuple[Line, ...]:
        """Return a measure's groups by a dimension; nothing where it may not be shown."""
        return tuple(line for line in self.lines if (line.measure, line.dimension) == (measure, dimension))

    def total(self, measure: str, version: str = "") -> Shown | None:
        """Return what is shown of a measure without groups."""
        return next((one for one in self.shown if (one.measure, one.version) == (measure, version)), None)


def surveys_of(
    quarter: Quarter,
    marks: Sequence[Row],
    people: Sequence[Row],
    today: date,
    employees: Sequence[Row] = (),
    told: Collection[str] = (),
) -> Surveys:
    """Return what may be shown of one agency's rows of `marks_by_group`, `non_response`, and those about employees.

    `told` are the dimensions of employees that may be shown. Their rows always matter: a question that has them has no
    other dimension, whatever settings say today, so that a settled quarter's views never change.
    """
    months = quarter.months[: settled(quarter.months, today)]
    tables = _tables(marks)
    shown = [shown_of(*key, tables[key].get("month", {}), months) for key in sorted(tables)]
    if len(months) < len(quarter.months):
        return Surveys(settled=len(months), shown=tuple(shown))
    whole = [one for one in shown if one.months == len(months) and one.of]
    response = _response(people)
    shown += _response_shown(response, len(months))
    alone = _alone(employees)
    free = [one for one in whole if (one.measure, one.version) not in alone]
    lines = [line for dimension in MARKED for line in _lines(dimension, free, tables, response.get(dimension, {}))]
    of_employees = _tables(employees)
    for dimension in (name for name in EMPLOYEES if name in told):
        about = [one for one in whole if alone.get((one.measure, one.version)) == dimension]
        lines += _lines(dimension, about, of_employees, {})
    return Surveys(settled=len(months), shown=tuple(shown), lines=tuple(lines))


def _alone(employees: Iterable[Row]) -> dict[tuple[str, str], str]:
    """Return the questions about employees whom some answers of the quarter tell, each with its one dimension.

    Whoever knows who works on which beat, shift or unit could subtract a view by that from one by officer.
    """
    rows = [*employees]
    telling = {row["dimension"] for row in rows if row["value"] != NOT_TOLD}
    return {
        (row["question"], row["question_version"] or ""): row["dimension"]
        for row in rows
        if row["dimension"] in telling
    }


def _tables(marks: Iterable[Row]) -> dict[tuple[str, str], dict[str, dict[str, Counted]]]:
    """Return groups by question and dimension."""
    found: dict[tuple[str, str], dict[str, dict[str, Counted]]] = defaultdict(lambda: defaultdict(dict))
    for row in marks:
        of = found[row["question"], row["question_version"] or ""][row["dimension"]]
        of[row["value"]] = Counted(row["answers"], row["favourable"])
    return found


def shown_of(measure: str, version: str, by_month: Groups, months: Sequence[str]) -> Shown:
    """Return what may be shown of a measure, of the months of a quarter for which nobody answers any more."""
    steps = [by_month.get(month, Counted(0, 0)) for month in months]
    reached = counted_months([step.of for step in steps])
    total = together(steps[:reached])
    few = total.small or not reached
    return Shown(
        measure=measure,
        version=version,
        months=reached,
        of=None if few else total.of,
        part=None if few or total.alike else total.part,
    )


def _response(people: Iterable[Row]) -> dict[str, dict[str, Groups]]:
    """Return groups by dimension and measure; a dimension that answers do not carry is left out."""
    found: dict[str, dict[str, dict[str, Counted]]] = defaultdict(lambda: defaultdict(dict))
    not_carried = {row["dimension"] for row in people if row["value"] == NOT_CARRIED}
    for row in people:
        if row["dimension"] not in not_carried:
            found[row["dimension"]][ASKED][row["value"]] = Counted(row["asked"])
            found[row["dimension"]][ANSWERED][row["value"]] = Counted(row["answered"])
    return {dimension: dict(of) for dimension, of in found.items()}


def _response_shown(response: Mapping[str, Mapping[str, Groups]], months: int) -> list[Shown]:
    """Return how many were asked and how many of them answered; by language everybody is known."""
    totals = {name: together(groups.values()).of for name, groups in response.get("language", {}).items()}
    asked, answered = totals.get(ASKED, 0), totals.get(ANSWERED, 0)
    few = 0 < asked < FEWEST or 0 < answered < FEWEST or answered > asked
    return [Shown(measure=ANSWERED, months=months, of=None if few else asked, part=None if few else answered)]


def _lines(
    dimension: str,
    whole: Sequence[Shown],
    tables: Mapping[tuple[str, str], Mapping[str, Groups]],
    response: Mapping[str, Groups],
) -> list[Line]:
    marks = [(one, _without_marks(tables[one.measure, one.version][dimension], one)) for one in whole]
    fewest = _FEWEST_OF.get(dimension, FEWEST)
    cells = fixed_cells([*(groups for _, groups in marks), *response.values()], fewest)
    if cells is None:
        return []
    found = []
    measures = [(one.measure, one.version, groups) for one, groups in marks if has_groups(groups, fewest)]
    if response:
        measures.append((ANSWERED, "", _of_those_asked(response)))
    for measure, version, groups in measures:
        lines = [(name, 0, counted) for name, counted in cells.of(groups) if counted.of]
        rest = cells.rest_of(groups)
        lines += [("", len(cells.rest), rest)] if rest and rest.of >= fewest else []
        about = {"measure": measure, "version": version, "dimension": dimension}
        found += [
            Line(**about, group=name, several=several, of=counted.of, part=counted.part)
            for name, several, counted in lines
        ]
    return found


def _without_marks(groups: Groups, one: Shown) -> Groups:
    """Return groups without their marks where those of all people are alike."""
    return groups if one.part is not None else {name: Counted(counted.of) for name, counted in groups.items()}


def _of_those_asked(response: Mapping[str, Groups]) -> Groups:
    """Return how many of those asked in each group answered; nothing where more did than are known to be asked."""
    asked, answered = response[ASKED], response[ANSWERED]
    known = {name: Counted(of.of, answered[name].of) for name, of in asked.items()}
    return {name: of for name, of in known.items() if of.part is not None and of.part <= of.of}
