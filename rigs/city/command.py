"""`tenfour local` as it is typed."""

import signal
from pathlib import Path
from typing import Annotated

import typer

from tenfour.common.errors import CityFailed
from tenfour.common.paths import AGENCIES
from tenfour.common.settings_file import settings_in
from tenfour.common.terminal import ending_well, refuse

SettingsFile = Annotated[Path, typer.Option("--settings", help="The agency's settings.")]
Port = Annotated[
    int, typer.Option(min=0, max=65534, help="Port of the agency's own address; the carriers take the next. 0: any.")
]


def local(
    state: Annotated[Path, typer.Option(help="Folder for stack.json and the logs.")],
    settings: SettingsFile = AGENCIES / "demo.toml",
    port: Port = 0,
) -> None:
    """Run a whole city on this machine until SIGTERM or Ctrl-C."""
    from rigs.city.city import local_city

    agency = settings_in(settings)
    try:
        with ending_well(), local_city(agency, state, port) as stack:
            places = f"{stack.api}  phones: {stack.carrier}  desk: {stack.desk}"
            print(f"{agency.name} is up: {places}  {state / 'stack.json'}", flush=True)
            signal.pause()
    except (OSError, CityFailed) as problem:
        refuse(problem)
