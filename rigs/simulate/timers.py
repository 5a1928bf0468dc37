"""How late timers are: with the stack healthy, and with every hint lost but the sweep's."""

from collections import Counter
from datetime import datetime
from random import Random

from rigs.simulate.faults import Chaos, Fault
from rigs.simulate.play import play


class Peace(Chaos):
    """Nothing goes wrong, but that hints are lost if that is asked for; the sweep's own come through."""

    def __init__(self, hints: bool) -> None:
        super().__init__(Random(0))  # noqa: S311  nothing here is left to chance
        self.rate, self._hints = 0.0, hints

    def strikes(self, fault: Fault, at: datetime, step: str, about: str, call: str = "", often: float = 1) -> bool:
        """Tell whether a hint is lost here."""
        return not self._hints and fault is Fault.HINT_LOST and step != "sweep"


def timers(hints: bool, seeds: int) -> Counter[int]:
    """Return how often a row was looked at so many tenths of a second after it was due."""
    found: Counter[int] = Counter()
    for seed in range(seeds):
        watch = play(seed, chaos=Peace(hints)).world.watch
        found.update(round(seconds * 10) for seconds, _ in watch.lateness)
    return found
