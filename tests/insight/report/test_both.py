"""Whoever has the report and all of the desk's Results, of every day, learns of a small group no more than from either.

Lakes are made up as counts. Each answer has a type, a beat and a month; what is known are sums over these. Some tell
their officer too: each beat has its own, as the attacker knows.
"""

from collections import Counter
from datetime import timedelta
from fractions import Fraction
from functools import partial
from itertools import product

from hypothesis import assume, given
from hypothesis import strategies as st

from chalicelib.domain.surveys.fixed_cells import FEWEST, FEWEST_OF_EMPLOYEE, SETTLED_AFTER
from chalicelib.insight.figures.compose import compose
from chalicelib.insight.figures.document import Table
from chalicelib.insight.figures.gather import Figures
from chalicelib.insight.figures.surveys import ANSWERED, surveys_of
from tests.insight.counted_rows import marks_by_group
from tests.insight.report.lakes import QUARTER, SEVEN, agency

OFFICERS = {"11": "o1", "12": "o2", "13": "(several)"}
TYPES, BEATS = ("fire", "noise", "theft"), ("11", "12", "13")
MONTHS = (*QUARTER.previous.months, *QUARTER.months)
QUESTIONS = ("overall", "respect")
CELLS = tuple(product(TYPES, BEATS, QUARTER.months))
DAYS = (*(QUARTER.first + timedelta(days=after) for after in (80, 100, 115)), QUARTER.last + SETTLED_AFTER)
marks = st.tuples(*(st.sampled_from((None, 1, 3, 5, 5)) for _ in QUESTIONS))
people = st.lists(st.tuples(st.tuples(*map(st.sampled_from, (TYPES, BEATS, MONTHS))), marks), max_size=90)
AGENCY = agency()


def spread(counts):
    """Return people by how many of each beat were content and how many were not, over all types and months."""
    each = [
        (beat, mark) for beat, of in zip(BEATS, counts, strict=True) for mark in (1, 5) for _ in range(of[mark > 1])
    ]
    return [((TYPES[n % 3], beat, QUARTER.months[n // 3 % 3]), (mark, mark)) for n, (beat, mark) in enumerate(each)]


some = st.integers(0, 12)
larger = st.tuples(*(st.tuples(some, some) for _ in BEATS)).map(spread)


def group_rows(people):
    """Return what `marks_by_group` says of the quarter."""
    return marks_by_group(
        (question, *group, mark >= 4)
        for (of_type, beat, month), given_ in people
        for question, mark in zip(QUESTIONS, given_, strict=True)
        if mark is not None and month in QUARTER.months
        for group in (("type", of_type), ("beat", beat), ("month", month), ("door", "link"))
    )


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


def officer_rows(people):
    """Return what `marks_by_officer_and_call_taker` says: only `respect` is about an officer."""
    found = Counter()
    for (_, beat, month), (_, mark) in people:
        if mark is not None and month in QUARTER.months:
            found[OFFICERS[beat], "answers"] += 1
            found[OFFICERS[beat], "favourable"] += mark >= 4
    return [
        {
            "question": "respect",
            "question_version": "",
            "dimension": "officer",
            "value": officer,
            **{name: found[officer, name] for name in ("answers", "favourable")},
        }
        for officer in sorted({officer for officer, _ in found})
    ]


def results(people, day, *, officers=False):
    return surveys_of(
        QUARTER, group_rows(people), asked_rows(people), day, officer_rows(people) if officers else (), {"officer"}
    )


def report(people, day, *, officers=False):
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
            "surveys": results(people, day, officers=officers),
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


def vectors(people, question="overall", *, officers=False):
    """Yield each sum of answers to a question that anybody was ever shown, as the cells that it is over.

    The report's trend is of the overall question.
    """
    for day in DAYS:
        view = results(people, day, officers=officers)
        trend = rows(report(people, day, officers=officers), "trend") if question == "overall" else ()
        for one in view.shown:
            if one.measure == question and one.of is not None:
                yield over(lambda cell, months=QUARTER.months[: one.months]: cell[2] in months)
        for month in (row[0].value for row in trend):
            yield over(lambda cell, month=month: cell[2] == month)
        for place, dimension in enumerate(("type", "beat")):
            lines = view.of(question, dimension)
            named = {line.group for line in lines if not line.several}
            for line in lines:
                yield over(partial(in_line, line, named, place))
        lines = view.of(question, "officer")
        named = {line.group for line in lines if not line.several}
        for line in lines:
            yield over(lambda cell, line=line, named=named: in_line(line, named, 0, (OFFICERS[cell[1]],)))


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


@given(larger)
def test_no_sum_of_what_both_show_is_of_few_answers_about_an_officer(people):
    """Each beat has one officer, so a view by beat, of five people, would be one by officer."""
    known = [*set(vectors(people, "respect", officers=True))]
    counts = Counter(cell[1] for cell, (_, mark) in people if mark is not None and cell[2] in QUARTER.months)

    for beat, count in counts.items():
        if count < FEWEST_OF_EMPLOYEE:
            assert rank([*known, over(lambda cell, beat=beat: cell[1] == beat)]) > rank(known), (beat, count)


def test_officers_are_shown_and_the_report_has_none():
    people = [
        ((TYPES[n % 3], BEATS[n % 5 % 3], QUARTER.months[n % 3]), (5 if n % 4 else 1, 5 if n % 3 else 1))
        for n in range(75)
    ]
    day = DAYS[-1]

    assert [line.group for line in results(people, day, officers=True).of("respect", "officer")] == [
        *("(several)", "o1", "o2")
    ]
    assert not results(people, day, officers=True).of("respect", "beat")
    assert results(people, day, officers=True).of("overall", "beat") == results(people, day).of("overall", "beat")
    assert report(people, day, officers=True) == report(people, day)
    assert not {"o1", "o2", "several officers"} & set(words_of(report(people, day, officers=True)))


def words_of(document):
    return [cell.text for part in document.sections for block in part.blocks for cell in cells_of(block)]


def cells_of(block):
    return [cell for row in block.rows for cell in row] if isinstance(block, Table) else []


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
