"""The flows of Lambda over ports in memory, with an oracle at the provider's door."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.names import NotificationKey
from chalicelib.domain.notifications.notification import Notification, State
from chalicelib.domain.notifications.record import Claim
from chalicelib.domain.people.reply import is_answer
from chalicelib.domain.settings.agency import Agency
from chalicelib.flow.notifications.deliver import deliver_notification
from chalicelib.flow.notifications.sweep import sweep_due
from chalicelib.ports.carrier import Outgoing, SendFailed, Sent
from chalicelib.ports.queue import Hint
from chalicelib.virtual.incidents import MemoryIncidents
from chalicelib.virtual.world import MemoryPorts, MemoryQueue, senders
from rigs.floor.oracle.oracle import Oracle

MOST_LOOKS = 8


class Door:
    """A provider that shows each message to the oracle; it refuses the first `busy` ones."""

    tells = True

    def __init__(self, oracle: Oracle, clock: MemoryQueue, busy: int) -> None:
        self._oracle, self._clock, self._busy = oracle, clock, busy
        self.taken = 0

    def send(self, outgoing: Outgoing) -> Sent:
        """Take a message; SendFailed."""
        if is_answer(outgoing.id):
            self._oracle.judge_answer(outgoing.address, outgoing.body)
            return Sent("end_user_messaging", "answer")
        if self._busy:
            self._busy -= 1
            self._oracle.moment.refused.add(outgoing.address)
            raise SendFailed("retry", "throttled")
        now = self._clock.now
        if now is None:
            raise RuntimeError("nobody told the time")
        self.taken += 1
        self._oracle.judge(NotificationKey.from_id(outgoing.id), outgoing.address, outgoing.body, now)
        return Sent("end_user_messaging", f"message-{self.taken}")


class Raced(MemoryIncidents):
    """Incidents, with things that happen just before a claim and just after it."""

    before_claim: Callable[[], None]
    after_claim: Callable[[Notification], None]

    def claim(self, row: Notification, claim: Claim) -> Notification:
        """Claim a row while other things happen; Conflict."""
        self.before_claim()
        claimed = super().claim(row, claim)
        self.after_claim(claimed)
        return claimed


class Deaf(MemoryQueue):
    """A queue that loses the hints of all but the sweep."""

    sweeps = False

    def hint(self, hints: Sequence[Hint]) -> None:
        """Take hints while the sweep runs."""
        if self.sweeps:
            super().hint(hints)


class City:
    """One agency, on a clock that jumps to what is due next; `lag` is how late each function is."""

    def __init__(self, agency: Agency, oracle: Oracle, now: datetime, lag: float, hints_lost: bool, busy: int) -> None:
        self.agency, self.oracle, self.now, self._lag = agency, oracle, now, timedelta(seconds=lag)
        self.ports = MemoryPorts(agency, beating=True)
        self.incidents = self.ports.incidents = Raced(self.ports.contacts, self.ports.surveys)
        if hints_lost:
            self.ports.queue = Deaf()
        self.door = Door(oracle, self.ports.queue, busy)
        self.ports.senders = senders(self.door, self.door)
        self.tell_time(now)

    def tell_time(self, now: datetime) -> None:
        """Set every clock."""
        self.now = now
        self.ports.tell_time(now)

    def run(self, until: datetime) -> datetime:
        """Let everything happen that is due by then; return until when functions ran.

        A row that is held is looked at each minute, perhaps for weeks. After some looks they stop, as in an outage.
        """
        queue, incidents, patience = self.ports.queue, self.incidents, MOST_LOOKS
        while patience:
            hinted, due = queue.next_due(), incidents.next_due()
            at = min((each for each in (hinted, due) if each), default=None)
            if at is None or at + self._lag > until:
                self.tell_time(until)
                return until
            now = max(at + self._lag, self.now)
            self.tell_time(now)
            if hinted is not None and hinted <= now:
                held = deliver_notification(queue.take(), self.ports, now) is State.SCHEDULED
                patience -= held
            else:
                self._sweep(now)
        stopped = self.now
        self.tell_time(until)
        return stopped

    def _sweep(self, now: datetime) -> None:
        queue: Any = self.ports.queue
        queue.sweeps = True
        sweep_due(self.ports, now)
        queue.sweeps = False
