"""Weights that make those who answered stand for all who were asked."""

import random

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chalicelib.insight.figures.raking import FEWEST, Answered, rake, weighted_share
from chalicelib.insight.figures.statistics import share_interval

PARTS = (("en", "es"), ("A", "B", "C"), ("north", "south"))


def by_newton(cells, margins):
    """Return each cell's factor by the other road: raking minimises the weights' distance, so solve its dual.

    Ireland and Kullback, Biometrika 55 (1968) 179-188. Newton's method over numpy, no proportional fitting.
    """
    names = list(cells)
    people = np.array([cells[name] for name in names])
    columns = [(place, part) for place, margin in enumerate(margins) for part in margin]
    design = np.array([[float(name[place] == part) for place, part in columns] for name in names])
    wanted = np.array([people.sum() * margins[place][part] / sum(margins[place].values()) for place, part in columns])
    tilt = np.zeros(len(columns))
    for _ in range(200):
        weights = people * np.exp(design @ tilt)
        slope, curve = design.T @ weights - wanted, design.T @ (weights[:, None] * design)
        step = np.linalg.lstsq(curve, slope, rcond=None)[0]
        tilt -= step * min(1.0, 1.0 / max(1e-12, np.abs(step).max()))
    return dict(zip(names, np.exp(design @ tilt), strict=True))


@st.composite
def sampled(draw):
    """Return the cells of those who answered, in all cells, and the margins of some who were asked."""
    cells = {(a, b, c): float(draw(st.integers(1, 60))) for a in PARTS[0] for b in PARTS[1] for c in PARTS[2]}
    margins = [{part: draw(st.integers(1, 500)) for part in parts} for parts in PARTS]
    return cells, margins


@given(sampled())
def test_the_weighted_parts_have_the_shares_of_those_asked(given_):
    cells, margins = given_
    factors = rake(cells, margins)

    assert factors is not None
    people = sum(cells.values())
    assert sum(factors[cell] * count for cell, count in cells.items()) == pytest.approx(people)
    for place, margin in enumerate(margins):
        for part, asked in margin.items():
            weighted = sum(factors[cell] * count for cell, count in cells.items() if cell[place] == part)
            assert weighted / people == pytest.approx(asked / sum(margin.values()), rel=1e-6)


@given(sampled())
def test_another_way_to_the_same_weights_finds_the_same(given_):
    cells, margins = given_

    assert rake(cells, margins) == pytest.approx(by_newton(cells, margins), rel=1e-5)


@given(sampled(), st.integers(2, 9), st.randoms())
def test_sizes_and_order_do_not_matter(given_, times, dice):
    cells, margins = given_
    shuffled = dict(dice.sample(sorted(cells.items()), len(cells)))
    larger = [{part: asked * times for part, asked in margin.items()} for margin in margins]

    assert rake(shuffled, larger) == pytest.approx(rake(cells, margins), rel=1e-6)


@given(sampled())
def test_those_who_stand_for_all_already_weigh_the_same(given_):
    cells, _ = given_
    margins = [
        {part: sum(count for cell, count in cells.items() if cell[place] == part) for part in parts}
        for place, parts in enumerate(PARTS)
    ]

    assert rake(cells, margins) == pytest.approx(dict.fromkeys(cells, 1.0))


def test_one_margin_is_fitted_by_the_share_asked_over_the_share_answered():
    factors = rake({("en",): 80.0, ("es",): 20.0}, [{"en": 60, "es": 40}])

    assert factors == pytest.approx({("en",): 0.75, ("es",): 2.0})


def test_a_part_of_which_nobody_answered_fits_no_weights():
    assert rake({("en",): 10.0}, [{"en": 6, "es": 4}]) is None


def test_margins_that_contradict_each_other_fit_no_weights():
    cells = {("en", "A"): 10.0, ("es", "B"): 10.0}

    assert rake(cells, [{"en": 9, "es": 1}, {"A": 1, "B": 9}]) is None


@given(sampled(), st.data())
def test_a_weighted_share_is_within_its_interval_and_within_what_the_parts_say(given_, data):
    cells, margins = given_
    answered = {cell: Answered(int(n), data.draw(st.integers(0, int(n)))) for cell, n in cells.items()}
    found = weighted_share(answered, margins)
    assume(found is not None)

    assert 0 <= found.interval.low <= found.share + 1e-9
    assert found.share - 1e-9 <= found.interval.high <= 1
    assert found.plain == sum(of.favourable for of in answered.values()) / sum(cells.values())
    shares = [of.favourable / of.answers for of in answered.values()]
    assert min(shares) - 1e-9 <= found.share <= max(shares) + 1e-9


