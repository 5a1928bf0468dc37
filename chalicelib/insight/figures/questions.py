"""The report's sections about each question, and about the one that asks for all in all month by month."""

from msgspec import Struct

from chalicelib.insight.figures.cells import share_cells
from chalicelib.insight.figures.document import NOTHING, Cell, Chart, Column, Paragraph, Section, Table
from chalicelib.insight.figures.gather import Figures, QuestionKey, newest_version
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


class Questions(Struct, frozen=True):
    """The questions in their order, each with its words, and the one that asks for all in all."""

    texts: dict[str, str]
    overall: str

    def label(self, key: QuestionKey, several: bool, wording: Wording) -> str:
        """Return a question's words, with its version where several were asked."""
        text = self.texts.get(key[0], key[0].replace("_", " "))
        return wording.say("questions.version", question=text, version=key[1]) if several else text

    def asked(self, figures: Figures) -> list[QuestionKey]:
        """Return the questions of the quarter with enough answers, in order: those of the settings, then others."""
        places = {name: place for place, name in enumerate(self.texts)}
        enough = (key for key in figures.marks if answers(figures.marks_of(key, figures.quarter.months)) >= SMALLEST)
        return sorted(enough, key=lambda key: (places.get(key[0], len(places)), key))


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
    return Section("questions", title, (Paragraph(wording.say("questions.intro")), chart, table))


def changed(key: QuestionKey, figures: Figures, comparisons: int = 1) -> Difference | None:
    """Return a question's favourable share less that of the quarter before; None where that is too small to show."""
    now = figures.marks_of(key, figures.quarter.months)
    before = figures.marks_of(key, figures.quarter.previous.months)
    if answers(before) < SMALLEST or answers(now) < SMALLEST:
        return None
    return difference(favourable(now), answers(now), favourable(before), answers(before), comparisons)


def trend_section(figures: Figures, questions: Questions, wording: Wording) -> Section:
    """Return twelve months of the one question that asks for all in all."""
    key = newest_version(figures.marks, questions.overall, figures.quarter)
    months = {month: marks for month, marks in sorted(figures.marks.get(key, {}).items()) if answers(marks) >= SMALLEST}
    title = wording.say("trend.title")
    if len(months) < 2:  # noqa: PLR2004  one month is no trend
        return Section("trend", title, (Paragraph(wording.say("trend.none")),))
    counted = [(favourable(marks), answers(marks)) for marks in months.values()]
    shares = [part / of for part, of in counted]
    ends = list(months)
    chart = Chart(
        id="trend",
        kind="line",
        labels=tuple(wording.month(month, short=True) for month in months),
        values=tuple(shares),
        intervals=tuple(share_interval(part, of) for part, of in counted),
        axis=wording.say("questions.axis"),
        alt=wording.say(
            "trend.chart_alt",
            months=str(len(months)),
            first=wording.month(ends[0]),
            last=wording.month(ends[-1]),
            from_share=wording.share(shares[0], 1),
            to_share=wording.share(shares[-1], 1),
        ),
        caption=wording.say("trend.chart"),
    )
    rows = tuple(
        (Cell(wording.month(month), month), *share_cells(part, of, wording))
        for month, (part, of) in zip(months, counted, strict=True)
    )
    columns = (
        Column(wording.say("trend.month")),
        Column(wording.say("questions.answers"), number=True),
        Column(wording.say("questions.favourable")),
    )
    verdict = difference(*counted[-1], *counted[0])
    blocks = (chart, Paragraph(_moved(verdict, wording)), Table("trend", wording.say("trend.caption"), columns, rows))
    return Section("trend", title, blocks)


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


def _moved(verdict: Difference | None, wording: Wording) -> str:
    if verdict is None or not verdict.real:
        return wording.say("trend.unclear")
    moved = wording.say("trend.rose" if verdict.by > 0 else "trend.fell")
    return wording.say("trend.real", moved=moved, points=wording.points(verdict.by))
