"""`tenfour survey comments …`: comments, read by somebody before the report may quote them."""

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.table import Table

from chalicelib.insight.figures.source import LakeSource
from chalicelib.insight.people.caller import anybody
from chalicelib.insight.surveys import comments
from chalicelib.wiring import now
from tenfour.common.options import AgencyId, AsJson, Stack
from tenfour.common.period import period
from tenfour.common.reach import UNREACHABLE
from tenfour.common.reached import reached_agency
from tenfour.common.screen import Screen, say, say_json
from tenfour.common.terminal import refuse
from tenfour.common.who import person

cli = typer.Typer(no_args_is_help=True, help="Read what people wrote, and let the report quote it.")

First = Annotated[str | None, typer.Option("--from", help="First day of the asking; by default the last 90.")]
Last = Annotated[str | None, typer.Option("--to", help="Last day of the asking; by default today.")]
Ids = Annotated[list[str], typer.Argument(metavar="ID…", help="Which, as the list has them.")]

T = TypeVar("T")


@cli.command("list")
def show(
    first: First = None,
    last: Last = None,
    released: Annotated[bool, typer.Option("--released", help="Those that the report may quote, instead.")] = False,
    as_json: AsJson = False,
    stack: Stack = None,
    agency: AgencyId = None,
) -> None:
    """List comments that nobody released yet, new or held back."""
    _, ours = reached_agency(stack, agency)
    days = _days(first, last)
    found = _asked(stack, lambda lake: comments.listed(lake, ours.agency_id, *days, released=released))
    if as_json:
        say_json(found, indent=None)
    elif found:
        Screen().print(_table(found))
    else:
        say("nothing is released" if released else "nothing waits to be read")


@cli.command()
def release(ids: Ids, first: First = None, last: Last = None, stack: Stack = None, agency: AgencyId = None) -> None:
    """Let the report quote comments as they stand.

    A comment that is changed afterwards has to be read again.
    """
    _decide("released", ids, (first, last), stack, agency)


@cli.command()
def hold(ids: Ids, first: First = None, last: Last = None, stack: Stack = None, agency: AgencyId = None) -> None:
    """Keep comments out of the report, also ones that were released."""
    _decide("held", ids, (first, last), stack, agency)


def _decide(
    state: comments.State,
    ids: list[str],
    days: tuple[str | None, str | None],
    stack: Path | None,
    agency: str | None,
) -> None:
    aws, ours = reached_agency(stack, agency)
    asked = _days(*days)
    by = anybody(aws) if state == "held" else person(aws)
    try:
        _asked(stack, lambda lake: comments.decide(aws, lake, ours, ids, state, asked, now(), by))
    except comments.UnknownComment as problem:
        refuse(f"ID: {problem}; `list` has them")
    say(f"{len(ids)} {state}; reports say so within a quarter of an hour")


def _days(first: str | None, last: str | None) -> tuple[date, date]:
    try:
        return period(first, last, now().date())
    except ValueError as problem:
        refuse(problem)


def _asked(stack: Path | None, ask: Callable[[LakeSource], T]) -> T:
    """Open the lake and ask it; refuse where it can't be reached."""
    from tenfour.figures.source import opened

    try:
        with opened(None, stack) as lake:
            return ask(lake)
    except (OSError, *UNREACHABLE) as problem:
        refuse(problem)


def _table(found: Iterable[comments.Row]) -> Table:
    table = Table("id", "asked", "about", "what was written")
    for row in found:
        held = "\n(held back)" if row.get("state") == "held" else ""
        table.add_row(row["id"], row["asked_on"], f"{row['about']}\n{row['language']}", row["comment"] + held)
    return table
