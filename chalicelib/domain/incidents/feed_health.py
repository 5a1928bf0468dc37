"""Check an agency's feed: each minute is compared with what is usual in that hour of the week. Pure.

Nobody reports that a dispatch system has stopped sending; only the missing updates show it. Hours are counted in
UTC. An hour is judged together with its neighbours, which covers the change of clocks.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.incidents.update import Update
from chalicelib.domain.notifications.permit import FEED_FRESH
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.incident_types import matches

HOURS = 7 * 24
LEARNING = timedelta(days=14)
"""Time in which each hour of the week is seen twice; before its end only `UNLEARNED` counts as silence."""

UNLEARNED, SHORTEST = timedelta(hours=6), timedelta(minutes=15)
HALF_AS_MUCH_AGAIN = 1.5
"""The factor by which one outage may raise its hour's limit: otherwise a long one would make the check deaf."""

BEATS_FOR = timedelta(days=2)
"""How long after a heartbeat a feed is expected to send more of them."""

WINDOW = timedelta(minutes=15)
LATE, AHEAD = timedelta(minutes=5), timedelta(seconds=30)
FEWEST = 10
"""The fewest updates in a window from which anything is concluded."""

MANY_REJECTED, MANY_LATE, MANY_AHEAD = 20, 50, 50
"""Percent of a window's updates."""

MORE_UNLISTED = 30
"""Percentage points above the usual share."""


class FeedTrouble(StrEnum):
    """Troubles that a feed may have."""

    SILENT = "silent"
    AHEAD = "ahead"
    LATE = "late"
    UNKNOWN_TYPES = "unknown_types"
    REJECTED = "rejected"


class Tally(Struct, frozen=True, omit_defaults=True):
    """Counts of a feed's updates, which only grow; `typed` and `unlisted` are about incident types."""

    updates: int = 0
    rejected: int = 0
    typed: int = 0
    unlisted: int = 0
    late: int = 0
    ahead: int = 0

    def plus(self, other: "Tally") -> "Tally":
        """Return the sum of two tallies."""
        return Tally(*(getattr(self, name) + getattr(other, name) for name in Tally.__struct_fields__))

    def since(self, earlier: "Tally") -> "Tally":
        """Return the counts since an earlier tally; zero, rather than less, where a table was restored."""
        return Tally(*(max(0, getattr(self, name) - getattr(earlier, name)) for name in Tally.__struct_fields__))


class FeedHeard(Struct, frozen=True):
    """The times of a feed's last sign of life and last update, and its tally so far."""

    heard_at: datetime | None = None
    told_at: datetime | None = None
    tally: Tally = Tally()


