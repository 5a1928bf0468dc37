"""Delete looks and acts from the ledger, by schedule or by order. What tells of a purge stays for good.

The entries of the two people's acts are not touched, and neither are the locked copies.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice

from chalicelib.aws.document import UNREADABLE, decode
from chalicelib.aws.stores.noted import partition_of, partitions
from chalicelib.aws.tables import LedgerItem, instant
from chalicelib.domain.ledger.noted import Noted
from chalicelib.domain.ledger.what import What

Abouts = frozenset[str]

_AT_ONCE = 100


class NotedPurge:
    """The way to take entries out of the ledger."""

    def __init__(self, items: type[LedgerItem]) -> None:
        self._items = items

    def extent(
        self, agency_id: str, since: datetime, before: datetime, held: Abouts = frozenset()
    ) -> tuple[int, datetime | None]:
        """Return how many entries a purge would delete, and the time of the oldest.

        `since` is included, `before` is not. What is about one of `held` stays: a legal hold keeps it.
        """
        instants = [noted.at for noted, _ in self._found(agency_id, since, before, held)]
        return len(instants), next(iter(instants), None)

    def purge(self, agency_id: str, since: datetime, before: datetime, held: Abouts = frozenset()) -> int:
        """Delete the entries of a range of time, and return how many; one that was cut off is done again."""
        found, gone = self._found(agency_id, since, before, held), 0
        while chunk := list(islice(found, _AT_ONCE)):
            # Its own place goes last: as long as that is there, another try finds the rest.
            self._delete((pk, place) for noted, place in chunk for pk in partitions(noted)[:-1])
            self._delete((partition_of(agency_id), place) for _, place in chunk)
            gone += len(chunk)
        return gone

    def _found(self, agency_id: str, since: datetime, before: datetime, held: Abouts) -> Iterator[tuple[Noted, str]]:
        for item in self._items.query(
            partition_of(agency_id),
            self._items.sk.between(instant(since), instant(before)),  # a place at `before` is longer, so behind it
            consistent_read=True,
        ):
            try:
                noted = decode(item.document, Noted)
            except UNREADABLE:
                continue  # the release that wrote it knows where else it is kept
            if noted.what != What.PURGED and noted.about not in held:
                yield noted, item.sk

    def _delete(self, keys: Iterable[tuple[str, str]]) -> None:
        with self._items.batch_write() as batch:
            for pk, sk in keys:
                batch.delete(self._items(pk, sk))
