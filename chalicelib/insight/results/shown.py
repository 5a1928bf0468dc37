"""A quarter's results as tables: the report's own words, intervals and verdicts, and figures of few hidden."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from chalicelib.insight.figures.asking import Questions
from chalicelib.insight.figures.lines import name_of, verdict
from chalicelib.insight.figures.quarter import MONTHS
from chalicelib.insight.figures.statistics import Interval, share_interval
from chalicelib.insight.figures.surveys import ANSWERED, EMPLOYEES, MARKED, NOT_TOLD, Line, Row, Shown, Surveys
from chalicelib.insight.figures.wording import SMALLEST, Wording


class Share(Struct, frozen=True):
    """A share of 1 with its interval, in words and for a picture."""

    text: str
    value: float
    interval: Interval


class Entry(Struct, frozen=True, kw_only=True):
    """A row of a table: what it is of, its figures in words, a share, and which view it leads to."""

    name: str
    figures: tuple[str, ...]
    share: Share | None = None
    verdict: str = ""
    leads: Mapping[str, str] = {}
    language: str = ""


class Table(Struct, frozen=True, kw_only=True):
    """A table: `id` names its words, `heads` its columns of figures."""

    id: str
    heads: tuple[str, ...]
    lines: tuple[Entry, ...]
    about: str = ""


def dimensions(surveys: Surveys) -> tuple[str, ...]:
    """Return the dimensions by which something is shown."""
    there = {line.dimension for line in surveys.lines}
    return tuple(name for name in (*MARKED, *EMPLOYEES) if name in there)


def questions(surveys: Surveys, asked: Questions, wording: Wording) -> Iterator[Table]:
    """Yield the table of all questions; the months that count of each, where they are not the same for all."""
    marked = [one for one in surveys.shown if one.measure != ANSWERED]
    several = Counter(one.measure for one in marked)
    places = {name: place for place, name in enumerate(asked.known)}
    differ = len({one.months for one in marked}) > 1
    lines = tuple(
        Entry(
            name=asked.label((one.measure, one.version), several[one.measure] > 1, wording),
            figures=(
                _count(one.of, wording) if one.months else _shown(None, wording),  # no month counts yet
                *((_months(one),) if differ else ()),
            ),
            share=_share(one.part, one.of, wording),
            leads=_leads(surveys, one.measure),
        )
        for one in sorted(marked, key=lambda one: (places.get(one.measure, len(places)), one.measure, one.version))
    )
    yield Table(id="questions", heads=("answers", *(("months",) if differ else ())), lines=lines)


def _leads(surveys: Surveys, measure: str) -> dict[str, str]:
    """Return which view a question leads to; one about employees leads to the choice alone, as a look is noted."""
    by = [name for name in (*MARKED, *EMPLOYEES) if surveys.of(measure, name)]
    return {"question": measure, "by": by[0] if by[0] in MARKED else ""} if by else {}


def response(surveys: Surveys, wording: Wording) -> Iterator[Table]:
    """Yield how many of those asked answered."""
    lines = tuple(
        Entry(
            name="",
            figures=(_shown(one.of, wording), _shown(one.part, wording)),
            share=_share(one.part, one.of, wording),
        )
        for one in surveys.shown
        if one.measure == ANSWERED
    )
    yield Table(id="response", heads=("asked", "answered"), lines=lines)


def by_group(surveys: Surveys, measure: str, dimension: str, asked: Questions, wording: Wording) -> Iterator[Table]:
    """Yield a measure's groups by a dimension, in the order of their names, a table for each version of a question.

    Employees are not compared: a table that says who differs is a ranking.
    """
    found = surveys.of(measure, dimension)
    for version in sorted({line.version for line in found}):
        lines = [line for line in found if line.version == version]
        about = "" if measure == ANSWERED else asked.label((measure, version), bool(version), wording)
        compared = sum(not line.several for line in lines)
        rows = tuple(_group(line, lines, compared, wording) for line in lines)
        heads = ("asked",) if measure == ANSWERED else ("answers",)
        yield Table(id=f"by_{dimension}", heads=heads, lines=rows, about=about)


def service(measure: str, rows: Mapping[str, Sequence[Row]], wording: Wording) -> Iterator[Table]:
    """Yield the tables about the service: how late texts went, what became of them, what they cost."""
    if measure == "timeliness":
        yield _timeliness(rows["timeliness"], wording)
        yield _delays(rows["delay_notices"], wording)
    elif measure == "delivery":
        yield _delivery(rows["delivery"], wording)
    else:
        yield _cost(rows["cost"], wording)


def _group(line: Line, lines: Sequence[Line], compared: int, wording: Wording) -> Entry:
    return Entry(
        name=name_of(line, wording),
        figures=(_count(line.of, wording),),
        share=_share(line.part, line.of, wording),
        verdict="" if line.several or line.dimension in EMPLOYEES else verdict(line, lines, compared),
    )


def _share(part: int | None, of: int | None, wording: Wording) -> Share | None:
    if part is None or not of:
        return None
    interval = share_interval(part, of)
    return Share(wording.share_in(part / of, interval, of), part / of, interval)


def _count(number: int | None, wording: Wording) -> str:
    return wording.under if number is None else wording.count(number)


def _shown(number: int | None, wording: Wording) -> str:
    return wording.say("form.hidden") if number is None else wording.count(number)


def _months(one: Shown) -> str:
    return f"{one.months} / {MONTHS}"


def _timeliness(rows: Sequence[Row], wording: Wording) -> Table:
    return Table(
        id="timeliness",
        heads=("messages", "median_seconds", "p95_seconds", "within_a_minute"),
        lines=tuple(
            Entry(
                name=wording.say(f"messages.{row['kind']}"),
                figures=_unless_few(
                    row["messages"], wording, row["median_seconds"], row["p95_seconds"], row["percent_within_a_minute"]
                ),
            )
            for row in rows
        ),
    )


def _delays(rows: Sequence[Row], wording: Wording) -> Table:
    return Table(
        id="delays",
        heads=("calls", "officers_came", "median_minutes", "p90_minutes"),
        lines=tuple(
            Entry(
                name=wording.say("form.not_told") if row["priority"] == NOT_TOLD else row["priority"],
                figures=(
                    wording.count(row["calls"]),
                    wording.count(row["officers_came"]),
                    *_unless_few(row["timed"], wording, row["median_minutes"], row["p90_minutes"])[1:],
                ),
            )
            for row in rows
        ),
    )


def _delivery(rows: Sequence[Row], wording: Wording) -> Table:
    found: Counter[tuple[str, str, str]] = Counter()
    for row in rows:
        found[row["channel"], row["state"], row["reason"] or ""] += row["messages"]
    return Table(
        id="delivery",
        heads=("messages",),
        lines=tuple(
            Entry(
                name=" · ".join(
                    (
                        wording.known("delivery", channel),
                        wording.known("delivery", state),
                        *((wording.known("carrier", reason),) if reason else ()),
                    )
                ),
                figures=(wording.count(number),),
            )
            for (channel, state, reason), number in sorted(found.items(), key=lambda one: (one[0][0], -one[1], one[0]))
        ),
    )


def _cost(rows: Sequence[Row], wording: Wording) -> Table:
    return Table(
        id="cost",
        heads=("messages", "segments", "dollars_told", "segments_without_price"),
        lines=tuple(
            Entry(
                name=" · ".join(
                    (row["month"], wording.say(f"messages.{row['kind']}"), wording.known("delivery", row["channel"]))
                ),
                figures=_unless_few(
                    row["messages"],
                    wording,
                    row["segments"],
                    f"${row['dollars_told']:,.2f}",
                    row["segments_without_price"],
                ),
            )
            for row in rows
        ),
    )


def _unless_few(of: int, wording: Wording, *figures: Any) -> tuple[str, ...]:
    """Return a count and figures about it, which a few people do not have."""
    told = tuple("" if figure is None else str(figure) for figure in figures)
    return (wording.count(of), *(told if of >= SMALLEST else ("",) * len(told)))
