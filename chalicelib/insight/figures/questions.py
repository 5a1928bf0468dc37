"""The report's sections about each question, and about the one that asks for all in all month by month."""

from collections.abc import Iterator, Sequence

from chalicelib.domain.settings.questions import SCALE
from chalicelib.insight.figures.asking import Questions, scale_told
from chalicelib.insight.figures.cells import share_cells
from chalicelib.insight.figures.document import NOTHING, Cell, Chart, Column, Paragraph, Section, Table
from chalicelib.insight.figures.gather import Figures, QuestionKey
from chalicelib.insight.figures.small_numbers import hidden_marks
from chalicelib.insight.figures.statistics import (
    Difference,
    answers,
    difference,
    favourable,
    mean,
    mean_interval,
    share_interval,
)
from chalicelib.insight.figures.wording import SMALLEST, Wording


def questions_section(figures: Figures, questions: Questions, wording: Wording) -> Section:
    """Return the table and chart of all questions."""
    keys = questions.asked(figures)
    title = wording.say("questions.title")
    if not keys:
        return Section("questions", title, (Paragraph(wording.say("questions.none")),))
    labels = [questions.label(key, sum(key[0] == other[0] for other in keys) > 1, wording) for key in keys]
    marks = [figures.marks_of(key, figures.quarter.months) for key in keys]
    shares = [favourable(found) / answers(found) for found in marks]
    intervals = [share_interval(favourable(found), answers(found)) for found in marks]
    values = "; ".join(f"{label} {wording.share(share, 1)}" for label, share in zip(labels, shares, strict=True))
    chart = Chart(
        id="questions",
        kind="dots",
        labels=tuple(labels),
        values=tuple(shares),
        intervals=tuple(intervals),
        axis=wording.say("questions.axis"),
        alt=wording.say("questions.chart_alt", values=values),
        caption=wording.say("questions.chart"),
    )
    headings = ("question", "answers", "favourable", "mean", "change")
    columns = tuple(Column(wording.say(f"questions.{name}"), name == "answers") for name in headings)
    rows = tuple(
        _question_row(label, key, figures, len(keys), wording) for label, key in zip(labels, keys, strict=True)
    )
    table = Table("questions", wording.say("questions.caption"), columns, rows)
    by_text = any(row["door"] in ("reply", "both") for row in figures.doors)
    scale = " ".join(scale_told(keys, questions, wording, by_text=by_text))
    intro = Paragraph(" ".join(filter(None, (scale, wording.say("questions.intro")))))
    return Section("questions", title, (intro, chart, table, *_marks_table(labels, keys, figures, wording)))


def changed(key: QuestionKey, figures: Figures, comparisons: int = 1) -> Difference | None:
    """Return a question's favourable share less that of the quarter before; None where that is too small to show."""
    now = figures.marks_of(key, figures.quarter.months)
    before = figures.marks_of(key, figures.quarter.previous.months)
    if answers(before) < SMALLEST or answers(now) < SMALLEST:
        return None
    return difference(favourable(now), answers(now), favourable(before), answers(before), comparisons)


def _marks_table(
    labels: Sequence[str], keys: Sequence[QuestionKey], figures: Figures, wording: Wording
) -> Iterator[Table]:
    """Yield how often each mark was given."""
    rows, hides = [], False
    for label, key in zip(labels, keys, strict=True):
        marks = figures.marks_of(key, figures.quarter.months)
        out, of = hidden_marks(marks), answers(marks)
        hides |= bool(out)
        word = wording.hidden(marks[mark] for mark in out)
        cells = (Cell(word) if mark in out else _mark_cell(marks[mark], of, wording) for mark in SCALE)
        rows.append((Cell(label, key[0]), *cells))
    columns = (Column(wording.say("questions.question")), *(Column(str(mark), number=True) for mark in SCALE))
    caption = wording.caption(wording.say("questions.marks"), hidden=hides)
    yield Table("marks", caption, columns, tuple(rows))


def _mark_cell(given: int, of: int, wording: Wording) -> Cell:
    return Cell(wording.say("form.count_share", count=f"{given:,}", share=wording.share(given / of, 1)), given)


def _question_row(label: str, key: QuestionKey, figures: Figures, compared: int, wording: Wording) -> tuple[Cell, ...]:
    marks = figures.marks_of(key, figures.quarter.months)
    middle, interval = mean(marks), mean_interval(marks)
    means = Cell(wording.mean_in(middle, interval), round(middle, 4)) if middle and interval else NOTHING
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
    return (Cell(label, key[0]), *share_cells(favourable(marks), answers(marks), wording), means, told)
