"""The source of a feed, a view or a folder: its changes are read, mapped, remembered and queued page by page."""

import shutil
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from msgspec.structs import replace

from chalicelib.inbound.mapping.mapper import Mapped, Mapper
from feed.config import Folder, View
from feed.folder import Look, Records, Watcher
from feed.listed import Listed, Rule
from feed.place import FeedChange, Mark, Place
from feed.view import Poller, key_of

AHEAD = 240.0
"""Seconds by which an update may be ahead of the time; the webhook allows a minute more."""

COUNTED_EVERY = 10.0
"""Seconds after which the feed looks again which rows are still there."""

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
"""The time as of which rows are compared. A local time of the hour that comes twice must not look changed later on."""

FARTHEST_AHEAD = 86_400.0
"""Farther ahead than this is no clock that runs fast, but nonsense: the webhook says so, and it is set aside."""


class FeedSource(Protocol):
    """A source that can be read again and again. `unfinished` tells that a read did not come to the end."""

    every: float
    unfinished: bool

    def read(self, now: datetime, steady: float, room: Callable[[], bool]) -> int:
        """Queue what is new while there is room, and return how much that was; SourceFailed."""


class ViewSource:
    """A view's rows."""

    def __init__(self, view: View, poller: Poller, mapper: Mapper, place: Place) -> None:
        self._view, self._poller, self._mapper, self._place = view, poller, mapper, place
        self._listed = Listed(place, Rule(view.gone, view.gone_after, view.gone_within))
        self._turn, self._counted_at = 0.0, float("-inf")
        self.every = view.every.total_seconds()
        self.unfinished = False

    def read(self, now: datetime, steady: float, room: Callable[[], bool]) -> int:
        """Poll once."""
        new, self.unfinished = 0, True
        self._turn = self._place.next_turn(now) if self._view.gone else 0.0
        for page in self._poller.pages(self._place.note("mark")):
            changes = [change for row in page.rows for change in self._changes(row, now)]
            notes: dict[str, Any] = {"mark": self._poller.mark_of(page.reached), "rows_read": self._poller.rows_read}
            readable = not changes or any(change.update for change in changes)  # all may be passed over
            notes["unread"] = "" if readable else "no row of the view can be read"
            new += self._place.take(changes, now.timestamp(), self._lists(changes, now), **notes)
            if not room():
                return new
        self.unfinished = False
        self._place.set_notes(rows_read=self._poller.rows_read)
        mark = self._place.note("mark")
        if mark is not None:
            self._place.forget(self._poller.kept_from(mark))
        if self._view.gone and steady - self._counted_at >= COUNTED_EVERY:
            self._count(now)
            self._counted_at = steady
        return new

    def _lists(self, changes: list[FeedChange], now: datetime) -> Callable[[set[str]], None] | None:
        """Return what notes that rows are there, if it matters whether they vanish."""
        return partial(self._listed.saw, changes, turn=self._turn, now=now) if self._view.gone else None

    def _count(self, now: datetime) -> None:
        """Look which rows are still there; ViewFailed, and then nothing counts as vanished."""
        first = self._listed.earliest(now)
        if first is not None:
            for keys in self._poller.keys(first):
                self._listed.saw_rows(keys, self._turn, now)
        self._place.set_notes(held=self._listed.judge(self._turn, now))

    def _changes(self, row: dict[str, Any], now: datetime) -> Iterator[FeedChange]:
        key, mark = key_of(self._view, row), self._poller.number_of(row[self._view.changed])
        told, noted = told_by(row, self._mapper)
        origin = f"row {key}".replace("\x1f", " ")
        for change in mapped_changes(self._mapper, told, (key, mark, origin), now):
            yield replace(change, noted=noted) if noted else change


