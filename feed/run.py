"""The feed itself: read, post, say that it lives, again and again, whatever fails in between.

The clock on the wall may be set at any time: what must happen so many seconds later is timed by one that never goes
back. The feed says that it lives only while its source can be read: a silence must not look like a quiet night.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
from msgspec import Struct

from chalicelib.inbound.mapping.file import InvalidMapping, read_mapping
from chalicelib.inbound.mapping.mapper import REQUIRED, Mapper
from feed.config import BadFeed, Feed, beside, read_feed, secret_of
from feed.failed import SourceFailed
from feed.place import Place
from feed.post import Post, Sender
from feed.source import FeedSource
from feed.sources import Opening, open_source
from tenfour.common.screen import say

LONGEST_NAP = 1.0
ALIVE_EVERY = 10.0
MOST_FAILURES = 5
MOST_STARTS = 20
LONGEST_READ = 240.0
"""Seconds after which a read that has not come to the end no longer shows that the feed lives: it knows too little."""


class Clocks(Struct, frozen=True):
    """The clock on the wall, one that never goes back, and how to wait."""

    wall: Callable[[], datetime] = lambda: datetime.now(UTC)
    steady: Callable[[], float] = time.monotonic
    nap: Callable[[float], None] = time.sleep


class Runner:
    """A feed that runs: `step` does what it is time for."""

    def __init__(self, feed: Feed, source: FeedSource, place: Place, sender: Sender, clocks: Clocks) -> None:
        self._feed, self._source, self._place, self._sender, self._clocks = feed, source, place, sender, clocks
        self._read_at = self._alive_at = self._whole_at = float("-inf")
        self._failures = 0
        self._good = False

    def step(self) -> None:
        """Read if it is time, post what waits, and say that the feed lives."""
        steady = self._clocks.steady()
        if steady - self._alive_at >= ALIVE_EVERY:
            self._place.set_notes(alive_at=self._clocks.wall().isoformat())
            self._alive_at = steady
        if steady >= self._read_at:
            self._read(steady)
        try:
            self._post()
        except sqlite3.Error:
            raise
        except Exception as problem:  # noqa: BLE001  whatever it is, the feed says so, and tries again
            self._place.set_notes(post_problem=type(problem).__name__)

    def run(self, ends: Callable[[], bool]) -> None:
        """Run until told to end. While the disk is full, nothing can be remembered, and so nothing is done."""
        while not ends():
            try:
                self.step()
            except sqlite3.Error as problem:
                say(f"the state can't be written: {problem}", flush=True)
                self._clocks.nap(ALIVE_EVERY)
            self._clocks.nap(min(LONGEST_NAP, self._source.every))

    def _post(self) -> None:
        while self._sender.step(self._clocks.steady(), lives=self._good):
            pass
        if self._good:
            self._sender.beat(self._clocks.steady())

    def _read(self, steady: float) -> None:
        self._read_at = steady + self._source.every
        if not self._room():
            return  # what waits comes first: the source keeps what is new
        now = self._clocks.wall()
        try:
            self._source.read(self._sender.now(), steady, self._room)
        except sqlite3.Error:
            raise
        except Exception as problem:  # noqa: BLE001  whatever it is, the feed says so, and tries again
            expected = isinstance(problem, SourceFailed)
            wait = self._source.every * 2 ** min(self._failures, MOST_FAILURES)
            self._read_at = steady + max(wait, problem.wait if isinstance(problem, SourceFailed) else 0.0)
            self._failures, self._good = self._failures + 1, False
            self._place.set_notes(source_problem=str(problem) if expected else type(problem).__name__)
            return
        unread = self._place.note("unread") or self._place.note("held") or ""
        notes = {"read_at": now.isoformat(), "source_problem": unread}
        if self._source.unfinished:
            self._read_at = steady  # it goes on as soon as what it has is posted
        else:
            self._whole_at, notes["whole_at"] = steady, now.isoformat()
        self._failures, self._good = 0, not unread and steady - self._whole_at <= LONGEST_READ
        self._place.set_notes(**notes)

    def _room(self) -> bool:
        return self._place.count_waiting() < self._feed.most_waiting


@contextmanager
def opened(path: Path, clocks: Clocks, client: httpx.Client | None = None) -> Iterator[Runner]:
    """Open a feed by its file; BadFeed."""
    feed = read_feed(path)
    mapper, secret = load_mapper(path, feed), secret_of(path, feed)
    with ExitStack() as stack:
        place = _place(beside(path, feed.state) / "feed.db")
        stack.callback(place.close)
        note_start(place, clocks.wall())
        source = open_source(Opening(path, feed, mapper, place, clocks.steady, stack))
        client = client or stack.enter_context(httpx.Client(timeout=30))
        sender = Sender(feed, place, Post(feed, secret, client, clocks.wall))
        yield Runner(feed, source, place, sender, clocks)


def note_start(place: Place, now: datetime) -> None:
    """Note when the feed was started, so that `status` can tell one that ends again and again."""
    starts = [*(place.note("starts") or ()), now.isoformat()][-MOST_STARTS:]
    place.set_notes(starts=starts, **({} if place.note("whole_at") else {"whole_at": now.isoformat()}))


def _place(file: Path) -> Place:
    try:
        return Place(file)
    except (OSError, sqlite3.Error) as problem:
        raise BadFeed(f"{file}: {problem}") from problem


def load_mapper(path: Path, feed: Feed) -> Mapper:
    """Read the mapping that a feed's file names; BadFeed."""
    file = beside(path, feed.mapping)
    try:
        mapper = Mapper(read_mapping(file.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, InvalidMapping) as problem:
        raise BadFeed(f"{file}: {problem}") from problem
    mapped = mapper.mapping.fields | mapper.mapping.parts
    missing = [name for name in REQUIRED if name not in mapped]
    if missing:
        raise BadFeed(f"{file}: fields.{missing[0]}: required")
    if feed.view and mapper.mapping.format != "rows":
        raise BadFeed(f"{file}: format: a view has rows")
    if feed.eido and mapper.mapping.format != "json":
        raise BadFeed(f"{file}: format: EIDO is JSON")
    return mapper