@given(sampled())
def test_people_who_all_think_alike_need_no_weights(given_):
    cells, margins = given_
    found = weighted_share({cell: Answered(int(n), int(n)) for cell, n in cells.items()}, margins)
    assume(found is not None)

    assert found.share == pytest.approx(1)


def test_weights_undo_that_some_answer_more_often():
    """Half of those asked speak Spanish and are dissatisfied twice as often, but answer a third as often."""
    cells = {("en",): Answered(300, 270), ("es",): Answered(100, 50)}
    found = weighted_share(cells, [{"en": 1000, "es": 1000}])

    assert found is not None
    assert (found.plain, found.share) == (0.8, pytest.approx(0.7))


def test_weights_lead_nearer_to_the_truth_than_none():
    """Of 200 samples in which one part answers more often, the weighted share is the nearer one nearly always."""
    dice, nearer = random.Random(104), 0
    for _ in range(200):
        people = [(dice.choice(("en", "es")), dice.choice("AB")) for _ in range(2000)]
        pleased = [dice.random() < {"en": 0.9, "es": 0.5}[who[0]] for who in people]
        cells = {}
        for who, happy in zip(people, pleased, strict=True):
            if dice.random() < {"en": 0.5, "es": 0.1}[who[0]]:
                before = cells.get(who, Answered(0, 0))
                cells[who] = Answered(before.answers + 1, before.favourable + happy)
        margins = [
            {part: sum(who[place] == part for who in people) for part in ["en", "es", "A", "B"]} for place in (0, 1)
        ]
        found = weighted_share(cells, margins)
        truth = sum(pleased) / len(people)
        nearer += found is not None and abs(found.share - truth) < abs(found.plain - truth)

    assert nearer > 190


def test_a_few_answers_never_stand_for_many_people():
    """Two who answered of 400 asked would count 200 times as much as others: they are taken together with the next."""
    cells = {("en",): Answered(500, 450), ("es",): Answered(2, 0), ("vi",): Answered(40, 20)}
    found = weighted_share(cells, [{"en": 1000, "es": 400, "vi": 100}])

    assert found is not None
    assert found.share == pytest.approx((1000 * 450 / 500 + 500 * 20 / 42) / 1500)


@given(sampled())
def test_no_weights_leave_less_than_a_quarter_of_the_answers_in_effect(given_):
    cells, margins = given_
    counted = {cell: Answered(int(of), int(of)) for cell, of in cells.items()}
    found = weighted_share(counted, margins)

    people = sum(cells.values())
    assert found is None or found.interval.low >= share_interval(people / 4, people / 4).low - 1e-9


def test_one_part_that_hardly_answered_does_not_stand_for_nearly_all():
    """Of 1,000 asked in Spanish 5 answered, of 100 in English 95: weights would leave five answers in effect."""
    cells = {("en", "a"): Answered(50, 50), ("en", "b"): Answered(45, 45), ("es", "a"): Answered(5, 0)}

    assert weighted_share(cells, [{"en": 100, "es": 1000}, {"a": 1, "b": 0}]) is None


@given(sampled(), st.sampled_from((0, 1, 2)))
def test_a_dimension_with_answers_of_a_part_that_was_not_asked_is_left_out(given_, place):
    cells, _ = given_
    margins = [
        {part: int(sum(n for cell, n in cells.items() if cell[at] == part)) for part in parts}
        for at, parts in enumerate(PARTS)
    ]
    assume(all(answered >= FEWEST for margin in margins for answered in margin.values()))
    margins[place].pop(PARTS[place][0])
    found = weighted_share({cell: Answered(int(n), 0) for cell, n in cells.items()}, margins)

    assert found is not None
    assert found.by == tuple(at for at in (0, 1, 2) if at != place)


@pytest.mark.parametrize(
    ("cells", "margins"),
    [
        ({}, [{"en": 10, "es": 10}]),
        ({("en",): Answered(10, 4)}, [{"en": 10}]),
        ({("en",): Answered(2, 1), ("es",): Answered(2, 1)}, [{"en": 10, "es": 10}]),
        ({("en",): Answered(10, 4)}, [{}]),
        ({(): Answered(10, 4)}, []),
    ],
)
def test_where_there_is_nothing_to_weigh_by_nothing_is_said(cells, margins):
    assert weighted_share(cells, margins) is None
