"""What a key posted in the last 24 hours, without anybody's data: for the vendor that holds the key."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from chalicelib.aws.document import decode, encode
from chalicelib.aws.tables import IncidentItem, instant
from chalicelib.domain.incidents.posted import KEPT_FOR, Posted

MOST = 50


class ReceivedTable:
    """Requests in DynamoDB, a write each. No agency's id starts with `!`, so no incident is in the way."""

    def __init__(self, items: type[IncidentItem]) -> None:
        self._items = items

    def keep(self, agency_id: str, key: str, posted: Posted) -> None:
        """Keep what became of one request of a key."""
        self.item(agency_id, key, posted).save()

    def item(self, agency_id: str, key: str, posted: Posted) -> IncidentItem:
        """Return the item that keeps it."""
        sk, until = f"{instant(posted.at)}#{posted.id}", posted.at + KEPT_FOR
        return self._items(_pk(agency_id, key), sk, webhook_id=posted.id, document=encode(posted), expires=until)

    def of(self, agency_id: str, key: str, now: datetime, webhook_id: str | None = None) -> list[Posted]:
        """Return the last requests of a key, or those of one id, newest first; expired ones may still be stored."""
        found = self._items.query(
            _pk(agency_id, key),
            self._items.sk >= instant(now - KEPT_FOR),
            filter_condition=None if webhook_id is None else self._items.webhook_id == webhook_id,
            scan_index_forward=False,
            page_size=MOST if webhook_id is None else None,
        )
        return list(islice(self._read(found), MOST))

    def _read(self, found: Iterator[IncidentItem]) -> Iterator[Posted]:
        yield from (decode(item.document, Posted) for item in found)


def _pk(agency_id: str, key: str) -> str:
    return f"!received#{agency_id}#{key}"
