"""The city in which scenarios are played: carriers that fail as they are told to, a feed that can fall silent."""

from datetime import datetime

from msgspec.structs import replace

from chalicelib.domain.names import NotificationKey
from chalicelib.domain.notifications.notification import State
from chalicelib.domain.notifications.receipt import Receipt
from chalicelib.domain.notifications.retry import FailureOutcome
from chalicelib.domain.people.reply import is_answer
from chalicelib.domain.settings.agency import Agency
from chalicelib.flow.notifications.deliver import push_on
from chalicelib.ports.carrier import Outgoing, SendFailed, Sent
from chalicelib.virtual.carrier import Behaviour, Carrier
from chalicelib.virtual.clock import VirtualCity
from chalicelib.virtual.world import MemorySender, senders

_REFUSED: dict[Behaviour, tuple[FailureOutcome, str]] = {
    "throttle": ("retry", "throttled"),
    "timeout": ("ambiguous", "timed_out"),
    "optout": ("permanent", "opted_out"),
}


class StageSender(MemorySender):
    """A provider that treats each message as the scenario has it; what timed out may have gone, so it is kept."""

    def __init__(self, carrier: Carrier, treated: dict[str, Behaviour]) -> None:
        super().__init__()
        self._carrier, self._treated = carrier, treated

    def send(self, outgoing: Outgoing) -> Sent:
        """Take a message, or refuse it; SendFailed."""
        behaviour = self._carrier.behaviour(outgoing.address)
        refused = _REFUSED.get(behaviour)
        self._treated[outgoing.id] = behaviour
        if refused and refused[0] != "ambiguous":
            raise SendFailed(*refused, opted_out=behaviour == "optout")
        sent = super().send(outgoing)
        if refused:
            raise SendFailed(*refused)
        return sent


class Stage(VirtualCity):
    """A city whose carriers, feed and sending do as the scenario tells them."""

    def __init__(self, agency: Agency) -> None:
        super().__init__(agency)
        self.carrier = Carrier()
        self._treated: dict[str, Behaviour] = {}
        self._senders = tuple(StageSender(self.carrier, self._treated) for _ in range(2))
        self.ports.sms, self.ports.email = self._senders
        self.ports.senders = senders(self.ports.sms, self.ports.email)
        self.broken = False

    @property
    def went(self) -> list[Outgoing]:
        """Return every notification that a carrier took, or may have taken; answers to replies are none."""
        taken = [outgoing for sender in self._senders for outgoing in sender.outgoing]
        return [outgoing for outgoing in taken if not is_answer(outgoing.id)]

    def deliver(self, key: NotificationKey, now: datetime) -> None:
        """Bring one row as far as it can go, or put it off as after an error of our own."""
        if self.broken:
            push_on(key, self.ports, now)
        else:
            super().deliver(key, now)

    def receipt(self, key: NotificationKey, now: datetime) -> Receipt | None:
        """Return what the carrier will say of a message."""
        behaviour = self._treated[key.id]
        receipt = super().receipt(key, now)
        if behaviour == "accept_then_drop" or receipt is None:
            return None
        is_text = self.ports.incidents.load(key.incident).rows[key].channel == "sms"
        if behaviour == "block" and is_text:
            return replace(receipt, state=State.UNDELIVERED, reason="carrier_blocked", carried=False)
        if behaviour in ("fail", "landline", "block"):
            return replace(receipt, state=State.UNDELIVERED, reason=behaviour, landline=behaviour == "landline")
        return replace(receipt, carried=True) if is_text else receipt
