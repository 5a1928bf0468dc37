"""How a made-up notification ends, and what is not due: the dice of `made_up`."""

import random
from datetime import datetime, timedelta

from msgspec.structs import replace

from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.notification import Notification, State
from chalicelib.domain.notifications.plan import Skipped
from chalicelib.domain.notifications.reasons import Reason

DELAY_AFTER = timedelta(minutes=30)
LOST = 0.03
_NOT_DELIVERED = ("carrier_unreachable", "unreachable", "blocked", "spam")
_SEGMENT = 0.00831
_TEMPLATE = "5f1d0c2a9b3e"


def ended(
    dice: random.Random, row: Notification, language: str, arrived_at: datetime | None, *, live: bool
) -> Notification:
    """Return a notification as it ended: cancelled by an arrival, in shadow, gone, or lost on its way."""
    if arrived_at and row.key.kind is Kind.DELAY and arrived_at <= row.planned_for:
        return replace(row, version=2, state=State.CANCELLED, reason=Reason.ARRIVED.value, finished_at=arrived_at)
    at = row.planned_for + timedelta(seconds=dice.expovariate(1 / 2))
    segments = 1 if row.channel == "sms" else 0
    words = replace(row, version=3, language=language, segments=segments, template=_TEMPLATE)
    if not live:
        return replace(words, state=State.SUPPRESSED, reason=Reason.SHADOW.value, finished_at=at)
    provider = "end_user_messaging" if row.channel == "sms" else "ses"
    cost = round(_SEGMENT * words.segments, 6) if row.channel == "sms" else None
    done = replace(words, provider=provider, attempts=1, sent_at=at, finished_at=at + timedelta(seconds=4), cost=cost)
    if dice.random() < LOST:
        return replace(done, state=State.UNDELIVERED, reason=dice.choice(_NOT_DELIVERED))
    return replace(done, state=State.DELIVERED)


def not_due(arrived_at: datetime | None) -> tuple[Skipped, ...]:
    """Return what a call is not told whose people are told the rest."""
    never = (Skipped(Kind.DISPATCHED, Reason.NOT_FOR_TYPE, "1"), Skipped(Kind.CASE_NUMBER, Reason.NOT_YET, "1"))
    unasked = () if arrived_at else (Skipped(Kind.SURVEY, Reason.NO_ARRIVAL, "1"),)
    return (*never, *unasked)
