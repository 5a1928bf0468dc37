"""Keep what a container has read for a while."""

from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

TRY_AGAIN = timedelta(seconds=30)
"""After a failure, what was read last serves for so long before it is read again: no request waits for each try."""


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

    def get_or_last(self, name: K, read: Callable[[], V], failed: Callable[[Exception], None]) -> V:
        """Return what is known, or read it; where that fails, tell `failed` and return what was read last.

        What reading raises is raised where nothing was ever read.
        """
        try:
            return self.get(name, read)
        except Exception as error:
            if name not in self._known:
                raise
            failed(error)
            self._known[name] = self._clock() - self._age + TRY_AGAIN, self._known[name][1]
            return self._known[name][1]

    def last(self, name: K) -> V | None:
        """Return what was read last, however long ago."""
        return self._known[name][1] if name in self._known else None

    def forget(self, name: K) -> None:
        """Read it again at the next asking: it was changed from here."""
        self._known.pop(name, None)
