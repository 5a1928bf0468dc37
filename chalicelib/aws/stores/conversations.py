"""Conversations in DynamoDB: each item is where one reader needs it, so that nothing is searched for.

A reply stands among its agency's replies. A partition of its person's has the way to it, and the answers: one of its
own, so that the desk needs no right to write among people's choices. What is unread and what is due stand in a
partition of the agency. All hold a keyed hash and no phone. They go when the person's replies go.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from msgspec.structs import replace
from pynamodb.connection import Connection
from pynamodb.exceptions import TransactWriteError, UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from chalicelib.aws.document import UNREADABLE, decode, encode
from chalicelib.aws.stores.contacts import ContactTable
from chalicelib.aws.stores.left_out import log_left_out
from chalicelib.aws.tables import (
    INCIDENT,
    Add,
    ContactItem,
    IncidentItem,
    as_conflict,
    canned_pk,
    condition_failed,
    incident_pk,
    instant,
    read_instant,
    replies_pk,
    reply_sk,
    talk_pk,
    unread_pk,
)
from chalicelib.domain.people.canned import Canned, CannedKey
from chalicelib.domain.people.reply import KeptReply
from chalicelib.ports.conversations import CannedClaim, Exchange, RepliesPage, Unread

_LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
_WAITS_AT_MOST, _DUE_AT_MOST = timedelta(days=14), timedelta(days=2)
_BEHIND = "~"
"""Sorts behind every instant and name."""


class ConversationTable:
    """The port `Conversations` over DynamoDB."""

    def __init__(
        self,
        items: type[ContactItem],
        incidents: type[IncidentItem],
        contacts: ContactTable,
        connection: Connection,
    ) -> None:
        self._items, self._incidents, self._contacts, self._connection = items, incidents, contacts, connection

    def begin(self, agency_id: str, kept: KeptReply, keep_until: datetime | None, waits_from: datetime | None) -> None:
        """Put a kept reply into its person's conversation; the way to it first."""
        self._items(talk_pk(agency_id, kept.keyed_hash), instant(kept.at), expires=keep_until).save()
        told = replace(kept, seen_by="", seen_at=None)
        self._reply(agency_id, kept.keyed_hash, kept.at).update([self._items.document.set(encode(told))])
        if waits_from is None:
            return
        until = min(keep_until or waits_from + _WAITS_AT_MOST, waits_from + _WAITS_AT_MOST)
        fresh = self._unread(agency_id, kept.keyed_hash, kept.at)
        actions: list[Action] = [self._items.until.set(instant(waits_from)), self._items.expires.set(until)]
        try:
            fresh.update(actions, condition=self._items.pk.does_not_exist())
        except UpdateError as error:
            if not condition_failed(error):
                raise

    def page(self, agency_id: str, most: int, after: str = "") -> RepliesPage:
        """Return replies of all people, the latest first."""
        below = self._items.sk < (after or _BEHIND)
        query = self._items.query(
            replies_pk(agency_id), below, scan_index_forward=False, page_size=most + 1, limit=most + 1
        )
        found = list(query)
        told = (self._told(item) for item in found[:most])
        last = found[most - 1].sk if len(found) > most else ""
        return RepliesPage(tuple(one for one in told if one), last)

    def of(self, agency_id: str, keyed_hash: str, most: int, also: datetime | None = None) -> Exchange:
        """Return the latest replies of one person, by one Query and a read for each, and the answers."""
        place = talk_pk(agency_id, keyed_hash)
        found = list(self._items.query(place, scan_index_forward=False, consistent_read=True))
        instants = [read_instant(item.sk) for item in found if "#" not in item.sk]
        wanted = sorted({*instants[:most], *([also] if also else [])})
        replies = tuple(one for at in wanted if (one := self.reply(agency_id, keyed_hash, at)))
        rows = (row for item in found if item.document and (row := self._row(item)))
        return Exchange(replies, {row.key: row for row in rows})

    def reply(self, agency_id: str, keyed_hash: str, at: datetime) -> KeptReply | None:
        """Return one reply; None where there is none."""
        item = self._items.find(replies_pk(agency_id), reply_sk(at, keyed_hash))
        return self._told(item) if item and item.document else None

    def unread(self, agency_id: str, most: int) -> tuple[Unread, ...]:
        """Return replies that nobody has seen, the first first; what was seen lately is among what is read."""
        found = self._items.query(unread_pk(agency_id), page_size=most, limit=most)
        return tuple(_unread(item) for item in found if item.until)

    def see(self, agency_id: str, keyed_hash: str, replies: Iterable[datetime], by: str, at: datetime) -> int:
        """Note that somebody has seen replies; return how many nobody had seen before. Conflict."""
        return sum(self._see(agency_id, keyed_hash, reply_at, by, at) for reply_at in sorted(set(replies)))

    def add(self, row: Canned) -> bool:
        """Keep a new answer with its place among what is due; False where it is there already. Conflict."""
        try:
            self._write(row, self._items.pk.does_not_exist())
        except TransactWriteError as error:
            if not condition_failed(error):
                raise as_conflict(error) from error
            return False
        return True

    def keep(self, row: Canned) -> None:
        """Keep an answer that is finished, by one write: it has no place among what is due."""
        self._item(replace(row, version=row.version + 1)).save()

    def answers(self, agency_id: str, keyed_hash: str, since: datetime) -> tuple[Canned, ...]:
        """Return the answers to what one person texted since an instant, by one Query."""
        found = self._items.query(
            talk_pk(agency_id, keyed_hash), self._items.sk >= instant(since), consistent_read=True
        )
        return tuple(row for item in found if item.document and (row := self._row(item)))

    def put(self, row: Canned) -> Canned:
        """Write an answer over the version that it was read as; Conflict."""
        try:
            return self._write(row, self._items.version == row.version)
        except TransactWriteError as error:
            raise as_conflict(error) from error

    def claim(self, row: Canned, claim: CannedClaim) -> Canned:
        """Write an answer as claimed: its reply is there, unseen if it goes by itself, and the person allows it."""
        key, items = row.key, self._items
        reply = self._reply(key.agency_id, key.keyed_hash, key.reply_at)
        there: Condition = items.document.exists()
        if row.by_itself:
            there &= items.taken_at.does_not_exist()
        conditions: list[Add] = [
            lambda transaction: transaction.condition_check(items, reply.pk, reply.sk, condition=there),
            lambda transaction: self._contacts.add_answer_to_claim(transaction, key.agency_id, claim),
        ]
        for incident, version in claim.decided_on:
            conditions.append(self._unmoved(incident_pk(incident), version))
        try:
            return self._write(row, items.version == row.version, conditions)
        except TransactWriteError as error:
            raise as_conflict(error) from error

    def due(self, agency_id: str, until: datetime) -> Iterator[tuple[CannedKey, datetime]]:
        """Return each answer that must be looked at by then; those that are finished have no instant."""
        for item in self._items.query(canned_pk(agency_id)):
            if item.until and item.until <= instant(until):
                keyed_hash, at, name = item.sk.split("#", 2)
                yield CannedKey(agency_id, keyed_hash, read_instant(at), name), read_instant(item.until)

    def _unmoved(self, pk: str, version: int) -> Add:
        decided_on = self._incidents.version == version
        return lambda transaction: transaction.condition_check(self._incidents, pk, INCIDENT, condition=decided_on)

    def _see(self, agency_id: str, keyed_hash: str, reply_at: datetime, by: str, at: datetime) -> bool:
        items = self._items
        reply, unread = (place(agency_id, keyed_hash, reply_at) for place in (self._reply, self._unread))
        fresh = items.document.exists() & items.taken_at.does_not_exist()
        try:
            with TransactWrite(connection=self._connection) as transaction:
                transaction.update(
                    reply, actions=[items.taken_by.set(by), items.taken_at.set(instant(at))], condition=fresh
                )
                transaction.update(unread, actions=[items.until.remove(), items.expires.set(_LONG_AGO)])
        except TransactWriteError as error:
            if not condition_failed(error):
                raise as_conflict(error) from error
            return False
        return True

    def _write(self, row: Canned, unmoved: Condition, conditions: Iterable[Add] = ()) -> Canned:
        """Write an answer and its place among what is due."""
        key, items = row.key, self._items
        written = replace(row, version=row.version + 1)
        item = self._item(written)
        place = items(canned_pk(key.agency_id), f"{key.keyed_hash}#{instant(key.reply_at)}#{key.name}")
        until = items.until.set(instant(row.send_at)) if row.awaits else items.until.remove()
        ends = items.expires.set(row.expires_at + _DUE_AT_MOST if row.awaits else _LONG_AGO)
        with TransactWrite(connection=self._connection) as transaction:
            transaction.save(item, condition=unmoved)
            transaction.update(place, actions=[until, ends])
            for each in conditions:
                each(transaction)
        return written

    def _item(self, row: Canned) -> ContactItem:
        """Return an answer as it is stored."""
        key = row.key
        return self._items(
            talk_pk(key.agency_id, key.keyed_hash),
            f"{instant(key.reply_at)}#{key.name}",
            version=row.version,
            document=encode(row),
            expires=row.keep_until,
        )

    def _told(self, item: ContactItem) -> KeptReply | None:
        """Return a reply with who has seen it; None for one that this release can't read."""
        try:
            kept = decode(item.document, KeptReply)
        except UNREADABLE:
            log_left_out(f"{item.pk} reply")
            return None
        seen_at = read_instant(item.taken_at) if item.taken_at else None
        return replace(kept, seen_by=item.taken_by or "", seen_at=seen_at)

    def _row(self, item: ContactItem) -> Canned | None:
        try:
            return decode(item.document, Canned)
        except UNREADABLE:
            log_left_out("an answer")
            return None

    def _reply(self, agency_id: str, keyed_hash: str, at: datetime) -> ContactItem:
        return self._items(replies_pk(agency_id), reply_sk(at, keyed_hash))

    def _unread(self, agency_id: str, keyed_hash: str, at: datetime) -> ContactItem:
        return self._items(unread_pk(agency_id), f"{instant(at)}#{keyed_hash}")


def _unread(item: ContactItem) -> Unread:
    at, keyed_hash = item.sk.split("#", 1)
    return Unread(read_instant(item.until or ""), read_instant(at), keyed_hash)
