"""A clock that jumps, and functions that run one port call at a time, in an order that a seed decides.

A function of Lambda is a greenlet: it runs until it waits for the world, and goes on when its turn has
come on the clock. Functions that are due at the same instant take turns by lot.
"""

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Literal

from greenlet import getcurrent, greenlet
from msgspec import Struct

MOST_EVENTS = 50_000
"""No seed comes near: one that does never ends."""

Ending = Literal["done", "failed", "crashed"]


class Crash(BaseException):
    """The function is gone: nothing after this runs."""


class Endless(Exception):
    """Something goes on for ever."""


class Call(Struct, frozen=True, kw_only=True):
    """One call of a function, about one thing; `now` is what its own clock says at the beginning."""

    step: str
    about: str
    began: datetime
    now: datetime
    ends_by: datetime


class Loop:
    """The scheduler."""

    def __init__(self, rng: Random, start: datetime) -> None:
        self.rng, self.now = rng, start
        self.running: Call | None = None
        self._heap: list[tuple[datetime, float, int, Callable[[], object]]] = []
        self._order = count()
        self._hub = getcurrent()

    def at(self, when: datetime, act: Callable[[], object]) -> None:
        """Act at an instant, or now if that has passed."""
        heapq.heappush(self._heap, (max(when, self.now), self.rng.random(), next(self._order), act))

    def after(self, seconds: float, act: Callable[[], object]) -> None:
        """Act so many seconds from now."""
        self.at(self.now + timedelta(seconds=seconds), act)

    def run(self) -> None:
        """Let everything happen that will; Endless."""
        for _ in range(MOST_EVENTS):
            if not self._heap:
                return
            self.now, _, _, act = heapq.heappop(self._heap)
            act()
        raise Endless(f"more than {MOST_EVENTS} events")

    def start(self, call: Call, act: Callable[[], object], ended: Callable[[Ending, object], None]) -> None:
        """Begin a function; what becomes of it is told when it has ended, with what it returned or raised."""

        def body() -> None:
            ending: Ending = "done"
            try:
                result = act()
            except Crash as crash:
                ending, result = "crashed", crash
            except Exception as problem:  # noqa: BLE001  the boundary of one function, as in app.py
                ending, result = "failed", problem
            self.running = None
            ended(ending, result)

        self.running = call
        greenlet(body).switch()
        self.running = None

    def wait(self, seconds: float) -> None:
        """Let others go on while the running function waits; Crash where its time is over meanwhile."""
        call, myself = self.running, getcurrent()
        if call is None:
            raise RuntimeError("only a function can wait")
        self.after(seconds, myself.switch)
        self._hub.switch()
        self.running = call
        if self.now > call.ends_by:
            raise Crash("out of time")
