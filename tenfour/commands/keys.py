"""`tenfour keys …`: the keys with which vendors post."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from chalicelib.auth import Feed, Null, WebhookKey
from chalicelib.domain.ledger.noted import thing
from chalicelib.domain.ledger.what import What
from chalicelib.insight.keys.make import READS_BACK, Way, fresh_key, is_header, ways_of
from chalicelib.insight.keys.ring import FRESH_WORDS, KeyRing, KeyTaken
from chalicelib.insight.people.caller import anybody
from tenfour.common.noted import note_after, noted
from tenfour.common.options import AgencyId, Stack
from tenfour.common.screen import Screen, say
from tenfour.common.terminal import refuse

cli = typer.Typer(no_args_is_help=True, help="List, add, show and remove the keys with which vendors post.")

Name = Annotated[str, typer.Argument(help="The key's name.")]


@cli.command("list")
def list_keys(stack: Stack = None) -> None:
    """List the keys, without their secrets."""
    table = Table("name", "feed", "agencies", "opens by", "null", "may read back")
    for key in _ring(stack).read():
        until = "always" if key.sandbox else f"until {key.received_until:%Y-%m-%d}" if key.received_until else "no"
        where = [*key.agencies, *(f"{name} (exercises)" for name in key.sandbox)]
        null = key.null.replace("_", " ")
        table.add_row(key.name, key.feed, ", ".join(where), ", ".join(map(str, ways_of(key))), null, until)
    Screen().print(table)


@cli.command()
def add(
    name: Name,
    feed: Annotated[str, typer.Option(help="cad or rms.")] = "cad",
    bearer: Annotated[bool, typer.Option("--bearer", help="For a system that can't sign.")] = False,
    null: Annotated[str, typer.Option(help="takes_back, or silence where a null says nothing.")] = "takes_back",
    basic: Annotated[
        bool, typer.Option("--basic", help="A user and password, for one that can do nothing else.")
    ] = False,
    header: Annotated[
        str | None, typer.Option(help="A header's name, such as x-api-key, for one that can do nothing else.")
    ] = None,
    sandbox: Annotated[bool, typer.Option("--sandbox", help="To try: all that it posts is an exercise.")] = False,
    stack: Stack = None,
    agency: AgencyId = None,
) -> None:
    """Make another key; the old one opens until it is removed."""
    from tenfour.common.reached import reached

    if feed not in ("cad", "rms"):
        refuse("--feed: expected cad or rms")
    if null not in ("takes_back", "silence"):
        refuse("--null: expected takes_back or silence")
    way = _way(bearer=bearer, basic=basic, header=header)
    _, agency_id = reached(stack, agency)
    wanted: Feed = "cad" if feed == "cad" else "rms"
    meant: Null = "silence" if null == "silence" else "takes_back"
    until = None if sandbox else datetime.now(UTC) + READS_BACK
    key = fresh_key(
        name,
        wanted,
        agency_id,
        way,
        header_name=header or "x-api-key",
        sandbox=sandbox,
        received_until=until,
        null=meant,
    )
    ring = _ring(stack)
    _noted(stack, (agency_id,), What.KEYS_CHANGED, f"{thing('key', name)}: added", lambda: ring.add(key))
    say(f"{name} opens {feed}/{agency_id} within {FRESH_WORDS}; `tenfour keys show {name}` shows it")
    if way != "signature":
        say("it is weaker than a signature: whoever sees one request can post others")
    if sandbox:
        say("all that it posts is an exercise, apart from real incidents")


@cli.command()
def show(name: Name, stack: Stack = None) -> None:
    """Print a key, to hand it over."""
    found = _named(_ring(stack), name)
    if found is None:
        refuse(f"there is no key {name!r}; `tenfour keys list` has them")
    _noted(stack, _agencies(found), What.LOOKED, thing("key", name), lambda: None)
    header = f"{found.header_name}: {found.header}" if found.header else ""
    say(found.secret or found.bearer or found.basic or header)


@cli.command("read-back")
def read_back(
    name: Name,
    days: Annotated[int, typer.Option(min=0, max=366, help="For so many days from now.")] = READS_BACK.days,
    stack: Stack = None,
) -> None:
    """Let a vendor read for a while what its key posted: a write more for each request."""
    ring, until = _ring(stack), datetime.now(UTC) + timedelta(days=days)
    about = f"{thing('key', name)}: may read back for {days} days"
    agencies = _agencies(_named(ring, name))
    _noted(stack, agencies, What.KEYS_CHANGED, about, lambda: ring.read_back(name, until))
    say(f"{name} may read back what it posts for {days} days, within {FRESH_WORDS}")


@cli.command()
def remove(name: Name, stack: Stack = None) -> None:
    """Remove a key, once the vendor signs with the next one."""
    from tenfour.common.reached import asked, reached_stack

    ring = _ring(stack)
    agencies = _agencies(_named(ring, name))
    asked(lambda: ring.remove(name), KeyTaken)  # a key that may be stolen waits for no ledger
    aws = reached_stack(stack)
    for agency_id in agencies:
        note_after(aws, agency_id, What.KEYS_CHANGED, f"{thing('key', name)}: removed", anybody(aws), datetime.now(UTC))
    say(f"{name} opens nothing any more within {FRESH_WORDS}")


def _way(*, bearer: bool, basic: bool, header: str | None) -> Way:
    """Return the one way in which a new key opens."""
    asked: dict[Way, bool] = {"bearer": bearer, "basic": basic, "header": bool(header)}
    ways = [way for way, wanted in asked.items() if wanted]
    if len(ways) > 1:
        refuse("--bearer, --basic, --header: expected one of them")
    if header and not is_header(header):
        refuse(f"--header: {header!r}: expected a header's name that nothing else uses, such as x-api-key")
    return ways[0] if ways else "signature"


def _noted(stack: Path | None, agencies: Iterable[str], what: What, about: str, act: Callable[[], object]) -> None:
    """Do what widens who may post or read, once the ledger of each agency of the key has it, or refuse."""
    from tenfour.common.reached import asked, reached_stack

    aws, at = reached_stack(stack), datetime.now(UTC)
    by = anybody(aws)
    for agency_id in agencies:
        act = partial(noted, aws, agency_id, what, about, by, at, act)
    asked(act, KeyTaken)


def _named(ring: KeyRing, name: str) -> WebhookKey | None:
    return next((key for key in ring.read() if key.name == name), None)


def _agencies(key: WebhookKey | None) -> tuple[str, ...]:
    """Return the agencies for which a key opens, in earnest or for exercises."""
    return tuple(dict.fromkeys((*key.agencies, *key.sandbox))) if key else ()


def _ring(stack: Path | None) -> KeyRing:
    from tenfour.common.account import account_client, account_outputs
    from tenfour.common.reach import UNREACHABLE, client, outputs_of, read_stack

    try:
        if stack:
            city = read_stack(stack)
            return KeyRing(client("secretsmanager", city.aws_endpoint), outputs_of(city)["WebhookKeys"])
        outputs, region = account_outputs()
        return KeyRing(account_client("secretsmanager", region), outputs["WebhookKeys"])
    except UNREACHABLE as problem:
        refuse(problem)
