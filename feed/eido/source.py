"""EIDO's notifications as a source of the feed: each is stored, then answered.

The feed is silent from the moment when a connection ends until the full state was read over the next one. What is
told twice, by a notifier that had no answer or by the next full state, is known by its content.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from chalicelib.inbound.mapping.mapper import Mapper
from feed.eido.failure import EidoFailed
from feed.eido.messages import OK, TOO_LARGE, Event
from feed.eido.records import BY_REFERENCE, changes_of, is_reference, unread
from feed.eido.session import Session
from feed.eido.settings import Eido
from feed.eido.socket import Socket
from feed.gone import told_of
from feed.listed import Listed, Rule
from feed.place import FeedChange, Place

LISTENS_FOR = 1.0
"""Seconds for which a reading listens: notifications are answered in it at once, and posted after it."""

LONGEST_WAIT, MOST_DOUBLINGS = 60.0, 6
REMEMBERED = timedelta(days=7)
JUDGED_EVERY = 30.0
NOT_WHOLE = "the full state was not read yet since the last connection"


class EidoSource:
    """A notifier of EIDOs. `connect` opens a connection to it; EidoFailed."""

    every = 0.2
    unfinished = False

    def __init__(self, eido: Eido, connect: Callable[[], Socket], mapper: Mapper, place: Place) -> None:
        self._eido, self._connect, self._mapper, self._place = eido, connect, mapper, place
        self._session: Session | None = None
        self._failures, self._not_before, self._why = 0, float("-inf"), ""
        self._listed, self._turn = Listed(place, Rule(eido.gone, timedelta(0), REMEMBERED)), 0.0
        self._until: float | None = None
        self._state_ends_at: int | None = None
        self._judged_at = float("-inf")
        self._whole, self._fresh = False, True

    def read(self, now: datetime, steady: float, room: Callable[[], bool]) -> int:
        """Listen for a while, and return how much was new; EidoFailed."""
        if self._fresh:
            self._fresh = False
            self._silent(self._place.note("read_at") or now.isoformat())
        try:
            session = self._session or self._open(now, steady)
            new = self._listen(session, now, steady, room)
            self._tend(session, now, steady)
        except Exception as problem:
            self._lost(problem, now, steady)
            raise
        return new

    def close(self) -> None:
        """Unsubscribe."""
        if self._session:
            self._session.end()
            self._session = None

    def _open(self, now: datetime, steady: float) -> Session:
        if steady < self._not_before:
            raise EidoFailed(self._why)
        socket = self._connect()
        self._until, self._whole, self._state_ends_at, self._judged_at = None, False, None, float("-inf")
        try:
            self._session = Session(self._eido, socket, lambda said: self._aside("the connection", said, now), steady)
        except EidoFailed:
            socket.close()
            raise
        self._turn = self._place.next_turn(now)
        self._place.set_notes(connected_since=now.isoformat(), unread=NOT_WHOLE)
        return self._session

    def _listen(self, session: Session, now: datetime, steady: float, room: Callable[[], bool]) -> int:
        new = 0
        for event in session.events(LISTENS_FOR, steady):
            changes, status = self._changes(event, now)
            new += self._place.take(changes, now.timestamp(), partial(self._saw, changes, now))
            session.answer(event, status, steady)
            if not room():
                break  # what is not heard is not answered: the other side keeps it
        return new

    def _saw(self, changes: list[FeedChange], now: datetime, new: set[str]) -> None:
        """Note which incidents are active: of the others only an end is heard, and then nothing more."""
        if self._eido.gone:
            ended = [change for change in changes if _has_ended(change.update)]
            self._listed.saw([change for change in changes if change not in ended], new, self._turn, now)
            self._listed.saw_the_end(ended)

    def _tend(self, session: Session, now: datetime, steady: float) -> None:
        session.tend(steady)
        subscription = session.subscription
        if subscription.until is not None and subscription.until != self._until:
            self._until = subscription.until
            self._place.set_notes(subscribed_until=(now + timedelta(seconds=subscription.until - steady)).isoformat())
            self._place.forget((now - REMEMBERED).timestamp())
        if subscription.whole and not self._whole:
            self._read_whole(now, steady)

    def _read_whole(self, now: datetime, steady: float) -> None:
        """Tell what is gone, once the full state was read; the feed lives when all of it is told."""
        if steady < self._judged_at + JUDGED_EVERY:
            return
        if self._state_ends_at is None:
            held = self._listed.judge(self._turn, now) if self._eido.gone else ""
            if held:
                self._judged_at = steady
                self._place.set_notes(unread=held)
                return
            self._state_ends_at = self._place.last_queued()
        if self._is_told(self._state_ends_at, now):
            self._whole, self._failures = True, 0
            self._place.set_notes(silent_since=None, unread="")

    def _is_told(self, last: int, now: datetime) -> bool:
        """Tell whether what was queued up to an update was posted: a state that still waits here helps nobody."""
        waiting = self._place.waiting(1, now.timestamp())
        return not waiting or waiting[0].id > last

    def _lost(self, problem: Exception, now: datetime, steady: float) -> None:
        """Let go of a connection, and note that the feed is silent from now on."""
        if self._session is None and steady < self._not_before:
            return
        if self._session:
            self._session.end()
            self._session = None
        self._why = str(problem) if isinstance(problem, EidoFailed) else type(problem).__name__
        self._not_before = steady + min(LONGEST_WAIT, 2.0 ** min(self._failures, MOST_DOUBLINGS) - 1)
        self._failures, self._whole = self._failures + 1, False
        self._silent(now.isoformat())

    def _silent(self, since: str) -> None:
        """Note that nothing is known from some time on, or from before."""
        since = self._place.note("silent_since") or since
        self._place.set_notes(connected_since=None, subscribed_until=None, silent_since=since, unread=NOT_WHOLE)

    def _changes(self, event: Event, now: datetime) -> tuple[list[FeedChange], int]:
        """Return what a notification tells, and what to answer once it is stored."""
        found: list[FeedChange] = []
        status = OK
        for order, eido in enumerate(map(bytes, event.notification)):
            origin = f"EIDO {order + 1} of a notification"
            if len(eido) > self._eido.largest_eido:
                said = f"{len(eido):,} bytes are more than {self._eido.largest_eido_mb} MB"
                found.append(unread(eido, origin, said, now))
                status = TOO_LARGE
            elif is_reference(eido):
                found.append(unread(eido, origin, BY_REFERENCE, now))
            else:
                found += changes_of(self._mapper, eido, origin, now)
        return found, status

    def _aside(self, origin: str, said: str, now: datetime) -> None:
        self._place.set_aside(origin, said, now.timestamp())


def _has_ended(update: dict[str, Any]) -> bool:
    told = told_of(update)
    return told is not None and told.closed
