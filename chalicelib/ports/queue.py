"""The queue of hints: rows to look at soon."""

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from chalicelib.domain.desk.own_text import Order
from chalicelib.domain.names import NotificationKey
from chalicelib.domain.people.canned import CannedKey


class Hint(Struct, frozen=True):
    """A row to look at, after so many seconds; `chain` counts the hints from which this one follows."""

    key: NotificationKey
    delay: int
    chain: int = 0


class Queue(Protocol):
    """Hints about rows that are due."""

    def hint(self, hints: Sequence[Hint]) -> None:
        """Leave hints; QueueUnavailable where that fails."""

    def hint_answer(self, key: CannedKey, delay: int) -> None:
        """Leave a hint about an answer, after so many seconds; QueueUnavailable where that fails."""

    def order(self, order: Order) -> None:
        """Leave a text to somebody's own phone, to be sent at once; QueueUnavailable where that may have failed."""
