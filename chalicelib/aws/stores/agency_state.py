"""The state of an agency in DynamoDB, which can change each second: pauses, providers, spending, feeds."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from pynamodb.attributes import Attribute
from pynamodb.exceptions import UpdateError

from chalicelib.aws.cached import Cached
from chalicelib.aws.document import decode, encode
from chalicelib.aws.stores.as_read import AsRead
from chalicelib.aws.stores.feeds import FeedNotes
from chalicelib.aws.tables import FEED, NOW, PAGING, SPENT, UNDER_HOLD, SettingsItem, as_conflict, read_instant
from chalicelib.domain.desk.paging import PagingBook
from chalicelib.domain.incidents.feed_health import FeedBook, FeedHeard, Tally
from chalicelib.domain.incidents.legal_hold import Holds, LegalHold, in_force
from chalicelib.domain.notifications.breaker import Breaker, Breakers
from chalicelib.domain.notifications.notification import Provider
from chalicelib.domain.notifications.pause import Pause, PauseOf, held_by_restore
from chalicelib.domain.notifications.permit import Conditions
from chalicelib.domain.notifications.wave import Wave, Waves
from chalicelib.domain.settings.budget import Spent

FRESH = timedelta(seconds=60)
"""Values that are not read for each message are at most this old."""

CALM_FOR = timedelta(seconds=10)
"""So long a container takes it that carriers block nothing: a busy one must not look for each text that arrived.

