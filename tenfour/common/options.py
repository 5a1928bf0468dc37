"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

Stack = Annotated[
    Path | None,
    typer.Option(envvar="TENFOUR_STACK", help="A running city's stack.json; without it, this AWS account's stack."),
]
AgencyId = Annotated[str | None, typer.Option("--agency", help="Which agency, where the stack has several.")]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON, for programs.")]
