"""The report in a few sentences and figures."""

from collections.abc import Iterator

from chalicelib.insight.figures.document import Block, Cell, KeyFigures, Paragraph, Section
from chalicelib.insight.figures.gather import Figures, newest_version
from chalicelib.insight.figures.questions import Questions, changed
from chalicelib.insight.figures.response import response_rate
from chalicelib.insight.figures.statistics import answers, favourable, mean, mean_interval, share_interval
from chalicelib.insight.figures.wording import SMALLEST, Wording

NEVER = (
    *("sensitive", "officer_initiated", "type_not_allowed", "no_address", "institutional_number", "not_personal"),
    *("juvenile", "do_not_contact", "transferred", "type_unknown", "type_never", "welfare", "no_recipient"),
    *("exercise", "no_arrival", "unsafe_to_contact"),
)
"""Reasons for which a person is never asked, whatever becomes of the call."""

MOST_REASONS = 6


def headline(figures: Figures, questions: Questions, wording: Wording) -> Section:
    """Return the report in a few sentences, and in a few figures."""
    blocks: list[Block] = [Paragraph(_counts(figures, wording), "lead")]
    overall = tuple(_overall(figures, questions, wording))
    if overall:
        blocks.append(Paragraph(" ".join(overall), "lead"))
    never = _never(figures, wording)
    if never:
        blocks.append(Paragraph(wording.say("headline.never", reasons=never)))
    if figures.calls:
        blocks.append(KeyFigures(tuple(_key_figures(figures, questions, wording))))
    return Section("headline", "", tuple(blocks))


def _counts(figures: Figures, wording: Wording) -> str:
    if not figures.calls:
        return wording.say("headline.no_calls")
    fields = {
        "calls": wording.count(figures.calls),
        "told": wording.count(figures.told),
        "asked": wording.count(figures.asked),
        "answered": wording.count(figures.answered),
    }
    if figures.answered > figures.asked:
        return wording.say("headline.more_answers", **fields)
    if not figures.asked:
        return wording.say("headline.nobody_asked", **fields)
    if not figures.answered:
        return wording.say("headline.nobody_answered", **fields)
    if figures.answered < SMALLEST:
        return wording.say("headline.few_answered", **fields)
    return wording.say("headline.calls", **fields, rate=response_rate(figures, wording))


def _overall(figures: Figures, questions: Questions, wording: Wording) -> Iterator[str]:
    key = newest_version(figures.marks, questions.overall, figures.quarter)
    marks = figures.marks_of(key, figures.quarter.months)
    of, middle, interval = answers(marks), mean(marks), mean_interval(marks)
    if of < SMALLEST or middle is None or interval is None:
        return
    share = favourable(marks) / of
    shown = wording.share_in(share, share_interval(favourable(marks), of), of)
    yield wording.say("headline.overall", share=shown, mean=wording.mean_in(middle, interval))
    change = changed(key, figures)
    if change is None:
        return
    if change.real:
        yield wording.say("headline.better" if change.by > 0 else "headline.worse", points=wording.points(change.by))
    else:
        yield wording.say("headline.same", before=wording.share(share - change.by, of))


def _never(figures: Figures, wording: Wording) -> str:
    why = [
        row
        for row in figures.reasons
        if row["kind"] == "survey" and row["decided"] == "with the incident" and row["reason"] in NEVER
    ]
    largest = sorted(why, key=lambda row: (-row["incidents"], row["reason"]))[:MOST_REASONS]
    return "; ".join(f"{wording.known('reason', row['reason'])} ({wording.count(row['incidents'])})" for row in largest)


def _key_figures(figures: Figures, questions: Questions, wording: Wording) -> Iterator[Cell]:
    yield Cell(wording.count(figures.calls), wording.say("headline.calls_label"))
    yield Cell(wording.count(figures.told), wording.say("headline.told_label"))
    yield Cell(wording.count(figures.asked), wording.say("headline.asked_label"))
    if figures.asked and figures.answered <= figures.asked:
        yield Cell(wording.count(figures.answered), wording.say("headline.answered_label"))
        if figures.answered >= SMALLEST:
            rate = wording.share(figures.answered / figures.asked, 1)
            yield Cell(rate, wording.say("headline.rate_label"))
    marks = figures.marks_of(newest_version(figures.marks, questions.overall, figures.quarter), figures.quarter.months)
    if answers(marks) >= SMALLEST:
        share = wording.share(favourable(marks) / answers(marks), 1)
        yield Cell(share, wording.say("headline.overall_label"))
