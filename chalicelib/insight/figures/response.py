"""The report's section about who was asked and who answered."""

from collections.abc import Iterator, Sequence

from chalicelib.insight.figures.asking import Questions
from chalicelib.insight.figures.cells import number_cell, share_cells
from chalicelib.insight.figures.document import DASH, Block, Cell, Column, Paragraph, Section, Table
from chalicelib.insight.figures.gather import Figures, QuestionKey, newest_version
from chalicelib.insight.figures.lines import largest, name_of, verdict
from chalicelib.insight.figures.quarter import MONTHS
from chalicelib.insight.figures.settling import whole_on
from chalicelib.insight.figures.statistics import share_interval
from chalicelib.insight.figures.surveys import ANSWERED, Line
from chalicelib.insight.figures.weighting import by_cards, weighing, weighted_told
from chalicelib.insight.figures.wording import SMALLEST, Wording

DIMENSIONS = ("language", "hour", "shift", "type", "beat")
_IN_ORDER = ("hour", "shift", "language")
"""Dimensions whose groups stand in the order of their names; others begin with the largest."""


def response_section(figures: Figures, questions: Questions, wording: Wording) -> Section:
    """Return who was asked and who answered, and what is not known of the others."""
    title = wording.say("response.title")
    if not figures.asked:
        return Section("response", title, (Paragraph(wording.say("response.none")),))
    note = Paragraph(wording.say("response.note"), "note")
    if figures.surveys.settled < MONTHS:
        told = wording.say("response.wait", asked=wording.count(figures.asked), day=wording.day(whole_on(figures)))
        return Section("response", title, (Paragraph(told), note))
    key = newest_version(figures.marks, questions.overall, figures.quarter)
    texts = (*_intro(figures, wording), *_who(figures, wording), *_weighted(figures, key, wording))
    first, *others = map(Paragraph, texts) if texts else (note,)
    blocks: list[Block] = [first, note, *others] if texts else [note]
    tables = (*_people_table(figures, wording), *_doors_table(figures, key, wording), *_arms_table(figures, wording))
    return Section("response", title, (*blocks, *tables))


def response_rate(figures: Figures, wording: Wording) -> str:
    """Return the share of those asked who answered, with its interval."""
    interval = share_interval(figures.answered, figures.asked)
    return wording.share_in(figures.answered / figures.asked, interval, figures.asked)


def _intro(figures: Figures, wording: Wording) -> Iterator[str]:
    if figures.answered > figures.asked:
        return
    fields = {"asked": wording.count(figures.asked), "answered": wording.count(figures.answered)}
    if 0 < figures.answered < SMALLEST:
        yield wording.say("response.few", **fields)
    else:
        yield wording.say("response.intro", **fields, rate=response_rate(figures, wording))


def _who(figures: Figures, wording: Wording) -> Iterator[str]:
    """Yield which groups answered clearly more or less often, of all that are shown."""
    known = {dimension: figures.surveys.of(ANSWERED, dimension) for dimension in DIMENSIONS}
    compared = sum(not line.several for lines in known.values() for line in lines)
    verdicts = [
        (verdict(line, lines, compared), line) for lines in known.values() for line in lines if not line.several
    ]
    told = {word: _listed([line for found, line in verdicts if found == word], wording) for word in ("higher", "lower")}
    if told["higher"]:
        yield wording.say("response.more_often", groups=told["higher"])
    if told["lower"]:
        yield wording.say("response.less_often", groups=told["lower"])
    if verdicts and not any(told.values()):
        yield wording.say("response.alike")
    unknown = {name for name in DIMENSIONS if name in figures.not_carried}
    few = {name for name, lines in known.items() if not lines} - unknown
    for why, names in (("not_carried", unknown), ("too_few", few)):
        parts = ", ".join(wording.say(f"response.of_{name}") for name in DIMENSIONS if name in names)
        if parts:
            yield wording.say(f"response.{why}", parts=parts)


def _listed(lines: Sequence[Line], wording: Wording) -> str:
    return ", ".join(f"{_named(line, wording)} ({wording.share((line.part or 0) / line.of, 1)})" for line in lines)


