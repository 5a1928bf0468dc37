"""A great many triples, side by side on all cores, and what they came to."""

import os
from collections.abc import Iterator

from msgspec import Struct, field

from rigs.floor.play import play
from rigs.side_by_side import side_by_side

CHUNK = 200
"""Stories at a time: all that have the same settings stay together."""


class Broken(Struct, frozen=True):
    """A seed with what did not hold in it."""

    seed: int
    problems: list[str]


class Tally(Struct):
    """The results of some stories. A triple is one incident of a story, under its settings and at its times."""

    stories: int = 0
    triples: int = 0
    sent: int = 0
    owed: int = 0
    broken: list[Broken] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Take in what other stories came to."""
        self.stories += other.stories
        self.triples += other.triples
        self.sent += other.sent
        self.owed += other.owed
        self.broken = sorted([*self.broken, *other.broken], key=lambda one: one.seed)


def tally(seeds: range) -> Tally:
    """Play some seeds one after the other."""
    total = Tally()
    for seed in seeds:
        one = play(seed)
        broken = [Broken(seed, one.broken)] if one.broken else []
        total.add(Tally(1, one.incidents, one.sent, one.owed, broken))
    return total


def play_until(triples: int, first: int, jobs: int | None = None) -> Iterator[Tally]:
    """Play seeds from the first on until there are so many triples; yield what each chunk came to."""
    jobs = jobs or os.cpu_count() or 1
    with side_by_side(jobs) as each:
        while triples > 0:
            chunks = [range(start, start + CHUNK) for start in range(first, first + 4 * jobs * CHUNK, CHUNK)]
            first = chunks[-1].stop
            for some in each(tally, chunks):
                triples -= some.triples
                yield some
