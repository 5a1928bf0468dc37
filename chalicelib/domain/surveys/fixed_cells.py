"""Which figures of a survey may be shown, so that no two views can be subtracted from each other. Pure.

The desk's Results and the quarter's report hide by these rules, so that what both show can't be subtracted either.
What nobody may learn is how many people of a small group answered, and what they said. An attacker has every view of
every day, and knows these rules. So:

- Views are of whole quarters. A quarter is counted to the end of a month once nobody can answer for that month any
  more, so a view is the same on each later day.
- A measure moves on to a further month by nobody or by five people at least. Until then it stays where it was. So a
  month is shown by itself where it moves the measure on alone.
- Groups are shown once the whole quarter is counted. Each answer is in one group of each dimension, and a view has one
  dimension. Small groups are one cell together, the rest, and no measure tells them apart. Which groups are in it is
  decided once for all measures: of two questions, and of answering and being satisfied, both have the same cells.
- Units, officers and call takers need ten people: a unit is often one officer, and where the settings let answers say
  who came, people are judged by it.
- The rest has five people and two groups at least. Its marks are not all alike, or each would be known.
- A question whose marks are all alike shows how many answered and nothing else.

That no two dimensions can be combined follows: tables of one dimension each, with one total, fit any values of each
other. Which group joins the small ones is decided by its name, never by its size, so it tells nothing of theirs.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from msgspec import Struct

FEWEST = 5
"""A group of fewer people is small."""

FEWEST_OF_EMPLOYEE = 10
"""The same of a group that is, or may be, one person of the agency."""

SETTLED_AFTER = timedelta(days=38)
"""So long after a month's end nobody answers for it: a link lives 30 days, of an anonymous survey a week more."""


class Counted(Struct, frozen=True):
    """How many people there are in a group, and of how many of them something holds; None where nothing is asked."""

    of: int
    part: int | None = None

    def __add__(self, other: "Counted") -> "Counted":
        """Return both together."""
        parts = None if self.part is None or other.part is None else self.part + other.part
        return Counted(self.of + other.of, parts)

    @property
    def small(self) -> bool:
        """Tell whether there are few people."""
        return self.fewer_than(FEWEST)

    def fewer_than(self, fewest: int) -> bool:
        """Tell whether there is somebody, and fewer people than so many."""
        return 0 < self.of < fewest

    @property
    def alike(self) -> bool:
        """Tell whether it holds of all or of none, so that the sum tells it of each."""
        return self.part in (0, self.of)


Groups = Mapping[str, Counted]
"""What a measure counts, by the groups of a dimension."""


class Cells(Struct, frozen=True):
    """The groups of a dimension that are shown, and those that are one cell together."""

    shown: tuple[str, ...]
    rest: frozenset[str]

    def of(self, groups: Groups) -> tuple[tuple[str, Counted], ...]:
        """Return a measure's shown groups, in their order."""
        return tuple((name, groups[name]) for name in self.shown if name in groups)

    def rest_of(self, groups: Groups) -> Counted | None:
        """Return what a measure counts in the rest; None where there is no rest."""
        return together(groups[name] for name in self.rest if name in groups) if self.rest else None


def together(counted: Iterable[Counted]) -> Counted:
    """Return the sum."""
    found = [*counted]
    return sum(found[1:], found[0]) if found else Counted(0, 0)


def settled(months: Sequence[str], today: date) -> int:
    """Return of how many of a quarter's months, each YYYY-MM, in their order, nobody can answer any more."""
    return sum(settled_on(month) <= today for month in months)


def settled_on(month: str) -> date:
    """Return the day from which on nobody answers for a month, YYYY-MM, any more."""
    return _end_of(month) + SETTLED_AFTER


def counted_months(steps: Sequence[int]) -> int:
    """Return how many of a quarter's months a measure counts: it moves on by nobody or by five people at least.

    `steps` are how many people each settled month has. Months that it does not reach wait for the next one.
    """
    reached = waiting = 0
    for place, people in enumerate(steps, start=1):
        waiting += people
        if waiting == 0 or waiting >= FEWEST:
            reached, waiting = place, 0
    return reached


def lone_months(steps: Sequence[int]) -> tuple[int, ...]:
    """Return the places of the months that move a measure on alone: with none that waits, by five people at least."""
    found, waiting = [], 0
    for place, people in enumerate(steps):
        waiting += people
        if people == waiting >= FEWEST:
            found.append(place)
        waiting = waiting if 0 < waiting < FEWEST else 0
    return tuple(found)


def fixed_cells(measures: Sequence[Groups], fewest: int = FEWEST) -> Cells | None:
    """Return the cells of a dimension, the same for all of its measures; None where no group may be shown.

    A small group has fewer than `fewest`. Where that is more than `FEWEST`, a measure of fewer people in all has no
    groups (`has_groups`).
    """
    measures = [groups for groups in measures if has_groups(groups, fewest)]
    names = sorted({name for groups in measures for name, counted in groups.items() if counted.of})
    rest = {name for name in names for groups in measures if name in groups and groups[name].fewer_than(fewest)}
    for name in names:
        if _sound(rest, measures, fewest):
            break
        rest.add(name)
    shown = tuple(name for name in names if name not in rest)
    return Cells(shown, frozenset(rest)) if shown and _sound(rest, measures, fewest) else None


def has_groups(groups: Groups, fewest: int) -> bool:
    """Tell whether a measure has enough people in all to be shown by groups of so many; its total is no secret."""
    return fewest == FEWEST or together(groups.values()).of >= fewest


def _sound(rest: set[str], measures: Sequence[Groups], fewest: int) -> bool:
    return all(_keeps(groups, rest, fewest) for groups in measures)


def _keeps(groups: Groups, rest: set[str], fewest: int) -> bool:
    """Tell whether a measure's sum of the rest keeps what each small group in it has."""
    inside = [groups[name] for name in rest if name in groups and groups[name].of]
    if not any(counted.fewer_than(fewest) for counted in inside):
        return True
    sum_of, most = together(inside), (fewest - 1) * len(inside)
    told = len(inside) == 1 or sum_of.of in (len(inside), most)  # each of them 1, or each as many as a small one has
    return not told and sum_of.of >= fewest and not sum_of.alike


def _end_of(month: str) -> date:
    year, number = map(int, month.split("-"))
    return date(year + number // 12, number % 12 + 1, 1) - timedelta(days=1)
