"""`tenfour floor` as it is typed."""

import time
from typing import Annotated

import typer

from tenfour.common.screen import Screen
from tenfour.common.terminal import progress

TOLD = 20


def floor(
    triples: Annotated[int, typer.Option(min=1, help="How many to try.")] = 1_000_000,
    first: Annotated[int, typer.Option(min=0, help="The first seed.")] = 0,
    seed: Annotated[int | None, typer.Option(min=0, help="Play this one alone, and tell its story.")] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="How many at once; without it, one a core.")] = None,
) -> None:
    """Hold every message against an oracle that was written from the documents alone."""
    from rigs.floor.many import Tally, play_until
    from rigs.floor.show import show, tell

    console = Screen()
    if seed is not None:
        raise typer.Exit(1 if tell(seed, console) else 0)
    total, began = Tally(), time.monotonic()
    with progress(console) as bar:
        task = bar.add_task("triples", total=triples)
        for some in play_until(triples, first, jobs):
            total.add(some)
            bar.advance(task, some.triples)
    for broken in total.broken[:TOLD]:
        console.print(f"Seed {broken.seed}: tenfour floor --seed {broken.seed}", style="bold red")
        for problem in broken.problems:
            console.print(f"    {problem}")
    show(total, first, time.monotonic() - began, console)
    raise typer.Exit(1 if total.broken else 0)
