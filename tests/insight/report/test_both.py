"""Whoever has the report and all of the desk's Results, of every day, learns of a small group no more than from either.

Lakes are made up as counts. Each answer has a type, a beat and a month; what is known are sums over these.
"""

from collections import Counter
from datetime import timedelta
from fractions import Fraction
from functools import partial
from itertools import product

from hypothesis import assume, given
from hypothesis import strategies as st

from chalicelib.domain.surveys.fixed_cells import FEWEST, SETTLED_AFTER
from chalicelib.insight.figures.compose import compose
from chalicelib.insight.figures.document import Table
from chalicelib.insight.figures.gather import Figures
from chalicelib.insight.figures.surveys import ANSWERED, surveys_of
from tests.insight.report.lakes import QUARTER, SEVEN, agency

TYPES, BEATS = ("fire", "noise", "theft"), ("11", "12", "13")
MONTHS = (*QUARTER.previous.months, *QUARTER.months)
QUESTIONS = ("overall", "respect")
CELLS = tuple(product(TYPES, BEATS, QUARTER.months))
DAYS = (*(QUARTER.first + timedelta(days=after) for after in (80, 100, 115)), QUARTER.last + SETTLED_AFTER)
marks = st.tuples(*(st.sampled_from((None, 1, 3, 5, 5)) for _ in QUESTIONS))
people = st.lists(st.tuples(st.tuples(*map(st.sampled_from, (TYPES, BEATS, MONTHS))), marks), max_size=90)
AGENCY = agency()


def group_rows(people):
    """Return what `marks_by_group` says of the quarter."""
    found = Counter()
    for (of_type, beat, month), given_ in people:
        for question, mark in zip(QUESTIONS, given_, strict=True):
            for group in (("type", of_type), ("beat", beat), ("month", month), ("door", "link")):
                if mark is not None and month in QUARTER.months:
                    found[question, *group, "answers"] += 1
                    found[question, *group, "favourable"] += mark >= 4
    groups = sorted({key[:3] for key in found})
    return [
        {
            "question": question,
            "question_version": "",
            "dimension": dimension,
            "value": value,
            **{name: found[question, dimension, value, name] for name in ("answers", "favourable")},
        }
        for question, dimension, value in groups
    ]


def asked_rows(people):
    """Return what `non_response` says: each was asked, and answered where they gave any mark."""
    asked, answered = Counter(), Counter()
    for (of_type, beat, month), given_ in people:
        for group in (("type", of_type), ("beat", beat), ("language", "en"), ("arm", "")):
            asked[group] += month in QUARTER.months
            answered[group] += month in QUARTER.months and any(mark is not None for mark in given_)
    return [
        {"dimension": group[0], "value": group[1], "asked": count, "answered": answered[group]}
        for group, count in asked.items()
        if count
    ]


def results(people, day):
    return surveys_of(QUARTER, group_rows(people), asked_rows(people), day)


def report(people, day):
    known = {(question, ""): {month: Counter() for month in MONTHS} for question in QUESTIONS}
    for (_, _, month), given_ in people:
        for question, mark in zip(QUESTIONS, given_, strict=True):
            if mark is not None:
                known[question, ""][month][mark] += 1
    ours = [one for one in people if one[0][2] in QUARTER.months]
    nothing = dict.fromkeys(Figures.__struct_fields__, ())
    counted = dict.fromkeys(("calls", "duplicates", "told", "told_outcome", "scanned"), 400)
    figures = Figures(
        **{
            **nothing,
            **counted,
            "quarter": QUARTER,
            "today": day,
            "asked": len(ours),
            "answered": sum(any(mark is not None for mark in given_) for _, given_ in ours),
            "marks": known,
            "surveys": results(people, day),
            "not_carried": frozenset({"hour", "shift"}),
        }
    )
    return compose(figures, AGENCY, "en", day)


def rows(document, name):
    tables = (block for part in document.sections for block in part.blocks if isinstance(block, Table))
    return [row for table in tables if table.id == name for row in table.rows]


