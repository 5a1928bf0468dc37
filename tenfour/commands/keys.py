"""`tenfour keys …`: the keys with which vendors post."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from chalicelib.auth import Feed
from tenfour.common.options import AgencyId, Stack
from tenfour.common.screen import Screen, say
from tenfour.common.terminal import refuse
from tenfour.stack.keys import FRESH_WORDS, KeyRing, KeyTaken

cli = typer.Typer(no_args_is_help=True, help="List, add, show and remove the keys with which vendors post.")

Name = Annotated[str, typer.Argument(help="The key's name.")]


@cli.command("list")
def list_keys(stack: Stack = None) -> None:
    """List the keys, without their secrets."""
    table = Table("name", "feed", "agencies", "signs")
    for key in _ring(stack).read():
        table.add_row(key.name, key.feed, ", ".join(key.agencies), "yes" if key.secret else "no: bearer")
    Screen().print(table)


@cli.command()
def add(
    name: Name,
    feed: Annotated[str, typer.Option(help="cad or rms.")] = "cad",
    bearer: Annotated[bool, typer.Option("--bearer", help="For a system that can't sign.")] = False,
    stack: Stack = None,
    agency: AgencyId = None,
) -> None:
    """Make another key; the old one opens until it is removed."""
    from tenfour.common.reached import reached

    if feed not in ("cad", "rms"):
        refuse("--feed: expected cad or rms")
    _, agency_id = reached(stack, agency)
    wanted: Feed = "cad" if feed == "cad" else "rms"
    try:
        _ring(stack).add(name, wanted, agency_id, bearer)
    except KeyTaken as problem:
        refuse(problem)
    say(f"{name} opens {feed}/{agency_id} within {FRESH_WORDS}; `tenfour keys show {name}` shows it")


@cli.command()
def show(name: Name, stack: Stack = None) -> None:
    """Print a key, to hand it over."""
    found = next((key for key in _ring(stack).read() if key.name == name), None)
    if found is None:
        refuse(f"there is no key {name!r}; `tenfour keys list` has them")
    say(found.secret or found.bearer)


@cli.command()
def remove(name: Name, stack: Stack = None) -> None:
    """Remove a key, once the vendor signs with the next one."""
    try:
        _ring(stack).remove(name)
    except KeyTaken as problem:
        refuse(problem)
    say(f"{name} opens nothing any more within {FRESH_WORDS}")


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
