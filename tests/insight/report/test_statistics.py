"""Intervals against published examples, and against what they promise."""

import itertools
import random
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chalicelib.insight.figures.statistics import difference, mean, mean_interval, share_interval, z_of


@pytest.mark.parametrize(
    ("successes", "of", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_shares_have_the_intervals_that_newcombe_published_for_wilsons_method(successes, of, low, high):
    """Statistics in Medicine 17 (1998) 857-872, table I, method 3."""
    found = share_interval(successes, of)

    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_differences_have_the_intervals_that_newcombe_published(one, other, low, high):
    """Statistics in Medicine 17 (1998) 873-890, table II, method 10."""
    found = difference(*one, *other)

    assert (round(found.interval.low, 4), round(found.interval.high, 4)) == (low, high)
    assert found.real is (low > 0 or high < 0)


def test_the_quantiles_are_those_of_every_table():
    assert round(z_of(), 6) == 1.959964
    assert round(z_of(comparisons=10), 4) == 2.8070


def test_nothing_is_said_of_nothing():
    assert share_interval(0, 0).low == 0
    assert share_interval(0, 0).high == 1
    assert difference(0, 0, 1, 2) is None
    assert mean({}) is None
    assert mean_interval({}) is None


marks = st.dictionaries(st.integers(1, 5), st.integers(0, 60), min_size=1).filter(lambda found: sum(found.values()))


@given(marks)
def test_an_interval_of_a_mean_holds_the_mean_and_stays_on_the_scale(found):
    interval = mean_interval(found)

    assert 1 <= interval.low <= mean(found) + 1e-9
    assert mean(found) - 1e-9 <= interval.high <= 5


def test_a_bootstrap_of_few_answers_is_what_counting_every_draw_gives():
    given_marks = (1, 3, 4, 5, 5)
    means = sorted(sum(draw) / 5 for draw in itertools.product(given_marks, repeat=5))
    low = means[-(-len(means) * 25 // 1000) - 1]
    high = means[-(-len(means) * 975 // 1000) - 1]

    interval = mean_interval({1: 1, 3: 1, 4: 1, 5: 2})

    assert (round(interval.low, 9), round(interval.high, 9)) == (low, high)


few = st.dictionaries(st.integers(1, 5), st.integers(1, 9), min_size=2)


@given(few)
def test_a_bootstrap_is_what_exact_fractions_give(found):
    total = sum(found.values())
    sums = {0: 1}
    for _ in range(total):
        sums = {
            so_far + mark: sum(sums.get(so_far + mark - m, 0) * n for m, n in found.items())
            for so_far in sums
            for mark in found
        }
    edges, reached = [Fraction(1, 40), Fraction(39, 40)], Fraction(0)
    expected = []
    for drawn, ways in sorted(sums.items()):
        reached += Fraction(ways, total**total)
        while edges and reached >= edges[0]:
            assume(abs(reached - edges[0]) > Fraction(1, 10**9))  # a tie that no float tells
            edges.pop(0)
            expected.append(drawn / total)

    interval = mean_interval(found)

    assert (interval.low, interval.high) == pytest.approx(tuple(expected), abs=1e-12)


def test_a_bootstrap_of_many_answers_is_what_drawing_gives():
    counts = {1: 30, 2: 20, 3: 40, 4: 150, 5: 360}
    dice = random.Random(104)
    population = [mark for mark, count in counts.items() for _ in range(count)]
    drawn = sorted(sum(dice.choices(population, k=600)) / 600 for _ in range(4000))

    interval = mean_interval(counts)

    assert interval.low == pytest.approx(drawn[100], abs=0.01)
    assert interval.high == pytest.approx(drawn[3900], abs=0.01)


def test_a_year_of_answers_is_as_narrow_as_the_normal_approximation():
    counts = {1: 6000, 2: 3000, 3: 5000, 4: 12000, 5: 34000}
    interval, middle = mean_interval(counts), mean(counts)
    variance = sum(count * (mark - middle) ** 2 for mark, count in counts.items()) / 60000

    assert interval.low == pytest.approx(middle - 1.959964 * (variance / 60000) ** 0.5, abs=2e-4)
    assert interval.high == pytest.approx(middle + 1.959964 * (variance / 60000) ** 0.5, abs=2e-4)


def test_five_answers_that_are_all_alike_are_not_certain():
    """Wilson's lower bound of 5 of 5 is 0.5655, published in every table."""
    interval = mean_interval({5: 5})

    assert (round(interval.low, 2), interval.high) == (3.26, 5.0)
