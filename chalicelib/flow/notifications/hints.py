"""Hints: queue messages that name a row, each arriving when it is due.

A lost hint costs up to a minute, a repeated one nothing.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from math import ceil

from chalicelib.domain.names import NotificationKey
from chalicelib.domain.notifications.notification import Notification
from chalicelib.ports.errors import QueueUnavailable
from chalicelib.ports.queue import Hint, Queue

AHEAD = timedelta(seconds=180)
"""How far ahead hints are left. The sweep, each minute, finds rows that are due later."""

LONGEST_CHAIN = 8
"""How many hints may follow one from the other. The sweep, each minute, leaves one that begins a new chain.

Lambda stops a function that was called about 16 times in one chain of messages, and a batch may join two chains.
"""


def hint_at(key: NotificationKey, at: datetime, now: datetime, chain: int = 0) -> Hint:
    """Return a hint that arrives at an instant, never early: the delay is rounded up."""
    return Hint(key, max(0, ceil((at - now).total_seconds())), chain)


def leave_hints(rows: Iterable[Notification], queue: Queue, now: datetime, chain: int = 0) -> int:
    """Leave hints for rows that are due soon, unless their `chain` is too long; return how many were lost.

    No row is lost with its hint: the sweep finds it.
    """
    if chain > LONGEST_CHAIN:
        return 0
    soon = [row for row in rows if row.awaits and row.send_at <= now + AHEAD]
    hints = [hint_at(row.key, row.send_at, now, chain) for row in soon]
    try:
        if hints:
            queue.hint(hints)
    except QueueUnavailable:
        return len(hints)
    return 0
