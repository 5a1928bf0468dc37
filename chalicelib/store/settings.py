"""Published settings in DynamoDB, and what can change from one second to the next."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace
from pynamodb.attributes import Attribute
from pynamodb.connection import Connection
from pynamodb.exceptions import TransactWriteError, UpdateError
from pynamodb.transactions import TransactWrite

from chalicelib.domain.agency import Agency
from chalicelib.domain.breaker import Breaker, Breakers
from chalicelib.domain.budget import Spent
from chalicelib.domain.notification import Provider
from chalicelib.domain.pause import Pause, PauseOf
from chalicelib.domain.permit import Conditions
from chalicelib.store.document import decode, encode
from chalicelib.store.tables import (
    AGENCY,
    CURRENT,
    NOW,
    SPENT,
    VERSION,
    SettingsItem,
    as_conflict,
    condition_failed,
    instant,
    read_instant,
)

FRESH = timedelta(seconds=60)


class NumberTaken(ValueError):
    """Another agency texts from this number; the text names the field."""


class Published(Struct, frozen=True):
    """One version as it was published."""

    agency: Agency
    author: str
    comment: str
    at: datetime


class SettingsTable:
    """The port `Settings` over DynamoDB; versions are immutable, so only the pointer is ever read again."""

    def __init__(self, items: type[SettingsItem], connection: Connection, clock: Callable[[], datetime]) -> None:
        self._items, self._connection, self._clock = items, connection, clock
        self._known: dict[str, tuple[datetime, Agency | None]] = {}
        self._versions: dict[tuple[str, int], Agency] = {}
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
        """Read the pauses, the feed's last word and the providers that failed lately, uncached."""
        item = self._get(agency_id, NOW)
        heard_at = read_instant(item.feed_heard_at) if item and item.feed_heard_at else None
        pauses = decode(item.pauses, tuple[Pause, ...]) if item and item.pauses else ()
        breakers = decode(item.breakers, dict[Provider, Breaker]) if item and item.breakers else {}
        return Conditions(pauses, heard_at, breakers)

    def note_breakers(self, agency_id: str, before: Breakers, after: Breakers) -> None:
        """Write how an agency's providers do over what was read; Conflict."""
        known, text = (encode(breakers) if breakers else None for breakers in (before, after))
        self._write_over(self._items(agency_id, NOW), self._items.breakers, known, text)

    def spent(self, agency_id: str) -> Spent:
        """Read, uncached, what an agency's texts have come to."""
        item = self._get(agency_id, SPENT)
        return decode(item.document, Spent) if item else Spent()

    def note_spent(self, agency_id: str, before: Spent, after: Spent) -> None:
        """Write what they have come to over what was read; Conflict."""
        known = None if before == Spent() else encode(before)
        self._write_over(self._items(agency_id, SPENT), self._items.document, known, encode(after))

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
        """Write the settings as a new immutable version, make it the current one, and return it.

        NumberTaken where another agency texts from its number; Conflict.
        """
        for number in agency.numbers.texting:
            holder = self._get(f"number#{number}", AGENCY)
            if holder and holder.agency_id != agency.agency_id:  # a STOP must lead to one agency
                raise NumberTaken(f"numbers.sms_from, twilio_from, sns_from: {holder.agency_id} texts from {number}")
        pointer = self._get(agency.agency_id, CURRENT)
        published = replace(agency, version=int(pointer.version or 0) + 1 if pointer else 1)
        try:
            self._write(published, author, comment, at)
        except TransactWriteError as error:
            raise as_conflict(error) from error
        return published

    def _write(self, agency: Agency, author: str, comment: str, at: datetime) -> None:
        items, version = self._items, agency.version
        item = items(agency.agency_id, f"{VERSION}{version:08}", document=encode(agency), published_at=instant(at))
        item.author, item.comment = author, comment
        new = items.pk.does_not_exist()
        with TransactWrite(connection=self._connection) as transaction:
            transaction.save(item, new)
            current = items(agency.agency_id, CURRENT, version=version)
            transaction.save(current, items.version == version - 1 if version > 1 else new)
            for number in agency.numbers.texting:
                holder = items(f"number#{number}", AGENCY, agency_id=agency.agency_id)
                transaction.save(holder, new | (items.agency_id == agency.agency_id))

    def pause(self, agency_id: str, pause: Pause) -> None:
        """Hold what the pause says, from the next send on; another one of the same takes its place. Conflict."""
        self._change_pauses(agency_id, lambda known: (*_without(known, pause.of, pause.which), pause))

    def resume(self, agency_id: str, of: PauseOf, which: str) -> None:
        """Lift a pause; what waited goes out unless it has expired. Conflict."""
        self._change_pauses(agency_id, lambda known: _without(known, of, which))

    def history(self, agency_id: str) -> Iterator[Published]:
        """Yield every published version, newest first."""
        for item in self._items.query(agency_id, self._items.sk.startswith(VERSION), scan_index_forward=False):
            yield Published(
                agency=decode(item.document, Agency),
                author=item.author or "",
                comment=item.comment or "",
                at=read_instant(item.published_at or ""),
            )

    def agencies(self) -> list[str]:
        """Return every agency that has settings, by a scan: for people who look, not for a flow."""
        return sorted(item.pk for item in self._items.scan(self._items.sk == CURRENT))

    def version(self, agency_id: str, number: int) -> Agency | None:
        """Return a published version, whether it is the current one or not; it never changes, so it is read once."""
        if (agency_id, number) not in self._versions:
            item = self._get(agency_id, f"{VERSION}{number:08}")
            if item is None:
                return None
            self._versions[agency_id, number] = decode(item.document, Agency)
        return self._versions[agency_id, number]

    def _change_pauses(self, agency_id: str, change: Callable[[tuple[Pause, ...]], tuple[Pause, ...]]) -> None:
        item = self._get(agency_id, NOW)
        known = item.pauses if item else None
        pauses = change(decode(known, tuple[Pause, ...]) if known else ())
        self._write_over(self._items(agency_id, NOW), self._items.pauses, known, encode(pauses) if pauses else None)

    def _write_over(self, item: SettingsItem, place: Attribute[str], known: str | None, text: str | None) -> None:
        """Write one attribute of an item over what was read of it, None where there is nothing; Conflict."""
        unmoved = place == known if known else place.does_not_exist()
        try:
            item.update([place.set(text) if text else place.remove()], condition=unmoved)
        except UpdateError as error:
            raise as_conflict(error) from error

    def _read(self, agency_id: str, known: Agency | None) -> Agency | None:
        pointer = self._get(agency_id, CURRENT)
        if pointer is None or pointer.version is None:
            return None
        if known is not None and known.version == pointer.version:
            return known
        return self.version(agency_id, int(pointer.version))

    def _get(self, pk: str, sk: str) -> SettingsItem | None:
        try:
            return self._items.get(pk, sk, consistent_read=True)
        except self._items.DoesNotExist:
            return None


def _without(known: tuple[Pause, ...], of: PauseOf, which: str) -> tuple[Pause, ...]:
    return tuple(pause for pause in known if (pause.of, pause.which) != (of, which))
