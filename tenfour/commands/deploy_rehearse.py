"""`tenfour deploy --rehearse` as it is typed."""

from pathlib import Path
from typing import NoReturn

import typer

from tenfour.common.screen import Screen, say_json
from tenfour.common.terminal import refuse
from tenfour.stack.deploy import Wanted
from tenfour.stack.finding import Finding, Level
from tenfour.stack.place import Place
from tenfour.stack.rehearse import STAGE, rehearse
from tenfour.stack.rehearse_report import Outcome, Step, as_markdown
from tenfour.stack.show import show_finding

_LEVELS: dict[Outcome, Level] = {"ok": "ok", "failed": "stop", "not tried": "live"}


def check_usage(stage: str | None, dry_run: bool, page: Path) -> str:
    """Return the stage of a rehearsal, or refuse what doesn't go with one; `stage` is the one that was typed."""
    if dry_run:
        refuse("--rehearse deploys and deletes, --dry-run changes nothing: use one of them")
    if stage not in (None, "prod", STAGE):
        refuse(f"--stage: a rehearsal has a stage of its own, {STAGE}")
    if page.is_dir() or not page.parent.is_dir():
        refuse(f"--page {page}: expected a file in a folder that is there")
    return STAGE


def rehearse_and_tell(
    place: Place, wanted: Wanted, page: Path, console: Screen, *, yes: bool, as_json: bool
) -> NoReturn:
    """Rehearse, write the page, and end the command."""

    def tell(step: Step) -> None:
        what = step.came[-1] if step.came and step.outcome != "ok" else step.outcome
        show_finding(console, Finding(_LEVELS[step.outcome], "rehearsal", f"{step.name}: {what}"))

    console.print(f"{place.stack} is made in {place.account}, {place.region}, tried, and deleted with its data.")
    console.print("Texts and emails go to AWS's own simulators, which AWS bills like any other; it comes to cents.")
    if not (yes or typer.confirm("Go ahead?")):
        raise typer.Exit(1)
    done = rehearse(place, wanted, tell)
    page.write_text(as_markdown(done))
    if as_json:
        say_json(done)
    console.print(f"{page} has each step, with ids masked: read it, then send it on.", soft_wrap=True)
    raise typer.Exit(1 if done.failed else 0)
