"""Published settings in DynamoDB; what can change from one second to the next is in `now.py`."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace
from pynamodb.connection import Connection
from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib.aws.cached import Cached
from chalicelib.aws.document import UNREADABLE
from chalicelib.aws.stores.agencies import AgencyList
from chalicelib.aws.stores.agency_state import FRESH, AgencyStateTable
from chalicelib.aws.stores.ledger import no_ledger
from chalicelib.aws.stores.left_out import log_left_out
from chalicelib.aws.stores.settings_version import (
    JudgementsLost,
    as_words,
    from_words,
    read_version,
    store_judgements,
    write_version,
)
from chalicelib.aws.tables import (
    AGENCY,
    CURRENT,
    DESK,
    SEARCHABLE,
    VERSION,
    Add,
    SettingsItem,
    as_conflict,
    instant,
    read_instant,
)
from chalicelib.domain.approval import Entry
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.desk import Desk
from chalicelib.ports.errors import Conflict, NumberTaken

KNOWN_FOR = timedelta(hours=1)

_LAST = 10**8 - 1
"""No version has a higher number."""

SITE = "site#"
"""Items that name the agencies of a site: the page at its bare address leads to them."""


class Published(Struct, frozen=True):
    """One version as it was published."""

    agency: Agency
    author: str
    comment: str
    at: datetime


class SettingsTable(AgencyStateTable):
    """The port `Settings` over DynamoDB; versions are immutable, so only the pointer is ever read again."""

    def __init__(
        self,
        items: type[SettingsItem],
        connection: Connection,
        clock: Callable[[], datetime],
        table_ids: Callable[[], Mapping[str, str]] = dict,
        ledger: Callable[[Entry], Add] = no_ledger,
        leave_out: Callable[[str], None] = log_left_out,
    ) -> None:
        super().__init__(items, clock, table_ids, leave_out)
        self._connection, self._ledger, self._leave_out = connection, ledger, leave_out
        self._current: Cached[str, Agency | None] = Cached(clock, FRESH)
        self._agencies: Cached[None, list[str]] = Cached(clock, KNOWN_FOR)
        self._list = AgencyList(items, clock)
        self._versions: dict[tuple[str, int], Agency] = {}
        self._signed: dict[tuple[str, int], tuple[str, datetime]] = {}

    def agency(self, agency_id: str, at_least: int = 0) -> Agency | None:
        """Return the current settings, at most a minute old and of that version or a later one; None without any."""
        known = self._current.get(agency_id, lambda: self._read(agency_id))
        return self.latest(agency_id) if (known.version if known else 0) < at_least else known

    def latest(self, agency_id: str) -> Agency | None:
        """Return the current settings as they are at this moment: somebody is about to publish over them."""
        self._current.forget(agency_id)
        return self.agency(agency_id)

    def agency_at(self, number: str) -> Agency | None:
        """Return the agency that texts from a number."""
        item = self._items.find(f"number#{number}", AGENCY)
        return self.agency(item.agency_id) if item and item.agency_id else None

    def agencies_at(self, site: str) -> list[str]:
        """Return the agencies whose links lead to a site, by one Query; those that left it since are not among them.

        One whose settings can't be read is left out: the others' page is theirs.
        """
        there = [item.sk for item in self._items.query(f"{SITE}{site}")]
        return [name for name in there if (agency := self._readable(name)) is not None and agency.survey.site == site]

    def desks(self) -> dict[str, Desk]:
        """Return who may come to the desk for which agency, by one Query; an agency that gives no role is not there.

        One whose settings can't be read gives no role, and keeps nobody from signing in for another.
        """
        there = [item.sk for item in self._items.query(DESK)]
        known = {name: agency.desk for name in there if (agency := self._readable(name)) is not None}
        return {name: desk for name, desk in known.items() if desk.roles}

    def publish(
        self,
        agency: Agency,
        author: str,
        comment: str,
        at: datetime,
        *,
        over: int | None = None,
        entries: Sequence[Entry] = (),
        source: str = "",
    ) -> Agency:
        """Write the settings as a new immutable version, make it the current one, and return it.

        `over` is the version that must be in force, 0 for none. `entries` go into the ledger with it, or neither does.
        `source` is the text that the settings were read from, where that is known.
        NumberTaken where another agency texts from its number; Conflict.
        """
        for number in agency.numbers.texting:
            holder = self._items.find(f"number#{number}", AGENCY)
            if holder and holder.agency_id != agency.agency_id:  # a STOP must lead to one agency
                raise NumberTaken(f"numbers.sms_from, twilio_from, sns_from: {holder.agency_id} texts from {number}")
        pointer = self._items.find(agency.agency_id, CURRENT)
        current = int(pointer.version or 0) if pointer else 0
        if over not in (None, current):
            raise Conflict
        published = replace(agency, version=current + 1)
        store_judgements(self._items, agency.agency_id, agency.judgements)
        written = self._store_source(agency.agency_id, source) or self._written_before(published)
        try:
            self._write(published, author, comment, at, entries, written)
            self.know_tables(agency.agency_id)
        except TransactWriteError as error:
            raise as_conflict(error) from error
        return published

    def _write(
        self, agency: Agency, author: str, comment: str, at: datetime, entries: Sequence[Entry], source: str
    ) -> None:
        items, version = self._items, agency.version
        item = items(agency.agency_id, f"{VERSION}{version:08}", published_at=instant(at))
        write_version(item, agency)
        item.author, item.comment, item.source = author, comment, source or None
        new = items.pk.does_not_exist()
        with TransactWrite(connection=self._connection) as transaction:
            transaction.save(item, new)
            current = items(agency.agency_id, CURRENT, version=version)
            transaction.save(current, items.version == version - 1 if version > 1 else new)
            for number in agency.numbers.texting:
                holder = items(f"number#{number}", AGENCY, agency_id=agency.agency_id)
                transaction.save(holder, new | (items.agency_id == agency.agency_id))
            transaction.save(items(f"{SITE}{agency.survey.site}", agency.agency_id))
            transaction.save(self._list.item(agency.agency_id))
            if agency.desk.roles:
                transaction.save(items(DESK, agency.agency_id))
            if version == 1:  # nothing is stored of an agency before its first settings
                transaction.save(items(agency.agency_id, SEARCHABLE, published_at=instant(at)))
            for entry in entries:
                self._ledger(entry)(transaction)

    def propose(self, agency: Agency, source: str = "") -> dict[str, str]:
        """Return settings as the words of an act, from which the same are read; judgements and text are stored."""
        store_judgements(self._items, agency.agency_id, agency.judgements)
        told = as_words(self._items(agency.agency_id, VERSION), agency)
        return {**told, "source": self._store_source(agency.agency_id, source)} if source else told

    def proposed(self, agency_id: str, words: Mapping[str, str]) -> Agency:
        """Return the settings that an act's words hold; JudgementsLost."""
        return from_words(self._items, self._items(agency_id, VERSION), words)

    def source(self, agency_id: str, number: int) -> str:
        """Return the text that a version was read from, with its comments; empty where it is not known."""
        item = self._items.find(agency_id, f"{VERSION}{number:08}")
        return self.source_named(agency_id, item.source or "") if item else ""

    def source_named(self, agency_id: str, digest: str) -> str:
        """Return the text under its digest; empty where there is none."""
        from chalicelib.aws.stores.settings_source import read_source  # noqa: PLC0415  only who reads settings

        return read_source(self._items, agency_id, digest)

    def history(self, agency_id: str, most: int | None = None, until: int = _LAST) -> Iterator[Published]:
        """Yield every published version, newest first, or so many of them from one on."""
        these = self._items.sk.between(VERSION, f"{VERSION}{until:08}")
        for item in self._items.query(agency_id, these, scan_index_forward=False, limit=most):
            yield Published(
                agency=read_version(self._items, item),
                author=item.author or "",
                comment=item.comment or "",
                at=read_instant(item.published_at or ""),
            )

    def signed(self, agency_id: str, number: int) -> tuple[str, datetime] | None:
        """Return who published a version, and when; it never changes, so it is read once."""
        if (agency_id, number) not in self._signed:
            item = self._items.find(agency_id, f"{VERSION}{number:08}")
            if item is None:
                return None
            self._signed[agency_id, number] = (item.author or "", read_instant(item.published_at or ""))
        return self._signed[agency_id, number]

    def agencies(self) -> list[str]:
        """Return every agency that has settings, as of the last hour."""
        return self._agencies.get(None, self._list.names)

    def version(self, agency_id: str, number: int) -> Agency | None:
        """Return a published version, whether it is the current one or not; it never changes, so it is read once."""
        if (agency_id, number) not in self._versions:
            item = self._items.find(agency_id, f"{VERSION}{number:08}")
            if item is None:
                return None
            self._versions[agency_id, number] = read_version(self._items, item, self._leave_out)
        return self._versions[agency_id, number]

    def _store_source(self, agency_id: str, text: str) -> str:
        from chalicelib.aws.stores.settings_source import store_source  # noqa: PLC0415  only who publishes

        return store_source(self._items, agency_id, text)

    def _written_before(self, agency: Agency) -> str:
        """Return the digest of the text before where that says the same still: judgements stand in no text."""
        from chalicelib.domain.settings.source import alike  # noqa: PLC0415  only who publishes

        before = agency.version - 1
        known = self.version(agency.agency_id, before) if before else None
        item = self._items.find(agency.agency_id, f"{VERSION}{before:08}") if known and alike(known, agency) else None
        return (item.source or "") if item else ""

    def _readable(self, agency_id: str) -> Agency | None:
        try:
            return self.agency(agency_id)
        except (*UNREADABLE, JudgementsLost):
            self._leave_out(f"{agency_id} settings")
            return None

    def _read(self, agency_id: str) -> Agency | None:
        pointer, known = self._items.find(agency_id, CURRENT), self._current.last(agency_id)
        if pointer is None or pointer.version is None:
            return None
        if known is not None and known.version == pointer.version:
            return known
        return self.version(agency_id, int(pointer.version))
