"""The report's section about the question that asks for all in all, month by month."""

from datetime import date

from chalicelib.insight.figures.asking import Questions
from chalicelib.insight.figures.cells import share_cells
from chalicelib.insight.figures.document import Cell, Chart, Column, Paragraph, Section, Table
from chalicelib.insight.figures.gather import Figures, newest_version
from chalicelib.insight.figures.small_numbers import shown_months
from chalicelib.insight.figures.statistics import Difference, answers, difference, favourable, share_interval
from chalicelib.insight.figures.wording import Wording


def trend_section(figures: Figures, questions: Questions, wording: Wording, unfinished: date | None) -> Section:
    """Return twelve months of the one question that asks for all in all; the last may not be over."""
    key = newest_version(figures.marks, questions.overall, figures.quarter)
    known = figures.marks.get(key, {})
    shown = shown_months({month: answers(marks) for month, marks in known.items()})
    months = {month: known[month] for month in sorted(shown)}
    title = wording.say("trend.title")
    if len(months) < 2:  # noqa: PLR2004  one month is no trend
        return Section("trend", title, (Paragraph(wording.say("trend.none")),))
    counted = [(favourable(marks), answers(marks)) for marks in months.values()]
    shares = [part / of for part, of in counted]
    ends, question = list(months), questions.overall_label(key, wording)
    so_far = f"{unfinished:%Y-%m}" if unfinished else ""
    chart = Chart(
        id="trend",
        kind="line",
        labels=tuple(wording.month(month, short=True) for month in months),
        values=tuple(shares),
        intervals=tuple(share_interval(part, of) for part, of in counted),
        places=tuple(int(month[:4]) * 12 + int(month[5:]) for month in months),
        open=ends[-1] == so_far,
        axis=wording.say("questions.axis"),
        alt=wording.say(
            "trend.chart_alt",
            months=str(len(months)),
            first=wording.month(ends[0]),
            last=wording.month(ends[-1]),
            from_share=wording.share(shares[0], 1),
            to_share=wording.share(shares[-1], 1),
        ),
        caption=_caption(question, so_far in ends, wording),
    )
    rows = tuple(
        (Cell(_named(month, so_far, wording), month), *share_cells(part, of, wording))
        for month, (part, of) in zip(months, counted, strict=True)
    )
    columns = (
        Column(wording.say("trend.month")),
        Column(wording.say("questions.answers"), number=True),
        Column(wording.say("questions.favourable")),
    )
    verdict = difference(*counted[-1], *counted[0])
    caption = wording.say("trend.caption", question=question)
    blocks = (chart, Paragraph(_moved(verdict, wording)), Table("trend", caption, columns, rows))
    return Section("trend", title, blocks)


def _caption(question: str, is_open: bool, wording: Wording) -> str:
    told = wording.say("trend.chart", question=question)
    return f"{told} {wording.say('trend.open')}" if is_open else told


def _named(month: str, so_far: str, wording: Wording) -> str:
    name = wording.month(month)
    return wording.say("trend.so_far", month=name) if month == so_far else name


def _moved(verdict: Difference | None, wording: Wording) -> str:
    if verdict is None or not verdict.real:
        return wording.say("trend.unclear")
    moved = wording.say("trend.rose" if verdict.by > 0 else "trend.fell")
    return wording.say("trend.real", moved=moved, points=wording.points(verdict.by))
