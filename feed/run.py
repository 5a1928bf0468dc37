"""The feed itself: read, post, say that it lives, again and again, whatever fails in between.

The clock on the wall may be set at any time: what must happen so many seconds later is timed by one that never goes
back. The feed says that it lives only while its source can be read: a silence must not look like a quiet night.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
from msgspec import Struct

from chalicelib.inbound.mapping.file import InvalidMapping, read_mapping
from chalicelib.inbound.mapping.mapper import REQUIRED, Mapper
from feed.config import PASSWORD, BadFeed, Feed, beside, read_feed, secret_of
from feed.folder import FolderFailed
from feed.place import Place
from feed.post import Post, Sender
from feed.source import FeedSource, FolderSource, ViewSource
from feed.view import Poller, ViewFailed, connect

LONGEST_NAP = 1.0
ALIVE_EVERY = 10.0
MOST_FAILURES = 5


class Clocks(Struct, frozen=True):
    """The clock on the wall, one that never goes back, and how to wait."""

    wall: Callable[[], datetime] = lambda: datetime.now(UTC)
    steady: Callable[[], float] = time.monotonic
    nap: Callable[[float], None] = time.sleep


class Runner:
    """A feed that runs: `step` does what it is time for."""

    def __init__(self, feed: Feed, source: FeedSource, place: Place, sender: Sender, clocks: Clocks) -> None:
        self._feed, self._source, self._place, self._sender, self._clocks = feed, source, place, sender, clocks
        self._read_at = self._alive_at = float("-inf")
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
        while self._sender.step(self._clocks.steady()):
            pass
        if self._good:
            self._sender.beat(self._clocks.steady())

    def run(self, ends: Callable[[], bool]) -> None:
        """Run until told to end."""
        while not ends():
            self.step()
            self._clocks.nap(min(LONGEST_NAP, self._source.every))

    def _read(self, steady: float) -> None:
        self._read_at = steady + self._source.every
        if not self._room():
            return  # what waits comes first: the source keeps what is new
        now = self._clocks.wall()
        try:
            self._source.read(now, steady, self._room)
        except Exception as problem:  # noqa: BLE001  whatever it is, the feed says so, and tries again
            expected = isinstance(problem, ViewFailed | FolderFailed)
            self._read_at = steady + self._source.every * 2 ** min(self._failures, MOST_FAILURES)
            self._failures, self._good = self._failures + 1, False
            self._place.set_notes(source_problem=str(problem) if expected else type(problem).__name__)
            return
        unread = self._place.note("unread") or ""
        self._failures, self._good = 0, not unread
        self._place.set_notes(read_at=now.isoformat(), source_problem=unread)

    def _room(self) -> bool:
        return self._place.count_waiting() < self._feed.most_waiting


@contextmanager
def opened(path: Path, clocks: Clocks, client: httpx.Client | None = None) -> Iterator[Runner]:
    """Open a feed by its file; BadFeed."""
    import os

    feed = read_feed(path)
    mapper, secret = load_mapper(path, feed), secret_of(path, feed)
    with ExitStack() as stack:
        place = Place(beside(path, feed.state) / "feed.db")
        stack.callback(place.close)
        source: FeedSource
        if feed.view:
            engine = connect(feed.view, os.environ.get(PASSWORD))
            stack.callback(engine.dispose)
            source = ViewSource(feed.view, Poller(feed.view, mapper.mapping, engine), mapper, place)
        elif feed.folder:
            source = FolderSource(feed.folder, mapper, place, beside(path, feed.state) / "done")
        client = client or stack.enter_context(httpx.Client(timeout=30))
        sender = Sender(feed, place, Post(feed, secret, client, clocks.wall))
        yield Runner(feed, source, place, sender, clocks)


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
    return mapper
