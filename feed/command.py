"""`tenfour feed …`, also on its own as `tenfour-feed` where the rest of tenfour is not installed."""

from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from tenfour.common.screen import Screen, say, say_json
from tenfour.common.terminal import on_ending, refuse, run_as_program

cli = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Read a CAD's view or folder, and post what changes."
)

File = Annotated[Path, typer.Argument(help="The feed, TOML.")]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON, for programs.")]


def main() -> None:
    """Run the command."""
    run_as_program(cli)


@cli.command()
def run(file: File) -> None:
    """Read and post until SIGTERM or Ctrl-C; what was read and not yet posted waits on disk."""
    from feed.config import BadFeed
    from feed.run import Clocks, opened

    ended = []

    def end(number: int, _frame: FrameType | None) -> None:
        ended.append(number)

    try:
        with on_ending(end), opened(file, Clocks()) as runner:
            say(f"{file} runs; `tenfour feed status {file}` says how it does", flush=True)
            runner.run(lambda: bool(ended))
    except BadFeed as problem:
        refuse(problem)


@cli.command()
def check(file: File) -> None:
    """Look once, post nothing but a heartbeat: can the source be read, what would be sent, is the key known?"""
    from feed.config import BadFeed
    from feed.look import look

    try:
        good = look(file, Screen())
    except BadFeed as problem:
        refuse(problem)
    raise typer.Exit(0 if good else 1)


@cli.command()
def status(file: File, as_json: AsJson = False) -> None:
    """Say on one screen how far behind the feed is; exit with 1 where somebody is needed."""
    from feed.config import BadFeed, beside, read_feed
    from feed.status import NoFeed, show
    from feed.status import status as found

    now = datetime.now(UTC)
    try:
        told = found(beside(file, read_feed(file).state), now)
    except (BadFeed, NoFeed) as problem:
        refuse(problem)
    if as_json:
        say_json(told)
    else:
        show(Screen(), str(file), told, now)
    raise typer.Exit(1 if told.problems else 0)
