"""Work done side by side, by processes that know all that this one has loaded."""

import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any


@contextmanager
def side_by_side(jobs: int) -> Iterator[Callable[[Callable[..., Any], Sequence[Any]], Iterator[Any]]]:
    """Give a `map` over so many processes, which yields results as they come; one job is done here."""
    if jobs == 1:
        yield map
        return
    with multiprocessing.get_context("fork").Pool(jobs, initializer=_end_when_told) as pool:
        yield pool.imap_unordered


def _end_when_told() -> None:
    """Let SIGTERM end this process, as the pool does when it is done: whoever forked it may catch the signal."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