Texts that got through meanwhile are not counted. In a minute five blocked texts among many could pass for a wave.
"""


class AgencyStateTable:
    """The part of the settings table that nobody publishes; `table_ids` are those that the tables have now."""

    def __init__(
        self,
        items: type[SettingsItem],
        clock: Callable[[], datetime],
        table_ids: Callable[[], Mapping[str, str]],
        leave_out: Callable[[str], None],
    ) -> None:
        self._items, self._clock, self._table_ids = items, clock, table_ids
        self._feeds = FeedNotes(items, leave_out)
        self._breakers = AsRead[Breakers](dict[Provider, Breaker], leave_out)
        self._waves = AsRead[Waves](dict[Provider, Wave], leave_out)
        self._spent = AsRead[Spent](Spent, leave_out)
        self._paging = AsRead[PagingBook](PagingBook, leave_out)
        self._held: Cached[str, Holds] = Cached(clock, FRESH)
        self._calm: Cached[str, bool] = Cached(clock, CALM_FOR)

    def conditions(self, agency_id: str) -> Conditions:
        """Read the pauses, the feed's last word and the providers that failed lately, uncached.

        Failures that another release wrote and this one can't read count for none: they must not stop an agency.
        Pauses must be read.
        """
        item = self._items.find(agency_id, NOW)
        heard_at = read_instant(item.feed_heard_at) if item and item.feed_heard_at else None
        known = decode(item.tables, dict[str, str]) if item and item.tables else {}
        restored = held_by_restore(known, self._table_ids(), self._clock()) if known else ()
        pauses = (*restored, *(decode(item.pauses, tuple[Pause, ...]) if item and item.pauses else ()))
        breakers = self._breakers.read(f"{agency_id} breakers", item.breakers if item else None)
        return Conditions(pauses, heard_at, breakers or {}, self._read_waves(agency_id, item))

    def waves(self, agency_id: str) -> Waves:
        """Read, uncached, of which providers the carriers block texts."""
        return self._read_waves(agency_id, self._items.find(agency_id, NOW))

    def is_calm(self, agency_id: str) -> bool:
        """Tell whether carriers block no texts of an agency, as of ten seconds ago at most."""
        return self._calm.get(agency_id, lambda: not self.waves(agency_id))

    def note_waves(self, agency_id: str, before: Waves, after: Waves) -> None:
        """Write of which providers the carriers block texts over what was read; Conflict."""
        known = self._waves.text_of(f"{agency_id} waves", before or None)
        self._calm.forget(agency_id)
        self._write_over(self._items(agency_id, NOW), self._items.waves, known, encode(after) if after else None)

    def note_breakers(self, agency_id: str, before: Breakers, after: Breakers) -> None:
        """Write how an agency's providers do over what was read; Conflict."""
        known = self._breakers.text_of(f"{agency_id} breakers", before or None)
        self._write_over(self._items(agency_id, NOW), self._items.breakers, known, encode(after) if after else None)

    def spent(self, agency_id: str) -> Spent:
        """Read, uncached, what an agency's texts have come to."""
        item = self._items.find(agency_id, SPENT)
        return self._spent.read(f"{agency_id} {SPENT}", item.document if item else None) or Spent()

    def note_spent(self, agency_id: str, before: Spent, after: Spent) -> None:
        """Write what they have come to over what was read; Conflict."""
        known = self._spent.text_of(f"{agency_id} {SPENT}", None if before == Spent() else before)
        self._write_over(self._items(agency_id, SPENT), self._items.document, known, encode(after))

    def paging(self, agency_id: str) -> PagingBook:
        """Read, uncached, whom pages reached; what can't be read is forgotten: people are paged once more then."""
        item = self._items.find(agency_id, PAGING)
        return self._paging.read(f"{agency_id} {PAGING}", item.document if item else None) or PagingBook()

    def note_paging(self, agency_id: str, before: PagingBook, after: PagingBook) -> None:
        """Write what is remembered of pages over what was read; Conflict."""
        known = self._paging.text_of(f"{agency_id} {PAGING}", None if before == PagingBook() else before)
        self._write_over(self._items(agency_id, PAGING), self._items.document, known, encode(after))

    def held(self, agency_id: str) -> Holds:
        """Return what is under a legal hold, at most a minute old."""
        return self._held.get(agency_id, lambda: in_force(self.holds(agency_id)))

    def holds(self, agency_id: str) -> Holds:
        """Return the same with the holds that somebody is lifting, read now."""
        return _read_holds(self._items.find(agency_id, UNDER_HOLD))

    def hold(self, agency_id: str, wanted: str, hold: LegalHold | None) -> None:
        """Put a person or an incident under a legal hold, or lift it; all functions know within a minute. Conflict."""
        item = self._items.find(agency_id, UNDER_HOLD)
        text = item.document if item else None
        others = {name: each for name, each in _read_holds(item).items() if name != wanted}
        after = {**others, wanted: hold} if hold else others
        place = self._items(agency_id, UNDER_HOLD)
        self._write_over(place, self._items.document, text, encode(after) if after else None)
        self._held.forget(agency_id)

    def note_feed(self, agency_id: str, at: datetime, told: Tally | None = None) -> None:
        """Note that the feed lives and what it told, at most once a minute from here."""
        self._feeds.note(agency_id, at, told)

    def feed(self, agency_id: str) -> tuple[FeedHeard, FeedBook | None]:
        """Return what an agency's feed brought, and what is remembered of it."""
        return self._feeds.read(agency_id)

    def note_book(self, agency_id: str, before: FeedBook | None, after: FeedBook) -> None:
        """Write what is remembered of a feed over what was read; Conflict."""
        known = self._feeds.text_of(agency_id, before)
        self._write_over(self._items(agency_id, FEED), self._items.document, known, encode(after))

    def pause(self, agency_id: str, pause: Pause) -> None:
        """Hold what the pause says, from the next send on; another one of the same takes its place. Conflict."""
        self._change_pauses(agency_id, lambda known: (*_without(known, pause.of, pause.which), pause))

    def resume(self, agency_id: str, of: PauseOf, which: str, at: datetime | None = None) -> bool:
        """Lift a pause, and return whether it stood; what waited goes out unless it has expired. Conflict.

        With `at`, only the pause of that instant: not one that somebody put on after it was lifted.
        """
        stood = False

        def lifted(known: tuple[Pause, ...]) -> tuple[Pause, ...]:
            nonlocal stood
            left = tuple(one for one in known if (one.of, one.which) != (of, which) or at not in (None, one.at))
            stood = left != known
            return left

        self._change_pauses(agency_id, lifted)
        return stood

    def know_tables(self, agency_id: str) -> None:
        """Note which tables are the agency's own, unless that is known: else it would let go what a restore holds."""
        known = self._items.tables.set(self._items.tables | encode(self._table_ids()))
        self._items(agency_id, NOW).update([known])

    def adopt_tables(self, agency_id: str) -> None:
        """Take the tables that there are for the agency's own, because somebody says so."""
        self._items(agency_id, NOW).update([self._items.tables.set(encode(self._table_ids()))])

    def _read_waves(self, agency_id: str, item: SettingsItem | None) -> Waves:
        return self._waves.read(f"{agency_id} waves", item.waves if item else None) or {}

    def _change_pauses(self, agency_id: str, change: Callable[[tuple[Pause, ...]], tuple[Pause, ...]]) -> None:
        item = self._items.find(agency_id, NOW)
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


def _read_holds(item: SettingsItem | None) -> Holds:
    return decode(item.document, dict[str, LegalHold]) if item and item.document else {}


def _without(known: tuple[Pause, ...], of: str, which: str) -> tuple[Pause, ...]:
    return tuple(pause for pause in known if (pause.of, pause.which) != (of, which))
