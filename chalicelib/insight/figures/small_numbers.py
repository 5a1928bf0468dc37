"""Which figures are too small to be shown."""

from collections.abc import Sequence

from chalicelib.insight.figures.wording import SMALLEST


def hidden(counts: Sequence[int]) -> frozenset[int]:
    """Return the places of counts that must not be shown beside their total.

    Those under 5; and where that is only one, which the total would give away, the next smallest with it.
    """
    small = {place for place, count in enumerate(counts) if 0 < count < SMALLEST}
    others = [(count, place) for place, count in enumerate(counts) if count >= SMALLEST]
    if len(small) == 1 and others:
        small.add(min(others)[1])
    return frozenset(small)
