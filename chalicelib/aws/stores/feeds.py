"""Counts of what feeds bring, in DynamoDB: written at most once a minute, into the item of the agency's state."""

from collections.abc import Callable
from datetime import datetime, timedelta

from msgspec import Struct
from pynamodb.exceptions import UpdateError
from pynamodb.expressions.update import Action

from chalicelib.aws.stores.as_read import AsRead
from chalicelib.aws.tables import FEED, NOW, SettingsItem, condition_failed, instant, read_instant
from chalicelib.domain.incidents.feed_health import FeedBook, FeedHeard, Tally
from chalicelib.domain.lately import lately

EVERY = timedelta(seconds=60)


class _Waiting(Struct, frozen=True):
    """Counts of what a feed brought since they were last written."""

    noted_at: datetime | None = None
    heard_at: datetime | None = None
    told_at: datetime | None = None
    tally: Tally = Tally()


class FeedNotes:
    """The part of the settings table that says how feeds do."""

    def __init__(self, items: type[SettingsItem], leave_out: Callable[[str], None]) -> None:
        self._items = items
        self._waiting: dict[str, _Waiting] = {}
        self._books = AsRead[FeedBook](FeedBook, leave_out)

    def note(self, agency_id: str, at: datetime, told: Tally | None) -> None:
        """Note what a webhook or a heartbeat shows; every webhook by itself would make it a hot item."""
        known, brought = self._waiting.get(agency_id, _Waiting()), told or Tally()
        heard_at = at if told is None or brought.updates else known.heard_at
        told_at = at if brought.updates else known.told_at
        waiting = _Waiting(known.noted_at, heard_at, told_at, known.tally.plus(brought))
        if lately(known.noted_at, EVERY, at):
            self._waiting[agency_id] = waiting
        elif self._write(agency_id, waiting):
            self._waiting[agency_id] = _Waiting(noted_at=at)
        else:
            self._waiting[agency_id] = _Waiting(at, waiting.heard_at, waiting.told_at, waiting.tally)

    def read(self, agency_id: str) -> tuple[FeedHeard, FeedBook | None]:
        """Return what a feed brought, and what is remembered of it, by one Query; what can't be read is forgotten."""
        found = {item.sk: item for item in self._items.query(agency_id, self._items.sk.between(FEED, NOW))}
        item, book = found.get(NOW), found.get(FEED)
        heard = FeedHeard() if item is None else _heard(item)
        return heard, self._books.read(f"{agency_id} {FEED}", book.document if book else None)

    def text_of(self, agency_id: str, book: FeedBook | None) -> str | None:
        """Return a book as it stands in the table, if it was read from there."""
        return self._books.text_of(f"{agency_id} {FEED}", book)

    def _write(self, agency_id: str, waiting: _Waiting) -> bool:
        """Write what waits; False where somebody else has noted a later word, and this must wait for the next."""
        items, heard_at = self._items, waiting.heard_at
        actions: list[Action] = [
            getattr(items, f"feed_{name}").add(count)
            for name in Tally.__struct_fields__
            if (count := getattr(waiting.tally, name))
        ]
        if heard_at:
            actions.append(items.feed_heard_at.set(instant(heard_at)))
        if waiting.told_at:
            actions.append(items.feed_told_at.set(instant(waiting.told_at)))
        if not actions:
            return True
        later = items.feed_heard_at.does_not_exist() | (items.feed_heard_at < instant(heard_at)) if heard_at else None
        try:
            items(agency_id, NOW).update(actions, condition=later)
        except UpdateError as error:
            if not condition_failed(error):
                raise
            return False
        return True


def _heard(item: SettingsItem) -> FeedHeard:
    counts = (int(getattr(item, f"feed_{name}") or 0) for name in Tally.__struct_fields__)
    return FeedHeard(
        heard_at=read_instant(item.feed_heard_at) if item.feed_heard_at else None,
        told_at=read_instant(item.feed_told_at) if item.feed_told_at else None,
        tally=Tally(*counts),
    )
