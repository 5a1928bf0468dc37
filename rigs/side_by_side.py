"""Work done side by side, by processes that know all that this one has loaded."""

import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.pool import Pool
from typing import Any


@contextmanager
def side_by_side(jobs: int) -> Iterator[Callable[[Callable[..., Any], Sequence[Any]], Iterator[Any]]]:
    """Give a `map` over so many processes, which yields results as they come; one job is done here."""
    if jobs == 1:
        yield map
        return
    with _pool(jobs) as pool:
        yield pool.imap_unordered


def _pool(jobs: int) -> Pool:
    """Return processes that SIGTERM ends, as the pool does when it is done: whoever forks them may catch the signal.

    It is blocked until they no longer catch it: a pool that is soon done would tell one that still does, and wait.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    try:
        return multiprocessing.get_context("fork").Pool(jobs, initializer=_end_when_told)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end_when_told() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
