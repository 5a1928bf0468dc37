"""One message of the shadow as the collectors take it, and how its words are compared."""

from datetime import datetime, tzinfo

from msgspec import Struct

from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.notification import TAKEN, Notification, State
from chalicelib.domain.notifications.reasons import Reason

_WAITS = frozenset({State.SCHEDULED, State.SENDING})


STANDINGS = ("messages", "went", "waiting", "not_sent")
"""The outcome of a decision: the message would have gone, went, may still go, or has a reason not to go."""


class Seen(Struct, frozen=True):
    """A message that would have gone, when in the agency's own time, and the incident that it was about."""

    row: Notification
    at: datetime
    place: str
    code: str
    wording: str

    @property
    def kind(self) -> Kind:
        """Return what the message says."""
        return self.row.key.kind


def standing(row: Notification) -> str:
    """Return which of STANDINGS a row is."""
    if row.state is State.SUPPRESSED and row.reason == Reason.SHADOW:
        return "messages"
    if row.state in _WAITS:
        return "waiting"
    return "went" if row.state in TAKEN or row.sent_at else "not_sent"


def moment(row: Notification, zone: tzinfo) -> datetime:
    """Return when a row went, would have gone, or will be looked at."""
    return (row.sent_at or row.finished_at or row.planned_for).astimezone(zone)


def wording(body: str, incident: Incident) -> str:
    """Return the words without the numbers that make each text a different one."""
    for number in (incident.incident_number, *(incident.facts.case_numbers or ())):
        body = body.replace(number, "#")
    return body
