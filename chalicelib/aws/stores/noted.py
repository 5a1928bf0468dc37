"""Looks and acts in the ledger: an entry is put where there is none, and read; a purge is in `noted_purge.py`.

    pk agency#noted                      sk instant#digest of the entry
    pk agency#noted#what#what            the same, again
    pk agency#noted#by#hash of by        the same, again
    pk agency#noted#by#hash of by#what   the same, again
    pk agency#noted#about#hash of about  the same, again, where it is about something

So a range of time is one Query, of one kind of act, of one person, or about one incident or person, and a page reads
what it shows. They are one transaction. The partition is not the one of acts that take two people, which the release
before reads whole.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from datetime import datetime

import msgspec
from pynamodb.connection import Connection
from pynamodb.exceptions import PynamoDBException, TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib.aws.document import UNREADABLE, decode, encode
from chalicelib.aws.tables import LedgerItem, condition_failed, instant
from chalicelib.domain.ledger.noted import Noted, check
from chalicelib.domain.ledger.who import key_of
from chalicelib.ports.errors import NotNoted

NOTED = "#noted"
"""Is in the partition of each entry; the policy of the desk names it, so that it can note and not propose."""

_DIGITS = 16
_PLACE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z#[0-9a-f]{16}")
_KEY = re.compile("[0-9a-f]{32}")
_LAST = "~"
"""Sorts behind the `#` and every digit of a digest."""


class NotedRows:
    """Looks and acts in DynamoDB."""

    def __init__(self, items: type[LedgerItem], connection: Connection, leave_out: Callable[[str], None]) -> None:
        self._items, self._connection, self._leave_out = items, connection, leave_out

    def note(self, *noted: Noted) -> None:
        """Keep entries by one transaction; the same one again is kept once. NotNoted, Unnotable."""
        for one in noted:
            check(one)
        try:
            with TransactWrite(connection=self._connection) as transaction:
                for one in noted:
                    self._put(transaction, one)
        except TransactWriteError as error:
            if not condition_failed(error):
                raise NotNoted(str(error)) from error
            if len(noted) > 1:  # one that is there already kept the others out
                for one in noted:
                    self.note(one)
        except PynamoDBException as error:
            raise NotNoted(str(error)) from error

    def _put(self, transaction: TransactWrite, noted: Noted) -> None:
        """Put an entry where there is none: its name is its digest, so what is there already says the same."""
        document, place = encode(noted), place_of(noted)
        for partition in partitions(noted):
            transaction.save(self._items(partition, place, document=document), self._items.pk.does_not_exist())

    def noted(
        self,
        agency_id: str,
        since: datetime,
        until: datetime,
        *,
        what: str = "",
        by: str = "",
        about: str = "",
        size: int = 100,
    ) -> Iterator[Noted]:
        """Yield the entries from one instant to another, both included, the newest first, read `size` at a time.

        `by` is a person's name or its key. Entries about something are asked for by that alone.
        """
        for item in self._items.query(
            about_partition(agency_id, about) if about else partition_of(agency_id, what, by),
            self._items.sk.between(instant(since), f"{instant(until)}#{_LAST}"),
            scan_index_forward=False,
            page_size=size,
        ):
            try:
                yield decode(item.document, Noted)
            except UNREADABLE:
                self._leave_out(f"{item.pk} {item.sk}")


def partition_of(agency_id: str, what: str = "", by: str = "") -> str:
    """Return the partition that has an agency's entries: all, or those of one kind of act, of one person, or both."""
    if by:
        person = by if _KEY.fullmatch(by) else key_of(by)
        return f"{agency_id}{NOTED}#by#{person}{f'#{what}' if what else ''}"
    return f"{agency_id}{NOTED}#what#{what}" if what else f"{agency_id}{NOTED}"


def about_partition(agency_id: str, about: str) -> str:
    """Return the partition that has an agency's entries about one thing."""
    return f"{agency_id}{NOTED}#about#{hashlib.sha256(about.encode()).hexdigest()[:32]}"


def partitions(noted: Noted) -> tuple[str, ...]:
    """Return where an entry is kept, its own place last."""
    name, what, by = noted.agency_id, noted.what, noted.by
    found = ((what, by), ("", by), (what, ""), ("", ""))
    about = (about_partition(name, noted.about),) if noted.about else ()
    return (*about, *(partition_of(name, *each) for each in found))


def place_of(noted: Noted) -> str:
    """Return the place of an entry in a partition: its instant, and the digest of all that it says."""
    return f"{instant(noted.at)}#{hashlib.sha256(msgspec.json.encode(noted)).hexdigest()[:_DIGITS]}"


def is_noted(pk: str, sk: str) -> bool:
    """Tell whether an item of any table with a stream is an entry in its own place."""
    return pk.endswith(NOTED) and pk.count("#") == 1 and _PLACE.fullmatch(sk) is not None
