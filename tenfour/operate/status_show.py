"""A status on a terminal of 80 columns: what needs somebody first."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, tzinfo

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from chalicelib.domain.incidents.feed_health import FeedTrouble
from chalicelib.insight.explain.words import KINDS, why
from chalicelib.insight.status.count import Lateness, Period
from chalicelib.insight.status.read import Feed, Status

_TROUBLES = {
    FeedTrouble.SILENT: "it is silent for longer than usual",
    FeedTrouble.AHEAD: "its clock is ahead of ours",
    FeedTrouble.LATE: "its updates come late",
    FeedTrouble.UNKNOWN_TYPES: "it sends types that the settings do not list",
    FeedTrouble.REJECTED: "many of its updates are rejected",
}
_MOST_REASONS = 4


def show(console: Console, status: Status, zone: tzinfo) -> None:
    """Print a status."""
    at = status.at.astimezone(zone)
    head = f"{status.agency}, {at:%A %Y-%m-%d %H:%M}: {status.mode}, settings {status.settings_version}"
    console.print(Text(head, style="bold"))
    wrong = list(_wrong(status, zone))
    for line in wrong:
        console.print(Text(f"! {line}", style="yellow"))
    if not wrong:
        console.print(Text("Nothing needs you.", style="green"))
    console.print()
    table = _table()
    table.add_row("feed", Text(_feed(status.feed, status.at)))
    overdue = f"{status.backlog.overdue} overdue" if status.backlog.overdue else "none overdue"
    table.add_row("backlog", f"{status.backlog.waiting:,} wait to be sent, {overdue}")
    console.print(table)
    for name, period in (("today", status.today), ("this week", status.week)):
        if period:
            console.print(Text(f"\n{name}", style="bold"))
            console.print(_period(period))


def _wrong(status: Status, zone: tzinfo) -> Iterator[str]:
    for danger in status.needs.danger:
        about = f", call {danger.incident_number}" if danger.incident_number else ""
        yield f"danger: alert {danger.follow_up}{about}, since {danger.raised_at.astimezone(zone):%a %H:%M}"
    for held in status.needs.held:
        yield f"held: call {held.incident_number}, {held.texts} texts, {held.minutes_left} min left to decide"
    if status.needs.not_looked_at:
        yield f"{status.needs.not_looked_at:,} more calls wait that were not looked at"
    yield from (f"paused: {pause}" for pause in status.paused)
    yield from (f"{name} takes no messages; it is tried again by itself" for name in status.down)
    yield from (f"feed: {_TROUBLES[trouble]}" for trouble in status.feed.troubles)
    if status.backlog.oldest:
        since = f"{status.backlog.oldest.astimezone(zone):%a %H:%M}"
        yield f"{status.backlog.overdue} overdue, the oldest since {since}: see docs/operator/runbook.md"
    yield from (f"alarm {alarm}" for alarm in status.alarms or ())
    if status.feed.heard_at is None:
        yield "feed: nothing was ever heard; docs/vendor/webhook.md is for the dispatch vendor"


def _feed(feed: Feed, at: datetime) -> str:
    told = f"last update {_ago(feed.told_at, at)}" if feed.told_at else "no update yet"
    heard = f", heard {_ago(feed.heard_at, at)}" if feed.heard_at and feed.heard_at != feed.told_at else ""
    usual = f"; silent after {_minutes(feed.silent_after)} at this hour" if feed.silent_after else ""
    return told + heard + usual


def _period(period: Period) -> Padding:
    table = _table()
    table.add_row("incidents", f"{period.incidents:,}")
    table.add_row("messages", f"{period.sent:,} sent, {period.delivered:,} delivered")
    table.add_row("lateness", _late(period.lateness))
    table.add_row("failures", Text(_reasons(period.went_wrong)))
    table.add_row("not sent", Text(_reasons(period.not_sent)))
    table.add_row("spend", f"{period.segments:,} segments, ${period.dollars}")
    return Padding(table, (0, 0, 0, 2))


def _table() -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(width=9, style="dim")
    table.add_column(ratio=1)
    return table


def _late(lateness: Iterable[Lateness]) -> str:
    told = [f"{KINDS[item.kind]} {_seconds(item.median)}, worst {_seconds(item.worst)}" for item in lateness]
    return "\n".join(told) or "nothing was sent"


def _reasons(counted: Mapping[str, int]) -> str:
    if not counted:
        return "none"
    told = [f"{count:,}  {why(reason) or reason}" for reason, count in list(counted.items())[:_MOST_REASONS]]
    rest = sum(list(counted.values())[_MOST_REASONS:])
    return "\n".join([*told, *([f"{rest:,}  for other reasons"] if rest else [])])


def _ago(at: datetime, now: datetime) -> str:
    seconds = max(0, int((now - at).total_seconds()))
    return "just now" if seconds < 60 else f"{_minutes(seconds // 60)} ago"  # noqa: PLR2004  a minute


def _minutes(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if hours else f"{rest} min"


def _seconds(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"  # noqa: PLR2004  two minutes
