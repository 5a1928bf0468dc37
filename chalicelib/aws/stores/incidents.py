"""Incidents and their notifications in DynamoDB."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
from chalicelib.aws.stores.names import name_writes, read_names
from chalicelib.aws.stores.recent import at_place
from chalicelib.aws.stores.surveys import SurveyTable
from chalicelib.aws.tables import (
    INCIDENT,
    NOTIFICATION,
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
from chalicelib.domain.desk.attention import CALM, Attention
from chalicelib.domain.desk.recent import recent_call, recent_message
from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.incidents.update import Evidence
from chalicelib.domain.names import IncidentKey, NotificationKey
from chalicelib.domain.notifications.notification import Notification, State
from chalicelib.domain.notifications.plan import Skipped
from chalicelib.domain.notifications.record import Claim, IncidentChange, IncidentRecord
from chalicelib.ports.errors import Unreadable

T = TypeVar("T")

MOST_IN_TRANSACTION = 100
"""DynamoDB's limit on the items of one transaction."""


class StoredIncident(Struct, frozen=True, omit_defaults=True):
    """The document in an incident's item; `unjudged` came with this change, and another release need not keep it."""

    incident: Incident
    skipped: tuple[Skipped, ...]
    created_at: datetime
    settings_version: int = 0
    taken_back: Mapping[str, datetime] = {}
    unjudged: tuple[Evidence, ...] = ()


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
        return _record(key, self._items.onwards(incident_pk(key), INCIDENT), self._leave_out)

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
        silences, attention = self._contacts.silences, self._contacts.attention
        rows = sorted(change.rows, key=lambda row: row.state is State.CANCELLED)
        incident, unchanged = self._incident(change), still_at(self._items, change.version)
        said = [history_item(self._items, change)] if change.updates else []
        silences.keep(change)
        for item in said if change.version else ():
            item.save()
        writes: list[Add] = [
            _put(incident, unchanged),
            *attention.ended(change.incident.agency_id, change.attention),
            *name_writes(self._items, change),
            *map(self._ledger, change.entries),
            *(() if change.version else map(_put, said)),
            *silences.lifts(change),
            *(_put(self._row(row), still_at(self._items, row.version)) for row in rows),
            *map(_put, silences.of_incident(change)),
            *attention.begun(change.attention),
            *map(_put, self._contacts.met.of_change(change)),
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

    def put(self, row: Notification, attention: Attention = CALM) -> Notification:
        """Write one row over the version that it was read as, in a transaction with what waits for somebody; Conflict.

        Where nobody's attention changes, it is one conditional put.
        """
        item, unchanged = self._row(row), still_at(self._items, row.version)
        if attention:
            self._write([_put(item, unchanged), *self._contacts.attention.writes(row.key.agency_id, attention)])
        else:
            save_over(item, unchanged)
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
        """Return the key of every incident, by a scan: for our rigs, not for a flow or a command."""
        for item in self._items.scan(self._items.sk == INCIDENT):
            yield incident_key(item.pk)

    def records(self, agency_id: str) -> Iterator[IncidentRecord]:
        """Return every incident of an agency with its notifications, by one scan: where not all are in the index.

        A scan promises no order, so all of it is read, a few KB an incident, before the first comes out. An incident
        that can't be read is left out.
        """
        ours = self._items.pk.startswith(f"{agency_id}#") & (self._items.sk >= INCIDENT)
        found: defaultdict[str, list[IncidentItem]] = defaultdict(list)
        for item in self._items.scan(ours):
            found[item.pk].append(item)
        for pk in sorted(found):
            try:
                record = _record(incident_key(pk), found.pop(pk), self._leave_out)
            except Unreadable as problem:
                self._leave_out(problem.place)
                continue
            if record.version:  # else a row was read, and its incident had not been written when the scan passed
                yield record

    def heard(self, agency_id: str) -> Iterator[Heard]:
        """Yield what each webhook said of an agency's incidents, in no order, by one scan: where no index has all."""
        ours = self._items.pk.startswith(f"{agency_id}#") & self._items.sk.startswith(HISTORY)
        return self._readable(read_heard, self._items.scan(ours))

    def heard_of(self, key: IncidentKey) -> list[Heard]:
        """Return what each webhook said of an incident, in the order of time, by one Query."""
        said = self._items.query(incident_pk(key), self._items.sk.startswith(HISTORY))
        return list(self._readable(read_heard, said))

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
        stored = StoredIncident(
            change.incident,
            change.skipped,
            change.created_at,
            change.settings_version,
            change.taken_back,
            change.unjudged,
        )
        return self._items(
            pk,
            INCIDENT,
            version=change.version + 1,
            document=encode(stored),
            expires=change.keep_until,
            **at_place(pk, recent_call(change.incident, change.created_at, change.skipped)),
        )

    def _row(self, row: Notification, found_at: datetime | None = None) -> IncidentItem:
        pk = incident_pk(row.key.incident)
        written = replace(row, version=row.version + 1, incident_type="", beat="")  # these are the item's own
        return self._items(
            pk,
            notification_sk(row.key),
            version=written.version,
            document=encode(written),
            expires=row.keep_until,
            due_shard=due_shard(pk) if row.awaits else None,
            send_at=instant(found_at or row.send_at) if row.awaits else None,
            **at_place(pk, recent_message(row)),
        )


def _put(item: Model, unchanged: Condition | None = None) -> Add:
    """Return the write of an item, with what must hold of the one that it replaces."""
    return lambda transaction: transaction.save(item, unchanged)


def read_row(item: IncidentItem) -> Notification:
    """Read a notification's item; the call's type and beat are beside the document."""
    return replace(decode(item.document, Notification), incident_type=item.incident_type or "", beat=item.beat or "")


def _record(key: IncidentKey, found: Sequence[IncidentItem], leave_out: Callable[[str], None]) -> IncidentRecord:
    """Return what an incident's item and those of its notifications hold together; version 0 without the first."""
    item = next((item for item in found if item.sk == INCIDENT), None)
    named = read_names(found)
    if item is None:
        fresh = Incident(agency_id=key.agency_id, incident_number=key.incident_number)
        return IncidentRecord(incident=fresh, named=named)
    try:
        stored = decode(item.document, StoredIncident)
    except UNREADABLE as problem:
        raise Unreadable(f"{item.pk} {item.sk}") from problem
    rows, unread = _rows([item for item in found if item.sk.startswith(NOTIFICATION)], leave_out)
    return IncidentRecord(
        incident=stored.incident,
        skipped=stored.skipped,
        rows=rows,
        unread=unread,
        version=int(item.version or 0),
        created_at=stored.created_at,
        settings_version=stored.settings_version,
        taken_back=stored.taken_back,
        named=named,
        found=bool(item.day),
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
