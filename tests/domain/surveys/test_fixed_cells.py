"""No view of Results, and no two of them, on any days, tell what a small group answered.

The attacker has every view of a small lake on every day, knows the rules, and looks for all lakes that give the same
views: what is alike in all of them is known.
"""

from datetime import date, timedelta
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.surveys.fixed_cells import (
    FEWEST,
    FEWEST_OF_EMPLOYEE,
    SETTLED_AFTER,
    Cells,
    Counted,
    counted_months,
    fixed_cells,
    has_groups,
    settled,
    together,
)
from chalicelib.domain.surveys.survey import life
from chalicelib.insight.figures.wording import SMALLEST

MONTHS = ("2026-07", "2026-08", "2026-09")
counts = st.integers(0, 9).flatmap(lambda of: st.builds(Counted, st.just(of), st.integers(0, of)))
tables = st.dictionaries(st.sampled_from("ABCD"), counts, min_size=1)
limits = st.sampled_from((FEWEST, FEWEST + 1))
"""The usual one, and a larger one as units have: one more shows as much as five more, and is tried sooner."""

many = st.integers(0, 25).flatmap(lambda of: st.builds(Counted, st.just(of), st.integers(0, of)))
larger = st.lists(st.dictionaries(st.sampled_from("ABCDE"), many, min_size=1), min_size=1, max_size=3)


def published(measures, fewest):
    """Return all that a dimension's views show of each measure; `None`: nothing but its total."""
    cells = fixed_cells(measures, fewest)
    shown = [groups if has_groups(groups, fewest) else {} for groups in measures]
    return cells and tuple((*cells.of(groups), ("rest", cells.rest_of(groups))) for groups in shown), cells


def possible(cells, groups):
    """Yield each way in which the rest of a measure may be made of its groups."""
    rest = sorted(cells.rest)
    sums = cells.rest_of(groups)
    for first in product(range(sums.of + 1), repeat=len(rest) - 1):
        if sum(first) <= sums.of:
            yield dict(zip(rest, (*first, sums.of - sum(first)), strict=True)), sums


@given(st.lists(tables, min_size=1, max_size=2), limits)
def test_an_attacker_who_knows_the_rules_learns_no_small_count(measures, fewest):
    """Others with the same views are searched among all ways to fill the rest of one measure, with the rules again."""
    told, cells = published(measures, fewest)
    if told is None:
        return
    for place, groups in enumerate(measures):
        if not has_groups(groups, fewest):
            continue
        small = {name for name in cells.rest if name in groups and groups[name].fewer_than(fewest)}
        alternatives = []
        for of, sums in possible(cells, groups) if small else ():
            other = {**groups, **_with_marks(of, sums.part)}
            if published([*measures[:place], other, *measures[place + 1 :]], fewest)[0] == told:
                alternatives.append(of)
        for name in small:
            assert len({of[name] for of in alternatives}) > 1, (measures, told)


@given(st.lists(tables, min_size=1, max_size=3))
def test_no_mark_of_a_small_group_is_known(measures):
    """The marks of the rest are neither all favorable nor all not, so each of its groups may have either."""
    told, cells = published(measures, FEWEST)
    for groups in measures if told else ():
        rest = cells.rest_of(groups)
        if any(name in groups and groups[name].small for name in cells.rest):
            assert 0 < rest.part < rest.of >= FEWEST


@given(st.lists(tables, min_size=1, max_size=3))
def test_each_cell_has_nobody_or_five_people_in_each_measure_and_all_cells_are_the_total(measures):
    cells = fixed_cells(measures)
    for groups in measures if cells else ():
        shown = [counted for _, counted in cells.of(groups)]
        rest = cells.rest_of(groups)

        assert not [counted for counted in shown if counted.small]
        assert together([*shown, *([rest] if rest else [])]).of == together(groups.values()).of


@given(larger)
def test_where_ten_are_needed_no_cell_has_fewer_and_no_mark_of_a_small_group_is_known(measures):
    cells = fixed_cells(measures, FEWEST_OF_EMPLOYEE)
    for groups in measures if cells else ():
        if has_groups(groups, FEWEST_OF_EMPLOYEE):
            rest = cells.rest_of(groups)

            assert not [counted for _, counted in cells.of(groups) if counted.fewer_than(FEWEST_OF_EMPLOYEE)]
            if any(name in groups and groups[name].fewer_than(FEWEST_OF_EMPLOYEE) for name in cells.rest):
                assert 0 < rest.part < rest.of >= FEWEST_OF_EMPLOYEE


@given(st.lists(st.integers(0, 9), max_size=3))
def test_a_measure_moves_on_by_nobody_or_by_five(steps):
    reached = [counted_months(steps[:days]) for days in range(len(steps) + 1)]
    sums = [sum(steps[:place]) for place in reached]

    assert reached == sorted(reached)
    assert not [1 for one, other in pairwise(sums) if 0 < other - one < FEWEST]


@given(st.lists(st.integers(0, 9), min_size=3, max_size=3), st.integers(0, 300))
def test_a_view_is_the_same_on_each_later_day_until_it_moves_on(steps, days):
    """Answers come within a link's life: what is counted of a settled month on one day is counted on each later one."""
    day = date(2026, 7, 1) + timedelta(days=days)
    months = settled(MONTHS, day)

    assert settled(MONTHS, day + timedelta(days=1)) >= months
    assert counted_months(steps[:months]) <= months
    for last_asked in (date(2026, 7, 31), date(2026, 8, 31), date(2026, 9, 30))[:months]:
        assert day > last_asked + life(anonymous=True)


@pytest.mark.parametrize(
    ("groups", "cells"),
    [
        ({"A": Counted(9, 4), "B": Counted(8, 1)}, Cells(("A", "B"), frozenset())),
        ({"A": Counted(3, 1), "B": Counted(8, 1), "C": Counted(9, 9)}, Cells(("C",), frozenset("AB"))),
        ({"A": Counted(3, 3), "B": Counted(8, 8), "C": Counted(9, 9)}, None),
        (
            {"A": Counted(4, 1), "B": Counted(4, 1), "C": Counted(9, 1), "D": Counted(9, 1)},
            Cells(("D",), frozenset("ABC")),
        ),
        ({"A": Counted(3, 1)}, None),
        ({}, None),
    ],
)
def test_small_groups_are_one_cell_with_others_where_their_sum_would_tell(groups, cells):
    assert fixed_cells([groups]) == cells


def test_a_group_that_is_small_for_one_question_is_in_the_rest_of_all():
    one = {"A": Counted(9, 4), "B": Counted(8, 4), "C": Counted(7, 4)}

    assert fixed_cells([one, {**one, "A": Counted(4, 2)}]) == Cells(("C",), frozenset("AB"))


def test_the_rule_s_numbers_are_the_report_s_and_the_survey_s():
    assert FEWEST == SMALLEST
    assert life(anonymous=True) < SETTLED_AFTER


def _with_marks(of, favourable):
    """Give groups marks with a sum; which ones is of no matter to what is shown."""
    found = {}
    for name, people in of.items():
        taken = min(people, favourable)
        found[name], favourable = Counted(people, taken), favourable - taken
    return found
