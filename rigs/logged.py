"""Keep the flows' log away from the terminal of the person who runs them here."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from chalicelib.boundary import logger

if TYPE_CHECKING:
    from _typeshed import SupportsWrite


@contextmanager
def logged_to(stream: "SupportsWrite[str]") -> Iterator[None]:
    """Write to a stream what flows log, until the block ends: writing it is their work, whether anybody reads it."""
    handler, plain = logger.registered_handler, logging.getLogger(logger.name)
    before = handler.stream  # type: ignore[attr-defined]
    for_people, plain.filters = plain.filters, []  # a command's, which takes every line
    handler.stream = stream  # type: ignore[attr-defined]
    try:
        yield
    finally:
        plain.filters = for_people
        handler.stream = before  # type: ignore[attr-defined]
