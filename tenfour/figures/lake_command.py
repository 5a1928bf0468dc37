"""`tenfour query` and `tenfour lake`: ask the lake, mend a day of it, write its documentation."""

import csv
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from chalicelib.domain.lake.tables import TABLES
from chalicelib.insight.harmless import harmless
from tenfour.common.options import AsJson, Stack
from tenfour.common.paths import AGENCIES
from tenfour.common.terminal import refuse

lake_commands = typer.Typer(no_args_is_help=True, help="Mend the lake, and write its documentation.")

Lake = Annotated[Path | None, typer.Option("--lake", help="A folder laid out as the lake: TABLE/dt=…/*.json.gz.")]
MOST_SHOWN = 200
_LAST_MADE_UP = 2026


def query(
    name: Annotated[str | None, typer.Argument(help="The query; without it, all of them and what they answer.")] = None,
    first: Annotated[str | None, typer.Option("--from", help="First day, YYYY-MM-DD; by default the last 90.")] = None,
    last: Annotated[str | None, typer.Option("--to", help="Last day, YYYY-MM-DD; by default today.")] = None,
    lake: Lake = None,
    stack: Stack = None,
    json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Write CSV.")] = False,
) -> None:
    """Answer a named question from the lake."""
    from chalicelib.insight.figures.ask import ask
    from chalicelib.insight.figures.queries import NoQuery, queries
    from chalicelib.insight.figures.queries import query as named
    from tenfour.common.reach import UNREACHABLE
    from tenfour.figures.source import opened

    if name is None:
        _list(queries())
        return
    try:
        asked, days = named(name), period(first, last, datetime.now(UTC).date())
        with opened(lake, stack) as source:
            answered = ask(source, asked, *days)
    except (NoQuery, ValueError, OSError, *UNREACHABLE) as problem:
        refuse(problem)
    found = answered.result
    if json:
        print(msgspec.json.format(msgspec.json.encode(found.dicts())).decode())
    elif as_csv:
        csv.writer(sys.stdout).writerows(map(harmless, row) for row in (found.names, *found.rows))
    else:
        show(answered.question, f"{answered.first} to {answered.last}", found.names, found.rows, Console())


@lake_commands.command()
def rebuild(
    day: Annotated[str, typer.Argument(help="The day as the lake has it (dt), YYYY-MM-DD, in UTC.")],
    table: Annotated[list[str] | None, typer.Option(help="Only this table; may be given again.")] = None,
    stack: Stack = None,
) -> None:
    """Write a day of the lake again from DynamoDB; nothing that only the lake has is taken away."""
    from chalicelib.insight.figures import rebuild as again
    from chalicelib.ports.errors import Busy
    from tenfour.common.reach import UNREACHABLE, reach

    try:
        asked, tables = _day("DAY", day), _tables(table)
        aws = reach(stack)
        agencies = [agency for name in aws.settings.agencies() if (agency := aws.settings.agency(name))]
        again.check(asked, tables, agencies, datetime.now(UTC))
        unreadable: list[str] = []
        done = again.rebuild(asked, tables, aws.changes(unreadable.append), aws.lake, aws.settings)
    except (ValueError, Busy, *UNREACHABLE) as problem:
        refuse(problem)
    for one in done:
        kept = f", {one.only_here:,} that only the lake had" if one.only_here else ""
        print(f"{one.table:<15} {one.rows:>8,} rows{kept}{' (its file was damaged)' if one.damaged else ''}")
    if unreadable:
        print(f"left out, because nobody can read them: {', '.join(unreadable)}", file=sys.stderr)
        raise typer.Exit(1)


@lake_commands.command()
def measure(
    out: Annotated[Path, typer.Option(help="An empty folder for the lake; a year of a big city is 200 MB.")],
    settings: Annotated[Path, typer.Option(help="The agency's settings.")] = AGENCIES / "demo.toml",
    years: Annotated[int, typer.Option(min=1, max=10, help="How many years.")] = 5,
    calls: Annotated[int, typer.Option(min=1, help="Calls a day; 1370 make 1.1 million notifications a year.")] = 1370,
) -> None:
    """Fill a lake with a made-up city's years, and report a quarter over one and over all of them."""
    from chalicelib.inbound.settings import InvalidSettings
    from chalicelib.insight.review.files import load_settings
    from rigs.lake.made_up import Habits
    from rigs.lake.measure import measure as run
    from rigs.lake.measure import years_until

    if out.exists() and any(out.iterdir()):
        refuse(f"--out {out}: that folder is not empty")
    try:
        agency = load_settings(settings)
        run(agency, years_until(_LAST_MADE_UP, years), Habits(calls_a_day=calls), out, Console())
    except (ValueError, OSError, InvalidSettings) as problem:
        refuse(problem)


@lake_commands.command()
def document() -> None:
    """Write the Glue tables, the named queries and docs/analyst/analyst.md from the types and the SQL files."""
    from tenfour.figures.document import write

    for path in write():
        print(path)


def period(first: str | None, last: str | None, today: date) -> tuple[date, date]:
    """Read a period, by default the last 90 days; ValueError."""
    from chalicelib.insight.figures import ask

    begins, ends = _day("--from", first) if first else None, _day("--to", last) if last else None
    try:
        return ask.period(begins, ends, today)
    except ask.BadPeriod as problem:
        raise ValueError(f"--from {problem}") from None


def show(
    title: str, subtitle: str, names: tuple[str, ...], rows: tuple[tuple[Any, ...], ...], console: Console
) -> None:
    """Print a result; a column that is the same in all rows stands above the table once, so that 80 columns do."""
    console.print(f"[bold]{title}[/bold]\n{subtitle}", highlight=False)
    if not rows:
        console.print("Nothing was found.")
        return
    same = [len(rows) > 1 and len({row[place] for row in rows}) == 1 for place in range(len(names))]
    for name, value, alike in zip(names, rows[0], same, strict=True):
        if alike:
            console.print(f"{name}: {_shown(value)}", highlight=False)
    table = Table()
    for place, name in enumerate(names):
        if not same[place]:
            number = any(isinstance(row[place], int | float) for row in rows)
            table.add_column(name.replace("_", " "), justify="right" if number else "left", overflow="fold")
    for row in rows[:MOST_SHOWN]:
        table.add_row(*(_shown(value) for value, alike in zip(row, same, strict=True) if not alike))
    console.print(table)
    if len(rows) > MOST_SHOWN:
        console.print(f"… and {len(rows) - MOST_SHOWN:,} rows more: --csv or --json has them all.")


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:,}"
    return "-" if value is None else f"{value:,}" if isinstance(value, int) else str(value)


def _list(known: Any) -> None:
    table = Table("query", "the question that it answers")
    for name, asked in known.items():
        table.add_row(name, asked.question)
    Console().print(table)


def _day(name: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{name}: {text!r} is no day such as 2026-11-21") from None


def _tables(asked: list[str] | None) -> list[str]:
    for name in asked or ():
        if name not in TABLES:
            raise ValueError(f"--table: {name!r} is no table; there are: {', '.join(TABLES)}")
    return asked or list(TABLES)
