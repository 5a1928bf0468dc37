"""The row after an attempt to send: claimed, taken by a provider, failed, or never heard of again."""

import zlib
from datetime import date, datetime, timedelta
from typing import Literal

from chalicelib.domain.notifications.notification import Notification, Provider, State

LEASE = timedelta(seconds=90)
"""How long a claim lasts; without an outcome by then it is lost. Longer than a function may run (a test compares)."""

RECEIPT_WAIT = timedelta(hours=1)
"""How long to wait for a receipt: one comes within seconds, or later after a backlog.

Only kinds that are worth sending for days wait for it.
"""

FIRST_BACK_OFF = timedelta(seconds=15)
MOST_ATTEMPTS = 5

FailureOutcome = Literal["permanent", "retry", "ambiguous"]
"""The outcome of a failed call: it will never go, it surely did not go, or nobody knows."""


def claimed(row: Notification, traceable: bool, now: datetime, day: date) -> Notification:
    """Return a row that is about to be given to providers; traceable where all of them send receipts.

    `day` is the agency's, at whose cap it counts.
    """
    return row.moved(
        State.SENDING,
        now,
        send_at=now + LEASE,
        attempts=row.attempts + 1,
        counted_at=row.address,
        counted_on=day,
        traceable=traceable,
        provider="",
        reference="",
    )


def lease_over(row: Notification, now: datetime) -> Notification:
    """Return a row whose claim ended without an outcome: the message may have gone."""
    return row.moved(State.UNKNOWN, now, "lease_over", send_at=now + RECEIPT_WAIT)


def taken(row: Notification, provider: Provider, reference: str, now: datetime) -> Notification:
    """Return a row that a provider took, with the provider's own reference for it."""
    return row.moved(State.SENT, now, sent_at=now, provider=provider, reference=reference)


def failed(row: Notification, outcome: FailureOutcome, reason: str, now: datetime) -> Notification:
    """Return a row that no provider confirmed: to be tried again, given up, or in doubt."""
    if outcome == "ambiguous":
        return row.moved(State.UNKNOWN, now, reason, send_at=now + RECEIPT_WAIT)
    again_at = now + back_off(row)
    if outcome == "permanent" or row.attempts >= MOST_ATTEMPTS or again_at >= row.expires_at:
        return row.moved(State.FAILED, now, reason)
    return row.moved(State.SCHEDULED, now, reason, send_at=again_at)


def back_off(row: Notification) -> timedelta:
    """Return how long to wait after an attempt that surely failed: twice as long each time, plus up to half.

    The added part comes from a hash of the row's id. So rows that failed together do not come back together, and a
    replay is exact.
    """
    spread = zlib.crc32(row.key.id.encode()) % 1000 / 2000
    return FIRST_BACK_OFF * (2.0 ** (row.attempts - 1) * (1 + spread))
