"""The tables' stream to the lake: batches in their order, each until it has landed, now and then twice."""

from datetime import datetime, timedelta
from itertools import count

from chalicelib.domain.lake.rows import Changed
from rigs.simulate.faults import Fault
from rigs.simulate.functions import Functions
from rigs.simulate.loop import Ending

QUARTER = timedelta(minutes=15)
BATCH = 10
LAKE = "lake"
"""The subject of these functions: their faults excuse no text that is late."""


class Stream:
    """The tables' streams, `export` and `compact`."""

    def __init__(self, functions: Functions) -> None:
        self._functions = functions
        self._batches, self._exporting, self._compacting = count(1), False, False
        self._waiting: list[Changed] = []
        functions.world.changed = self.changed

    def changed(self, changed: Changed) -> None:
        """Take in a change; batches go out one after the other."""
        self._waiting.append(changed)
        if not self._exporting:
            self._exporting = True
            self._functions.loop.after(self._functions.rng.uniform(1, 5), self._export)

    def _export(self) -> None:
        batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
        self._land(tuple(batch), f"batch-{next(self._batches)}")

    def _land(self, batch: tuple[Changed, ...], name: str, again: bool = False) -> None:
        """Export a batch, in its order, until it has landed: a stream goes on after that only."""

        def act(_: datetime) -> object:
            return self._functions.flows.export(batch, name, self._functions.world.lake, self._functions.world.settings)

        def ended(ending: Ending, _: object) -> None:
            if ending != "done":
                self._functions.loop.after(self._functions.rng.uniform(1, 10), lambda: self._land(batch, name, again))
                return
            if not again:
                self._go_on(batch, name)
            self._compact_soon()

        self._functions.start("export", LAKE, act, ended)

    def _go_on(self, batch: tuple[Changed, ...], name: str) -> None:
        if self._functions.strikes(Fault.DUPLICATE, "export", LAKE):
            self._functions.loop.after(
                self._functions.rng.uniform(0, 2000), lambda: self._land(batch, name, again=True)
            )
        if self._waiting:
            self._functions.loop.after(self._functions.rng.uniform(0.1, 5), self._export)
        else:
            self._exporting = False

    def _compact_soon(self) -> None:
        if not self._compacting:
            self._compacting = True
            self._functions.loop.at(self._functions.loop.now + self._functions.rng.random() * QUARTER, self._compact)

    def _compact(self) -> None:
        def ended(ending: Ending, _: object) -> None:
            self._compacting = ending != "done" or bool(list(self._functions.world.memory_lake.landed()))
            if self._compacting:
                self._functions.loop.at(self._functions.loop.now + QUARTER, self._compact)

        self._functions.start(
            "compact", LAKE, lambda _: self._functions.flows.compact(self._functions.world.lake), ended
        )
