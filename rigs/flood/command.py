"""`tenfour flood` as it is typed."""

import time
from typing import Annotated

import typer

from tenfour.common.screen import Screen
from tenfour.common.terminal import progress


def flood(
    share: Annotated[float, typer.Option(min=0.01, max=1, help="Only this share of each flood.")] = 1,
    jobs: Annotated[int | None, typer.Option(min=1, help="How many at once; without it, one a core.")] = None,
) -> None:
    """Count what floods cost: a big city's worst minute, receipts, answers and a storm, all at once."""
    from rigs.flood.many import floods, grown, run
    from rigs.flood.show import show

    console, began = Screen(), time.monotonic()
    found = {}
    with progress(console) as bar:
        task = bar.add_task("floods", total=len(floods(share)))
        for place, lines in run(share, jobs):
            found[place] = lines
            bar.advance(task)
    ordered = [line for place in sorted(found) for line in found[place]]
    show(ordered, time.monotonic() - began, console)
    for problem in grown(ordered):
        console.print(f"grows with what is open: {problem}", style="bold red")
    raise typer.Exit(1 if grown(ordered) else 0)
