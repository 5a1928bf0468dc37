"""`tenfour survey-rehearse` as it is typed."""

from pathlib import Path
from typing import Annotated

import typer

from tenfour.common.terminal import refuse


def survey_rehearse(
    people: Annotated[int, typer.Option(min=1, max=10_000, help="How many people.")] = 1000,
    stack: Annotated[Path, typer.Option(help="A running local city's stack.json.")] = Path(".build/city/stack.json"),
    patience: Annotated[int, typer.Option(help="Seconds to wait for the last answer.")] = 900,
) -> None:
    """Let people answer a running local city at once, by link and by text, and count what was stored."""
    import httpx

    from rigs.survey.crowd import crowd
    from tenfour.common.reach import UNREACHABLE, read_stack

    try:
        outcome = crowd(read_stack(stack), people, patience)
    except (OSError, httpx.HTTPError, *UNREACHABLE) as problem:
        refuse(problem)
    right = outcome.people - len(outcome.wrong)
    print(
        f"{outcome.people} people, {outcome.people * 5} answers through both doors in {outcome.seconds:.0f} s: "
        f"{right} surveys as answered, {len(outcome.wrong)} not, {outcome.refused} requests refused"
    )
    raise typer.Exit(0 if not outcome.wrong else 1)
