"""`tenfour survey comments …`: what people wrote, read by somebody before the report may quote it."""

import getpass
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.surveys.comment_release import CommentRelease
from chalicelib.wiring import Aws, now
from tenfour.common.options import AgencyId, AsJson, Stack
from tenfour.common.period import period
from tenfour.common.reach import UNREACHABLE
from tenfour.common.reached import reached_agency
from tenfour.common.terminal import refuse

cli = typer.Typer(no_args_is_help=True, help="Read what people wrote, and let the report quote it.")

First = Annotated[str | None, typer.Option("--from", help="First day of the asking; by default the last 90.")]
Last = Annotated[str | None, typer.Option("--to", help="Last day of the asking; by default today.")]
Ids = Annotated[list[str], typer.Argument(metavar="ID…", help="Which, as the list has them.")]
By = Annotated[str, typer.Option(help="Who read it.", default_factory=getpass.getuser, show_default="you")]

State = Literal["released", "held"]
Row = dict[str, Any]


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
    found = _asked("comments" if released else "comments_unreleased", ours, first, last, stack)
    if as_json:
        print(msgspec.json.encode(found).decode())
    elif found:
        Console(highlight=False).print(_table(found))
    else:
        print("nothing is released" if released else "nothing waits to be read")


@cli.command()
def release(
    ids: Ids, by: By, first: First = None, last: Last = None, stack: Stack = None, agency: AgencyId = None
) -> None:
    """Let the report quote comments as they stand.

    A comment that is changed afterwards has to be read again.
    """
    _decide("released", "comments_unreleased", ids, by, (first, last), stack, agency)


@cli.command()
def hold(
    ids: Ids, by: By, first: First = None, last: Last = None, stack: Stack = None, agency: AgencyId = None
) -> None:
    """Keep comments out of the report, also ones that were released."""
    _decide("held", "comments", ids, by, (first, last), stack, agency)


def _decide(
    state: State,
    among: str,
    ids: list[str],
    by: str,
    days: tuple[str | None, str | None],
    stack: Path | None,
    agency: str | None,
) -> None:
    aws, ours = reached_agency(stack, agency)
    found = {row["id"]: row for row in _asked(among, ours, *days, stack)}
    unknown = [name for name in ids if name not in found]
    if unknown:
        refuse(f"ID: nothing called {unknown[0]!r} is among those; `list` has them; nothing was changed")
    for name in ids:
        _keep(found[name], state, by, ours, aws)
    print(f"{len(ids)} {state}; reports say so within a quarter of an hour")


def _keep(row: Row, state: State, by: str, ours: Agency, aws: Aws) -> None:
    at = now()
    decision = CommentRelease(
        agency_id=ours.agency_id,
        comment_id=row["id"],
        dt=date.fromisoformat(str(row["dt"])),
        words=row["words"],
        state=state,
        decided_at=at,
        decided_by=by,
    )
    try:
        aws.comment_releases.keep(decision, at + ours.retention.surveys)
    except UNREACHABLE as problem:
        refuse(problem)


def _asked(name: str, ours: Agency, first: str | None, last: str | None, stack: Path | None) -> list[Row]:
    """Return what a named query says of one agency; what is not to be reached, or no day, is refused."""
    from chalicelib.insight.figures.queries import query
    from tenfour.figures.source import opened

    try:
        begins, ends = period(first, last, datetime.now(UTC).date())
        with opened(None, stack) as lake:
            found = lake.query(query(name).during(begins, ends)).dicts()
    except (ValueError, OSError, *UNREACHABLE) as problem:
        refuse(problem)
    return [row for row in found if row["agency_id"] == ours.agency_id]


def _table(found: Iterable[Row]) -> Table:
    table = Table("id", "asked", "about", "what was written")
    for row in found:
        held = "\n(held back)" if row.get("state") == "held" else ""
        table.add_row(row["id"], row["asked_on"], f"{row['about']}\n{row['language']}", escape(row["comment"]) + held)
    return table
