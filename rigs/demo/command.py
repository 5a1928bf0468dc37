"""`tenfour demo` as it is typed."""

import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from rigs.city.command import Port, SettingsFile
from tenfour.common.paths import AGENCIES, BUILD
from tenfour.common.screen import Screen
from tenfour.common.settings_file import settings_in
from tenfour.common.terminal import ending_well


def demo(
    settings: SettingsFile = AGENCIES / "demo.toml",
    port: Port = 0,
    seed: Annotated[int, typer.Option(help="The same seed is the same city.")] = 104,
) -> None:
    """Watch a city's calls become texts, answers and a satisfaction figure, in two minutes."""
    from rigs.demo import story

    agency = settings_in(settings)
    BUILD.mkdir(exist_ok=True)
    with ending_well(), tempfile.TemporaryDirectory(dir=BUILD, prefix="demo-") as state:
        story.demo(agency, Path(state), port, seed, stay=sys.stdout.isatty(), console=Screen())
