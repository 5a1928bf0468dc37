"""A due row with everything that decides about it: each step from here to the provider takes this value."""

from datetime import datetime

from msgspec import Struct

from chalicelib.domain.desk.attention import Attention
from chalicelib.domain.desk.held import heeded_row
from chalicelib.domain.notifications.notification import Notification, State
from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.domain.settings.agency import Agency
from chalicelib.ports.world import Ports


class Due(Struct, frozen=True, kw_only=True):
    """A due row, its incident, its agency's settings at that beat, the ports and the time."""

    row: Notification
    record: IncidentRecord
    agency: Agency
    ports: Ports
    now: datetime
    beside: tuple[str, int] | None = None
    """The incident that this one waits for, and the version of its record that was read."""

    def settle(self, state: State, reason: str) -> Notification:
        """Write the row in the given state, and return it; Conflict."""
        return self.put(self.row.moved(state, self.now, reason))

    def put_off(self, until: datetime, reason: str) -> Notification:
        """Write the row as due later, and return it; Conflict."""
        return self.put(self.row.moved(State.SCHEDULED, self.now, reason, send_at=until))

    def put(self, moved: Notification) -> Notification:
        """Write the row as it stands now, with what that does to what waits for somebody; Conflict."""
        return self.ports.incidents.put(moved, self.heed(moved))

    def heed(self, moved: Notification) -> Attention:
        """Return whether the call begins or ceases to wait for a person with the row as it stands now."""
        return heeded_row(self.record, moved, self.agency, self.now)