class FolderSource:
    """A folder's files. The feed remembers how far it read a file for as long as the file is there."""

    def __init__(self, folder: Folder, mapper: Mapper, place: Place, done: Path) -> None:
        self._folder, self._mapper, self._place, self._done = folder, mapper, place, done
        self._watcher = Watcher(folder, mapper, self._known)
        self.every = folder.every.total_seconds()
        self.unfinished = False

    def read(self, now: datetime, steady: float, room: Callable[[], bool]) -> int:
        """Look once."""
        files: dict[str, list[int]] = self._place.note("files") or {}
        there = self._watcher.names()
        for name in files.keys() - there:
            del files[name]
            self._place.forget_keys(f"{name}\x1f")
        new, self.unfinished = 0, False
        for records in self._watcher.ready(steady):
            if not room():
                self.unfinished = True
                break
            look = records.look
            files[look.name] = [look.size, look.changed]
            new += self._place.take(self._changes(records, now), now.timestamp(), files=files)
            self._place.set_notes(unread=f"{look.name}: {records.said}" if records.said else "")
            if records.said:
                self._place.set_aside(look.name, records.said, now.timestamp())
            try:
                self._put_away(look, bad=bool(records.said))
            except OSError as problem:
                said = f"it was read, and stays where it is: {problem.strerror}"
                self._place.set_aside(look.name, said, now.timestamp())
        self._place.set_notes(files=files)
        return new

    def _changes(self, records: Records, now: datetime) -> Iterator[FeedChange]:
        name = records.look.name
        for order, record in enumerate(records.records):
            known_as = (f"{name}\x1f{order}", records.look.changed / 1e9, f"{name}, record {order + 1}")
            yield from mapped_changes(self._mapper, record, known_as, now)

    def _known(self, look: Look) -> bool:
        return bool((self._place.note("files") or {}).get(look.name) == [look.size, look.changed])

    def _put_away(self, look: Look, *, bad: bool) -> None:
        path = self._watcher.path(look)
        if self._folder.after == "leave":
            return
        if self._folder.after == "delete" and not bad:
            path.unlink(missing_ok=True)
            return
        target = self._done.parent / "aside" if bad else self._done
        target.mkdir(parents=True, exist_ok=True)
        if path.exists():
            shutil.move(path, target / f"{look.changed}-{look.name}")


def told_by(row: dict[str, Any], mapper: Mapper) -> tuple[dict[str, Any], str]:
    """Return what a mapping reads of a row, and what is to be noted of it."""
    told = {name: row[name] for name in mapper.mapping.paths}
    damaged = [name for name, value in told.items() if isinstance(value, str) and type(value) is not str]
    told |= {name: str(told[name]) for name in damaged}
    return told, f"{damaged[0]}: not all of it is UTF-8; the mapping's `encoding` can say what it is" if damaged else ""


def seconds_ahead(update: dict[str, Any], now: datetime) -> float:
    """Return by how many seconds an update is ahead of the time."""
    as_of = update.get("as_of")
    return (as_of.astimezone(UTC) - now).total_seconds() if isinstance(as_of, datetime) else 0.0


def mapped_changes(mapper: Mapper, record: Any, known_as: tuple[str, Mark, str], now: datetime) -> list[FeedChange]:
    """Return what a record tells; one that can't be told is set aside alone."""
    try:
        mapped = zip(mapper.map(record, now), mapper.map(record, LONG_AGO), strict=True)
        return list(changes(mapped, *known_as, now))
    except Exception as problem:  # noqa: BLE001  one record must not cost its neighbours
        return [FeedChange(*known_as[:2], {}, known_as[2], said=f"it can't be told: {type(problem).__name__}")]


def changes(
    mapped: Iterable[tuple[Mapped, Mapped]], key: str, mark: Mark, origin: str, now: datetime
) -> Iterator[FeedChange]:
    """Return what a record tells as changes; what is a little ahead of its time waits for it.

    Each part of the record is mapped twice: as of now, to be told, and as of long ago, to be compared.
    """
    for order, (item, compared) in enumerate(mapped):
        said = "; ".join(f"{field}: {text}" if field else text for field, text in item.problems)
        ahead = seconds_ahead(item.update, now)
        due_at = now.timestamp() + ahead - AHEAD if AHEAD < ahead < FARTHEST_AHEAD else 0.0
        yield FeedChange(f"{key}\x1f{order}", mark, item.update, origin, due_at, said, compared.update)