class FeedBook(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The stored memory of a feed; it changes rarely, so a check costs a read and no write.

    `longest` has the longest minutes without an update, by hour of the week. `silent_since` is the last update before
    a silence that was too long. `usual` is the usual percentage of types that the settings do not list. While there are
    many more, `unlisted_since` is when that began and `unlisted` their percentage now.
    """

    since: datetime
    longest: Mapping[int, int] = {}
    silent_since: datetime | None = None
    beat_at: datetime | None = None
    tally: Tally = Tally()
    tallied_at: datetime
    usual: int | None = None
    unlisted_since: datetime | None = None
    unlisted: int = 0


def tally_of(updates: Sequence[Update], rejected: int, agency: Agency, now: datetime) -> Tally:
    """Return the tally of one webhook."""
    types = [(update.facts["incident_type"], update) for update in updates if update.facts.get("incident_type")]
    return Tally(
        updates=len(updates),
        rejected=rejected,
        typed=len(types),
        unlisted=sum(not _listed(code, agency.at(update.facts.get("beat"))) for code, update in types),
        late=sum(now - update.as_of > LATE for update in updates),
        ahead=sum(update.as_of - now > AHEAD for update in updates),
    )


def watch(book: FeedBook | None, heard: FeedHeard, now: datetime) -> tuple[FeedBook, tuple[FeedTrouble, ...]]:
    """Return the new memory and the feed's present troubles; a trouble is named each minute while it lasts."""
    book = book or FeedBook(since=now, tally=heard.tally, tallied_at=now)
    silent = _too_long(book, heard, now)
    window = heard.tally.since(book.tally)
    troubles = [FeedTrouble.SILENT] if silent or _without_beat(book, heard, now) else []
    troubles += _of_window(window)
    book = _with_unlisted(book, window, now)
    troubles += [FeedTrouble.UNKNOWN_TYPES] if book.unlisted_since else []
    return _with_window(_with_beat(_learned(book, heard, silent, now), heard), window, heard, now), tuple(troubles)


def limit(book: FeedBook, now: datetime) -> timedelta:
    """Return the longest normal silence at this hour: the longest seen in it or in the hours beside it."""
    hour = hour_of_week(now)
    near = max(book.longest.get((hour + step) % HOURS, 0) for step in (-1, 0, 1))
    return max(timedelta(minutes=near), SHORTEST if now - book.since >= LEARNING else UNLEARNED)


def hour_of_week(at: datetime) -> int:
    """Return which of the 168 hours of the week it is, from Monday 00:00 UTC."""
    at = at.astimezone(UTC)
    return at.weekday() * 24 + at.hour


def _listed(code: str, agency: Agency) -> bool:
    patterns = (agency.sensitive_types, agency.never_types, agency.after_close_types)
    known = agency.type_of(code) or agency.meaning(code) or agency.judgements.knows(code)
    return bool(known) or any(matches(each, code) for each in patterns)


def _too_long(book: FeedBook, heard: FeedHeard, now: datetime) -> bool:
    return heard.told_at is not None and now - heard.told_at > limit(book, now)


def _without_beat(book: FeedBook, heard: FeedHeard, now: datetime) -> bool:
    """Tell whether a feed that sends heartbeats has stopped; delay notices are held back meanwhile."""
    beats = book.beat_at is not None and now - book.beat_at <= BEATS_FOR
    return beats and heard.heard_at is not None and now - heard.heard_at > FEED_FRESH


def _learned(book: FeedBook, heard: FeedHeard, silent: bool, now: datetime) -> FeedBook:
    """Return the book with this minute's silence learned.

    A silence that was too long is learned only in part, and only once it is over.
    """
    if heard.told_at is None:
        return book
    if silent:
        return book if book.silent_since else replace(book, silent_since=heard.told_at)
    silence = now - heard.told_at
    if book.silent_since and heard.told_at > book.silent_since:
        over = min(heard.told_at - book.silent_since, limit(book, now) * HALF_AS_MUCH_AGAIN)
        silence = max(silence, over)
    book = replace(book, silent_since=None) if book.silent_since else book
    hour, minutes = hour_of_week(now), -(-max(silence, timedelta()) // timedelta(minutes=1))
    if minutes <= book.longest.get(hour, 0):
        return book
    return replace(book, longest={**book.longest, hour: minutes})


def _with_beat(book: FeedBook, heard: FeedHeard) -> FeedBook:
    """Return the book with the time of a heartbeat, written at most once a day."""
    if heard.heard_at is None or heard.heard_at - (heard.told_at or book.since) <= timedelta(minutes=1):
        return book
    known = book.beat_at and heard.heard_at - book.beat_at < timedelta(days=1)
    return book if known else replace(book, beat_at=heard.heard_at)


def _of_window(window: Tally) -> list[FeedTrouble]:
    found = []
    if window.rejected >= FEWEST and _percent(window.rejected, window.rejected + window.updates) >= MANY_REJECTED:
        found.append(FeedTrouble.REJECTED)
    if window.late >= FEWEST and _percent(window.late, window.updates) >= MANY_LATE:
        found.append(FeedTrouble.LATE)
    if window.ahead >= FEWEST and _percent(window.ahead, window.updates) >= MANY_AHEAD:
        found.append(FeedTrouble.AHEAD)
    return found


def _with_unlisted(book: FeedBook, window: Tally, now: datetime) -> FeedBook:
    """Return the book with what this window shows of types that nobody listed.

    A trouble that has begun lasts until so many updates deny it: the first minutes of the next window say nothing.
    """
    share = _percent(window.unlisted, window.typed)
    if book.usual is None or window.typed < FEWEST:
        return book
    if window.unlisted >= FEWEST and share >= book.usual + MORE_UNLISTED:
        return replace(book, unlisted_since=book.unlisted_since or now, unlisted=share)
    return replace(book, unlisted_since=None, unlisted=0) if book.unlisted_since else book


def _with_window(book: FeedBook, window: Tally, heard: FeedHeard, now: datetime) -> FeedBook:
    """Return the book with a window that has ended counted.

    The usual share moves by one point a window. If it moved at once, a jump would soon be usual and never be noticed.
    """
    if now - book.tallied_at < WINDOW:
        return book
    usual = book.usual
    if window.typed >= FEWEST:
        unlisted = _percent(window.unlisted, window.typed)
        usual = unlisted if usual is None else usual + (unlisted > usual) - (unlisted < usual)
    if window == Tally():  # no update in this window: it stays open, and nothing is lost
        return book
    return replace(book, tally=heard.tally, tallied_at=now, usual=usual)


def _percent(part: int, whole: int) -> int:
    return 100 * part // whole if whole else 0
