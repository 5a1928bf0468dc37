"""`tenfour replay` as it is typed."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from chalicelib.inbound.settings import InvalidSettings
from tenfour.common.screen import Screen
from tenfour.common.terminal import ending_well, refuse


def replay(
    file: Annotated[Path, typer.Argument(help="A city's call-for-service extract, CSV.")],
    columns: Annotated[Path, typer.Option(help="The map of its columns, TOML.")],
    live: Annotated[Path | None, typer.Option(help="A running city's stack.json: post to it, on a real clock.")] = None,
    speed: Annotated[float, typer.Option(min=1, max=60, help="With --live: how many times as fast.")] = 60,
    minutes: Annotated[float, typer.Option(min=0.1, help="With --live: how long calls keep coming in.")] = 2,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first so many incidents.")] = None,
    json: Annotated[Path | None, typer.Option(help="Also write one JSON line an incident to this file.")] = None,
) -> None:
    """Replay past calls: which texts would go, and why others not."""
    from chalicelib.virtual.extract import InvalidMap
    from tenfour.common.reach import NoStack
    from tenfour.rehearse.replay import replay as play

    try:
        with ending_well():
            good = play(file, columns, live, speed, timedelta(minutes=minutes), limit, json, Screen())
    except (InvalidMap, InvalidSettings, NoStack, OSError) as problem:
        refuse(problem)
    raise typer.Exit(0 if good else 1)
