"""Weigh those who answered so that they stand for all who were asked: raking, or iterative proportional fitting.

Deming and Stephan, "On a least squares adjustment of a sampled frequency table when the expected marginal totals are
known", Annals of Mathematical Statistics 11 (1940) 427-444. People who were asked are known by parts (so many by
language, so many by beat), not by all of these together. So each part's answers are scaled to its share of those
asked, dimension after dimension, until all of them fit at once.

Weights make an estimate less sure: its interval is of fewer answers, `sum(w)² / sum(w²)` of them (Kish, "Survey
Sampling", 1965).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from chalicelib.insight.figures.statistics import Interval, share_interval

Cell = tuple[str, ...]
"""The parts to which people belong, one of each dimension."""

FEWEST = 5
"""Parts of which fewer answered are taken together, as one answer must not stand for many people."""

LEAST_SURE = 0.25
"""The least part of the answers that may be left in effect: below it a few people would stand for most."""

_CLOSE = 1e-9
_MOST_ROUNDS = 1000
_REST = ""


class Answered(Struct, frozen=True):
    """People of one cell: how many answered, and how many favourably."""

    answers: int
    favourable: int


class Weighted(Struct, frozen=True):
    """A share of 1 with its interval, weighted; what it is without weights; and the dimensions of the weights."""

    share: float
    interval: Interval
    plain: float
    by: tuple[int, ...]


def weighted_share(cells: Mapping[Cell, Answered], margins: Sequence[Mapping[str, int]]) -> Weighted | None:
    """Return the favourable share weighted to those who were asked; None where there is nothing to weigh by.

    `margins` say how many were asked, by dimension and part. A dimension is left out that has only one part, or in
    which people answered of a part that was not asked. So are the last dimensions, as long as no weights fit all, or
    as these would leave less than `LEAST_SURE` of the answers in effect.
    """
    names = [_names(_by_part(cells, place), margin) for place, margin in enumerate(margins)]
    by = [place for place, known in enumerate(names) if known and len(set(known.values())) > 1]
    while by:
        pooled = _pooled(cells, names, by)
        asked = [_added((names[place][part], of) for part, of in margins[place].items() if of) for place in by]
        factors = rake({cell: float(of.answers) for cell, of in pooled.items()}, asked)
        found = _weighted(pooled, factors, tuple(by)) if factors is not None else None
        if found is not None:
            return found
        by.pop()
    return None


def rake(cells: Mapping[Cell, float], margins: Sequence[Mapping[str, float]]) -> dict[Cell, float] | None:
    """Return each cell's factor with which the cells have the margins' shares, or None where none fit.

    The factors are of people: their mean over all people is 1. A part with a share and nobody in it can't be fitted.
    """
    people = sum(cells.values())
    wanted = [{part: people * of / sum(margin.values()) for part, of in margin.items()} for margin in margins]
    factors = {cell: 1.0 for cell, count in cells.items() if count}
    for _ in range(_MOST_ROUNDS):
        worst = 0.0
        for place, margin in enumerate(wanted):
            found: dict[str, float] = defaultdict(float)
            for cell, factor in factors.items():
                found[cell[place]] += factor * cells[cell]
            if found.keys() != {part for part, of in margin.items() if of}:
                return None
            worst = max(worst, *(abs(found[part] / margin[part] - 1) for part in found))
            factors = {cell: factor * margin[cell[place]] / found[cell[place]] for cell, factor in factors.items()}
        if worst < _CLOSE:
            return factors
    return None


def _weighted(cells: Mapping[Cell, Answered], factors: Mapping[Cell, float], by: tuple[int, ...]) -> Weighted | None:
    """Return the weighted share; None where too few answers are left in effect."""
    answers = sum(of.answers for of in cells.values())
    total = sum(factor * cells[cell].answers for cell, factor in factors.items())
    share = min(1.0, sum(factor * cells[cell].favourable for cell, factor in factors.items()) / total)
    effective = total**2 / sum(factor**2 * cells[cell].answers for cell, factor in factors.items())
    if effective < LEAST_SURE * answers:
        return None
    plain = sum(of.favourable for of in cells.values()) / answers
    return Weighted(share, share_interval(share * effective, effective), plain, by)


def _pooled(
    cells: Mapping[Cell, Answered], names: Sequence[Mapping[str, str]], by: Sequence[int]
) -> dict[Cell, Answered]:
    """Return the cells of some dimensions, with small parts taken together."""
    pooled: dict[Cell, Answered] = defaultdict(lambda: Answered(0, 0))
    for cell, of in cells.items():
        name = tuple(names[place][cell[place]] for place in by)
        pooled[name] = Answered(pooled[name].answers + of.answers, pooled[name].favourable + of.favourable)
    return dict(pooled)


def _names(answered: Mapping[str, int], asked: Mapping[str, int]) -> dict[str, str]:
    """Return under which name each part goes: small ones are the rest, which takes a larger one if it is small too.

    There are no names where people answered of a part that was not asked.
    """
    asked = {part: of for part, of in asked.items() if of}
    if not answered.keys() <= asked.keys():
        return {}
    largest = sorted(asked, key=lambda part: (-answered.get(part, 0), part))
    rest = {part for part in asked if answered.get(part, 0) < FEWEST}
    while rest and len(rest) < len(largest) and sum(answered.get(part, 0) for part in rest) < FEWEST:
        rest.add([part for part in largest if part not in rest][-1])
    return {part: _REST if part in rest else part for part in asked}


def _by_part(cells: Mapping[Cell, Answered], place: int) -> dict[str, int]:
    return _added((cell[place], of.answers) for cell, of in cells.items())


def _added(counted: Iterable[tuple[str, int]]) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for part, of in counted:
        found[part] += of
    return dict(found)
