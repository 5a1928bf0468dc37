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
Address = Annotated[str, typer.Argument(help="A phone, or an email.")]
Stage = Annotated[
    str | None, typer.Option(help="Which of several stacks in one account; else TENFOUR_STAGE's, else prod.")
]
Region = Annotated[str | None, typer.Option(help="The AWS region; else the one of the environment or profile.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
Lake = Annotated[Path | None, typer.Option("--lake", help="A folder laid out as the lake: TABLE/dt=…/*.json.gz.")]
