"""Published mappings in DynamoDB, beside the settings: the text of the file, as versions that never change."""

from collections.abc import Callable, Iterator
from datetime import datetime

from msgspec import Struct
from pynamodb.connection import Connection
from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib.aws.cached import Cached
from chalicelib.aws.stores.agency_state import FRESH
from chalicelib.aws.tables import MAPPING, SettingsItem, as_conflict, instant, read_instant


class PublishedMapping(Struct, frozen=True):
    """The version of a mapping that is in force."""

    name: str
    version: int
    author: str
    comment: str
    at: datetime


class MappingTable:
    """An agency's mappings; a text is read at most once a minute."""

    def __init__(self, items: type[SettingsItem], connection: Connection, clock: Callable[[], datetime]) -> None:
        self._items, self._connection = items, connection
        self._texts: Cached[tuple[str, str], str | None] = Cached(clock, FRESH)

    def text(self, agency_id: str, name: str) -> str | None:
        """Return the text of a mapping's file, at most a minute old; None where there is none."""

        def read() -> str | None:
            item = self._current(agency_id, name)
            return item.document if item else None

        return self._texts.get((agency_id, name), read)

    def publish(self, agency_id: str, name: str, text: str, author: str, comment: str, at: datetime) -> int:
        """Write a file's text as a new immutable version, make it the current one, and return its number; Conflict."""
        items, before = self._items, self._current(agency_id, name)
        version = int(before.version or 0) + 1 if before else 1
        kept, current = (items(agency_id, f"{MAPPING}{name}{which}") for which in (f"#{version:08}", ""))
        for item in (kept, current):
            item.document, item.version, item.published_at = text, version, instant(at)
            item.author, item.comment = author, comment
        new = items.pk.does_not_exist()
        try:
            with TransactWrite(connection=self._connection) as transaction:
                transaction.save(kept, new)
                transaction.save(current, items.version == version - 1 if before else new)
        except TransactWriteError as error:
            raise as_conflict(error) from error
        return version

    def published(self, agency_id: str) -> Iterator[PublishedMapping]:
        """Yield what is in force, by name."""
        for item in self._items.query(agency_id, self._items.sk.startswith(MAPPING)):
            name = item.sk.removeprefix(MAPPING)
            if "#" not in name:
                at = read_instant(item.published_at or "")
                yield PublishedMapping(name, int(item.version or 0), item.author or "", item.comment or "", at)

    def in_force(self, agency_id: str, most: int = 5) -> Iterator[PublishedMapping]:
        """Yield at most so many that are in force, by name; each is a Query of one item, and no older version."""
        after = MAPPING
        for _ in range(most):
            found = self._items.query(agency_id, self._items.sk.between(after, f"{MAPPING}~"), limit=1)
            item = next(iter(found), None)
            if item is None:
                return
            name = item.sk.removeprefix(MAPPING)
            at = read_instant(item.published_at or "")
            yield PublishedMapping(name, int(item.version or 0), item.author or "", item.comment or "", at)
            after = f"{MAPPING}{name}#~"

    def _current(self, agency_id: str, name: str) -> SettingsItem | None:
        try:
            return self._items.get(agency_id, f"{MAPPING}{name}", consistent_read=True)
        except self._items.DoesNotExist:
            return None