def _weighted(figures: Figures, key: QuestionKey, wording: Wording) -> Iterator[str]:
    """Yield what the overall share would be if all parts of those asked had answered alike, and who was not asked."""
    if figures.answered < SMALLEST:
        return
    weighted = weighing(figures, key)
    if weighted is None:
        yield wording.say("response.not_weighted")
    else:
        total = figures.surveys.total(*key)
        of = (total.of if total else 0) or 0
        shares = {"weighted": weighted_told(weighted, wording, of), "plain": wording.share(weighted.found.plain, of)}
        yield wording.say("response.weighted", by=wording.say(f"response.of_{weighted.by}"), **shares)
    cards = by_cards(figures, key)
    if cards:
        yield wording.say("response.cards", count=wording.count(cards))


def _people_table(figures: Figures, wording: Wording) -> Iterator[Table]:
    rows: list[tuple[Cell, ...]] = []
    few = False
    for dimension in DIMENSIONS:
        if dimension in figures.not_carried:
            rows.append(_unknown_row(dimension, figures, wording))
            continue
        lines = figures.surveys.of(ANSWERED, dimension)
        few |= any(line.several for line in lines)
        rows += [
            (Cell(_named(line, wording), f"{dimension}={line.group or name_of(line, wording)}"), *_rate(line, wording))
            for line in _ordered(dimension, largest(lines))
        ]
    if rows:
        caption = wording.caption(wording.say("response.caption"), hidden=few)
        yield Table("response", caption, _columns("dimension", wording), tuple(rows))


def _ordered(dimension: str, lines: Sequence[Line]) -> list[Line]:
    if dimension in _IN_ORDER:
        return [*lines]
    return sorted(lines, key=lambda line: (bool(line.several), -line.of))


def _unknown_row(dimension: str, figures: Figures, wording: Wording) -> tuple[Cell, ...]:
    """Return how many were asked; of answers that do not say it nobody knows how many are of which part."""
    name = wording.say(f"response.every_{dimension}")
    unknown = Cell(wording.say("form.not_known"))
    return Cell(name, dimension), number_cell(figures.asked, wording), unknown, unknown


def _rate(line: Line, wording: Wording) -> tuple[Cell, Cell, Cell]:
    """Return how many of a group were asked, how many answered, and the rate."""
    answered = line.part or 0
    asked, rate = share_cells(answered, line.of, wording)
    return asked, number_cell(answered, wording), rate


def _columns(first: str, wording: Wording) -> tuple[Column, ...]:
    numbers = (Column(wording.say(f"response.{name}"), number=True) for name in ("asked", "answered"))
    return Column(wording.say(f"response.{first}")), *numbers, Column(wording.say("response.rate"))


def _doors_table(figures: Figures, key: QuestionKey, wording: Wording) -> Iterator[Table]:
    """Yield by which ways the overall question was answered."""
    lines = [line for line in figures.surveys.of(key[0], "door") if line.version == key[1]]
    if not lines:
        return
    of = sum(line.of for line in lines)
    rows = tuple(
        (
            Cell(name_of(line, wording), line.group),
            number_cell(line.of, wording),
            Cell(wording.share(line.of / of, of), round(line.of / of, 4)),
        )
        for line in lines
    )
    columns = (
        Column(wording.say("response.door")),
        Column(wording.say("questions.answers"), number=True),
        Column(wording.say("response.of_answers")),
    )
    few = any(line.several for line in lines)
    yield Table("doors", wording.caption(wording.say("response.doors"), hidden=few), columns, rows)


def _arms_table(figures: Figures, wording: Wording) -> Iterator[Block]:
    """Yield how many answered by the arms of an experiment, where there was one."""
    lines = figures.surveys.of(ANSWERED, "arm")
    if len(lines) < 2:  # noqa: PLR2004  one arm is no experiment
        return
    yield Paragraph(wording.say("response.experiment"))
    rows = tuple((Cell(name_of(line, wording) or DASH, line.group), *_rate(line, wording)) for line in lines)
    few = any(line.several for line in lines)
    caption = wording.caption(wording.say("response.arms"), hidden=few)
    yield Table("arms", caption, _columns("arm", wording), rows)


def _named(line: Line, wording: Wording) -> str:
    value = name_of(line, wording)
    value = value.replace("-", DASH) if line.dimension == "hour" else value
    return wording.say("response.group", dimension=wording.say(f"response.{line.dimension}"), value=value)
