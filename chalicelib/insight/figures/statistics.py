"""How sure the figures are: intervals for shares and means, and when two shares differ.

Shares: Wilson's score interval (Wilson 1927). It stays within 0 and 1, and it keeps its promise for few answers and
for shares near the ends. Differences of two shares: Newcombe's hybrid score interval (Newcombe 1998, method 10), made
of two of Wilson's. Means of marks from 1 to 5: the percentile bootstrap, because marks are few, skewed and bounded.
The bootstrap is computed exactly rather than by drawing, so that the same answers always give the same interval.
"""

from bisect import bisect_left
from cmath import exp
from collections.abc import Callable, Mapping, Sequence
from math import ceil, floor, pi, sqrt
from statistics import NormalDist

from msgspec import Struct

LEVEL = 0.95
LOWEST, HIGHEST = 1, 5
FAVOURABLE = 4
_REACH, _LEAST_REACH = 12, 200
"""How far from its mean a sum may be: in standard deviations, and at least so far."""

_NOTHING = 1e-20


class Interval(Struct, frozen=True):
    """A range in which the truth lies with 95 % confidence, as far as chance alone goes."""

    low: float
    high: float


class Difference(Struct, frozen=True):
    """A share less another one, of 1; `real` where chance alone does not explain it."""

    by: float
    interval: Interval

    @property
    def real(self) -> bool:
        """Tell whether the interval leaves zero out."""
        return self.interval.low > 0 or self.interval.high < 0


def z_of(level: float = LEVEL, comparisons: int = 1) -> float:
    """Return how many standard errors an interval reaches; each of several comparisons is held to more (Bonferroni)."""
    return NormalDist().inv_cdf(1 - (1 - level) / (2 * max(1, comparisons)))


def share_interval(successes: float, of: float, z: float | None = None) -> Interval:
    """Return Wilson's score interval for a share; of nothing, nothing is known: 0 to 1.

    Weighted answers count as fewer, so the numbers need not be whole.
    """
    if of == 0:
        return Interval(0.0, 1.0)
    z = z_of() if z is None else z
    centre = (successes + z * z / 2) / (of + z * z)
    half = z / (of + z * z) * sqrt(max(0.0, successes * (of - successes)) / of + z * z / 4)
    return Interval(max(0.0, centre - half), min(1.0, centre + half))


def difference(successes: int, of: int, other_successes: int, other_of: int, comparisons: int = 1) -> Difference | None:
    """Return a share less another one with Newcombe's interval; None where one of them is of nothing."""
    if not of or not other_of:
        return None
    z = z_of(comparisons=comparisons)
    one, other = successes / of, other_successes / other_of
    a, b = share_interval(successes, of, z), share_interval(other_successes, other_of, z)
    low = one - other - sqrt((one - a.low) ** 2 + (b.high - other) ** 2)
    high = one - other + sqrt((a.high - one) ** 2 + (other - b.low) ** 2)
    return Difference(one - other, Interval(low, high))


def answers(marks: Mapping[int, int]) -> int:
    """Return how many answers there are."""
    return sum(marks.values())


def favourable(marks: Mapping[int, int]) -> int:
    """Return how many marks are 4 or 5."""
    return sum(count for mark, count in marks.items() if mark >= FAVOURABLE)


def mean(marks: Mapping[int, int]) -> float | None:
    """Return the mean mark, or None of none."""
    total = answers(marks)
    return sum(mark * count for mark, count in marks.items()) / total if total else None


def mean_interval(marks: Mapping[int, int], level: float = LEVEL) -> Interval | None:
    """Return the percentile bootstrap's interval for the mean mark, exactly; None of no answers.

    Where all marks are alike a bootstrap sees no doubt at all. Then the mark is taken as a share of the scale, and
    Wilson's interval says how far the others may still be.
    """
    total = answers(marks)
    if not total:
        return None
    if max(marks.values()) == total:
        return _all_alike(next(mark for mark, count in marks.items() if count), total)
    sums, at_most = _drawn([marks.get(mark, 0) / total for mark in range(LOWEST, HIGHEST + 1)], total)
    low, high = (bisect_left(sums, edge, key=at_most) for edge in ((1 - level) / 2, (1 + level) / 2))
    return Interval(LOWEST + sums[low] / total, LOWEST + sums[min(high, len(sums) - 1)] / total)


def _drawn(chances: Sequence[float], total: int) -> tuple[range, Callable[[int], float]]:
    """Return the sums that so many draws may have, and the chance that their sum is at most a given one.

    A draw's Fourier transform to the power of `total` is the sum's. Most of its waves are nothing: what is left is
    added up as geometric series. A sum outside the range has a chance below 1e-30.
    """
    middle = sum(value * chance for value, chance in enumerate(chances))
    spread = sqrt(sum(chance * (value - middle) ** 2 for value, chance in enumerate(chances)) * total)
    reach = ceil(_REACH * spread) + _LEAST_REACH
    first, last = max(0, floor(middle * total) - reach), min((len(chances) - 1) * total, ceil(middle * total) + reach)
    size = last - first + 1
    turns = [exp(2j * pi * place / size) for place in range(size)]
    waves = []
    for k in range(1, size):
        wave = sum(chance * turns[-k * value % size] for value, chance in enumerate(chances)) ** total
        if abs(wave) > _NOTHING:
            waves.append((k, wave / (1 - turns[k])))

    def at_most(given: int) -> float:
        turned = (wave * (turns[k * first % size] - turns[k * (given + 1) % size]) for k, wave in waves)
        return (given - first + 1 + sum(each.real for each in turned)) / size

    return range(first, last + 1), at_most


def _all_alike(mark: int, total: int) -> Interval:
    """Return the widest that all-alike answers allow: as if the others might choose the other end of the scale."""
    doubt = 1 - share_interval(total, total).low
    return Interval(mark - doubt * (mark - LOWEST), mark + doubt * (HIGHEST - mark))
