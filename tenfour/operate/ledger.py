"""The ledger at the terminal: which part of it, as a table, as JSON, as a file."""

from collections.abc import Iterable
from datetime import datetime, tzinfo
from typing import Annotated

import typer
from rich.table import Column, Table

from chalicelib.domain.ledger.what import What
from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.ledger.days import midnight
from chalicelib.insight.ledger.line import Line
from chalicelib.insight.ledger.review import Reviewed
from tenfour.common.screen import Screen
from tenfour.common.terminal import refuse

FirstDay = Annotated[str | None, typer.Option("--from", metavar="DAY", help="The first day, such as 2026-11-01.")]
LastDay = Annotated[str | None, typer.Option("--to", metavar="DAY", help="The last day; it is included.")]
Kind = Annotated[What | None, typer.Option("--what", metavar="WHAT", help="One kind: paused, revealed, exported …")]
By = Annotated[str, typer.Option(help="One person, as the list names them.")]
Most = Annotated[int, typer.Option(min=1, max=5000, help="So many lines at most, the newest.")]


def first_moment(day: str | None, agency: Agency) -> datetime | None:
    """Return when a day begins where the agency is; None where no day is given."""
    return _midnight(day, agency.zone, "--from", 0) if day else None


def end_of(day: str | None, agency: Agency) -> datetime | None:
    """Return when the day after begins; None where no day is given."""
    return _midnight(day, agency.zone, "--to", 1) if day else None


def show(lines: Iterable[Line], zone: tzinfo) -> None:
    """Print lines as a table."""
    table = Table("when", Column("who", overflow="fold"), "did", Column("about", overflow="fold"), "why")
    for line in lines:
        why = ", ".join(filter(None, (line.reason, line.ticket)))
        did = f"{line.what} ({line.step})" if line.step else line.what
        table.add_row(f"{line.at.astimezone(zone):%Y-%m-%d %H:%M}", line.who, did, line.about, why)
    Screen().print(table if table.row_count else "the ledger has nothing of this")


def show_people(people: Iterable[Reviewed], zone: tzinfo) -> None:
    """Print who signed in and did what as a table."""
    table = Table(Column("who", overflow="fold"), "roles", "sign-ins", "last", "did")
    for one in people:
        last = f"{one.last_sign_in.astimezone(zone):%Y-%m-%d %H:%M}" if one.last_sign_in else ""
        did = ", ".join(f"{what} {count}" for what, count in one.did.items())
        table.add_row(one.who, ", ".join(one.roles), str(one.sign_ins), last, did)
    Screen().print(table if table.row_count else "the ledger has nothing of this")


def _midnight(day: str, zone: tzinfo, option: str, after: int) -> datetime:
    try:
        return midnight(day, zone, after=after)
    except ValueError as problem:
        refuse(f"{option}: {problem}")
