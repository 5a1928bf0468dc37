"""The feed's memory: how far it has read, what waits to be posted, what was set aside. One SQLite file.

A change is written here together with how far it was read, in one transaction, before anything is posted. It is
deleted when the agency's address has taken it. So whenever the process ends, nothing is lost, and what is posted
again has the same name and is known there as a duplicate.
"""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
from msgspec import Struct

MOST_ASIDE = 1_000
"""As many reasons are kept; the oldest go first."""

Mark = int | float

_TABLES = """
CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS seen (key TEXT PRIMARY KEY, mark NOT NULL, digest BLOB NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS seen_by_mark ON seen (mark);
CREATE TABLE IF NOT EXISTS outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT, queued_at REAL NOT NULL, due_at REAL NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0, origin TEXT NOT NULL, said TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS aside (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, origin TEXT NOT NULL, said TEXT NOT NULL);
"""


class FeedChange(Struct, frozen=True):
    """One update that was mapped: its key at the source, how far it is along, and what is known to be wrong in it.

    `compared` is what it is known by: the update as it would be whenever it was read.
    """

    key: str
    mark: Mark
    update: dict[str, Any]
    origin: str
    due_at: float = 0.0
    said: str = ""
    compared: dict[str, Any] | None = None


class Waiting(Struct, frozen=True):
    """One update that waits."""

    id: int
    origin: str
    said: str
    tries: int
    body: str


class Place:
    """The file. Times are seconds since 1970."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None, timeout=30)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.executescript(_TABLES)
        if self.note("source") is None:
            self.set_notes(source=uuid4().hex[:8])
        self.source = str(self.note("source"))

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def note(self, name: str) -> Any:
        """Return something noted; None where nothing was."""
        row = self._db.execute("SELECT value FROM notes WHERE name = ?", (name,)).fetchone()
        return msgspec.json.decode(row[0]) if row else None

    def set_notes(self, **notes: Any) -> None:
        """Note several things at once."""
        rows = [(name, msgspec.json.encode(value).decode()) for name, value in notes.items()]
        with self._transaction():
            self._db.executemany("INSERT OR REPLACE INTO notes VALUES (?, ?)", rows)

    def take(self, changes: Iterable[FeedChange], now: float, **notes: Any) -> int:
        """Queue what is new among changes, and note how far they reach, in one transaction; return how many are new."""
        new = 0
        with self._transaction():
            for change in changes:
                digest = _digest(change.update if change.compared is None else change.compared)
                known = self._db.execute("SELECT digest FROM seen WHERE key = ?", (change.key,)).fetchone()
                self._db.execute("INSERT OR REPLACE INTO seen VALUES (?, ?, ?)", (change.key, change.mark, digest))
                if known is None or known[0] != digest:
                    new += 1
                    self._queue(change, now)
            for name, value in notes.items():
                self._db.execute(
                    "INSERT OR REPLACE INTO notes VALUES (?, ?)", (name, msgspec.json.encode(value).decode())
                )
        return new

    def _queue(self, change: FeedChange, now: float) -> None:
        if not change.update:
            self._aside(change.origin, change.said, now)
            return
        body = msgspec.json.encode(change.update).decode()
        row = (now, change.due_at, change.origin, change.said, body)
        self._db.execute("INSERT INTO outbox (queued_at, due_at, origin, said, body) VALUES (?, ?, ?, ?, ?)", row)

    def forget(self, below: Mark) -> None:
        """Forget what was seen below a mark: it will not be read again."""
        self._db.execute("DELETE FROM seen WHERE mark < ?", (below,))

    def forget_keys(self, prefix: str) -> None:
        """Forget what was seen under keys that begin so."""
        self._db.execute("DELETE FROM seen WHERE key >= ? AND key < ?", (prefix, prefix + "\uffff"))

    def waiting(self, most: int, now: float) -> list[Waiting]:
        """Return what is due, oldest first."""
        query = "SELECT id, origin, said, tries, body FROM outbox WHERE due_at <= ? ORDER BY id LIMIT ?"
        return [Waiting(*row) for row in self._db.execute(query, (now, most))]

    def count_waiting(self) -> int:
        """Return how much waits."""
        return int(self._db.execute("SELECT count(*) FROM outbox").fetchone()[0])

    def oldest_waiting(self) -> float | None:
        """Return since when the oldest has waited."""
        found: float | None = self._db.execute("SELECT min(queued_at) FROM outbox").fetchone()[0]
        return found

    def sent(self, items: Sequence[Waiting], asides: Sequence[tuple[Waiting, str]], now: float, **notes: Any) -> None:
        """Take what was posted off the list, set aside what was not taken, and note what is to be noted."""
        with self._transaction():
            self._db.executemany("DELETE FROM outbox WHERE id = ?", [(item.id,) for item in items])
            for item, said in asides:
                self._aside(item.origin, said, now)
            for name, value in notes.items():
                self._db.execute(
                    "INSERT OR REPLACE INTO notes VALUES (?, ?)", (name, msgspec.json.encode(value).decode())
                )

    def tried(self, item: Waiting) -> None:
        """Count a try of one update that failed."""
        self._db.execute("UPDATE outbox SET tries = tries + 1 WHERE id = ?", (item.id,))

    def set_aside(self, origin: str, said: str, now: float) -> None:
        """Keep why something was not read."""
        with self._transaction():
            self._aside(origin, said, now)

    def aside(self, most: int = MOST_ASIDE) -> list[tuple[datetime, str, str]]:
        """Return what was set aside last: when, from where, why."""
        query = "SELECT at, origin, said FROM aside ORDER BY id DESC LIMIT ?"
        return [
            (datetime.fromtimestamp(at, UTC), origin, said) for at, origin, said in self._db.execute(query, (most,))
        ]

    def count_aside(self) -> int:
        """Return how much was ever set aside."""
        row = self._db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'aside'").fetchone()
        return int(row[0]) if row else 0

    def seen(self) -> int:
        """Return how many keys are remembered."""
        return int(self._db.execute("SELECT count(*) FROM seen").fetchone()[0])

    def _aside(self, origin: str, said: str, now: float) -> None:
        self._db.execute("INSERT INTO aside (at, origin, said) VALUES (?, ?, ?)", (now, origin, said))
        self._db.execute("DELETE FROM aside WHERE id <= (SELECT max(id) FROM aside) - ?", (MOST_ASIDE,))

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")


def _digest(update: dict[str, Any]) -> bytes:
    """Return what an update sums up to. When it was so is no part of it: a row that was touched tells nothing new."""
    told = {name: value for name, value in update.items() if name != "as_of"}
    return hashlib.blake2b(msgspec.json.encode(told), digest_size=16).digest()
