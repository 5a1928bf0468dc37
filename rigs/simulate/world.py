"""The ports in memory, as they are in a bad week: any call may wait, fail with or without effect, or be the last."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from chalicelib.domain.lake.rows import Changed
from chalicelib.domain.settings.agency import Agency
from chalicelib.ports.errors import Conflict, NotTold, QueueUnavailable
from chalicelib.ports.queue import Hint
from chalicelib.virtual.world import MemoryPorts
from rigs.simulate.faults import Chaos, Fault
from rigs.simulate.loop import Crash, Loop
from rigs.simulate.stores import SimulatedContacts, SimulatedIncidents, SimulatedSettings, SimulatedSurveys
from rigs.simulate.watch import Watch

_CACHED = frozenset({"settings.agency", "settings.agency_at", "settings.version", "contacts.reference"})
"""The answers that a warm container has in memory."""

_WRITES = frozenset(
    {
        *("incidents.save", "incidents.put", "incidents.claim", "surveys.put", "lake.write_day"),
        *("contacts.opt_out", "contacts.opt_in", "contacts.note_answered"),
        *("settings.note_breakers", "settings.note_spent"),
    }
)
"""Conditional writes: somebody else may have been first, or we ourselves, if the SDK tries again."""

QUICK, SLOW = (0.001, 0.03), (0.5, 20.0)


class Trouble(Exception):
    """AWS answered with an error, or not at all."""


class Port:
    """A port behind which the world may fail."""

    def __init__(self, inner: Any, name: str, step: Callable[..., Any]) -> None:
        self._inner, self._name, self._step = inner, name, step

    def __getattr__(self, method: str) -> Any:
        """Return a method of the port, as one that others overtake and that may fail."""
        call, act = f"{self._name}.{method}", getattr(self._inner, method)
        through = act if call in _CACHED else partial(self._step, call, act)
        setattr(self, method, through)
        return through


class World(MemoryPorts):
    """All ports; `changed` and `awaited` are told what the streams and the index of what is due hold.

    `looked_up` looks after each crash whether everything is found that must be.
    """

    def __init__(self, agency: Agency, loop: Loop, chaos: Chaos) -> None:
        super().__init__(agency)
        self.loop, self.chaos = loop, chaos
        self.stream: list[Changed] = []
        self.changed: Callable[[Changed], None] = self.stream.append
        self.awaited: Callable[[datetime], None] = lambda _: None
        self.hinted: Callable[[Hint], None] = lambda _: None
        self.looked_up: Callable[[], None] = lambda: None
        self.memory_contacts, self.memory_surveys = SimulatedContacts(self), SimulatedSurveys(self)
        self.memory_incidents = SimulatedIncidents(self.memory_contacts, self.memory_surveys, self, self.attention)
        self.memory_settings, self.memory_lake = SimulatedSettings(agency, self), self.lake
        self.memory_follow_ups = self.follow_ups
        self.watch = Watch(agency, self.memory_incidents, loop, chaos)
        inner = {
            "contacts": self.memory_contacts,
            "surveys": self.memory_surveys,
            "incidents": self.memory_incidents,
            "settings": self.memory_settings,
            "follow_ups": self.follow_ups,
            "desks": self.desks,
            "lake": self.lake,
            "queue": self,
        }
        for name, port in inner.items():
            setattr(self, name, Port(port, name, self.step))

    def hint(self, hints: Sequence[Hint]) -> None:
        """Take hints into the queue, all but those that are lost."""
        step = self.loop.running.step if self.loop.running else ""
        for hint in hints:
            number = hint.key.incident_number
            if not self.chaos.strikes(Fault.HINT_LOST, self.loop.now, step, number, "queue.hint", often=3):
                self.hinted(hint)

    def step(self, name: str, act: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Make one call of a port: others may come first, and it may go wrong in every way that it can."""
        loop, call = self.loop, self.loop.running
        if call is None:
            return act(*args, **kwargs)
        loop.wait(loop.rng.uniform(*QUICK))
        fault = self.chaos.of_call(loop.now, call.step, call.about, name, name in _WRITES)
        if fault is Fault.CRASH_BEFORE:
            self.looked_up()
            raise Crash
        if fault is Fault.REFUSED:
            raise _trouble(name)
        if fault is Fault.OVERTAKEN:
            raise Conflict
        result = act(*args, **kwargs)
        if fault is Fault.CRASH_AFTER:
            self.looked_up()
            raise Crash
        if fault is Fault.SLOW:
            loop.wait(loop.rng.uniform(*SLOW))
        if fault is Fault.RETRIED:
            raise Conflict
        if fault is Fault.LOST_ANSWER:
            raise _trouble(name)
        return result

    def back_off(self, attempt: int) -> None:
        """Wait for a moment, as on Lambda."""
        if self.loop.running:
            self.loop.wait(self.loop.rng.uniform(0, min(0.5, 0.02 * 2**attempt)))


def _trouble(name: str) -> Exception:
    """Return the error that a port's contract has for an answer that did not come."""
    return {"queue.hint": QueueUnavailable(), "desks.tell": NotTold()}.get(name, Trouble(name))
