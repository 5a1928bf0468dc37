"""The overall share weighted to those who were asked, and by what it could be weighted.

It is weighted by one dimension, of groups that are shown: so whoever sees them could work it out. Weights by two
dimensions at once are of how many people these have in common, which may be one.
"""

from msgspec import Struct

from chalicelib.insight.figures.gather import Figures, QuestionKey
from chalicelib.insight.figures.raking import Answered, Cell, Weighted, weighted_share
from chalicelib.insight.figures.surveys import ANSWERED, Line
from chalicelib.insight.figures.wording import Wording

DIMENSIONS = ("language", "type", "beat", "shift", "hour")
"""The first of which some weights fit is the one."""


class Weighing(Struct, frozen=True):
    """The weighted share, and the dimension by which it is weighted."""

    found: Weighted
    by: str


def weighing(figures: Figures, key: QuestionKey) -> Weighing | None:
    """Return the weighted share of those who were asked; None where it is not known."""
    for dimension in DIMENSIONS:
        lines = figures.surveys.of(key[0], dimension)
        answered = [(line, line.part) for line in lines if line.version == key[1] and line.part is not None]
        asked = {_part(line): line.of for line in figures.surveys.of(ANSWERED, dimension)}
        cells: dict[Cell, Answered] = {(_part(line),): Answered(line.of, part) for line, part in answered}
        found = weighted_share(cells, [asked]) if sum(asked.values()) == figures.asked else None
        if found is not None:
            return Weighing(found, dimension)
    return None


def by_cards(figures: Figures, key: QuestionKey) -> int:
    """Return how many answers to a question came by cards, so that nobody knows how many were asked; 0 of few."""
    lines = [line for line in figures.surveys.of(key[0], "door") if line.version == key[1]]
    return sum(line.of for line in lines if "card" in line.group.split(","))


def weighted_told(of: Weighing, wording: Wording, answers: int) -> str:
    """Return the weighted share in words."""
    return wording.share_in(of.found.share, of.found.interval, answers)


def _part(line: Line) -> str:
    return "(few)" if line.several else line.group
