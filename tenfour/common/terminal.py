"""The terminal: progress, refusals in one line, and ends."""

import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from tenfour.common.own_log import log_for_people
from tenfour.common.screen import Screen, say, say_line

BAD_INPUT = 2
STOPPED = 1


def progress(console: Screen) -> Progress:
    """Return a progress bar."""
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        TextColumn("{task.completed:,.0f}/{task.total:,.0f}"),
        TimeRemainingColumn(compact=True),
        console=console,
    )


def refuse(why: Exception | str) -> NoReturn:
    """Say in one line what is wrong with what was given, and exit with 2."""
    named = isinstance(why, OSError) and why.filename
    text = f"{why.filename}: {why.strerror}" if isinstance(why, OSError) and named else str(why)
    say_line(text, errors=True)
    raise typer.Exit(BAD_INPUT)


def run_as_program(cli: typer.Typer, words: Sequence[str] | None = None) -> NoReturn:
    """Run a command and end with its status; bad usage is one line and exit 2, like any other bad input.

    A question that is not answered ends the command with exit 1.
    """
    try:
        with log_for_people():
            status = cli(words, standalone_mode=False)
        sys.exit(status)
    except typer.Abort:
        say("stopped", errors=True)
        sys.exit(STOPPED)
    except typer.TyperException as problem:
        say_line(getattr(problem, "format_message", problem.__str__)(), errors=True)
        sys.exit(BAD_INPUT)


@contextmanager
def on_ending(end: Callable[[int, FrameType | None], object]) -> Iterator[None]:
    """Let SIGTERM and Ctrl-C do this until the block ends, and then what they did before.

    Where they have come to be ignored meanwhile, they stay so: the process ends.
    """
    before = {ending: signal.signal(ending, end) for ending in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for ending, handler in before.items():
            if signal.getsignal(ending) is end:
                signal.signal(ending, handler)


@contextmanager
def ending_well() -> Iterator[None]:
    """Let SIGTERM and Ctrl-C end the command once, with all that it started; a second signal changes nothing."""

    def end(_number: int, _frame: FrameType | None) -> NoReturn:
        for ending in (signal.SIGINT, signal.SIGTERM):
            signal.signal(ending, signal.SIG_IGN)
        raise KeyboardInterrupt

    with on_ending(end):
        try:
            yield
        except KeyboardInterrupt:
            raise typer.Exit(0) from None
