"""Published settings in DynamoDB, and what can change from one second to the next."""

from collections.abc import Callable
from datetime import datetime, timedelta

from msgspec.structs import replace
from pynamodb.connection import Connection
from pynamodb.exceptions import UpdateError
from pynamodb.transactions import TransactWrite

from chalicelib.domain.agency import Agency
from chalicelib.domain.permit import Conditions
from chalicelib.store.document import decode, encode
from chalicelib.store.tables import AGENCY, CURRENT, NOW, SettingsItem, condition_failed, instant, read_instant

FRESH = timedelta(seconds=60)


class SettingsTable:
    """The port `Settings` over DynamoDB; versions are immutable, so only the pointer is ever read again."""

    def __init__(self, items: type[SettingsItem], connection: Connection, clock: Callable[[], datetime]) -> None:
        self._items, self._connection, self._clock = items, connection, clock
        self._known: dict[str, tuple[datetime, Agency | None]] = {}
        self._noted: dict[str, datetime] = {}

    def agency(self, agency_id: str) -> Agency | None:
        """Return the current settings, at most a minute old; None where there are none."""
        read_at, agency = self._known.get(agency_id, (None, None))
        if read_at is None or self._clock() - read_at > FRESH:
            agency = self._read(agency_id, agency)
            self._known[agency_id] = self._clock(), agency
        return agency

    def agency_at(self, number: str) -> Agency | None:
        """Return the agency that texts from a number."""
        item = self._get(f"number#{number}", AGENCY)
        return self.agency(item.agency_id) if item and item.agency_id else None

    def conditions(self, agency_id: str) -> Conditions:
        """Read the pause and the feed's last word, uncached."""
        item = self._get(agency_id, NOW)
        heard_at = read_instant(item.feed_heard_at) if item and item.feed_heard_at else None
        return Conditions(paused=bool(item and item.paused_at), feed_heard_at=heard_at)

    def note_feed(self, agency_id: str, at: datetime) -> None:
        """Note that the feed lives, at most once a minute from here: every update would make it a hot item."""
        if agency_id in self._noted and at - self._noted[agency_id] < FRESH:
            return
        self._noted[agency_id] = at
        later = self._items.feed_heard_at.does_not_exist() | (self._items.feed_heard_at < instant(at))
        try:
            self._items(agency_id, NOW).update([self._items.feed_heard_at.set(instant(at))], condition=later)
        except UpdateError as error:
            if not condition_failed(error):
                raise

    def publish(self, agency: Agency, author: str, comment: str, at: datetime) -> Agency:
        """Write the settings as a new immutable version, make it the current one, and return it."""
        pointer = self._get(agency.agency_id, CURRENT)
        version = int(pointer.version or 0) + 1 if pointer else 1
        published = replace(agency, version=version)
        new = self._items.pk.does_not_exist()
        unmoved = self._items.version == version - 1 if pointer else new
        with TransactWrite(connection=self._connection) as transaction:
            name = f"version#{version:08}"
            item = self._items(agency.agency_id, name, document=encode(published), published_at=instant(at))
            item.author, item.comment = author, comment
            transaction.save(item, new)
            transaction.save(self._items(agency.agency_id, CURRENT, version=version), unmoved)
            number = self._items(f"number#{agency.numbers.sms_from}", AGENCY, agency_id=agency.agency_id)
            ours = self._items.pk.does_not_exist() | (self._items.agency_id == agency.agency_id)
            transaction.save(number, ours)  # a STOP must lead to one agency
        return published

    def _read(self, agency_id: str, known: Agency | None) -> Agency | None:
        pointer = self._get(agency_id, CURRENT)
        if pointer is None or pointer.version is None:
            return None
        if known is not None and known.version == pointer.version:
            return known
        item = self._get(agency_id, f"version#{int(pointer.version):08}")
        return decode(item.document, Agency) if item else None

    def _get(self, pk: str, sk: str) -> SettingsItem | None:
        try:
            return self._items.get(pk, sk, consistent_read=True)
        except self._items.DoesNotExist:
            return None
