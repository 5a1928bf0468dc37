"""`tenfour query` as it is typed."""

from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.table import Table

from tenfour.common.options import AsJson, Lake, Stack
from tenfour.common.period import period
from tenfour.common.screen import Screen, say_csv, say_json
from tenfour.common.terminal import refuse


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
    from chalicelib.insight.figures.queries import NoQuery, is_of_comments, queries
    from chalicelib.insight.figures.queries import query as named
    from tenfour.common.reach import UNREACHABLE
    from tenfour.common.reached import reached_stack
    from tenfour.figures.query_show import show
    from tenfour.figures.source import opened
    from tenfour.operate.looks import note_comments

    if name is None:
        _list(queries())
        return
    try:
        asked, days = named(name), period(first, last, datetime.now(UTC).date())
        if lake is None and is_of_comments(asked.sql):
            note_comments(reached_stack(stack), asked.name)
        with opened(lake, stack) as source:
            answered = ask(source, asked, *days)
    except (NoQuery, ValueError, OSError, *UNREACHABLE) as problem:
        refuse(problem)
    found = answered.result
    if json:
        say_json(found.dicts())
    elif as_csv:
        say_csv((found.names, *found.rows))
    else:
        show(answered.question, f"{answered.first} to {answered.last}", found.names, found.rows, Screen())


def _list(known: Any) -> None:
    table = Table("query", "the question that it answers")
    for name, asked in known.items():
        table.add_row(name, asked.question)
    Screen().print(table)
