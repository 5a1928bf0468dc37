"""Items of incidents as they stand, read in the order of the table, and written again with what the index needs."""

from collections.abc import Mapping
from typing import Any

from pynamodb.exceptions import UpdateError

from chalicelib.aws.document import UNREADABLE, decode
from chalicelib.aws.stores.incidents import StoredIncident, read_row
from chalicelib.aws.stores.recent import at_place
from chalicelib.aws.tables import INCIDENT, NOTIFICATION, IncidentItem, collided, condition_failed
from chalicelib.domain.desk.recent import recent_call, recent_message
from chalicelib.domain.incidents.incident import Incident

PLACE = ("day", "began", "state", "reason", "incident_type", "beat")
PAGE = 200
"""Items that one call reads."""


class ItemsAgain:
    """A pass over the table of incidents, a page at a time."""

    def __init__(self, items: type[IncidentItem]) -> None:
        self._items, self.size = items, PAGE

    def page(self, pk: str, sk: str) -> list[IncidentItem]:
        """Return the items behind one; the first ones where there is none."""
        behind = {"pk": {"S": pk}, "sk": {"S": sk}} if pk else None
        return list(self._items.scan(limit=self.size, page_size=self.size, last_evaluated_key=behind))

    def incident(self, pk: str) -> StoredIncident | None:
        """Return the incident of a partition, or None."""
        try:
            item = self._items.get(pk, INCIDENT, consistent_read=True)
        except self._items.DoesNotExist:
            return None
        return read_incident(item)

    def write(self, item: IncidentItem, wanted: Mapping[str, str]) -> bool:
        """Put an item in its place, unless it was written meanwhile; tell whether that was done."""
        places = {name: getattr(self._items, name) for name in PLACE}
        actions = [place.set(wanted[name]) if name in wanted else place.remove() for name, place in places.items()]
        try:
            item.update(actions, condition=self._items.version == item.version)
        except UpdateError as error:
            if not condition_failed(error) and not collided(error):
                raise
            return False
        return True


def place_of(item: IncidentItem, incident: Incident | None) -> dict[str, Any] | None:
    """Return the attributes by which an item must be in the index; None for one that belongs in none.

    A message that has no type and beat yet gets those that its call has now. One that can't be read has no place.
    """
    try:
        if item.sk == INCIDENT:
            stored = decode(item.document, StoredIncident)
            return at_place(item.pk, recent_call(stored.incident, stored.created_at, stored.skipped))
        if not item.sk.startswith(NOTIFICATION):
            return None
        row = read_row(item)
    except UNREADABLE:
        return None
    if incident is not None and not item.day:
        row = row.about(incident.facts)
    return at_place(item.pk, recent_message(row))


def stands(item: IncidentItem) -> dict[str, str]:
    """Return the attributes by which an item is in the index."""
    return {name: value for name in PLACE if (value := getattr(item, name))}


def read_incident(item: IncidentItem) -> StoredIncident | None:
    """Return what an incident's item holds; None for one that can't be read."""
    try:
        return decode(item.document, StoredIncident)
    except UNREADABLE:
        return None
