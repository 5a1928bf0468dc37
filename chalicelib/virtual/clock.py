"""A city on a clock that jumps to whatever is due next: years in seconds, exact and repeatable.

The flows are those that run on Lambda. At a tie the timer comes before the update, as it would if
the update took any time at all to arrive.
"""

import heapq
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import count

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.incidents.update import Update
from chalicelib.domain.names import NotificationKey
from chalicelib.domain.notifications.notification import State
from chalicelib.domain.notifications.receipt import Receipt
from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.incident_types import IncidentType
from chalicelib.flow.incidents.receive import receive_updates
from chalicelib.flow.notifications.deliver import deliver_notification
from chalicelib.flow.notifications.record_receipt import take_receipt
from chalicelib.flow.notifications.sweep import sweep_due
from chalicelib.virtual.world import MemoryPorts

RECEIPT_AFTER = timedelta(seconds=2)


class Told(Struct, frozen=True, order=True):
    """One update, and when the dispatch system sends it."""

    at: datetime
    order: int
    update: Update


class VirtualCity:
    """One agency's incidents over in-memory ports; `ports` may be looked into at any time."""

    def __init__(self, agency: Agency) -> None:
        self.agency = agency
        self.ports = MemoryPorts(agency, beating=True)
        self._receipts: list[tuple[datetime, int, Receipt]] = []
        self._order = count()

    def play(self, told: Iterable[Told]) -> Iterator[Told]:
        """Play updates in the order of their times, and everything due between and after them.

        Yields each update as it has been taken in, so that somebody may watch.
        """
        for item in sorted(told, key=lambda item: (item.at, item.order)):
            self.run_until(item.at)
            self.ports.tell_time(item.at)
            receive_updates([item.update], item.update.update_id, self.agency, self.ports, item.at)
            yield item
        self.run_until(None)

    def run_until(self, end: datetime | None) -> None:
        """Let everything happen that is due up to an instant, or until nothing is due any more."""
        while True:
            at = self._next()
            if at is None or (end is not None and at > end):
                return
            self.ports.tell_time(at)
            self._step(at)

    def records(self) -> Iterable[IncidentRecord]:
        """Return every incident with its decisions."""
        return self.ports.incidents.records()

    def receipt(self, key: NotificationKey, now: datetime) -> Receipt | None:
        """Return what the carrier will say of a message that it has taken; None: nothing, ever."""
        return Receipt(
            notification=key,
            state=State.DELIVERED,
            reason="delivered",
            at=now + RECEIPT_AFTER,
            provider="end_user_messaging",
            reference="",
        )

    def deliver(self, key: NotificationKey, now: datetime) -> None:
        """Bring one row as far as it can go."""
        if deliver_notification(key, self.ports, now) is not State.SENT:
            return
        receipt = self.receipt(key, now)
        if receipt:
            heapq.heappush(self._receipts, (receipt.at, next(self._order), receipt))

    def _next(self) -> datetime | None:
        receipts = self._receipts[0][0] if self._receipts else None
        due = (self.ports.queue.next_due(), self.ports.incidents.next_due(), receipts)
        earliest = min((at for at in due if at is not None), default=None)
        # What was due before we heard of it happens now: the clock never goes back.
        return earliest and max(earliest, self.ports.queue.now or earliest)

    def _step(self, now: datetime) -> None:
        hinted = self.ports.queue.next_due()
        if self._receipts and self._receipts[0][0] <= now:
            take_receipt(heapq.heappop(self._receipts)[2], self.ports)
        elif hinted is not None and hinted <= now:
            self.deliver(self.ports.queue.take(), now)
        else:
            sweep_due(self.ports, now)


def as_if_live(agency: Agency) -> Agency:
    """Return settings under which everything that the rules allow is sent."""
    return replace(
        agency,
        mode="live",
        shadow_kinds=frozenset(),
        incident_types=_without_mode(agency.incident_types),
        cities=tuple(
            replace(
                city,
                mode=None,
                incident_types=city.incident_types and _without_mode(city.incident_types),
            )
            for city in agency.cities
        ),
    )


def _without_mode(types: tuple[IncidentType, ...]) -> tuple[IncidentType, ...]:
    return tuple(replace(rule, mode=None) for rule in types)
