"""The last check of an answer before a provider is called: whether it may go now. Pure."""

from datetime import datetime, timedelta

from msgspec import Struct

from chalicelib.domain.lately import lately
from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.breaker import closed_until
from chalicelib.domain.notifications.notification import GONE, State
from chalicelib.domain.notifications.permit import LOOK_AGAIN, Conditions, Go, Wait
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.domain.people.canned import Canned
from chalicelib.domain.people.reply import KeptReply
from chalicelib.domain.people.talk import Standing, bar
from chalicelib.domain.settings.agency import Agency

ONCE_IN = timedelta(hours=24)
"""How often somebody is told that nobody has read them yet."""

SEEN = "seen"
"""Why the text that goes by itself did not go: somebody has read the reply."""


class Weighed(Struct, frozen=True, kw_only=True):
    """All that decides about one answer: its reply, the person, the other answers, and how the agency stands."""

    reply: KeptReply
    standing: Standing
    others: tuple[Canned, ...]
    agency: Agency
    conditions: Conditions
    now: datetime


class Never(Struct, frozen=True):
    """The verdict that an answer is never sent, and why."""

    reason: str


def verdict(row: Canned, about: Weighed) -> Go | Wait | Never:
    """Decide whether an answer may be sent now."""
    now, agency, conditions = about.now, about.agency, about.conditions
    refused = _refusal(row, about)
    if refused:
        return Never(refused)
    held = any(one.of != "kind" and one.holds(Kind.OUTCOME, about.standing.calls[0]) for one in conditions.pauses)
    if held:
        return Wait(min(now + LOOK_AGAIN, row.expires_at), Reason.PAUSED)
    back_at = closed_until(agency.providers.of("sms"), conditions.gates(now), now)
    return Wait(min(back_at, row.expires_at), Reason.PROVIDER_DOWN) if back_at else Go()


def _refusal(row: Canned, about: Weighed) -> str | None:
    now, reply, caps = about.now, about.reply, about.agency.caps
    if now >= row.expires_at:
        return row.reason or Reason.EXPIRED
    if row.by_itself and reply.seen_at is not None:
        return SEEN
    if row.by_itself and any(_told_lately(one, row, now) for one in about.others):
        return Reason.ALREADY_TOLD
    barred = bar(about.standing, reply, about.agency, now, by_itself=row.by_itself)
    if barred:
        return barred
    full = 0 < caps.per_person_and_day <= about.standing.contact.sent_today
    return Reason.CAP_PER_DAY if full and not row.attempts else None


def _told_lately(other: Canned, row: Canned, now: datetime) -> bool:
    """Tell whether somebody was told lately that nobody has read them yet; one that may have gone counts."""
    may_have_gone = other.state in GONE or other.state is State.SENDING
    return other.by_itself and other.key != row.key and may_have_gone and lately(other.created_at, ONCE_IN, now)
