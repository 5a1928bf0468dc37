"""`tenfour handlers` as it is typed."""

import tempfile
from pathlib import Path

from rich.console import Console

from ops.paths import AGENCIES, BUILD

SEEDS = 100


def handlers() -> None:
    """Measure intake, deliver and survey beside bare handlers with the same calls, timers, and the survey's page."""
    from ops.local.city import local_city
    from ops.measure.handlers import measure
    from ops.measure.pages import pages
    from ops.measure.show import show
    from ops.settings.files import load_settings
    from ops.simulate.timers import timers

    agency = load_settings(AGENCIES / "demo.toml")
    BUILD.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILD, prefix="bench-") as state, local_city(agency, Path(state), 0) as stack:
        measured = measure(stack)
    show(measured, timers(hints=True, seeds=SEEDS), timers(hints=False, seeds=SEEDS), pages(agency), Console(width=100))
