"""What a complete list was seen to hold, so that what vanishes from it can be told.

A row of the source may be one of several of its incident: the incident vanishes with the last of them. Each complete
read has a turn, a number that grows. What has an older turn than the read that has just ended was not in it.
"""

from collections.abc import Container, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from msgspec import Struct

from feed.gone import Gone, Told, returned, told_of, too_many, vanished
from feed.place import FeedChange, Mark, Place

HELD_FOR = timedelta(minutes=5)
"""So long nothing is told where too many vanish at once, and the feed says why."""

KEPT_FOR = timedelta(days=30)

_TABLE = """
CREATE TABLE IF NOT EXISTS listed (
    name TEXT PRIMARY KEY, row TEXT NOT NULL, incident TEXT NOT NULL, told TEXT NOT NULL, turn REAL NOT NULL,
    along NOT NULL, changed_at REAL NOT NULL, missing_at REAL, gone_at REAL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS listed_by_row ON listed (row);
CREATE INDEX IF NOT EXISTS listed_by_incident ON listed (incident);
"""

_SAW = """
INSERT INTO listed VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, NULL, NULL) ON CONFLICT (name) DO UPDATE SET
    row = excluded.row, incident = excluded.incident, told = excluded.told, turn = excluded.turn,
    along = excluded.along, missing_at = NULL, gone_at = NULL,
    changed_at = CASE WHEN ?8 THEN excluded.changed_at ELSE changed_at END
"""


class Rule(Struct, frozen=True):
    """What vanishing means, for how long an incident must be missing, and for how long it is watched.

    `twice` says that one read may miss what is there, as where pages are counted: then two of them must.
    """

    gone: Gone
    after: timedelta = timedelta(0)
    within: timedelta = timedelta(hours=36)
    twice: bool = False


class Listed:
    """The list of one source; what it writes of changes is written in the transaction that takes them."""

    def __init__(self, place: Place, rule: Rule) -> None:
        self._place, self._db, self.rule = place, place.db, rule
        self._db.executescript(_TABLE)
        if not rule.gone and place.note("held"):
            place.set_notes(held="")

    def saw(self, changes: Iterable[FeedChange], new: Container[str], turn: float, now: datetime) -> None:
        """Note what was read, in an open transaction; what had vanished and is there again is taken back.

        `new` are the keys of what has changed since it was read before.
        """
        for change in changes:
            told = told_of(change.update)
            if told is None:
                continue
            row = change.key.rpartition("\x1f")[0]
            incident = _incident(told)
            self._take_back(incident, told, now)
            values = (change.key, row, incident, _text(told), turn, change.mark, now.timestamp(), change.key in new)
            self._db.execute(_SAW, values)

    def saw_rows(self, rows: Iterable[str], turn: float, now: datetime) -> None:
        """Note which rows are still there, whatever they say."""
        with self._place.transaction():
            for row in rows:
                query = "SELECT incident, told FROM listed WHERE row = ? AND gone_at IS NOT NULL"
                for incident, told in self._db.execute(query, (row,)).fetchall():
                    self._take_back(incident, msgspec.json.decode(told, type=Told), now)
                self._db.execute("UPDATE listed SET turn = ?, missing_at = NULL WHERE row = ?", (turn, row))

    def saw_the_end(self, changes: Iterable[FeedChange]) -> None:
        """Note in an open transaction which incidents will leave the list since they have ended: they don't vanish."""
        for change in changes:
            told = told_of(change.update)
            if told is not None:
                self._db.execute("DELETE FROM listed WHERE incident = ?", (_incident(told),))

    def earliest(self, now: datetime) -> Mark | None:
        """Return how far along the first row is that is watched, None where none is."""
        since = (now - self.rule.within).timestamp()
        query = "SELECT min(along) FROM listed WHERE changed_at >= ?"
        found: Mark | None = self._db.execute(query, (since,)).fetchone()[0]
        return found

    def judge(self, turn: float, now: datetime) -> str:
        """Tell what was missing in a complete read for long enough; return why nothing is told, if that is so."""
        with self._place.transaction():
            missing = self._missing(turn, now)
            for incident, _ in missing:
                query = "UPDATE listed SET missing_at = ? WHERE incident = ? AND missing_at IS NULL"
                self._db.execute(query, (now.timestamp(), incident))
            held = too_many(len(missing), self._count(now))
            wait = max(self.rule.after, HELD_FOR if held else timedelta(0)).total_seconds()
            due = [incident for incident, at in missing if self._has_waited(at, wait, now)]
            for incident in due:
                self._tell(incident, now)
            self._forget(turn, now)
        left = len(missing) - len(due)
        return f"{left:,} incidents vanished at once: is the list broken? Told in five minutes" if held and left else ""

    def _has_waited(self, missing_at: float | None, wait: float, now: datetime) -> bool:
        if missing_at is None:
            return wait <= 0 and not self.rule.twice
        return now.timestamp() - missing_at >= wait

    def _missing(self, turn: float, now: datetime) -> list[tuple[str, float | None]]:
        query = (
            "SELECT incident, min(missing_at) FROM listed GROUP BY incident"
            " HAVING max(turn) < ? AND max(changed_at) >= ? AND max(gone_at) IS NULL"
        )
        return self._db.execute(query, (turn, (now - self.rule.within).timestamp())).fetchall()

    def _count(self, now: datetime) -> int:
        query = "SELECT count(DISTINCT incident) FROM listed WHERE changed_at >= ? AND gone_at IS NULL"
        return int(self._db.execute(query, ((now - self.rule.within).timestamp(),)).fetchone()[0])

    def _tell(self, incident: str, now: datetime) -> None:
        rows = self._db.execute("SELECT row, along, told FROM listed WHERE incident = ?", (incident,)).fetchall()
        row, along, told = max(rows, key=lambda row: msgspec.json.decode(row[2], type=Told).as_of)
        self._queue(vanished(msgspec.json.decode(told, type=Told), self.rule.gone, now), row, along, now)
        self._db.execute("UPDATE listed SET gone_at = ? WHERE incident = ?", (now.timestamp(), incident))
        for row, _, _ in rows:
            self._place.forget_keys(f"{row}\x1f")  # if it comes back, it is told anew

    def _take_back(self, incident: str, told: Told, now: datetime) -> None:
        query = "SELECT row, along, gone_at FROM listed WHERE incident = ? AND gone_at IS NOT NULL"
        found = self._db.execute(query, (incident,)).fetchone()
        if found:
            gone_at = datetime.fromtimestamp(found[2], UTC)
            self._queue(returned(told, self.rule.gone, gone_at, now), found[0], found[1], now)
            self._db.execute("UPDATE listed SET gone_at = NULL, missing_at = NULL WHERE incident = ?", (incident,))

    def _queue(self, update: dict[str, Any] | None, row: str, along: Mark, now: datetime) -> None:
        if update:
            origin = f"{row} (vanished or back)".replace("\x1f", " ")
            self._place.queue(FeedChange(row, along, update, origin), now.timestamp())

    def _forget(self, turn: float, now: datetime) -> None:
        long_ago = (now - self.rule.within - KEPT_FOR).timestamp()
        self._db.execute("DELETE FROM listed WHERE turn < ? AND changed_at < ?", (turn, long_ago))


def _incident(told: Told) -> str:
    return _text([told.names.get("incident_id") or told.names.get("incident_number")])


def _text(told: Any) -> str:
    return msgspec.json.encode(told).decode()
