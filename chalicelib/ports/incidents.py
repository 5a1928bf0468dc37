"""Incidents and their notifications, as the flows need them stored."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from chalicelib.domain.desk.attention import CALM, Attention
from chalicelib.domain.names import IncidentKey, NotificationKey
from chalicelib.domain.notifications.notification import Notification
from chalicelib.domain.notifications.record import Claim, IncidentChange, IncidentRecord


class Incidents(Protocol):
    """Incidents and their notifications."""

    def load(self, key: IncidentKey) -> IncidentRecord:
        """Read an incident and its notifications in one consistent read; Unreadable."""

    def save(self, change: IncidentChange) -> None:
        """Write a change whole or not at all, but for the words that were said; Conflict where anything moved since."""

    def put(self, row: Notification, attention: Attention = CALM) -> Notification:
        """Write one row over the version that it was read as, and return it with its new version; Conflict.

        What begins or ceases to wait for somebody is written with it, or neither is.
        """

    def claim(self, row: Notification, claim: Claim) -> Notification:
        """Write the row as claimed in one transaction; Conflict where anything that it was decided on has changed."""

    def due(self, until: datetime) -> Iterable[tuple[NotificationKey, datetime]]:
        """Return each row that must be looked at by then, with the instant, from the index of what is due.

        One that is claimed may come with the instant at which it was due, before its lease has ended.
        """

    def put_aside(self, key: NotificationKey, until: datetime) -> None:
        """Let a row that can't be read wait in the index until then, as it is; Conflict."""
