"""Keep the flows' log away from the terminal of the person who runs them here."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from chalicelib.boundary import figures, logger

if TYPE_CHECKING:
    from _typeshed import SupportsWrite


@contextmanager
def logged_to(stream: "SupportsWrite[str]") -> Iterator[None]:
    """Write to a stream what flows log, until the block ends: writing it is their work, whether anybody reads it."""
    with ExitStack() as stack:
        for each in (logging.getLogger(logger.name), figures):
            stack.enter_context(_logged_to(stream, each))
        yield


@contextmanager
def _logged_to(stream: "SupportsWrite[str]", plain: logging.Logger) -> Iterator[None]:
    handler: logging.StreamHandler[SupportsWrite[str]] = plain.handlers[0]  # type: ignore[assignment]
    before = handler.stream
    for_people, plain.filters = plain.filters, []  # a command's, which takes every line
    dropped, plain.disabled = plain.disabled, False
    handler.stream = stream
    try:
        yield
    finally:
        plain.filters, plain.disabled = for_people, dropped
        handler.stream = before
