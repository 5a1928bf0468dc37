"""An attacker with every view of every day adds and subtracts them: no sum of views is a small group.

Here views are made from whole small lakes, of which each answer has a type, a beat and a month. What the attacker knows
are sums over cells of type by beat by month. A group is found where its own sum is a combination of those.
"""

from collections import Counter
from datetime import timedelta
from fractions import Fraction
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.surveys.fixed_cells import FEWEST
from chalicelib.insight.figures.quarter import Quarter
from chalicelib.insight.figures.surveys import ANSWERED, surveys_of
from tests.insight.counted_rows import marks_by_group

Q3 = Quarter(2026, 3)
TYPES, BEATS, QUESTIONS = ("fire", "noise", "theft"), ("11", "12", "13"), ("overall", "respect")
CELLS = tuple(product(TYPES, BEATS, Q3.months))
people = st.lists(
    st.tuples(st.sampled_from(CELLS), st.tuples(*(st.sampled_from((None, 0, 1, 1)) for _ in QUESTIONS))), max_size=60
)
DAYS = tuple(Q3.first + timedelta(days=after) for after in (0, 80, 110, 140, 200))


def rows_of(people):
    """Return what `marks_by_group` says of people: their cell, and a favorable mark, another or none a question."""
    return marks_by_group(
        (question, *group, mark)
        for (of_type, beat, month), marks in people
        for question, mark in zip(QUESTIONS, marks, strict=True)
        if mark is not None
        for group in (("type", of_type), ("beat", beat), ("month", month))
    )


def asked_of(people):
    """Return what `non_response` says: each was asked, and answered where they gave any mark."""
    asked, answered = Counter(), Counter()
    for (of_type, beat, _), marks in people:
        for group in (("type", of_type), ("beat", beat), ("language", "en")):
            asked[group] += 1
            answered[group] += any(mark is not None for mark in marks)
    return [
        {"dimension": group[0], "value": group[1], "asked": asked[group], "answered": answered[group]}
        for group in asked
    ]


def known(views, measure):
    """Yield each sum that views show of a measure, as the cells that it is over."""
    for view in views:
        for one in view.shown:
            if one.measure == measure and one.of is not None:
                yield over(lambda cell, months=Q3.months[: one.months]: cell[2] in months)
        for dimension, place in (("type", 0), ("beat", 1)):
            lines = view.of(measure, dimension)
            named = {line.group for line in lines if not line.several}
            for line in lines:
                yield over(
                    lambda cell, line=line, named=named, place=place: (
                        cell[place] not in named if line.several else cell[place] == line.group
                    )
                )


def over(is_in):
    return tuple(Fraction(is_in(cell)) for cell in CELLS)


def is_sum_of(vector, vectors):
    """Tell whether a vector is a combination of others."""
    return rank([*vectors, vector]) == rank(vectors)


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
def test_no_sum_of_views_is_a_small_group(people):
    rows, asked = rows_of(people), asked_of(people)
    views = [surveys_of(Q3, rows, asked, day) for day in DAYS]
    counts = {(row["question"], row["dimension"], row["value"]): row["answers"] for row in rows}
    for row in asked:
        counts[ANSWERED, row["dimension"], row["value"]] = min(row["answered"] or row["asked"], row["asked"])

    for (measure, dimension, value), count in counts.items():
        place = {"type": 0, "beat": 1, "month": 2}.get(dimension)
        if 0 < count < FEWEST and place is not None:
            group = over(lambda cell, place=place, value=value: cell[place] == value)
            assert not is_sum_of(group, [*known(views, measure)]), (measure, dimension, value)


@given(people)
def test_each_measure_of_a_dimension_has_the_same_cells(people):
    view = surveys_of(Q3, rows_of(people), asked_of(people), DAYS[-1])
    for dimension in ("type", "beat"):
        rests = {line.several for line in view.lines if line.dimension == dimension and line.several}

        assert len(rests) <= 1
        for measure in {line.measure for line in view.lines}:
            lines = view.of(measure, dimension)
            total = next(one for one in view.shown if one.measure == measure).of
            assert not lines or sum(line.of for line in lines) <= total
