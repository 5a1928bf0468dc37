"""What is done before texts go, on a terminal of 80 columns, in the words of the desk's page."""

from collections.abc import Iterable

from rich.table import Table
from rich.text import Text

from chalicelib.domain.desk.going_live import GoingLive, Item, What
from chalicelib.words.desk import find
from tenfour.common.screen import Screen

_LANGUAGE = "en"


def show(console: Screen, told: GoingLive) -> None:
    """Print the list: the agency, each kind, each type; under what is not done, the next step."""
    console.print(Text(_say("going_live.live" if told.live else "going_live.shadow"), style="bold"))
    console.print(_say("going_live.counted", done=told.done, all=len(told.items)))
    _part(console, _say("going_live.agency"), told.agency)
    for kind in told.kinds:
        _part(console, f"{_say(f'kind.{kind.kind}')} · {_is(kind.live)}", kind.items)
    for one in told.types:
        place = f" ({one.listed.place})" if one.listed.place else ""
        title = f"{one.listed.rule.description}{place}: {', '.join(one.listed.rule.codes)} · {_is(one.live)}"
        _part(console, title, one.items)


def for_programs(told: GoingLive) -> dict[str, object]:
    """Return the list as a program reads it: each thing with the kind or the codes of the type that it is of."""
    whose = [("agency", "", item) for item in told.agency]
    whose += [("kind", str(kind.kind), item) for kind in told.kinds for item in kind.items]
    whose += [("type", " ".join(one.listed.rule.codes), item) for one in told.types for item in one.items]
    items = [_plain(of, name, item) for of, name, item in whose]
    return {"live": told.live, "done": told.done, "all": len(items), "items": items}


def _plain(of: str, name: str, item: Item) -> dict[str, object]:
    signed = item.signed
    return {
        "of": of,
        "name": name,
        "what": item.what,
        "about": item.about or "",
        "done": item.done,
        "signed_by": signed.by.written if signed else "",
        "signed_at": signed.at if signed else None,
        "reads_otherwise": item.moved,
        "judged_by": item.names,
        "days": item.days,
        "percent": item.percent,
    }


def _part(console: Screen, title: str, items: Iterable[Item]) -> None:
    console.print(Text(f"\n{title}", style="bold"))
    table = Table.grid(padding=(0, 1))
    for item in items:
        table.add_row(_mark(item), Text(_words(item)))
        if not item.done:
            table.add_row("", Text(_next(item), style="dim"))
    console.print(table)


def _mark(item: Item) -> Text:
    return Text("done" if item.done else "NOT ", style="green" if item.done else "yellow")


def _words(item: Item) -> str:
    if item.what is What.SIGNED:
        said = f"{_say(f'going_live_signer.{item.about}')}:" if item.done else _say(f"going_live_signer.{item.about}")
    else:
        about = _say(f"watchers.{item.about}") if item.about else ""
        said = _say(f"going_live_item.{item.what}", about=about, days=item.days, percent=item.percent)
    names = ", ".join(item.names)
    by = _say("going_live.by", who=item.signed.by.written) if item.signed else names
    return f"{said} {by}".strip()


def _next(item: Item) -> str:
    moved = [_say("going_live.moved")] if item.moved else []
    step = _say("going_live.read") if item.what is What.SIGNED else _say(f"going_live_next.{item.what}")
    return " ".join([*moved, step])


def _is(live: bool) -> str:
    return _say("going_live.is_live" if live else "going_live.is_shadow")


def _say(name: str, /, **values: object) -> str:
    return find(_LANGUAGE, name).format_map(values)
