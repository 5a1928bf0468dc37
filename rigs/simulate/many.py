"""Thousands of seeds, side by side on all cores, and what they came to."""

import os
from collections import Counter
from collections.abc import Iterator

from msgspec import Struct, field

from rigs.side_by_side import side_by_side
from rigs.simulate.faults import Fault
from rigs.simulate.play import play
from rigs.simulate.promise import Promise

CHUNK = 25


class Tally(Struct):
    """The results of some seeds. Lateness is in tenths of a second, apart for rows that met no fault and the others."""

    seeds: int = 0
    updates: int = 0
    taken: int = 0
    struck: Counter[Fault] = field(default_factory=Counter)
    checked: Counter[Promise] = field(default_factory=Counter)
    broken: Counter[Promise] = field(default_factory=Counter)
    failing: list[int] = field(default_factory=list)
    on_time: Counter[int] = field(default_factory=Counter)
    late: Counter[int] = field(default_factory=Counter)

    def add(self, other: "Tally") -> None:
        """Take in what other seeds came to."""
        self.seeds += other.seeds
        self.updates += other.updates
        self.taken += other.taken
        self.failing = sorted([*self.failing, *other.failing])
        for name in ("struck", "checked", "broken", "on_time", "late"):
            getattr(self, name).update(getattr(other, name))


def play_many(first: int, seeds: int, jobs: int | None = None) -> Iterator[Tally]:
    """Play seeds on as many cores as there are; yield what each chunk came to, in no order."""
    chunks = [range(start, min(start + CHUNK, first + seeds)) for start in range(first, first + seeds, CHUNK)]
    with side_by_side(jobs or os.cpu_count() or 1) as each:
        yield from each(tally, chunks)


def tally(seeds: range) -> Tally:
    """Play some seeds one after the other."""
    total = Tally()
    for seed in seeds:
        world = play(seed).world
        watch = world.watch
        one = Tally(seeds=1, updates=len(watch.acked), taken=sum(map(len, watch.takes.values())))
        one.struck.update(struck.fault for struck in world.chaos.struck)
        one.checked.update(watch.checked)
        one.broken.update(broken.promise for broken in watch.broken)
        one.failing = [seed] if watch.broken else []
        for seconds, undisturbed in watch.lateness:
            (one.on_time if undisturbed else one.late)[round(seconds * 10)] += 1
        total.add(one)
    return total


def percentile(found: Counter[int], share: float) -> float:
    """Return the seconds within which such a share was looked at."""
    left = share * found.total()
    for tenths in sorted(found):
        left -= found[tenths]
        if left <= 0:
            return tenths / 10
    return 0.0