@given(people)
def test_a_report_tells_of_groups_what_results_tell_and_nothing_else(people):
    for day in DAYS:
        view, document = results(people, day), report(people, day)
        for dimension in ("type", "beat"):
            shown = {(line.several, line.group): (line.of, line.part) for line in view.of("overall", dimension)}
            for name, of, share, *_ in rows(document, f"by_{dimension}"):
                several = 0 if name.text in (*TYPES, *BEATS) else int(name.text.split(" ")[0])
                answers, part = shown[several, "" if several else name.text]
                assert (of.value, share.value) == (answers, round(part / answers, 4))
        asked = {(line.dimension, line.group): (line.of, line.part) for line in view.lines if line.measure == ANSWERED}
        for name, of, answered, _ in rows(document, "response"):
            dimension, _, group = str(name.value).partition("=")
            if group:
                assert asked[dimension, "" if group.endswith(" more") else group] == (of.value, answered.value)
        totals = {one.measure: one for one in view.shown}
        for name, of, share, *_ in rows(document, "questions"):
            one = totals[name.value]
            assert of.value == one.of
            assert (share.value is None) is (one.part is None)


def vectors(people):
    """Yield each sum of answers to the overall question that anybody was ever shown, as the cells that it is over."""
    for day in DAYS:
        view, document = results(people, day), report(people, day)
        for one in view.shown:
            if one.measure == "overall" and one.of is not None:
                yield over(lambda cell, months=QUARTER.months[: one.months]: cell[2] in months)
        for month in (row[0].value for row in rows(document, "trend")):
            yield over(lambda cell, month=month: cell[2] == month)
        for place, dimension in enumerate(("type", "beat")):
            lines = view.of("overall", dimension)
            named = {line.group for line in lines if not line.several}
            for line in lines:
                yield over(partial(in_line, line, named, place))


def in_line(line, named, place, cell):
    return cell[place] not in named if line.several else cell[place] == line.group


def over(is_in):
    return tuple(Fraction(is_in(cell)) for cell in CELLS)


def rank(vectors):
    found = []
    for each in vectors:
        rest = list(each)
        for place, other in found:
            if rest[place]:
                factor = rest[place] / other[place]
                rest = [one - factor * two for one, two in zip(rest, other, strict=True)]
        lead = next((place for place, value in enumerate(rest) if value), None)
        if lead is not None:
            found.append((lead, rest))
    return len(found)


@given(people)
def test_no_sum_of_what_both_show_is_a_small_group(people):
    known = [*set(vectors(people))]
    counts = Counter()
    for cell, given_ in people:
        if given_[0] is not None and cell[2] in QUARTER.months:
            counts.update((place, value) for place, value in enumerate(cell))

    for (place, value), count in counts.items():
        if count < FEWEST:
            group = over(lambda cell, place=place, value=value: cell[place] == value)
            assert rank([*known, group]) > rank(known), (value, count)


@given(people, st.integers(0, 89), st.sampled_from(TYPES))
def test_two_lakes_that_look_alike_in_results_look_alike_in_the_report(people, at, of_type):
    """So no sentence, verdict or weighted share of the report tells of small groups what Results does not."""
    assume(people)
    ((_, *others), given_) = people[at % len(people)]
    moved = [*people]
    moved[at % len(people)] = ((of_type, *others), given_)
    assume(all(results(people, day) == results(moved, day) for day in DAYS))

    for day in DAYS:
        assert report(people, day) == report(moved, day)


def test_in_these_lakes_there_are_groups_to_find():
    """Four of the type `fire` answered: they are with others in one row, in the report as in Results."""
    counts = {("fire", "11"): 4, ("noise", "11"): 20, ("theft", "12"): 30}
    people = [
        ((*group, QUARTER.months[n % 3]), (5 if n % 4 else 1, None))
        for group, count in counts.items()
        for n in range(count)
    ]

    document = report(people, DAYS[-1])

    assert {row[0].text: row[1].text for row in rows(document, "by_type")} == {"theft": "30", "2 more": "24"}
    assert [row[1].text for row in rows(document, "questions")] == ["54"]
    assert rows(document, "questions")[0][0].text == SEVEN["overall"][0]
