"""The work of AWS around a flow: retries, double deliveries, a sweep each minute. The steps are those of `app.py`."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.incidents.release import Release
from chalicelib.domain.incidents.update import Update
from chalicelib.domain.names import IncidentKey
from chalicelib.domain.notifications.receipt import Receipt
from chalicelib.domain.people.reply import Reply
from chalicelib.domain.settings.agency import Agency
from chalicelib.flow.notifications.sweep import LOOK_AHEAD
from chalicelib.ports.queue import Hint
from rigs.simulate.faults import Fault
from rigs.simulate.functions import Flows, Functions
from rigs.simulate.loop import Ending
from rigs.simulate.world import World

MINUTE = timedelta(minutes=1)
VISIBILITY, MOST_RECEIVES = 360, 5
"""As the stack's queues have them (a test compares)."""


class Lambdas(Functions):
    """The functions of one agency's stack, but for those behind the stream."""

    def __init__(self, flows: Flows, agency: Agency, world: World) -> None:
        super().__init__(flows, world)
        self._agency = agency
        self._phase = world.loop.now + timedelta(seconds=self.rng.uniform(0, 60))
        self._sweeps: set[datetime] = set()
        self.no_sweep: tuple[datetime, datetime] | None = None
        world.hinted, world.awaited = self._hint, self._await

    def post(self, updates: tuple[Update, ...], source: str, acked: Callable[[], None], tries: int = 50) -> None:
        """Post a webhook, again until it is answered by a 2xx, as a vendor must."""

        def act(now: datetime) -> object:
            return self.flows.receive(updates, source, self._agency, self.world, now)

        def ended(ending: Ending, _: object) -> None:
            if ending == "done" and not self.strikes(Fault.LOST_ANSWER, "receive", updates[0].incident_number):
                acked()
            elif tries:
                self.loop.after(self.rng.uniform(2, 60), lambda: self.post(updates, source, acked, tries - 1))

        self.start("receive", updates[0].incident_number, act, ended)

    def visit(self, token: str, form: dict[str, str], seen: Callable[[Any], None], tries: int = 50) -> None:
        """Post a survey's form, again until a page comes back."""

        def act(now: datetime) -> object:
            return self.flows.answer(token, form, "en", self.world, now)

        def ended(ending: Ending, page: object) -> None:
            if ending == "done":
                seen(page)
            elif tries:
                self.loop.after(self.rng.uniform(1, 30), lambda: self.visit(token, form, seen, tries - 1))

        self.start("survey", "replies", act, ended)

    def release(self, release: Release, number: str, tries: int = 50) -> None:
        """Let a supervisor release a hold, if there is one by then."""
        key = IncidentKey(self._agency.agency_id, number)

        def act(now: datetime) -> object:
            with suppress(LookupError):
                self.flows.release(key, release, self.world, now)
            return None

        def ended(ending: Ending, _: object) -> None:
            if ending != "done" and tries:
                self.loop.after(self.rng.uniform(5, 60), lambda: self.release(release, number, tries - 1))

        self.start("release", number, act, ended)

    def text(self, reply: Reply, done: Callable[[object], None]) -> None:
        """Let a person's text come in."""
        self._message("record_reply", "replies", lambda _: self.flows.reply(reply, self.world), done)

    def receipt(self, receipt: Receipt, delay: float) -> None:
        """Let a provider tell what became of a message."""

        def done(state: object) -> None:
            self.world.watch.receipted(receipt, state)

        def come() -> None:
            about = receipt.notification.incident_number
            self._message("record_receipt", about, lambda _: self.flows.receipt(receipt, self.world), done)

        self.loop.after(delay, come)

    def _hint(self, hint: Hint) -> None:
        def act(now: datetime) -> object:
            return self.flows.deliver(hint.key, self.world, now)

        def come() -> None:
            self._message("deliver", hint.key.incident_number, act, lambda _: None)

        self.loop.after(hint.delay, come)

    def _message(
        self, step: str, about: str, act: Callable[[datetime], object], done: Callable[[object], None], seen: int = 0
    ) -> None:
        """Hand a message to a function, once more where that fails, and now and then although it does not."""

        def ended(ending: Ending, result: object) -> None:
            if ending == "done":
                done(result)
            elif seen + 1 < MOST_RECEIVES:
                self.loop.after(VISIBILITY, lambda: self._message(step, about, act, done, seen + 1))

        def come() -> None:
            self.start(step, about, act, ended)

        self.loop.after(self.rng.uniform(0.01, 0.5), come)
        if not seen and self.strikes(Fault.DUPLICATE, step, about):
            self.loop.after(self.rng.uniform(0, 90), come)

    def _await(self, due: datetime) -> None:
        """Plan the sweep that will find what is due; those in between would find nothing."""
        earliest = max(self.loop.now, due - LOOK_AHEAD)
        minutes = -((self._phase - earliest) // MINUTE)
        at = self._phase + max(0, minutes) * MINUTE
        if at not in self._sweeps:
            self._sweeps.add(at)
            self.loop.at(at, lambda: self._sweep(at))

    def _sweep(self, at: datetime) -> None:
        stopped = self.no_sweep and self.no_sweep[0] <= at < self.no_sweep[1]
        if not stopped:
            self.start("sweep", "", lambda now: self.flows.sweep(self.world, now), lambda *_: None)
        upcoming = self.world.memory_incidents.next_due()
        if upcoming:
            self._await(max(upcoming, at + MINUTE + LOOK_AHEAD))
