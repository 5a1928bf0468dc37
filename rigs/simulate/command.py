"""`tenfour simulate` as it is typed."""

import time
from typing import Annotated

import typer

from tenfour.common.screen import Screen
from tenfour.common.terminal import progress

TOLD = 3


def simulate(
    seeds: Annotated[int, typer.Option(min=1, help="How many seeds to play.")] = 10_000,
    first: Annotated[int, typer.Option(min=0, help="The first of them.")] = 0,
    seed: Annotated[int | None, typer.Option(min=0, help="Play this one alone, and tell its story.")] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="How many at once; without it, one a core.")] = None,
) -> None:
    """Play the flows under a seeded scheduler that interleaves every call and injects every fault."""
    from rigs.simulate.many import Tally, play_many
    from rigs.simulate.play import play
    from rigs.simulate.show import show, tell

    console = Screen()
    if seed is not None:
        played = play(seed)
        tell(played, console)
        raise typer.Exit(1 if played.world.watch.broken else 0)
    total, began = Tally(), time.monotonic()
    with progress(console) as bar:
        task = bar.add_task("seeds", total=seeds)
        for some in play_many(first, seeds, jobs):
            total.add(some)
            bar.advance(task, some.seeds)
    for failing in total.failing[:TOLD]:
        console.print(f"Seed {failing} breaks a promise: tenfour simulate --seed {failing}\n", style="bold red")
    if total.failing:
        tell(play(total.failing[0]), console)
    show(total, time.monotonic() - began, console)
    raise typer.Exit(1 if total.failing else 0)
