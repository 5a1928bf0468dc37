"""The report's sections about each question, and about the one that asks for all in all month by month."""

from collections.abc import Iterator, Mapping, Sequence

from chalicelib.domain.settings.questions import SCALE
from chalicelib.insight.figures.asking import Questions, scale_told
from chalicelib.insight.figures.cells import mean_cell, number_cell, share_cells
from chalicelib.insight.figures.counted import marks_shown, shown
from chalicelib.insight.figures.document import NOTHING, Block, Cell, Chart, Column, Paragraph, Section, Table
from chalicelib.insight.figures.gather import Figures, QuestionKey
from chalicelib.insight.figures.settling import counted_to
from chalicelib.insight.figures.small_numbers import hidden_marks
from chalicelib.insight.figures.statistics import (
    Difference,
    answers,
    difference,
    share_interval,
)
from chalicelib.insight.figures.surveys import Shown
from chalicelib.insight.figures.wording import Wording


def questions_section(figures: Figures, questions: Questions, wording: Wording) -> Section:
    """Return the table and chart of all questions."""
    keys, title = questions.asked(figures), wording.say("questions.title")
    to = [Paragraph(told, "note") for told in (counted_to(figures, wording),) if told]
    if not keys:
        none = [] if to and not figures.surveys.settled else [Paragraph(wording.say("questions.none"))]
        return Section("questions", title, (*to, *none))
    labels = {key: questions.label(key, sum(key[0] == other[0] for other in keys) > 1, wording) for key in keys}
    found = {key: shown(figures, key, figures.quarter) for key in keys}
    headings = ("question", "answers", "favourable", "mean", "change")
    columns = tuple(Column(wording.say(f"questions.{name}"), name == "answers") for name in headings)
    rows = tuple(_question_row(labels[key], key, found[key], figures, len(keys), wording) for key in keys)
    caption = wording.caption(wording.say("questions.caption"), hidden=any(one.part is None for one in found.values()))
    table = Table("questions", caption, columns, rows)
    by_text = any(line.dimension == "door" and "reply" in line.group.split(",") for line in figures.surveys.lines)
    scale = " ".join(scale_told(keys, questions, wording, by_text=by_text))
    intro = Paragraph(" ".join(filter(None, (scale, wording.say("questions.intro")))))
    shares = [(labels[key], one.part, one.of) for key, one in found.items() if one.part is not None and one.of]
    blocks: tuple[Block, ...] = (intro, *to, *_chart(shares, wording), table, *_marks_table(labels, figures, wording))
    return Section("questions", title, blocks)


def changed(key: QuestionKey, figures: Figures, comparisons: int = 1) -> Difference | None:
    """Return a question's favourable share less that of the quarter before; None where that is too small to show."""
    now, before = (shown(figures, key, quarter) for quarter in (figures.quarter, figures.quarter.previous))
    if not now.of or not before.of or now.part is None or before.part is None:
        return None
    return difference(now.part, now.of, before.part, before.of, comparisons)


def _chart(shares: Sequence[tuple[str, int, int]], wording: Wording) -> Iterator[Chart]:
    """Yield a dot for each question: its words, how many marks were 4 or 5, and of how many."""
    if not shares:
        return
    values = "; ".join(f"{label} {wording.share(part / of, 1)}" for label, part, of in shares)
    yield Chart(
        id="questions",
        kind="dots",
        labels=tuple(label for label, _, _ in shares),
        values=tuple(part / of for _, part, of in shares),
        intervals=tuple(share_interval(part, of) for _, part, of in shares),
        axis=wording.say("questions.axis"),
        alt=wording.say("questions.chart_alt", values=values),
        caption=wording.say("questions.chart"),
    )


def _marks_table(labels: Mapping[QuestionKey, str], figures: Figures, wording: Wording) -> Iterator[Table]:
    """Yield how often each mark was given, of the questions of which that may be shown."""
    rows, hides = [], False
    for key, label in labels.items():
        marks = marks_shown(figures, key)
        if not marks:
            continue
        out, of = hidden_marks(marks), answers(marks)
        hides |= bool(out)
        word = wording.hidden(marks[mark] for mark in out)
        cells = (Cell(word) if mark in out else _mark_cell(marks[mark], of, wording) for mark in SCALE)
        rows.append((Cell(label, key[0]), *cells))
    if not rows:
        return
    columns = (Column(wording.say("questions.question")), *(Column(str(mark), number=True) for mark in SCALE))
    caption = wording.caption(wording.say("questions.marks"), hidden=hides)
    yield Table("marks", caption, columns, tuple(rows))


def _mark_cell(given: int, of: int, wording: Wording) -> Cell:
    return Cell(wording.say("form.count_share", count=f"{given:,}", share=wording.share(given / of, 1)), given)


def _question_row(
    label: str, key: QuestionKey, found: Shown, figures: Figures, compared: int, wording: Wording
) -> tuple[Cell, ...]:
    of = found.of or 0
    if found.part is None:
        return (Cell(label, key[0]), number_cell(of, wording), Cell(wording.say("form.hidden")), NOTHING, NOTHING)
    marks = marks_shown(figures, key)
    means = mean_cell(marks, wording) or NOTHING
    change = changed(key, figures, compared)
    if change is None:
        told = Cell(wording.say("questions.not_before"))
    elif change.real:
        told = Cell(
            wording.say("questions.up" if change.by > 0 else "questions.down", points=wording.points(change.by)),
            round(change.by, 4),
        )
    else:
        told = Cell(wording.say("questions.unclear"), round(change.by, 4))
    return (Cell(label, key[0]), *share_cells(found.part, of, wording), means, told)
