"""Cancel one message that has not gone, because a person of the agency says so."""

from datetime import datetime

from chalicelib.domain.desk.held import heeded_row
from chalicelib.domain.names import NotificationKey
from chalicelib.domain.notifications.notification import Notification, State
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.flow.conflicts import again_on_conflict
from chalicelib.flow.incidents.settings_of import settings_of
from chalicelib.ports.world import Ports


class TooLate(LookupError):
    """The message does not wait any more: `state` says what became of it."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


@again_on_conflict()
def cancel_one(key: NotificationKey, ports: Ports, now: datetime) -> Notification:
    """Give a message up for good, and return it; TooLate, LookupError where there is none, Busy.

    It ends as suppressed, which no plan moves again: `cancelled` is for what the plan does not want, and that comes
    back when the plan wants it. Where a worker claims it at the same moment, one of the two writes counts.
    """
    record = ports.incidents.load(key.incident)
    agency = settings_of(record, ports)
    row = record.rows.get(key)
    if row is None or agency is None:
        raise LookupError(key.id)
    if row.state is not State.SCHEDULED:
        raise TooLate(row.state)
    gone = row.moved(State.SUPPRESSED, now, Reason.CANCELLED_BY_PERSON)
    return ports.incidents.put(gone, heeded_row(record, gone, agency, now))
