"""`tenfour cost` as it is typed."""

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from tenfour.common.errors import CityFailed
from tenfour.common.paths import AGENCIES, BUILD
from tenfour.common.settings_file import settings_in
from tenfour.common.terminal import ending_well, refuse


def cost(
    stack: Annotated[Path | None, typer.Option(help="A running city's stack.json; without it, one is started.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write the page to this file.")] = None,
) -> None:
    """Count an incident's calls and units, and print what a thousand incidents cost at AWS."""
    from rigs.city.city import local_city
    from rigs.cost.measure import measure
    from rigs.cost.page import page
    from tenfour.common.reach import NoStack, read_stack

    BUILD.mkdir(exist_ok=True)
    try:
        with ending_well(), ExitStack() as open_things:
            if stack:
                city = read_stack(stack)
            else:
                folder = open_things.enter_context(tempfile.TemporaryDirectory(dir=BUILD, prefix="cost-"))
                city = open_things.enter_context(local_city(settings_in(AGENCIES / "demo.toml"), Path(folder), 0))
            text = page(measure(city))
        if out:
            out.write_text(text)
    except (CityFailed, NoStack, OSError) as problem:
        refuse(problem)
    print(text, end="")
