"""A status on a terminal of 80 columns: what needs somebody first."""

from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from itertools import groupby

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from chalicelib.insight.explain.words import KINDS, why
from chalicelib.insight.status.count import Lateness, Period
from chalicelib.insight.status.feeds import Feed
from chalicelib.insight.status.needs import What
from chalicelib.insight.status.nulls import Nulls
from chalicelib.insight.status.read import Status
from chalicelib.insight.status.words import NEXT, sentence
from tenfour.common.screen import Screen

_MOST_REASONS = 4
_MOST_FIELDS = 4


def show(console: Screen, status: Status, zone: tzinfo) -> None:
    """Print a status."""
    at = status.at.astimezone(zone)
    head = f"{status.agency}, {at:%A %Y-%m-%d %H:%M}: {status.mode}, settings {status.settings_version}"
    console.print(Text(head, style="bold"))
    _show_needs(console, status, zone)
    console.print()
    table = _table()
    table.add_row("feed", Text(_feed(status.feed, status.at)))
    overdue = f"{status.backlog.overdue} overdue" if status.backlog.overdue else "none overdue"
    for told in status.nulls or ():
        table.add_row("nulls", Text(_nulls(told)))
    table.add_row("backlog", f"{status.backlog.waiting:,} wait to be sent, {overdue}")
    console.print(table)
    for name, period in (("today", status.today), ("this week", status.week)):
        if period:
            console.print(Text(f"\n{name}", style="bold"))
            console.print(_period(period))


def _show_needs(console: Screen, status: Status, zone: tzinfo) -> None:
    """Print what needs somebody, kind by kind, and under each kind the next step."""
    table = Table.grid(padding=(0, 1))
    for what, same in groupby(status.needs, key=lambda need: need.what):
        style = "bold red" if what is What.DANGER else "yellow"
        for need in same:
            table.add_row(Text("!", style=style), Text(sentence(need, zone, status.at), style=style))
        table.add_row("", Text(NEXT[what], style="dim"))
    if not status.needs:
        table.add_row(Text("Nothing needs you." if status.today else "Nothing needs you now.", style="green"))
    console.print(table)
    if status.today is None:
        console.print(Text("Words that nobody judged are not counted: leave out --now to see them.", style="dim"))
    if status.alarms is None:
        console.print(Text("Alarms can't be read from here.", style="dim"))


def _feed(feed: Feed, at: datetime) -> str:
    told = f"last update {_ago(feed.told_at, at)}" if feed.told_at else "no update yet"
    heard = f", heard {_ago(feed.heard_at, at)}" if feed.heard_at and feed.heard_at != feed.told_at else ""
    usual = f"; silent after {_minutes(feed.silent_after)} at this hour" if feed.silent_after else ""
    return told + heard + usual


def _nulls(told: Nulls) -> str:
    fields = ", ".join(f"{field} {count:,}" for field, count in list(told.fields.items())[:_MOST_FIELDS])
    others = len(told.fields) - _MOST_FIELDS
    rest = f", and {others} more field{'s' * (others != 1)}" if others > 0 else ""
    return f"{told.source} took back known values on {told.calls:,} of {told.of:,} calls in 24 hours: {fields}{rest}"


def _period(period: Period) -> Padding:
    table = _table()
    table.add_row("incidents", f"{period.incidents:,}")
    table.add_row("messages", f"{period.sent:,} sent, {period.delivered:,} delivered")
    table.add_row("lateness", _late(period.lateness))
    table.add_row("failures", Text(_reasons(period.went_wrong)))
    table.add_row("not sent", Text(_reasons(period.not_sent)))
    table.add_row("spend", f"{period.segments:,} segment{'s' * (period.segments != 1)}, ${period.dollars}")
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
