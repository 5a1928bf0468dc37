"""Hints: which rows to look at soon, each after the exact delay. Losing one costs a minute, repeating one nothing."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from math import ceil

from chalicelib.domain.names import NotificationKey
from chalicelib.domain.notifications.notification import Notification
from chalicelib.ports.errors import QueueUnavailable
from chalicelib.ports.queue import Hint, Queue

AHEAD = timedelta(seconds=180)
"""What is due later is the sweep's."""


def hint_at(key: NotificationKey, at: datetime, now: datetime) -> Hint:
    """Return a hint that comes out at an instant, never early: the delay is rounded up."""
    return Hint(key, max(0, ceil((at - now).total_seconds())))


def leave_hints(rows: Iterable[Notification], queue: Queue, now: datetime) -> int:
    """Hint what must be looked at soon; return how many hints were lost. The rows are safe: the sweep finds them."""
    hints = [hint_at(row.key, row.send_at, now) for row in rows if row.awaits and row.send_at <= now + AHEAD]
    try:
        if hints:
            queue.hint(hints)
    except QueueUnavailable:
        return len(hints)
    return 0
