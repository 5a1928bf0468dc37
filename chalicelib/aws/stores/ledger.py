"""The ledger of acts that take two people. An entry is put where there is none, and read; nothing else happens to it.

Its key is the proposal's instant and digest, and the step. So each step of a proposal is taken once, by one person:
a second approval meets the first one, and an act that two people approve at the same moment is done once. Looks, and
acts of one person, are in partitions of their own (`noted.py`).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from pynamodb.connection import Connection
from pynamodb.exceptions import PutError

from chalicelib.aws.document import UNREADABLE, decode, encode, plain
from chalicelib.aws.stores.left_out import log_left_out
from chalicelib.aws.stores.noted import NotedRows, is_noted
from chalicelib.aws.stores.noted_purge import NotedPurge
from chalicelib.aws.tables import Add, LedgerItem, as_conflict, instant
from chalicelib.domain.approval import STEPS, Entry
from chalicelib.ports.errors import NotNoted


class NoLedger(NotNoted, LookupError):
    """The stack is of an earlier release, so nothing can be done that takes two people."""

    def __str__(self) -> str:
        """Say what to do."""
        return "this stack has no ledger of acts that take two people: deploy this release first"


def no_ledger(_entry: Entry) -> Add:
    """Refuse an entry where nobody has said which ledger; NoLedger."""
    raise NoLedger


class LedgerTable(NotedRows):
    """The ledger in DynamoDB."""

    def __init__(
        self,
        items: type[LedgerItem],
        connection: Connection,
        leave_out: Callable[[str], None] = log_left_out,
    ) -> None:
        super().__init__(items, connection, leave_out)
        self.purging = NotedPurge(items)

    def add(self, entry: Entry) -> Add:
        """Return the write of an entry, for the transaction of the act itself: both are written, or neither."""
        return lambda transaction: transaction.save(self._item(entry), self._items.pk.does_not_exist())

    def keep(self, entry: Entry) -> None:
        """Write an entry alone; Conflict where somebody took this step before."""
        try:
            self._item(entry).save(self._items.pk.does_not_exist())
        except PutError as error:
            raise as_conflict(error) from error

    def since(self, agency_id: str, at: datetime) -> tuple[Entry, ...]:
        """Return the entries of an agency's proposals since an instant, the oldest proposal first."""
        found = self._items.query(agency_id, self._items.sk >= instant(at), consistent_read=True)
        return tuple(decode(item.document, Entry) for item in found)

    def proposed_between(self, agency_id: str, since: datetime, until: datetime, size: int = 100) -> Iterator[Entry]:
        """Yield the entries of what was proposed from one instant to another, the newest proposal first."""
        between = self._items.sk.between(instant(since), f"{instant(until)}~")
        for item in self._items.query(agency_id, between, scan_index_forward=False, page_size=size):
            try:
                yield decode(item.document, Entry)
            except UNREADABLE:
                self._leave_out(f"{item.pk} {item.sk}")

    def _item(self, entry: Entry) -> LedgerItem:
        name = f"{instant(entry.proposed_at)}#{entry.digest}#{entry.step}"
        return self._items(entry.act.agency_id, name, document=encode(entry))


class LedgerCopies:
    """The bucket with a copy of each entry, which nobody can change or delete until its retention ends."""

    def __init__(self, client: Any, bucket: str) -> None:
        self._client, self._bucket = client, bucket

    def keep(self, name: str, document: str) -> None:
        """Write a copy; the same entry again is one more version of it."""
        self._client.put_object(
            Bucket=self._bucket,
            Key=f"ledger/{name}.json",
            Body=plain(document),
            ContentType="application/json",
            ChecksumAlgorithm="SHA256",  # S3 wants one for whatever it locks
        )


def copy_entries(records: Iterable[Mapping[str, Any]], copies: LedgerCopies) -> int:
    """Copy the entries among a stream's records, and return how many; records of other tables are left alone."""
    found = [record["dynamodb"]["NewImage"] for record in records if _is_entry(record)]
    for image in found:
        copies.keep(f"{image['pk']['S']}/{image['sk']['S']}".replace("#", "/"), image["document"]["S"])
    return len(found)


def _is_entry(record: Mapping[str, Any]) -> bool:
    """Tell whether a record is of the ledger, by its keys: no other table with a stream has such ones."""
    image = record["dynamodb"].get("NewImage") or {}
    place = image.get("sk", {}).get("S", "")
    if not place:
        return False
    pk = image["pk"]["S"]
    return is_noted(pk, place) or (place.rpartition("#")[2] in STEPS and "#" not in pk)
