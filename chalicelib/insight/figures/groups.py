"""The report's section about where answers differ."""

from collections.abc import Iterator, Sequence

from chalicelib.insight.figures.asking import Questions
from chalicelib.insight.figures.cells import share_cells
from chalicelib.insight.figures.document import NOTHING, Block, Cell, Chart, Column, Paragraph, Section, Table
from chalicelib.insight.figures.gather import Figures, QuestionKey, newest_version
from chalicelib.insight.figures.lines import largest, name_of, verdict
from chalicelib.insight.figures.settling import groups_wait
from chalicelib.insight.figures.statistics import share_interval
from chalicelib.insight.figures.surveys import Line
from chalicelib.insight.figures.wording import Wording

PARTS = ("type", "beat", "shift")


def groups_section(figures: Figures, questions: Questions, wording: Wording) -> Section:
    """Return where the answers differ: by type, beat and shift."""
    key = newest_version(figures.marks, questions.overall, figures.quarter)
    title, waits = wording.say("groups.title"), groups_wait(figures, wording)
    if waits:
        return Section("groups", title, (waits,))
    blocks = tuple(block for part in PARTS for block in _compared(part, _told(figures, key, part), wording))
    if not blocks:
        return Section("groups", title, (Paragraph(wording.say("groups.none")),))
    intro = wording.say("groups.intro", question=questions.overall_label(key, wording))
    return Section("groups", title, (Paragraph(intro), *blocks))


def _told(figures: Figures, key: QuestionKey, part: str) -> list[Line]:
    """Return the groups of which it may be said how many answered favorably."""
    lines = figures.surveys.of(key[0], part)
    return [line for line in lines if line.version == key[1] and line.part is not None]


def _compared(part: str, lines: Sequence[Line], wording: Wording) -> Iterator[Block]:
    if len(lines) < 2:  # noqa: PLR2004  nothing to compare
        return
    shown = largest(lines)
    if part == "type":
        yield _chart([line for line in shown if not line.several], wording)
    compared = sum(not line.several for line in shown)
    rows = tuple(_row(line, shown, compared, wording) for line in shown)
    columns = (
        Column(wording.say(f"groups.{part}")),
        Column(wording.say("questions.answers"), number=True),
        Column(wording.say("questions.favourable")),
        Column(wording.say("groups.verdict")),
    )
    caption = wording.say("groups.caption", what=_by(part, wording))
    few = any(line.several for line in lines)
    yield Table(f"by_{part}", wording.caption(caption, hidden=few), columns, rows)


def _chart(lines: Sequence[Line], wording: Wording) -> Chart:
    counted = [(line.part or 0, line.of) for line in lines]
    names, shares = [name_of(line, wording) for line in lines], [part / of for part, of in counted]
    values = "; ".join(f"{name} {wording.share(share, 1)}" for name, share in zip(names, shares, strict=True))
    return Chart(
        id="by_type",
        kind="dots",
        labels=tuple(names),
        values=tuple(shares),
        intervals=tuple(share_interval(part, of) for part, of in counted),
        axis=wording.say("questions.axis"),
        alt=wording.say("groups.chart_alt", what=wording.say("groups.type"), values=values),
        caption=wording.say("groups.caption", what=_by("type", wording)),
    )


def _by(part: str, wording: Wording) -> str:
    what = wording.say(f"groups.by_{part}")
    return what[0].lower() + what[1:]


def _row(line: Line, lines: Sequence[Line], compared: int, wording: Wording) -> tuple[Cell, ...]:
    share = share_cells(line.part or 0, line.of, wording)
    name = name_of(line, wording)
    if line.several:
        return (Cell(name, name), *share, NOTHING)
    word = verdict(line, lines, compared)
    return (Cell(name, line.group), *share, Cell(wording.say(f"groups.{word}"), word))
