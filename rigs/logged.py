"""Keep the flows' log away from the terminal of the person who runs them here."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from chalicelib.boundary import logger

if TYPE_CHECKING:
    from _typeshed import SupportsWrite


@contextmanager
def logged_to(stream: "SupportsWrite[str]") -> Iterator[None]:
    """Write to a stream what flows log, until the block ends: writing it is their work, whether anybody reads it."""
    handler = logger.registered_handler
    before = handler.stream  # type: ignore[attr-defined]
    handler.stream = stream  # type: ignore[attr-defined]
    try:
        yield
    finally:
        handler.stream = before  # type: ignore[attr-defined]
