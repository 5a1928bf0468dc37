"""How far one read of the whole has come: its page, its passes, and whether it still can say what vanished."""

from datetime import datetime

from feed.http.fetch import HttpFailed
from feed.http.paging import COUNTED, Position
from feed.http.settings import Pages

MOST_PASSES = 5
"""Counted pages are read again until they bring nothing new, but not for ever."""


class Walk:
    """One read of the whole. `position` is the page to ask for, None at the end."""

    def __init__(self, pages: Pages | None, turn: float, since: datetime | None) -> None:
        self.first_turn = self.turn = turn
        self.since = since
        self.position: Position | None = Position()
        self.at: datetime | None = None
        self.failures = 0
        self.whole = True
        self._counted = pages is not None and pages.by in COUNTED
        self._passes, self._new = 1, 0
        self._before, self._been = b"", {hash(Position())}

    @property
    def first_page(self) -> bool:
        """Tell whether nothing was read yet."""
        return self._passes == 1 and self.position == Position()

    def go_on(self, following: Position | None, summed: bytes, new: int) -> None:
        """Go to the next page; `summed` is what the page before came to. HttpFailed where that leads in a circle.

        Beyond its end a CAD may tell its last page again and again. A pass that brought something new is made again:
        while pages are counted, a call that ends moves the next one to the page before.
        """
        self._new += new
        if self._counted:
            again = summed == self._before
            self._before = summed
            if following is not None and not again:
                self.position = following
                return
            self._again_or_end()
            return
        self.position = following
        if following is None:
            return
        place = hash((following.cursor, following.url))
        if place in self._been:
            raise HttpFailed("its pages go in a circle")
        self._been.add(place)

    def _again_or_end(self) -> None:
        if not self._new or self._passes >= MOST_PASSES:
            self.whole = self.whole and not self._new
            self.position = None
            return
        self._passes, self._new, self._before = self._passes + 1, 0, b""
        self.turn += 0.001
        self.position = Position()
