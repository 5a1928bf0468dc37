"""`tenfour bench` as it is typed."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from chalicelib.domain.agency import Agency
from ops.paths import AGENCIES, BUILD
from ops.terminal import progress

if TYPE_CHECKING:
    from ops.measure.figures import Figure

SEEDS = 100
STARTS = 9
"""Of each function."""


def bench(
    out: Annotated[Path | None, typer.Option(help="Write the table into this page too.")] = None,
) -> None:
    """Measure our handlers beside bare ones, cold starts, timers, pages, queries and what an incident costs."""
    from ops.measure.show import keep, show
    from ops.settings.files import load_settings

    console = Console(highlight=False)
    with progress(console) as bar:
        task = bar.add_task("measured", total=7)
        figures = []
        for part in _measured(load_settings(AGENCIES / "demo.toml")):
            figures += part
            bar.advance(task)
    show(figures, console)
    if out:
        keep(figures, out)


def _measured(agency: Agency) -> Iterator[list["Figure"]]:
    from ops.cost.measure import measure as measure_incident
    from ops.local.city import local_city
    from ops.measure import figures
    from ops.measure.deciding import deciding
    from ops.measure.handlers import measure
    from ops.measure.pages import pages
    from ops.measure.query import query_bytes
    from ops.measure.starts import cold_starts
    from ops.package import here, package
    from ops.simulate.timers import timers

    BUILD.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILD, prefix="bench-") as state, local_city(agency, Path(state), 0) as stack:
        yield [*figures.of_handlers(measure(stack))]
        yield [*figures.of_incident(measure_incident(stack))]
    yield [*figures.of_deciding(deciding(agency))]
    yield [*figures.of_starts(cold_starts(package(here()), STARTS))]
    yield [*figures.of_timers(timers(hints=True, seeds=SEEDS), timers(hints=False, seeds=SEEDS))]
    yield [*figures.of_pages(pages(agency))]
    yield [*figures.of_query(*query_bytes(agency))]
