"""`tenfour lake …`: write a day of the lake again, and the lake's documentation."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from chalicelib.domain.lake.tables import TABLES
from tenfour.common.options import Stack
from tenfour.common.period import day_of
from tenfour.common.screen import say
from tenfour.common.terminal import refuse

cli = typer.Typer(no_args_is_help=True, help="Write a day of the lake again, or its documentation.")


@cli.command()
def rebuild(
    day: Annotated[str, typer.Argument(help="The day as the lake has it (dt), YYYY-MM-DD, in UTC.")],
    table: Annotated[list[str] | None, typer.Option(help="Only this table; may be given again.")] = None,
    stack: Stack = None,
) -> None:
    """Write a day of the lake again from DynamoDB.

    Rows that only the lake has stay there.
    """
    from chalicelib.insight.figures import rebuild as again
    from chalicelib.ports.errors import Busy
    from tenfour.common.reach import UNREACHABLE, reach

    try:
        asked, tables = day_of("DAY", day), _tables(table)
        aws = reach(stack)
        agencies = [agency for name in aws.settings.agencies() if (agency := aws.settings.agency(name))]
        again.check(asked, tables, agencies, datetime.now(UTC))
        unreadable: list[str] = []
        done = again.rebuild(asked, tables, aws.changes(unreadable.append), aws.lake, aws.settings)
    except (ValueError, Busy, *UNREACHABLE) as problem:
        refuse(problem)
    for one in done:
        kept = f", {one.only_here:,} that only the lake had" if one.only_here else ""
        say(f"{one.table:<15} {one.rows:>8,} rows{kept}{' (its file was damaged)' if one.damaged else ''}")
    if unreadable:
        say(f"left out, because nobody can read them: {', '.join(unreadable)}", errors=True)
        raise typer.Exit(1)


@cli.command()
def document() -> None:
    """Write the tables and queries into the template and the docs.

    The template is infra/resources.json, the page docs/analyst/analyst.md.
    """
    from tenfour.figures.document import write

    for path in write():
        say(path)


def _tables(asked: list[str] | None) -> list[str]:
    for name in asked or ():
        if name not in TABLES:
            raise ValueError(f"--table: {name!r} is no table; there are: {', '.join(TABLES)}")
    return asked or list(TABLES)
