"""Incidents and their notifications in DynamoDB."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace
from pynamodb.connection import Connection
from pynamodb.exceptions import TransactWriteError, UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from chalicelib.aws.document import UNREADABLE, decode, encode
from chalicelib.aws.stores.claim import ClaimWriter
from chalicelib.aws.stores.contacts import ContactTable
from chalicelib.aws.stores.history import (
    HISTORY,
    Heard,
    Reveal,
    Story,
    history_item,
    read_heard,
    read_reveal,
    reveal_item,
)
from chalicelib.aws.stores.ledger import no_ledger
from chalicelib.aws.stores.left_out import log_left_out
from chalicelib.aws.stores.surveys import SurveyTable
from chalicelib.aws.tables import (
    INCIDENT,
    SHARDS,
    Add,
    IncidentItem,
    as_conflict,
    due_shard,
    incident_key,
    incident_pk,
    instant,
    notification_key,
    notification_sk,
    read_instant,
    save_over,
    still_at,
)
from chalicelib.domain.approval import Entry
from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.names import IncidentKey, NotificationKey
from chalicelib.domain.notifications.notification import Notification, State
from chalicelib.domain.notifications.plan import Skipped
from chalicelib.domain.notifications.record import Claim, IncidentChange, IncidentRecord
from chalicelib.ports.errors import Unreadable

T = TypeVar("T")

MOST_IN_TRANSACTION = 100
"""DynamoDB's limit on the items of one transaction."""


class StoredIncident(Struct, frozen=True, omit_defaults=True):
    """The document in an incident's item."""

    incident: Incident
    skipped: tuple[Skipped, ...]
    created_at: datetime
    settings_version: int = 0


class IncidentTable:
    """The port `Incidents` over DynamoDB."""

    def __init__(
        self,
        items: type[IncidentItem],
        contacts: ContactTable,
        surveys: SurveyTable,
        connection: Connection,
        ledger: Callable[[Entry], Add] = no_ledger,
        leave_out: Callable[[str], None] = log_left_out,
    ) -> None:
        self._items, self._contacts, self._connection, self._ledger = items, contacts, connection, ledger
        self._leave_out = leave_out
        self._claims = ClaimWriter(items, contacts, surveys, connection)

    def load(self, key: IncidentKey) -> IncidentRecord:
        """Read an incident and its notifications by one consistent Query, the history left out; Unreadable.

        A notification that can't be read is left out: it must not keep its neighbours from their people.
        """
        found = self._items.query(incident_pk(key), self._items.sk >= INCIDENT, consistent_read=True)
        return _record(key, list(found), self._leave_out)

    def story(self, key: IncidentKey) -> Story:
        """Read all that is kept of an incident by one consistent Query: the history and who was shown whom, too."""
        found = list(self._items.query(incident_pk(key), consistent_read=True))
        return Story(
            record=_record(key, [item for item in found if item.sk >= INCIDENT], self._leave_out),
            heard=tuple(self._readable(read_heard, found)),
            reveals=tuple(self._readable(read_reveal, found)),
            keep_until=next((item.expires for item in found if item.sk == INCIDENT), None),
        )

    def note_reveal(self, key: IncidentKey, reveal: Reveal, keep_until: datetime | None) -> None:
        """Keep in an incident's story that somebody was shown its people's addresses, and why."""
        reveal_item(self._items, key, reveal, keep_until).save()

    def save(self, change: IncidentChange) -> None:
        """Write all of a change at once; Conflict.

        People's profiles learn first whom the change silences. The history learns first what was said of an incident
        that is kept: it is true although the change is refused, another try writes the same item, and a transaction
        would cost twice as much. Of a new incident it is written with it, so that no words stay without an incident.
        Where only the incident changes, it is one conditional put. Where a transaction is too full, cancellations and
        silences go before it, in transactions of their own. They may stand alone: they only ever stop a text.
        """
        silences, rows = self._contacts.silences, sorted(change.rows, key=lambda row: row.state is State.CANCELLED)
        incident, unchanged = self._incident(change), still_at(self._items, change.version)
        said = [history_item(self._items, change)] if change.updates else []
        silences.keep(change)
        for item in said if change.version else ():
            item.save()
        writes: list[Add] = [
            _put(incident, unchanged),
            *map(self._ledger, change.entries),
            *(() if change.version else map(_put, said)),
            *silences.lifts(change),
            *(_put(self._row(row), still_at(self._items, row.version)) for row in rows),
            *map(_put, silences.of_incident(change)),
        ]
        if len(writes) == 1:
            save_over(incident, unchanged)
        else:
            for start in reversed(range(0, len(writes), MOST_IN_TRANSACTION)):
                self._write(writes[start : start + MOST_IN_TRANSACTION])

    def _write(self, writes: Sequence[Add]) -> None:
        try:
            with TransactWrite(connection=self._connection) as transaction:
                for write in writes:
                    write(transaction)
        except TransactWriteError as error:
            raise as_conflict(error) from error

    def put(self, row: Notification) -> Notification:
        """Write one row over the version that it was read as; Conflict."""
        save_over(self._row(row), still_at(self._items, row.version))
        return replace(row, version=row.version + 1)

    def claim(self, row: Notification, claim: Claim) -> Notification:
        """Claim a row, if its contact still allows it, in one transaction; Conflict.

        The row keeps its place in the index: moving it in and out again would cost two more writes.
        A worker that finds it before its lease has ended sees that in the row, and leaves it alone.
        """
        self._claims.write(self._row(row, claim.due_at), still_at(self._items, row.version), row, claim)
        return replace(row, version=row.version + 1)

    def due(self, until: datetime) -> Iterator[tuple[NotificationKey, datetime]]:
        """Return what must be looked at by then. The index lags: whoever acts on it reads the row first.

        A row whose key can't be read, as of a kind that another release knows, is left out and stays in the index.
        """
        for shard in range(SHARDS):
            for item in self._items.due.query(str(shard), self._items.send_at <= instant(until)):
                try:
                    found = notification_key(item.pk, item.sk), read_instant(item.send_at or "")
                except ValueError:
                    self._leave_out(f"{item.pk} {item.sk}")
                    continue
                yield found

    def put_aside(self, key: NotificationKey, until: datetime) -> None:
        """Let a row that can't be read wait in the index until then; its document stays as it is. Conflict."""
        place = self._items(incident_pk(key.incident), notification_sk(key))
        try:
            place.update([self._items.send_at.set(instant(until))], condition=self._items.send_at.exists())
        except UpdateError as error:
            raise as_conflict(error) from error

    def keys(self) -> Iterator[IncidentKey]:
        """Return the key of every incident, by a scan: for people who look, not for a flow."""
        for item in self._items.scan(self._items.sk == INCIDENT):
            yield incident_key(item.pk)

    def records(self, agency_id: str, *, complete: bool = False) -> Iterator[IncidentRecord]:
        """Return every incident of an agency with its notifications, by one scan: for people who look, not for a flow.

        A scan promises no order, so all of it is read, a few KB an incident, before the first comes out. An incident
        that can't be read is left out. If the answer must be `complete`, it raises Unreadable after the last one.
        """
        ours = self._items.pk.startswith(f"{agency_id}#") & (self._items.sk >= INCIDENT)
        found: defaultdict[str, list[IncidentItem]] = defaultdict(list)
        for item in self._items.scan(ours):
            found[item.pk].append(item)
        unread = []
        for pk in sorted(found):
            try:
                record = _record(incident_key(pk), found.pop(pk), self._leave_out)
            except Unreadable as problem:
                self._leave_out(problem.place)
                unread.append(problem.place)
                continue
            if record.version:  # else a row was read, and its incident had not been written when the scan passed
                yield record
        if complete and unread:
            raise Unreadable(", ".join(unread))

    def heard(self, agency_id: str) -> Iterator[Heard]:
        """Yield what each webhook said of an agency's incidents, in no order, by one scan: for people who look."""
        ours = self._items.pk.startswith(f"{agency_id}#") & self._items.sk.startswith(HISTORY)
        return self._readable(read_heard, self._items.scan(ours))

    def _readable(self, read: Callable[[IncidentItem], T | None], found: Iterable[IncidentItem]) -> Iterator[T]:
        """Yield what items say, but for those that are of another kind or that can't be read."""
        for item in found:
            try:
                told = read(item)
            except UNREADABLE:
                self._leave_out(f"{item.pk} {item.sk}")
                continue
            if told is not None:
                yield told

    def _incident(self, change: IncidentChange) -> IncidentItem:
        pk = incident_pk(change.incident.key)
        stored = StoredIncident(change.incident, change.skipped, change.created_at, change.settings_version)
        return self._items(pk, INCIDENT, version=change.version + 1, document=encode(stored), expires=change.keep_until)

    def _row(self, row: Notification, found_at: datetime | None = None) -> IncidentItem:
        pk = incident_pk(row.key.incident)
        written = replace(row, version=row.version + 1)
        return self._items(
            pk,
            notification_sk(row.key),
            version=written.version,
            document=encode(written),
            expires=row.keep_until,
            due_shard=due_shard(pk) if row.awaits else None,
            send_at=instant(found_at or row.send_at) if row.awaits else None,
        )


