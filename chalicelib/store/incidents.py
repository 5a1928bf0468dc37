"""Incidents and their notifications in DynamoDB."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace
from pynamodb.connection import Connection
from pynamodb.exceptions import PutError, TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from chalicelib.domain.identity import IncidentKey, NotificationKey
from chalicelib.domain.incident import Incident
from chalicelib.domain.notification import Notification, State
from chalicelib.domain.plan import Skipped
from chalicelib.domain.record import Change, Claim, IncidentRecord
from chalicelib.store.contacts import ContactTable
from chalicelib.store.document import decode, encode
from chalicelib.store.surveys import SurveyTable
from chalicelib.store.tables import (
    INCIDENT,
    SHARDS,
    IncidentItem,
    as_conflict,
    due_shard,
    incident_key,
    incident_pk,
    instant,
    notification_key,
    notification_sk,
    read_instant,
)

MOST_IN_TRANSACTION = 100
"""DynamoDB's limit on the items of one transaction."""

Write = tuple[Model, Condition | None]
"""An item, and what must hold of the one that it replaces."""


class StoredIncident(Struct, frozen=True, omit_defaults=True):
    """What an incident's item holds."""

    incident: Incident
    skipped: tuple[Skipped, ...]
    created_at: datetime


class IncidentTable:
    """The port `Incidents` over DynamoDB."""

    def __init__(
        self, items: type[IncidentItem], contacts: ContactTable, surveys: SurveyTable, connection: Connection
    ) -> None:
        self._items, self._contacts, self._surveys, self._connection = items, contacts, surveys, connection

    def load(self, key: IncidentKey) -> IncidentRecord:
        """Read an incident and its notifications by one consistent Query, the history left out."""
        found = list(self._items.query(incident_pk(key), self._items.sk >= INCIDENT, consistent_read=True))
        rows = [read_row(item) for item in found if item.sk != INCIDENT]
        item = next((item for item in found if item.sk == INCIDENT), None)
        if item is None:
            return IncidentRecord(incident=Incident(agency_id=key.agency_id, incident_number=key.incident_number))
        stored = read_incident(item)
        return IncidentRecord(
            incident=stored.incident,
            skipped=stored.skipped,
            rows={row.key: row for row in rows},
            version=int(item.version or 0),
            created_at=stored.created_at,
        )

    def save(self, change: Change) -> None:
        """Write all of a change in one transaction; Conflict.

        What is left when a transaction is full goes before it, in others: cancellations and
        silences may stand alone, they only ever stop a text.
        """
        pk = incident_pk(change.incident.key)
        rows = sorted(change.rows, key=lambda row: row.state is State.CANCELLED)
        writes: list[Write] = [
            (self._incident(pk, change), self._unchanged(change.version)),
            (self._history(pk, change), None),
            *((self._row(row), self._unchanged(row.version)) for row in rows),
            *((silence, None) for silence in self._contacts.silences(change)),
        ]
        for start in reversed(range(0, len(writes), MOST_IN_TRANSACTION)):
            self._write(writes[start : start + MOST_IN_TRANSACTION])

    def _write(self, writes: Sequence[Write]) -> None:
        try:
            with TransactWrite(connection=self._connection) as transaction:
                for item, condition in writes:
                    transaction.save(item, condition)
        except TransactWriteError as error:
            raise as_conflict(error) from error

    def put(self, row: Notification) -> Notification:
        """Write one row over the version that it was read as; Conflict."""
        try:
            self._row(row).save(self._unchanged(row.version))
        except PutError as error:
            raise as_conflict(error) from error
        return replace(row, version=row.version + 1)

    def claim(self, row: Notification, claim: Claim) -> Notification:
        """Claim a row, if its contact still allows it, in one transaction; Conflict."""
        try:
            with TransactWrite(connection=self._connection) as transaction:
                transaction.save(self._row(row), self._unchanged(row.version))
                decided_on = self._items.version == claim.incident_version
                transaction.condition_check(self._items, incident_pk(row.key.incident), INCIDENT, condition=decided_on)
                self._contacts.add_to_claim(transaction, row.key.agency_id, row.address, claim)
                if claim.survey:
                    self._surveys.add_to_claim(transaction, claim.survey)
        except TransactWriteError as error:
            raise as_conflict(error) from error
        return replace(row, version=row.version + 1)

    def due(self, until: datetime) -> Iterator[tuple[NotificationKey, datetime]]:
        """Return what must be looked at by then. The index lags: whoever acts on it reads the row first."""
        for shard in range(SHARDS):
            for item in self._items.due.query(str(shard), self._items.send_at <= instant(until)):
                yield notification_key(item.pk, item.sk), read_instant(item.send_at or "")

    def keys(self) -> Iterator[IncidentKey]:
        """Return the key of every incident, by a scan: for people who look, not for a flow."""
        for item in self._items.scan(self._items.sk == INCIDENT):
            yield incident_key(item.pk)

    def _unchanged(self, version: int) -> Condition:
        return self._items.version == version if version else self._items.pk.does_not_exist()

    def _incident(self, pk: str, change: Change) -> IncidentItem:
        stored = StoredIncident(change.incident, change.skipped, change.created_at)
        return self._items(pk, INCIDENT, version=change.version + 1, document=encode(stored), expires=change.keep_until)

    def _row(self, row: Notification) -> IncidentItem:
        pk = incident_pk(row.key.incident)
        written = replace(row, version=row.version + 1)
        return self._items(
            pk,
            notification_sk(row.key),
            version=written.version,
            document=encode(written),
            expires=row.keep_until,
            due_shard=due_shard(pk) if row.awaits else None,
            send_at=instant(row.send_at) if row.awaits else None,
        )

    def _history(self, pk: str, change: Change) -> IncidentItem:
        sk = f"history#{instant(change.at)}#{change.source_id}"
        return self._items(pk, sk, document=encode(change.updates), expires=change.keep_history_until)


def read_row(item: IncidentItem) -> Notification:
    """Read a notification's item."""
    return decode(item.document, Notification)


def read_incident(item: IncidentItem) -> StoredIncident:
    """Read an incident's item."""
    return decode(item.document, StoredIncident)
