"""Sweep every minute: find all rows that are due or overdue, and leave a hint to the second for each.

It also finds rows whose hint was lost. Rules fire at any time within their minute, so the sweep looks ahead; the
queue's delay does the rest. A row with two hints costs nothing: the second hint fails at the claim.
"""

from datetime import datetime, timedelta
from itertools import islice

from chalicelib.flow.notifications.hints import hint_at
from chalicelib.ports.errors import QueueUnavailable
from chalicelib.ports.notices import Metric
from chalicelib.ports.world import Ports

LOOK_AHEAD = timedelta(seconds=120)
BATCH = 100


def sweep_due(ports: Ports, now: datetime) -> int:
    """Leave a hint for each row that is due within the look-ahead; return how many. QueueUnavailable at the end."""
    due = iter(ports.incidents.due(now + LOOK_AHEAD))
    hinted, oldest, lost = 0, now, list[QueueUnavailable]()
    while batch := [*islice(due, BATCH)]:
        try:
            ports.queue.hint([hint_at(key, at, now) for key, at in batch])
        except QueueUnavailable as problem:  # the next batch may be taken
            lost.append(problem)
        hinted, oldest = hinted + len(batch), min(oldest, *(at for _, at in batch))
    ports.measure(Metric.OLDEST_DUE, (now - oldest).total_seconds())
    if lost:
        raise lost[0]
    return hinted