def _put(item: Model, unchanged: Condition | None = None) -> Add:
    """Return the write of an item, with what must hold of the one that it replaces."""
    return lambda transaction: transaction.save(item, unchanged)


def read_row(item: IncidentItem) -> Notification:
    """Read a notification's item."""
    return decode(item.document, Notification)


def _record(key: IncidentKey, found: Sequence[IncidentItem], leave_out: Callable[[str], None]) -> IncidentRecord:
    """Return what an incident's item and those of its notifications hold together; version 0 without the first."""
    item = next((item for item in found if item.sk == INCIDENT), None)
    if item is None:
        return IncidentRecord(incident=Incident(agency_id=key.agency_id, incident_number=key.incident_number))
    try:
        stored = decode(item.document, StoredIncident)
    except UNREADABLE as problem:
        raise Unreadable(f"{item.pk} {item.sk}") from problem
    rows, unread = _rows([item for item in found if item.sk != INCIDENT], leave_out)
    return IncidentRecord(
        incident=stored.incident,
        skipped=stored.skipped,
        rows=rows,
        unread=unread,
        version=int(item.version or 0),
        created_at=stored.created_at,
        settings_version=stored.settings_version,
    )


def _rows(
    found: Iterable[IncidentItem], leave_out: Callable[[str], None]
) -> tuple[dict[NotificationKey, Notification], frozenset[NotificationKey]]:
    """Return the notifications that can be read, and the keys of the others as far as they are keys to us."""
    rows, unread = dict[NotificationKey, Notification](), set[NotificationKey]()
    for item in found:
        try:
            row = read_row(item)
        except UNREADABLE:
            leave_out(f"{item.pk} {item.sk}")
            with suppress(ValueError):
                unread.add(notification_key(item.pk, item.sk))
        else:
            rows[row.key] = row
    return rows, frozenset(unread)
