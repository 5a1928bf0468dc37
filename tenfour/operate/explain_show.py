"""A story on a terminal of 80 columns."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from datetime import tzinfo
from typing import TypeVar

from rich.console import Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from chalicelib.domain.approval import shown
from chalicelib.insight.explain.clock import Clock
from chalicelib.insight.explain.moment import Moment, Untold, Waiting
from chalicelib.insight.explain.story import Explained
from tenfour.common.screen import Screen

T = TypeVar("T")
_WORD_AND_ID = 2
_STYLES = {
    "heard": "cyan",
    "sent": "green",
    "delivered": "green",
    "answered": "bold green",
    "danger": "bold red",
    "seen to": "green",
    "held": "yellow",
    "put off": "yellow",
    "in doubt": "yellow",
    "not sent": "red",
    "cancelled": "red",
    "failed": "red",
    "not delivered": "red",
    "released": "magenta",
    "revealed": "magenta",
    "held by law": "magenta",
}


def called(told: Explained) -> str:
    """Return the incident of a story as staff know it."""
    return f"incident {told.incident_number}" if told.called in ("", told.incident_number) else told.called


def show(console: Screen, told: Explained, zone: tzinfo) -> None:
    """Print a story: what happened, what may still happen, what did not and why, and by which settings."""
    clock = Clock(zone, told.received_at)
    console.print(Text(f"{told.agency}, {called(told)}: {told.summary}", style="bold"))
    if told.names and told.names != (told.incident_number,):
        console.print(Text(f"Its other names: {', '.join(map(shown, told.names))}"))
    if told.follows:
        console.print(Text(f"The same incident as {told.follows}: its people are told of that one. See it with"))
        console.print(Text(f"  tenfour explain {told.follows}"))
    if told.awaits and told.waits_until:
        until = f"{clock.day(told.waits_until)} {clock.time(told.waits_until)}"
        console.print(Text(f"It is said to be the same as {told.awaits}, of which nobody has told. Its people wait"))
        console.print(Text(f"until {until}. After that they are told of this one."))
    _show_moments(console, told.moments, clock)
    console.print(Text("\n" + "\n".join(_balance(told))))
    _show_waiting(console, told.waiting, clock)
    _show_not_sent(console, told.not_sent)
    console.print()
    for version in told.settings:
        said = f": {version.comment}" if version.comment else ""
        published = f"published {clock.day(version.at)} {clock.time(version.at)} by {shown(version.author)}{said}"
        console.print(Text(f"Settings {version.version}: {published}", style="dim"))


def _balance(told: Explained) -> Iterator[str]:
    """Yield how many went, and what may still go: a call that is open may bring what nobody has decided yet."""
    went = f"{_messages(told.went)} went out" if told.went else "Nothing went out"
    if told.would_have_gone:
        went = f"{_messages(told.would_have_gone)} would have gone, had it been live; {went[0].lower() + went[1:]}"
    if told.waiting:
        yield f"{went}, and {len(told.waiting)} may still go."
    elif told.may_come or not told.final:
        yield f"{went}, and nothing waits now."
    else:
        yield f"{went}, and nothing may still go."
    if told.may_come:
        yield f"What happens next may bring: {', '.join(told.may_come)}."
    elif not (told.final or told.waiting):
        yield "The call is open: what dispatch says next may change that."


def _messages(number: int) -> str:
    return f"{number} message{'' if number == 1 else 's'}"


def _show_moments(console: Screen, moments: Iterable[Moment], clock: Clock) -> None:
    def alike(moment: Moment) -> Hashable:
        return (
            clock.day(moment.at),
            clock.time(moment.at),
            *_sentence(moment),
            moment.text,
            moment.note,
            moment.source_id,
        )

    day, table = "", _grid()
    for same in _together(moments, alike):
        first = same[0]
        if clock.day(first.at) != day:
            if day:
                console.print(table)
            day, table = clock.day(first.at), _grid()
            console.print(Text(f"\n{day}", style="bold"))
        what = Text(first.what, style=_STYLES.get(first.what, ""))
        table.add_row(clock.time(first.at), clock.after(first.at), what, Group(*_lines(same)))
    console.print(table)


def _grid() -> Table:
    """Return a table whose columns are as wide on one day as on the next."""
    table = Table.grid(padding=(0, 1))
    table.add_column(width=8)
    table.add_column(width=7, justify="right", style="dim")
    table.add_column(width=13)
    table.add_column(ratio=1)
    return table


def _sentence(moment: Moment) -> tuple[str, str, str]:
    return moment.what, moment.about, moment.detail


def _lines(same: list[Moment]) -> Iterator[Text | Padding]:
    first = same[0]
    who = _names(moment.who for moment in same)
    whom = f" {'by' if first.what == 'answered' else 'to'} {who}" if who else ""
    yield Text(": ".join(filter(None, (f"{first.about}{whom}", first.detail))))
    if first.text:
        yield Padding(Text(f"“{first.text.strip()}”", style="italic"), (0, 0, 0, 2))
    addresses = ", ".join(dict.fromkeys(moment.address for moment in same if moment.address))
    note = ", ".join(filter(None, (f"to {addresses}" if addresses else "", first.note)))
    if note:
        yield Padding(Text(note, style="dim"), (0, 0, 0, 2))


def _show_waiting(console: Screen, waiting: Iterable[Waiting], clock: Clock) -> None:
    table = _table("Still to come", "what", "to", "looked at next", "no later than")
    for same in _together(waiting, lambda item: (item.kind, clock.near(item.look_at, item.look_at), item.words)):
        first = same[0]
        when = Text(f"{clock.day(first.look_at)} {clock.time(first.look_at)}")
        when.append(f"\n{first.words}" if first.words else "")
        until = Text(clock.near(first.expires_at, first.look_at))
        table.add_row(Text(first.kind), Text(_names(item.who for item in same)), when, until)
    _print(console, table)


def _show_not_sent(console: Screen, not_sent: Iterable[Untold]) -> None:
    table = _table("Not sent or not delivered", "what", "to", "why", "settings")
    for same in _together(not_sent, lambda item: (item.kinds, item.words, item.detail, item.settings_version)):
        first = same[0]
        because = Text(first.words)
        because.append(f"\n{first.detail}" if first.detail else "")
        who = Text(_names(item.who for item in same))
        table.add_row(Text(", ".join(first.kinds)), who, because, Text(str(first.settings_version or "?")))
    _print(console, table)


def _table(title: str, *columns: str) -> Table:
    what, to, middle, last = columns
    table = Table(title=title, title_justify="left", title_style="bold", box=None, expand=True)
    table.pad_edge, table.padding = False, (0, 1, 0, 0)
    table.add_column(what, width=18)
    table.add_column(to, width=14)
    table.add_column(middle, ratio=1)
    table.add_column(last, justify="right")
    return table


def _print(console: Screen, table: Table) -> None:
    if table.row_count:
        console.print()
        console.print(table)


def _together(items: Iterable[T], alike: Callable[[T], Hashable]) -> Iterable[list[T]]:
    """Return what would read the same but for the person together, at the place of the first."""
    found: dict[Hashable, list[T]] = {}
    for item in items:
        found.setdefault(alike(item), []).append(item)
    return found.values()


def _names(names: Iterable[str]) -> str:
    """Return names in one phrase, such as `callers 1, 2`; each once."""
    each = list(dict.fromkeys(filter(None, names)))
    parts = [name.split(" ") for name in each]
    alike = len(each) > 1 and len({part[0] for part in parts}) == 1 and all(len(part) == _WORD_AND_ID for part in parts)
    return f"{parts[0][0]}s {', '.join(part[1] for part in parts)}" if alike else ", ".join(each)
