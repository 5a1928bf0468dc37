"""What our own code logs while a command runs: on Lambda it is JSON for CloudWatch, on a terminal it is for people."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from chalicelib.ports.notices import Notice
from tenfour.common.screen import say_line

_LOGGER, _FIGURES = "tenfour", "tenfour.figures"
_LEFT_OUT = frozenset({Notice.LEFT_OUT, "left out"})
_ABOUT = ("step", "error", "code", "place")


class _ForPeople(logging.Filter):
    """Takes all that is logged: errors are said in a line, and what was left out is counted."""

    def __init__(self) -> None:
        super().__init__()
        self.left_out: dict[str, None] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Take a record, so that nothing else prints it."""
        told = record.getMessage()
        if told in _LEFT_OUT:
            self.left_out[str(getattr(record, "place", ""))] = None
        elif record.levelno >= logging.ERROR:
            about = [str(given) for name in _ABOUT if (given := getattr(record, name, ""))]
            say_line(": ".join([told, ", ".join(about)]) if about else told, errors=True)
        return False


@contextmanager
def log_for_people() -> Iterator[None]:
    """Run a command whose output may be read by a program: what is logged goes beside it, in words."""
    told, logger, figures = _ForPeople(), logging.getLogger(_LOGGER), logging.getLogger(_FIGURES)
    logger.addFilter(told)
    before, figures.disabled = figures.disabled, True
    try:
        yield
    finally:
        logger.removeFilter(told)
        figures.disabled = before
        if told.left_out:
            say_line(
                f"left out, because this release can't read it: {next(iter(told.left_out))}"
                + (f" and {len(told.left_out) - 1} more" if len(told.left_out) > 1 else ""),
                errors=True,
            )
