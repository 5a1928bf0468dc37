"""A function of the stack: which flow it runs, by whose clock, for how long, and what a fault makes of it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from chalicelib.flow.incidents.receive import receive_updates
from chalicelib.flow.incidents.release import release_hold
from chalicelib.flow.lake.compact import compact_landing
from chalicelib.flow.lake.export import export_changes
from chalicelib.flow.notifications.deliver import deliver_notification
from chalicelib.flow.notifications.record_receipt import take_receipt
from chalicelib.flow.notifications.sweep import sweep_due
from chalicelib.flow.people.record_reply import take_reply
from chalicelib.flow.surveys.answer import answer_survey
from rigs.simulate.faults import Fault
from rigs.simulate.loop import Call, Ending
from rigs.simulate.world import World

TIMEOUTS = {"receive": 29, "survey": 29, "compact": 300}
USUAL_TIMEOUT = 60
"""Seconds, as in `.chalice/config.json` (a test compares)."""


class Flows(Struct, frozen=True, kw_only=True):
    """The flows that are simulated; a test puts a bad one in the place of one, to see that it is found."""

    receive: Callable[..., Any] = receive_updates
    deliver: Callable[..., Any] = deliver_notification
    sweep: Callable[..., Any] = sweep_due
    receipt: Callable[..., Any] = take_receipt
    reply: Callable[..., Any] = take_reply
    answer: Callable[..., Any] = answer_survey
    release: Callable[..., Any] = release_hold
    export: Callable[..., Any] = export_changes
    compact: Callable[..., Any] = compact_landing


class Functions:
    """The parts that every function shares."""

    def __init__(self, flows: Flows, world: World) -> None:
        self.flows, self.world, self.loop, self.rng = flows, world, world.loop, world.loop.rng

    def start(
        self, step: str, about: str, act: Callable[[datetime], object], ended: Callable[[Ending, object], None]
    ) -> None:
        """Begin a function about something; it is told the time, perhaps by a clock that is off."""
        now = self.loop.now
        skewed = self.strikes(Fault.SKEW, step, about)
        clock = now + timedelta(seconds=self.rng.uniform(-1, 1)) if skewed else now
        ends_by = now + timedelta(seconds=TIMEOUTS.get(step, USUAL_TIMEOUT))
        call = Call(step=step, about=about, began=now, now=clock, ends_by=ends_by)
        self.loop.start(call, lambda: act(clock), ended)

    def strikes(self, fault: Fault, step: str, about: str) -> bool:
        """Tell whether a fault strikes around a function, rather than at one of its calls."""
        return self.world.chaos.strikes(fault, self.loop.now, step, about)
