"""`tenfour faults` as it is typed."""

import time
from typing import Annotated

import typer

from tenfour.common.screen import Screen
from tenfour.common.terminal import progress, refuse


def faults(
    incidents: Annotated[int, typer.Option(min=2, help="How many incidents; the first 40 meet no faults.")] = 2_000,
    jobs: Annotated[int, typer.Option(min=1, max=64, help="How many towns at once.")] = 20,
) -> None:
    """Break calls to AWS and the carriers, kill functions, and see what became of every text."""
    from rigs.faults.many import run
    from rigs.faults.show import show
    from tenfour.common.errors import CityFailed

    console, began = Screen(), time.monotonic()
    try:
        with progress(console) as bar:
            task = bar.add_task("incidents", total=incidents)
            found = run(incidents, jobs, lambda more: bar.advance(task, more))
    except (OSError, CityFailed) as problem:
        refuse(problem)
    show(found, time.monotonic() - began, console)
    raise typer.Exit(1 if found.wrong else 0)
