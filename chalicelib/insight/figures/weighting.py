"""The overall share weighted to those who were asked, and by what it could be weighted."""

from collections import defaultdict
from collections.abc import Sequence

from msgspec import Struct

from chalicelib.insight.figures.gather import NOT_TOLD, Figures, Row
from chalicelib.insight.figures.raking import Answered, Cell, Weighted, weighted_share
from chalicelib.insight.figures.wording import SMALLEST, Wording

DIMENSIONS = ("language", "type", "beat", "shift")
"""In this order. The hour of the call takes the shift's place where answers carry the hour and not the shift."""


class Weighing(Struct, frozen=True):
    """The weighted share, and the dimensions by which it is weighted."""

    found: Weighted
    by: tuple[str, ...]


def weighing(figures: Figures) -> Weighing | None:
    """Return the weighted share of those who were asked by a message; None where it is not known."""
    if figures.answered > figures.asked:
        return None
    dimensions = _known(figures)
    cells = _cells(figures.by_call, dimensions)
    if sum(of.answers for of in cells.values()) < SMALLEST:
        return None
    found = weighted_share(cells, [_margin(figures, dimension) for dimension in dimensions])
    return Weighing(found, tuple(dimensions[place] for place in found.by)) if found else None


def by_cards(figures: Figures) -> int:
    """Return how many answers to the overall question came by cards, so that nobody knows how many were asked."""
    return sum(row["answers"] for row in figures.by_call if row["asked_by"] == "card")


def weighted_told(of: Weighing, wording: Wording, answers: int) -> str:
    """Return the weighted share in words."""
    return wording.share_in(of.found.share, of.found.interval, answers)


def dimensions_told(names: Sequence[str], wording: Wording) -> str:
    """Return the names of dimensions in words."""
    return ", ".join(wording.say(f"response.of_{name}") for name in names)


def _known(figures: Figures) -> tuple[str, ...]:
    known = [name for name in (*DIMENSIONS, "hour") if name not in figures.not_carried]
    return tuple(name for name in known if name != "hour" or "shift" not in known)


def _cells(rows: Sequence[Row], dimensions: Sequence[str]) -> dict[Cell, Answered]:
    found: dict[Cell, Answered] = defaultdict(lambda: Answered(0, 0))
    for row in rows:
        if row["asked_by"] != "card":
            cell = tuple(row[name] or NOT_TOLD for name in dimensions)
            before = found[cell]
            found[cell] = Answered(before.answers + row["answers"], before.favourable + row["favourable"])
    return dict(found)


def _margin(figures: Figures, dimension: str) -> dict[str, int]:
    groups = (*figures.people.get(dimension, ()), *filter(None, (figures.untold.get(dimension),)))
    return {one.name: one.asked for one in groups}
