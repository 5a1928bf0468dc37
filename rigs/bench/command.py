"""`tenfour bench` as it is typed."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chalicelib.domain.settings.agency import Agency
from tenfour.common.paths import AGENCIES, BUILD
from tenfour.common.screen import Screen
from tenfour.common.terminal import progress

if TYPE_CHECKING:
    from rigs.bench.figures import Figure

SEEDS = 100
STARTS = 9
"""Of each function."""


def bench(
    out: Annotated[Path | None, typer.Option(help="Write the table into this page too.")] = None,
) -> None:
    """Measure our handlers beside bare ones, cold starts, timers, pages, queries and what an incident costs."""
    from chalicelib.insight.settings.files import load_settings
    from rigs.bench.show import keep, show

    console = Screen()
    with progress(console) as bar:
        task = bar.add_task("measured", total=8)
        figures = []
        for part in _measured(load_settings(AGENCIES / "demo.toml")):
            figures += part
            bar.advance(task)
    show(figures, console)
    if out:
        keep(figures, out)


def _measured(agency: Agency) -> Iterator[list["Figure"]]:
    from rigs.bench import figures
    from rigs.bench.deciding import deciding
    from rigs.bench.handlers import measure
    from rigs.bench.pages import pages
    from rigs.bench.query import query_bytes
    from rigs.bench.starts import cold_starts, insight_starts
    from rigs.city.city import local_city
    from rigs.cost.measure import measure as measure_incident
    from rigs.simulate.timers import timers
    from tenfour.stack.package import here, package

    BUILD.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILD, prefix="bench-") as state, local_city(agency, Path(state), 0) as stack:
        yield [*figures.of_handlers(measure(stack))]
        yield [*figures.of_incident(measure_incident(stack))]
    yield [*figures.of_deciding(deciding(agency))]
    yield [*figures.of_starts(cold_starts(package(here()), STARTS))]
    yield [*figures.of_starts(insight_starts(package(here()), STARTS), "insight, import", "")]
    yield [*figures.of_timers(timers(hints=True, seeds=SEEDS), timers(hints=False, seeds=SEEDS))]
    yield [*figures.of_pages(pages(agency))]
    yield [*figures.of_query(*query_bytes(agency))]
