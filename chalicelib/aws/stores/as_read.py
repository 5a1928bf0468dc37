"""Documents as they stood in the table when they were read: the condition under which a newer one takes their place.

Writing a document again may give another text: another release may have put in fields that this one does not know, and
compressing is free to give other bytes. A condition on what we would write would then never hold. The text that was
read is a version that each release sets by writing at all.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

from chalicelib.aws.document import UNREADABLE, decode, encode

T = TypeVar("T")

_MOST = 100
"""Places that are remembered: a writer writes at once what it has read."""


class AsRead(Generic[T]):
    """The last document that was read at each place, and its text."""

    def __init__(self, kind: type[T], leave_out: Callable[[str], None]) -> None:
        self._kind, self._leave_out = kind, leave_out
        self._read: dict[str, tuple[T | None, str | None]] = {}

    def read(self, place: str, text: str | None) -> T | None:
        """Return what a text holds; None where there is none, or none that can be read."""
        value: T | None = None
        try:
            value = decode(text, self._kind) if text else None
        except UNREADABLE:
            self._leave_out(place)
        self._read.pop(place, None)
        self._read[place] = value, text
        if len(self._read) > _MOST:
            del self._read[next(iter(self._read))]
        return value

    def text_of(self, place: str, value: T | None) -> str | None:
        """Return the text from which a value was read; what was read elsewhere is as we would write it."""
        known, text = self._read.get(place, (None, None))
        return text if known == value else encode(value) if value is not None else None
