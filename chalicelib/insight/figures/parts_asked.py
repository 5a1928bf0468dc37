"""The parts of those who were asked, as they may be shown: the largest, the rest as one, and what is hidden."""

from msgspec import Struct

from chalicelib.insight.figures.gather import Asked, Figures
from chalicelib.insight.figures.groups import MOST_PARTS
from chalicelib.insight.figures.small_numbers import hidden
from chalicelib.insight.figures.wording import Wording

IN_ORDER = ("hour", "shift", "language")
"""Dimensions whose parts stand in the order of their names; others begin with the largest."""


class PartsAsked(Struct, frozen=True, kw_only=True):
    """The parts of a dimension; the places of those whose answers are hidden, and of those asked who are hidden."""

    people: tuple[Asked, ...]
    hidden_answered: frozenset[int]
    hidden_asked: frozenset[int]

    @property
    def told(self) -> tuple[Asked, ...]:
        """Return the parts of which all is shown."""
        return tuple(one for place, one in enumerate(self.people) if place not in self.hidden_answered)


def parts_asked(figures: Figures, dimension: str, wording: Wording) -> PartsAsked:
    """Return a dimension's parts. People whose part nobody told are one more part beside the total, which is shown."""
    people = _largest(figures.people.get(dimension, ()), dimension, wording)
    untold = figures.untold.get(dimension, Asked("", 0, 0))
    last = frozenset({len(people)})
    asked = hidden([*(one.asked for one in people), untold.asked])
    answered = hidden([*(one.answered for one in people), untold.answered])
    return PartsAsked(people=people, hidden_answered=(asked | answered) - last, hidden_asked=asked - last)


def _largest(people: tuple[Asked, ...], dimension: str, wording: Wording) -> tuple[Asked, ...]:
    """Return the largest parts, and the rest as one."""
    ordered = sorted(people, key=lambda one: (-one.asked, one.name))
    largest, rest = ordered[:MOST_PARTS], ordered[MOST_PARTS:]
    if len(rest) == 1:  # one is no rest
        largest, rest = ordered, []
    if dimension in IN_ORDER:
        largest.sort(key=lambda one: one.name)
    if not rest:
        return tuple(largest)
    name = wording.say("form.further", count=str(len(rest)))
    return *largest, Asked(name, sum(one.asked for one in rest), sum(one.answered for one in rest))
