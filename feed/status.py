"""`tenfour feed status`: how far behind a feed is, on one screen."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec import Struct
from rich.text import Text

from feed.eido.told import Connection, connection, rows_of
from feed.place import Place
from tenfour.common.screen import Screen

DEAD_AFTER = timedelta(seconds=90)
LATE_AFTER = timedelta(minutes=5)
"""A feed that was silent for so long holds delay notices back."""

MANY_STARTS, STARTS_WITHIN = 5, timedelta(minutes=10)
"""A feed that is started so often ends by itself."""

MOST_SHOWN = 5


class NoFeed(ValueError):
    """There is no feed's file where one was named."""


class Status(Struct, frozen=True, kw_only=True):
    """How a feed does. `behind` is for how many seconds the oldest update has waited that could have been posted.

    `ahead` updates are of a time that has not come; the last of them can be posted in `ahead_for` seconds. `whole_at`
    is when a read last came to its end, and `starts` how often the feed was started lately. Connection, subscription
    and silence are those of EIDO: a feed that does not run is not connected, whatever it noted last.
    """

    alive_at: datetime | None
    read_at: datetime | None
    source_problem: str
    mark: str | int | None
    rows_read: int | None
    waiting: int
    behind: float
    heard_at: datetime | None
    post_problem: str
    posted: int
    skew: float
    set_aside: int
    asides: tuple[tuple[datetime, str, str], ...]
    problems: tuple[str, ...]
    whole_at: datetime | None = None
    starts: int = 0
    connected_since: datetime | None = None
    subscribed_until: datetime | None = None
    silent_since: datetime | None = None
    ahead: int = 0
    ahead_for: float = 0.0


def status(state: Path, now: datetime) -> Status:
    """Read how a feed does; NoFeed."""
    file = state / "feed.db"
    if not file.exists():
        raise NoFeed(f"{file}: no feed has run with this state")
    try:
        place = Place(file)
    except sqlite3.Error as problem:
        raise NoFeed(f"{file}: {problem}") from problem
    try:
        return _status(place, now)
    except (sqlite3.Error, ValueError) as problem:
        raise NoFeed(f"{file}: it can't be read: {problem}") from problem
    finally:
        place.close()


def _status(place: Place, now: datetime) -> Status:
    starts = [datetime.fromisoformat(at) for at in place.note("starts") or ()]
    heard_at = _instant(place.note("heard_at"))
    skew = timedelta(seconds=place.note("skew") or 0.0)
    theirs = (now + skew).timestamp()
    oldest, (ahead, last) = place.oldest_waiting(theirs), place.waiting_for_their_time(theirs)
    found: dict[str, Any] = {
        "alive_at": _instant(place.note("alive_at")),
        "read_at": _instant(place.note("read_at")),
        "source_problem": place.note("source_problem") or "",
        "heard_at": heard_at - skew if heard_at else None,
        "post_problem": place.note("post_problem") or "",
        "behind": max(0.0, theirs - oldest) if oldest else 0.0,
        "ahead": ahead,
        "ahead_for": max(0.0, last - theirs),
        "whole_at": _instant(place.note("whole_at")),
        "starts": sum(now - STARTS_WITHIN <= at <= now for at in starts),
    }
    began = max(starts, default=None)
    connected = connection(place, alive=not _is_dead(found["alive_at"], now), skew=skew)
    return Status(
        **found,
        mark=place.note("mark"),
        rows_read=place.note("rows_read"),
        waiting=place.count_waiting(),
        posted=place.note("posted") or 0,
        skew=skew.total_seconds(),
        set_aside=place.count_aside(),
        asides=tuple(place.aside(MOST_SHOWN)),
        problems=tuple(_problems(found, began, now)),
        connected_since=connected.connected_since,
        subscribed_until=connected.subscribed_until,
        silent_since=connected.silent_since,
    )


def _problems(found: dict[str, Any], began: datetime | None, now: datetime) -> list[str]:
    """Return what somebody must look at; a feed that began a moment ago had no time to read or to be heard."""

    def late(at: datetime | None) -> bool:
        last = max(filter(None, (at, began)), default=None)
        return last is None or now - last > LATE_AFTER

    problems = []
    if _is_dead(found["alive_at"], now):
        problems.append("the feed does not run")
    elif late(found["read_at"]):
        problems.append("nothing was read for more than five minutes: no heartbeat is sent")
    elif found["whole_at"] and now - found["whole_at"] > LATE_AFTER and not found["source_problem"]:
        ago = _long((now - found["whole_at"]).total_seconds())
        problems.append(f"it reads what it missed, and last came to the end {ago} ago: no heartbeat is sent")
    if found["starts"] >= MANY_STARTS:
        problems.append(f"it was started {found['starts']} times within ten minutes: its log says what ends it")
    if found["source_problem"]:
        problems.append(f"reading fails: {found['source_problem']}")
    if found["post_problem"]:
        problems.append(f"posting fails: {found['post_problem']}")
    problems += _ahead(found["ahead"], found["ahead_for"])
    if found["behind"] > LATE_AFTER.total_seconds():
        problems.append("it is more than five minutes behind: delay notices are held back")
    elif not problems and late(found["heard_at"]):
        problems.append("the address has heard nothing for more than five minutes: delay notices are held back")
    return problems


def _ahead(many: int, seconds: float) -> list[str]:
    if seconds <= LATE_AFTER.total_seconds():
        return []
    are = "updates are" if many > 1 else "update is"
    return [f"{many:,} {are} ahead of the time by up to {_long(seconds)}: is the time zone right?"]


def _is_dead(alive_at: datetime | None, now: datetime) -> bool:
    return alive_at is None or now - alive_at > DEAD_AFTER


def show(console: Screen, feed: str, told: Status, now: datetime) -> None:
    """Print how a feed does."""
    verdict = ("needs somebody", "bold red") if told.problems else ("is well", "bold green")
    console.print(Text.assemble(f"{feed} ", verdict))
    for problem in told.problems:
        console.print(f"  {problem}", style="red")
    console.print()
    rows = [
        ("runs", f"last sign {_ago(told.alive_at, now)}"),
        ("reading", f"last {_ago(told.read_at, now)}" + (f", up to {str(told.mark)[:19]}" if told.mark else "")),
        *rows_of(Connection(told.connected_since, told.subscribed_until, told.silent_since)),
        *((("rows read", f"{told.rows_read:,} since it was started"),) if told.rows_read is not None else ()),
        ("waiting", f"{told.waiting:,} updates" + (f", the oldest for {_long(told.behind)}" if told.behind else "")),
        *((("ahead", f"{told.ahead:,} of them, the last for {_long(told.ahead_for)}"),) if told.ahead else ()),
        ("posting", f"last heard {_ago(told.heard_at, now)}, {told.posted:,} updates taken so far"),
        (
            "clock",
            f"{abs(told.skew):,.0f} s {'behind' if told.skew > 0 else 'ahead'}; corrected" if told.skew else "right",
        ),
        ("set aside", f"{told.set_aside:,}" + (", the last:" if told.asides else "")),
    ]
    for name, words in rows:
        console.print(f"  {name:<10} {words}")
    for at, origin, said in told.asides:
        console.print(f"    {at.astimezone():%m-%d %H:%M}  {origin}: {said}")


def _ago(at: datetime | None, now: datetime) -> str:
    return f"{_long((now - at).total_seconds())} ago" if at else "never"


def _long(seconds: float) -> str:
    for unit, name in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * unit:
            return f"{seconds / unit:,.0f} {name}"
    return f"{max(0.0, seconds):,.0f} s"


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(UTC) if text else None
