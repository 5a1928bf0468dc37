"""Providers that take messages, or do not, and tell of them: soon, late, twice or never."""

from collections.abc import Callable
from datetime import datetime, timedelta

from chalicelib.domain.names import NotificationKey
from chalicelib.domain.notifications.notification import Provider, State
from chalicelib.domain.notifications.receipt import Receipt
from chalicelib.domain.people.reply import is_answer
from chalicelib.ports.carrier import Outgoing, SendFailed, Sent
from rigs.simulate.faults import Fault
from rigs.simulate.loop import Crash
from rigs.simulate.world import World

READ_TIMEOUT = 10.0
USUAL, LATE = (0.5, 4.0), (600.0, 6 * 3600.0)
OFTEN = 3
"""Carriers fail more often than AWS does."""


class SimulatedSender:
    """The port `Sender` of one provider."""

    def __init__(self, name: Provider, world: World, post: Callable[[Receipt, float], None]) -> None:
        self._name, self._world, self._post = name, world, post
        self.tells = name != "sns"
        self.down: tuple[datetime, datetime] | None = None

    def send(self, outgoing: Outgoing) -> Sent:
        """Take a message; SendFailed."""
        loop, call = self._world.loop, self._world.loop.running
        about = call.about if call else ""
        loop.wait(loop.rng.uniform(0.05, 0.4))
        fault = self._world.chaos.of_call(loop.now, "send", about, f"{self._name}.send", writes=False)
        if fault is Fault.CRASH_BEFORE:
            raise Crash
        self._refuse(about)
        reference = self._world.watch.took(outgoing, self._name)
        self._tell(outgoing, reference)
        if fault is Fault.SLOW:
            loop.wait(loop.rng.uniform(1, READ_TIMEOUT - 1))
        if fault is Fault.CRASH_AFTER:
            raise Crash
        if fault in (Fault.LOST_ANSWER, Fault.REFUSED) or self._strikes(Fault.CARRIER_DOUBT, about):
            loop.wait(READ_TIMEOUT)
            raise SendFailed("ambiguous", "timed_out")
        return Sent(self._name, reference)

    def _refuse(self, about: str) -> None:
        """Fail without having taken anything, if that is the provider's mood; SendFailed."""
        loop = self._world.loop
        if self.down and self.down[0] <= loop.now < self.down[1]:
            outcome = loop.rng.choice(("retry", "ambiguous"))
            raise SendFailed("retry", "not_reached") if outcome == "retry" else SendFailed("ambiguous", "error_there")
        if self._strikes(Fault.CARRIER_BUSY, about):
            raise SendFailed("retry", "throttled")
        if self._strikes(Fault.CARRIER_MUTE, about):
            loop.wait(READ_TIMEOUT)
            raise SendFailed("ambiguous", "timed_out")
        if self._strikes(Fault.CARRIER_NEVER, about):
            landline, opted_out = loop.rng.choice(((True, False), (False, True), (False, False)))
            raise SendFailed("permanent", "refused", landline=landline, opted_out=opted_out)

    def _tell(self, outgoing: Outgoing, reference: str) -> None:
        """Let receipts follow a message that has been taken."""
        if not self.tells or is_answer(outgoing.id):
            return
        rng, about = self._world.loop.rng, NotificationKey.from_id(outgoing.id).incident_number
        undelivered = self._strikes(Fault.UNDELIVERED, about)
        landline = undelivered and rng.random() < 0.5  # noqa: PLR2004  every other one
        if undelivered:
            self._world.watch.never_arrives(outgoing)
        if self._strikes(Fault.RECEIPT_NEVER, about):
            return
        delay = rng.uniform(*(LATE if self._strikes(Fault.RECEIPT_LATE, about) else USUAL))
        skew = timedelta(seconds=rng.uniform(-2, 2))
        receipt = Receipt(
            notification=NotificationKey.from_id(outgoing.id),
            state=State.UNDELIVERED if undelivered else State.DELIVERED,
            reason="landline" if landline else "",
            at=self._world.loop.now + timedelta(seconds=delay) + skew,
            provider=self._name,
            reference=reference,
            landline=landline,
        )
        self._post(receipt, delay)
        if self._strikes(Fault.RECEIPT_TWICE, about):
            self._post(receipt, delay + rng.uniform(0, 120))

    def _strikes(self, fault: Fault, about: str) -> bool:
        return self._world.chaos.strikes(fault, self._world.loop.now, "send", about, f"{self._name}.send", OFTEN)
