"""`tenfour lake-measure` as it is typed."""

from pathlib import Path
from typing import Annotated

import typer

from tenfour.common.paths import AGENCIES
from tenfour.common.screen import Screen
from tenfour.common.settings_file import settings_in
from tenfour.common.terminal import refuse

_LAST_MADE_UP = 2026


def lake_measure(
    out: Annotated[Path, typer.Option(help="An empty folder for the lake; a year of a big city is 200 MB.")],
    settings: Annotated[Path, typer.Option(help="The agency's settings.")] = AGENCIES / "demo.toml",
    years: Annotated[int, typer.Option(min=1, max=10, help="How many years.")] = 5,
    calls: Annotated[int, typer.Option(min=1, help="Calls a day; 1370 make 1.1 million notifications a year.")] = 1370,
) -> None:
    """Fill a lake with a made-up city's years, and report a quarter over one and over all of them."""
    from rigs.lake.made_up import Habits
    from rigs.lake.measure import measure, years_until

    if out.exists() and not out.is_dir():
        refuse(f"--out {out}: that is no folder")
    if out.exists() and any(out.iterdir()):
        refuse(f"--out {out}: that folder is not empty")
    try:
        measure(settings_in(settings), years_until(_LAST_MADE_UP, years), Habits(calls_a_day=calls), out, Screen())
    except (ValueError, OSError) as problem:
        refuse(problem)
