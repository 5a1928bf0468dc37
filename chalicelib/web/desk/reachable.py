"""What a page is of use without. Where it can't be read, the page says so, and its brake is there all the same."""

from collections.abc import Callable
from typing import TypeVar

from chalicelib.boundary import report
from chalicelib.insight.unreachable import UNREACHABLE

T = TypeVar("T")


def read_or_none(read: Callable[[], T], step: str) -> T | None:
    """Return what can be read now, or None; the log has why it can't be."""
    try:
        return read()
    except UNREACHABLE as problem:
        report(problem, step)
        return None
