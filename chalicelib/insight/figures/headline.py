"""The report in a few sentences and figures."""

from collections.abc import Iterator
from datetime import date

from chalicelib.domain.settings.survey import SurveyRules
from chalicelib.insight.figures.asking import Questions
from chalicelib.insight.figures.cells import mean_cell
from chalicelib.insight.figures.counted import marks_shown, shown
from chalicelib.insight.figures.document import Block, Cell, KeyFigures, Paragraph, Section
from chalicelib.insight.figures.gather import Figures, QuestionKey, newest_version
from chalicelib.insight.figures.quarter import MONTHS
from chalicelib.insight.figures.questions import changed
from chalicelib.insight.figures.response import response_rate
from chalicelib.insight.figures.settling import whole_on
from chalicelib.insight.figures.statistics import share_interval
from chalicelib.insight.figures.weighting import weighing, weighted_told
from chalicelib.insight.figures.wording import SMALLEST, Wording

NEVER = (
    *("sensitive", "officer_initiated", "type_not_allowed", "no_address", "institutional_number", "not_personal"),
    *("juvenile", "do_not_contact", "transferred", "type_unknown", "type_never", "welfare", "no_recipient"),
    *("exercise", "no_arrival", "unsafe_to_contact"),
)
"""Reasons for which a person is never asked, whatever becomes of the call."""

MOST_REASONS = 6


def headline(
    figures: Figures, questions: Questions, rules: SurveyRules, wording: Wording, unfinished: date | None
) -> Section:
    """Return the report in a few sentences, and in a few figures."""
    blocks: list[Block] = []
    if unfinished:
        blocks.append(Paragraph(wording.say("headline.unfinished", day=wording.day(unfinished)), "note"))
    blocks.append(Paragraph(_counts(figures, wording), "lead"))
    key = newest_version(figures.marks, questions.overall, figures.quarter)
    overall = " ".join(_overall(key, figures, questions, wording))
    if overall:
        blocks.append(Paragraph(f"{overall} {_of_whom(rules, wording)}", "lead"))
        blocks += [Paragraph(text) for text in _change(key, figures, wording)]
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
        "ended": wording.count(figures.told_outcome),
        "asked": wording.count(figures.asked),
        "answered": wording.count(figures.answered),
        "day": wording.day(whole_on(figures)),
    }
    told = wording.say("headline.calls", **fields)
    return f"{told} {wording.say(f'headline.{_answered(figures)}', **fields, rate=_rate(figures, wording))}"


def _answered(figures: Figures) -> str:
    if not figures.asked and not figures.answered:
        return "nobody_asked"
    if figures.surveys.settled < MONTHS:
        return "waits"
    if figures.answered > figures.asked:
        return "more_answers"
    if not figures.answered:
        return "nobody_answered"
    return "few_answered" if figures.answered < SMALLEST else "answered"


def _rate(figures: Figures, wording: Wording) -> str:
    return response_rate(figures, wording) if 0 < figures.answered <= figures.asked else ""


def _overall(key: QuestionKey, figures: Figures, questions: Questions, wording: Wording) -> Iterator[str]:
    found = shown(figures, key, figures.quarter)
    if not found.of or found.part is None:
        return
    share = wording.share_in(found.part / found.of, share_interval(found.part, found.of), found.of)
    question, marks = questions.overall_label(key, wording), marks_shown(figures, key)
    middle = mean_cell(marks, wording)
    if middle is None:
        yield wording.say("headline.overall_share", question=question, share=share)
    else:
        yield wording.say("headline.overall", question=question, share=share, mean=middle.text)
    weighted = weighing(figures, key)
    if weighted:
        yield wording.say(
            "headline.weighted",
            by=wording.say(f"response.of_{weighted.by}"),
            share=weighted_told(weighted, wording, found.of),
        )


def _change(key: QuestionKey, figures: Figures, wording: Wording) -> Iterator[str]:
    """Yield how the share differs from that of the quarter before."""
    change = changed(key, figures)
    if change and change.real:
        yield wording.say("headline.better" if change.by > 0 else "headline.worse", points=wording.points(change.by))
    elif change:
        before = shown(figures, key, figures.quarter.previous)
        if before.of and before.part is not None:
            yield wording.say("headline.same", before=wording.share(before.part / before.of, before.of))


def _of_whom(rules: SurveyRules, wording: Wording) -> str:
    """Return of which calls people are asked at all: those that somebody came to, and that ended in some ways."""
    ends = ", ".join(wording.say(f"outcome.{name}") for name in rules.outcomes)
    return wording.say("headline.any_call" if rules.without_arrival else "headline.only_came", ends=ends)


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
    yield Cell(wording.count(figures.told_outcome), wording.say("headline.told_label"))
    yield Cell(wording.count(figures.asked), wording.say("headline.asked_label"))
    if figures.asked and _answered(figures) in ("answered", "few_answered", "nobody_answered"):
        yield Cell(wording.count(figures.answered), wording.say("headline.answered_label"))
        if figures.answered >= SMALLEST:
            rate = wording.share(figures.answered / figures.asked, 1)
            yield Cell(rate, wording.say("headline.rate_label"))
    found = shown(figures, newest_version(figures.marks, questions.overall, figures.quarter), figures.quarter)
    if found.of and found.part is not None:
        share = wording.share(found.part / found.of, 1)
        yield Cell(share, wording.say("headline.overall_label"))
