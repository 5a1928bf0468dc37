"""Keep what a container has read for a while."""

from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Cached(Generic[K, V]):
    """Values by name, each at most so old: an older one is read again."""

    def __init__(self, clock: Callable[[], datetime], age: timedelta) -> None:
        self._clock, self._age = clock, age
        self._known: dict[K, tuple[datetime, V]] = {}

    def get(self, name: K, read: Callable[[], V]) -> V:
        """Return what is known, or read it; what reading raises is not kept."""
        if name in self._known:
            read_at, known = self._known[name]
            if self._clock() - read_at <= self._age:
                return known
        known = read()
        self._known[name] = self._clock(), known
        return known

    def last(self, name: K) -> V | None:
        """Return what was read last, however long ago."""
        return self._known[name][1] if name in self._known else None

    def forget(self, name: K) -> None:
        """Read it again at the next asking: it was changed from here."""
        self._known.pop(name, None)
