"""A person's calls: an item in their partition for each incident on which their address ever was.

It leads to the incident and says nothing of it. An item may come before its incident, and outlive it: whoever follows
it reads the incident, and looks whether the address is there.
"""

from collections.abc import Callable
from datetime import datetime

from chalicelib.aws.tables import CALL, ContactItem, instant, read_instant
from chalicelib.domain.desk.recent import CallOf
from chalicelib.domain.incidents.leading import LONGER
from chalicelib.domain.notifications.record import IncidentChange

_LATER_THAN_ALL = "~"


class Calls:
    """The part of the contacts that leads from people to their calls; `place` gives a person's partition."""

    def __init__(self, items: type[ContactItem], place: Callable[[str, str], str]) -> None:
        self._items, self._place = items, place

    def of_change(self, change: IncidentChange) -> list[ContactItem]:
        """Return the items that lead the people of a change to its incident; they outlive it."""
        agency_id, number = change.incident.agency_id, change.incident.incident_number
        until = change.keep_until + LONGER if change.keep_until else None
        return [self.item(agency_id, address, number, change.created_at, until) for address in sorted(change.met)]

    def item(
        self, agency_id: str, address: str, number: str, created_at: datetime, until: datetime | None
    ) -> ContactItem:
        """Return the item that leads a person to an incident: the same one whenever it is written."""
        name = f"{CALL}{instant(created_at)}#{number}"
        return self._items(self._place(agency_id, address), name, expires=until)

    def of(
        self, partition: str, since: datetime | None, until: datetime | None, most: int | None = None
    ) -> tuple[CallOf, ...]:
        """Return a person's calls that began in a span, the latest first, so many at most."""
        first = f"{CALL}{instant(since)}" if since else CALL
        last = f"{CALL}{instant(until)}{_LATER_THAN_ALL}" if until else f"{CALL}{_LATER_THAN_ALL}"
        within = self._items.sk.between(first, last)
        found = self._items.query(
            partition, within, scan_index_forward=False, consistent_read=True, limit=most, page_size=most
        )
        return tuple(_read(item.sk) for item in found)


def _read(sk: str) -> CallOf:
    """Read an item's name; an instant holds no `#`."""
    at, number = sk.removeprefix(CALL).split("#", 1)
    return CallOf(read_instant(at), number)
