"""`tenfour feed status`: how far behind a feed is, on one screen."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec import Struct
from rich.text import Text

from feed.place import Place
from tenfour.common.screen import Screen

DEAD_AFTER = timedelta(seconds=90)
LATE_AFTER = timedelta(minutes=5)
"""A feed that was silent for so long holds delay notices back."""

MOST_SHOWN = 5


class NoFeed(ValueError):
    """There is no feed's file where one was named."""


class Status(Struct, frozen=True, kw_only=True):
    """How a feed does. `behind` is for how many seconds the oldest update has waited."""

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
    oldest = place.oldest_waiting()
    found: dict[str, Any] = {
        "alive_at": _instant(place.note("alive_at")),
        "read_at": _instant(place.note("read_at")),
        "source_problem": place.note("source_problem") or "",
        "heard_at": _instant(place.note("heard_at")),
        "post_problem": place.note("post_problem") or "",
        "behind": max(0.0, now.timestamp() - oldest) if oldest else 0.0,
    }
    return Status(
        **found,
        mark=place.note("mark"),
        rows_read=place.note("rows_read"),
        waiting=place.count_waiting(),
        posted=place.note("posted") or 0,
        skew=place.note("skew") or 0.0,
        set_aside=place.count_aside(),
        asides=tuple(place.aside(MOST_SHOWN)),
        problems=tuple(_problems(found, now)),
    )


def _problems(found: dict[str, Any], now: datetime) -> list[str]:
    problems = []
    if found["alive_at"] is None or now - found["alive_at"] > DEAD_AFTER:
        problems.append("the feed does not run")
    elif found["read_at"] is None or now - found["read_at"] > LATE_AFTER:
        problems.append("nothing was read for more than five minutes: no heartbeat is sent")
    if found["source_problem"]:
        problems.append(f"reading fails: {found['source_problem']}")
    if found["post_problem"]:
        problems.append(f"posting fails: {found['post_problem']}")
    if found["behind"] > LATE_AFTER.total_seconds():
        problems.append("it is more than five minutes behind: delay notices are held back")
    return problems


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
        *((("rows read", f"{told.rows_read:,} since it was started"),) if told.rows_read is not None else ()),
        ("waiting", f"{told.waiting:,} updates" + (f", the oldest for {_long(told.behind)}" if told.waiting else "")),
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
