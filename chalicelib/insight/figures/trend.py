"""The report's section about the question that asks for all in all, month by month."""

from chalicelib.insight.figures.asking import Questions
from chalicelib.insight.figures.cells import share_cells
from chalicelib.insight.figures.counted import months_shown
from chalicelib.insight.figures.document import Cell, Chart, Column, Paragraph, Section, Table
from chalicelib.insight.figures.gather import Figures, newest_version
from chalicelib.insight.figures.statistics import Difference, difference, share_interval
from chalicelib.insight.figures.wording import Wording


def trend_section(figures: Figures, questions: Questions, wording: Wording) -> Section:
    """Return twelve months of the one question that asks for all in all."""
    key = newest_version(figures.marks, questions.overall, figures.quarter)
    months = months_shown(figures, key)
    title = wording.say("trend.title")
    if len(months) < 2:  # noqa: PLR2004  one month is no trend
        return Section("trend", title, (Paragraph(wording.say("trend.none")),))
    counted = [(found.part or 0, found.of) for found in months.values()]
    shares = [part / of for part, of in counted]
    ends, question = list(months), questions.overall_label(key, wording)
    chart = Chart(
        id="trend",
        kind="line",
        labels=tuple(wording.month(month, short=True) for month in months),
        values=tuple(shares),
        intervals=tuple(share_interval(part, of) for part, of in counted),
        places=tuple(int(month[:4]) * 12 + int(month[5:]) for month in months),
        axis=wording.say("questions.axis"),
        alt=wording.say(
            "trend.chart_alt",
            months=str(len(months)),
            first=wording.month(ends[0]),
            last=wording.month(ends[-1]),
            from_share=wording.share(shares[0], 1),
            to_share=wording.share(shares[-1], 1),
        ),
        caption=wording.say("trend.chart", question=question),
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
    caption = wording.say("trend.caption", question=question)
    blocks = (chart, Paragraph(_moved(verdict, wording)), Table("trend", caption, columns, rows))
    return Section("trend", title, blocks)


def _moved(verdict: Difference | None, wording: Wording) -> str:
    if verdict is None or not verdict.real:
        return wording.say("trend.unclear")
    moved = wording.say("trend.rose" if verdict.by > 0 else "trend.fell")
    return wording.say("trend.real", moved=moved, points=wording.points(verdict.by))
