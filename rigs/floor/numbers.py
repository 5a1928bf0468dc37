"""Numbers that are used again: where nobody spoke of a number for long, it is another call's (docs/vendor/webhook.md).

The documents draw the line by times that a story leaves open. So a story gives such a call a number of its own, and
everything in it that comes later means that one.
"""

from datetime import datetime, timedelta

from rigs.floor.story import Tell

APART, OVER = timedelta(hours=12), timedelta(days=7)


class Numbers:
    """The number that stands for each number of a story now, and when it was last told of."""

    def __init__(self) -> None:
        self._told: dict[str, datetime] = {}
        self._turns: dict[str, int] = {}

    def of(self, tell: Tell, at: datetime) -> str:
        """Return the number of an update."""
        gap = at - self._told.get(tell.number, at)
        if gap > OVER or (gap > APART and "received_at" in tell.fields):
            self._turns[tell.number] = self._turns.get(tell.number, 0) + 1
        self._told[tell.number] = at
        return self.now(tell.number)

    def now(self, number: str) -> str:
        """Return the number that stands for one now."""
        turn = self._turns.get(number)
        return f"{number}-{turn}" if turn else number
