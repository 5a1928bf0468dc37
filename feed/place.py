"""The feed's memory: how far it has read, what waits to be posted, what was set aside. One SQLite file.

A change is written here together with how far it was read, in one transaction, before anything is posted. It is
deleted when the agency's address has taken it. So whenever the process ends, nothing is lost, and what is posted
again has the same name and is known there as a duplicate.
"""

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
from msgspec import Struct

MOST_ASIDE = 1_000
"""As many reasons are kept; the oldest go first."""

MOST_SEVERAL = 100
"""As many records of one read may have the same key."""

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

    `compared` is what it is known by: the update as it would be whenever it was read. `several` says that more of one
    read may have the same key, and the same mark. `noted` is said of it although it is posted.
    """

    key: str
    mark: Mark
    update: dict[str, Any]
    origin: str
    due_at: float = 0.0
    said: str = ""
    compared: dict[str, Any] | None = None
    several: bool = False
    noted: str = ""


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
        self.db = sqlite3.connect(path, isolation_level=None, timeout=30)
        self.db.execute("PRAGMA journal_mode = WAL")
        self.db.execute("PRAGMA synchronous = FULL")
        self.db.executescript(_TABLES)
        if self.note("source") is None:
            self.set_notes(source=uuid4().hex[:8])
        self.source = str(self.note("source"))

    def close(self) -> None:
        """Let go of the file."""
        self.db.close()

    def note(self, name: str) -> Any:
        """Return something noted; None where nothing was."""
        row = self.db.execute("SELECT value FROM notes WHERE name = ?", (name,)).fetchone()
        return msgspec.json.decode(row[0]) if row else None

    def set_notes(self, **notes: Any) -> None:
        """Note several things at once."""
        with self.transaction():
            self.write_notes(**notes)

    def write_notes(self, **notes: Any) -> None:
        """Note several things in a transaction that is open."""
        rows = [(name, msgspec.json.encode(value).decode()) for name, value in notes.items()]
        self.db.executemany("INSERT OR REPLACE INTO notes VALUES (?, ?)", rows)

    def next_turn(self, now: datetime) -> float:
        """Return a number for the read that begins now: it is larger than that of any read before."""
        turn = max(now.timestamp(), (self.note("turn") or 0.0) + 1.0)
        self.set_notes(turn=turn)
        return turn

    def take(
        self, changes: Iterable[FeedChange], now: float, also: Callable[[set[str]], None] | None = None, **notes: Any
    ) -> int:
        """Queue what is new among changes, and note how far they reach, in one transaction; return how many are new.

        `also` is given the keys of what is new, and writes more in the same transaction.
        """
        new = 0
        keys: set[str] = set()
        with self.transaction():
            for change in changes:
                if self._is_new(change):
                    new += 1
                    keys.add(change.key)
                    self.queue(change, now)
            if also:
                also(keys)
            self.write_notes(**notes)
        return new

    def _is_new(self, change: FeedChange) -> bool:
        """Remember a change; return whether it says anything else than what is known under its key."""
        digest = _digest(change.update if change.compared is None else change.compared)
        key, known = change.key, self._known(change.key)
        for number in range(MOST_SEVERAL if change.several else 0):
            if known is None or known[0] == digest or known[1] != change.mark:
                break
            key = f"{change.key}\x1f+{number}"
            known = self._known(key)
        self.db.execute("INSERT OR REPLACE INTO seen VALUES (?, ?, ?)", (key, change.mark, digest))
        return known is None or known[0] != digest

    def _known(self, key: str) -> tuple[bytes, Mark] | None:
        found: tuple[bytes, Mark] | None = self.db.execute(
            "SELECT digest, mark FROM seen WHERE key = ?", (key,)
        ).fetchone()
        return found

    def queue(self, change: FeedChange, now: float) -> None:
        """Queue a change in a transaction that is open."""
        if not change.update:
            self._aside(change.origin, change.said, now)
            return
        if change.noted:
            self._aside(change.origin, change.noted, now)
        body = msgspec.json.encode(change.update).decode()
        row = (now, change.due_at, change.origin, change.said, body)
        self.db.execute("INSERT INTO outbox (queued_at, due_at, origin, said, body) VALUES (?, ?, ?, ?, ?)", row)

    def forget(self, below: Mark) -> None:
        """Forget what was seen below a mark: it will not be read again."""
        self.db.execute("DELETE FROM seen WHERE mark < ?", (below,))

    def forget_keys(self, prefix: str) -> None:
        """Forget what was seen under keys that begin so."""
        self.db.execute("DELETE FROM seen WHERE key >= ? AND key < ?", (prefix, prefix + "\uffff"))

    def waiting(self, most: int, now: float) -> list[Waiting]:
        """Return what is due, oldest first."""
        query = "SELECT id, origin, said, tries, body FROM outbox WHERE due_at <= ? ORDER BY id LIMIT ?"
        return [Waiting(*row) for row in self.db.execute(query, (now, most))]

    def count_waiting(self) -> int:
        """Return how much waits."""
        return int(self.db.execute("SELECT count(*) FROM outbox").fetchone()[0])

    def last_queued(self) -> int:
        """Return the number of the update that was queued last; numbers only grow."""
        row = self.db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'outbox'").fetchone()
        return int(row[0]) if row else 0

    def oldest_waiting(self, now: float) -> float | None:
        """Return since when the oldest has waited that could have been posted."""
        query = """SELECT min(CASE tries WHEN 0 THEN max(queued_at, due_at) ELSE queued_at END) FROM outbox
            WHERE tries > 0 OR due_at <= ?"""
        found: float | None = self.db.execute(query, (now,)).fetchone()[0]
        return found

    def waiting_for_their_time(self, now: float) -> tuple[int, float]:
        """Return how many updates are ahead of the time, and when the last of them is due."""
        query = "SELECT count(*), max(due_at) FROM outbox WHERE tries = 0 AND due_at > ?"
        many, last = self.db.execute(query, (now,)).fetchone()
        return int(many), float(last or 0.0)

    def sent(self, items: Sequence[Waiting], asides: Sequence[tuple[Waiting, str]], now: float, **notes: Any) -> None:
        """Take what was posted off the list, set aside what was not taken, and note what is to be noted."""
        with self.transaction():
            self.db.executemany("DELETE FROM outbox WHERE id = ?", [(item.id,) for item in items])
            for item, said in asides:
                self._aside(item.origin, said, now)
            self.write_notes(**notes)

    def tried(self, item: Waiting, due_at: float = 0.0) -> None:
        """Count a try of one update that failed; it may wait for another while others go."""
        query = "UPDATE outbox SET tries = tries + 1, due_at = max(due_at, ?) WHERE id = ?"
        self.db.execute(query, (due_at, item.id))

    def set_aside(self, origin: str, said: str, now: float) -> None:
        """Keep why something was not read."""
        with self.transaction():
            self._aside(origin, said, now)

    def aside(self, most: int = MOST_ASIDE) -> list[tuple[datetime, str, str]]:
        """Return what was set aside last: when, from where, why."""
        query = "SELECT at, origin, said FROM aside ORDER BY id DESC LIMIT ?"
        return [(datetime.fromtimestamp(at, UTC), origin, said) for at, origin, said in self.db.execute(query, (most,))]

    def count_aside(self) -> int:
        """Return how much was ever set aside."""
        row = self.db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'aside'").fetchone()
        return int(row[0]) if row else 0

    def seen(self) -> int:
        """Return how many keys are remembered."""
        return int(self.db.execute("SELECT count(*) FROM seen").fetchone()[0])

    def _aside(self, origin: str, said: str, now: float) -> None:
        self.db.execute("INSERT INTO aside (at, origin, said) VALUES (?, ?, ?)", (now, origin, said))
        self.db.execute("DELETE FROM aside WHERE id <= (SELECT max(id) FROM aside) - ?", (MOST_ASIDE,))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Let what is written in the block be there whole or not at all."""
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.db.execute("ROLLBACK")
            raise
        self.db.execute("COMMIT")


def _digest(update: dict[str, Any]) -> bytes:
    """Return what an update sums up to. When it was so is no part of it: a row that was touched tells nothing new."""
    told = {name: value for name, value in update.items() if name != "as_of"}
    return hashlib.blake2b(msgspec.json.encode(told), digest_size=16).digest()
