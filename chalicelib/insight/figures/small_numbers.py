"""Which marks are too few to be shown."""

from collections.abc import Iterator, Mapping

from chalicelib.domain.settings.questions import SCALE
from chalicelib.insight.figures.statistics import FAVOURABLE
from chalicelib.insight.figures.wording import SMALLEST

_NEAR = range(-SMALLEST, SMALLEST + 1)
"""So far from the truth other counts are looked for: a hidden count with another one near is not known."""


def hidden_marks(marks: Mapping[int, int]) -> frozenset[int]:
    """Return the marks whose counts must not be shown beside their total, their favourable share and their mean.

    Those are the counts under 5, and the next smallest with them until none can be worked out. Where that would take
    all of them, all are hidden.
    """
    counts = _every(marks)
    small = _small(counts)
    if not small:
        return frozenset()
    ordered = sorted(SCALE, key=lambda mark: (mark not in small, counts[mark], mark))
    for size in range(len(small), len(SCALE)):
        out = frozenset(ordered[:size])
        if _unknown(counts, out):
            return out
    return frozenset(SCALE)


def mean_is_told(marks: Mapping[int, int]) -> bool:
    """Tell whether the mean may be shown: not where with it even counts that all are hidden can be worked out."""
    return _unknown(_every(marks), hidden_marks(marks))


def mean_interval_is_told(marks: Mapping[int, int]) -> bool:
    """Tell whether the mean's interval may be shown too: not beside hidden counts.

    It is made of the spread of the marks. With the mean it tells most counts that are hidden.
    """
    return not hidden_marks(marks)


def _every(marks: Mapping[int, int]) -> dict[int, int]:
    return {mark: marks.get(mark, 0) for mark in SCALE}


def _small(counts: Mapping[int, int]) -> set[int]:
    return {mark for mark, count in counts.items() if 0 < count < SMALLEST}


def _unknown(counts: Mapping[int, int], out: frozenset[int]) -> bool:
    """Tell whether no small count can be worked out of what is shown where some are hidden."""
    return all(len({one[mark - 1] for one in _possible(counts, out)}) > 1 for mark in _small(counts))


def _possible(counts: Mapping[int, int], out: frozenset[int]) -> Iterator[tuple[int, ...]]:
    """Yield the counts near the truth that have its total, its favourable marks, its mean and the counts shown."""
    favourable = sum(count for mark, count in counts.items() if mark >= FAVOURABLE)
    others = sum(counts.values()) - favourable
    weight = sum(mark * count for mark, count in counts.items())
    for fives in (counts[5] + step for step in _NEAR):
        for threes in (counts[3] + step for step in _NEAR):
            rest = weight - 5 * fives - 4 * (favourable - fives)
            twos = rest - others - 2 * threes
            found = others - twos - threes, twos, threes, favourable - fives, fives
            if min(found) >= 0 and all(found[mark - 1] == count for mark, count in counts.items() if mark not in out):
                yield found
