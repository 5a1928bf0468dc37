"""`tenfour shadow-report`: find the incidents, count them, print, and write the pages."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from chalicelib.insight.settings.samples import SEGMENT_PRICE
from tenfour.common.options import AgencyId, Stack
from tenfour.common.screen import Screen
from tenfour.common.terminal import refuse

OUT = Path("shadow-report")


def shadow_report(
    context: typer.Context,
    file: Annotated[Path | None, typer.Option("--from", help="Replay a city's extract, CSV; with --columns.")] = None,
    columns: Annotated[Path | None, typer.Option(help="The map of the extract's columns, TOML.")] = None,
    calls: Annotated[int | None, typer.Option("--generate", min=1, help="A made-up week of so many calls.")] = None,
    settings: Annotated[Path | None, typer.Option(help="With --from or --generate: the agency's settings.")] = None,
    stack: Stack = None,
    agency: AgencyId = None,
    day: Annotated[str | None, typer.Option(help="Only this day, YYYY-MM-DD, in the agency's own time.")] = None,
    out: Annotated[Path, typer.Option(help="Folder for the pages to read and to sign.")] = OUT,
    json: Annotated[Path | None, typer.Option(help="Also write the counts to this file.")] = None,
    price: Annotated[float, typer.Option(min=0, help="The carrier's price of a segment, in dollars.")] = SEGMENT_PRICE,
) -> None:
    """Show what would have been sent, to how many, and why not.

    Nothing is sent.
    """
    from tenfour.rehearse.shadow_make import make
    from tenfour.rehearse.shadow_source import UNUSABLE, Choice

    source = context.get_parameter_source("stack")
    if (file or calls) and source is not None and source.name == "ENVIRONMENT":
        stack = None  # TENFOUR_STACK is set for all commands: only an option is a choice
    choice = Choice(file=file, columns=columns, calls=calls, settings=settings, stack=stack, agency=agency)
    try:
        make(choice, _day(day), out, json, price, Screen())
    except UNUSABLE as problem:
        refuse(problem)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        refuse(f"--day: {text!r} is no day such as 2026-11-21")
