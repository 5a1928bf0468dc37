"""Permits: the last check before a provider is called decides whether this message may go now. Pure."""

from datetime import datetime, timedelta

from msgspec import Struct

from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.breaker import Breakers, closed_until
from chalicelib.domain.notifications.notification import GONE, Notification, State
from chalicelib.domain.notifications.pause import Pause
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.domain.notifications.recipients import awaits_human
from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.domain.notifications.wave import Waves, blocks, gates
from chalicelib.domain.people.contact import Contact, OptOutScope
from chalicelib.domain.settings.agency import Agency

FEED_FRESH = timedelta(minutes=5)
LOOK_AGAIN = timedelta(seconds=60)
SELDOM, LESS_AND_LESS = timedelta(minutes=15), 20
"""A row that waits for a person's release is looked at every minute at first, then at least every quarter of an hour.
The next look comes after a twentieth of the wait so far. A case number may wait for two weeks, and each look costs two
reads and a write.
"""

_HOLDS = frozenset(
    {
        Reason.PAUSED,
        Reason.MASS_CALL,
        Reason.FEED_SILENT,
        Reason.QUIET_HOURS,
        Reason.ALREADY_TOLD,
        Reason.FAILED_HERE,
        Reason.PROVIDER_DOWN,
        Reason.TEXTS_BLOCKED,
        Reason.OVER_BUDGET,
    }
)


class Conditions(Struct, frozen=True):
    """The conditions of the whole agency at this moment: its pauses, its feed and its providers."""

    pauses: tuple[Pause, ...]
    feed_heard_at: datetime | None
    breakers: Breakers = {}
    waves: Waves = {}

    def gates(self, now: datetime) -> Breakers:
        """Return what keeps messages from providers: failed calls, or texts that a carrier blocks."""
        return gates(self.breakers, self.waves, now)


class Go(Struct, frozen=True):
    """The verdict that the message may be sent."""


class Wait(Struct, frozen=True):
    """The verdict that the message must wait, until when, and why."""

    until: datetime
    reason: Reason


class Refuse(Struct, frozen=True):
    """The verdict that the message is never sent, and why."""

    reason: Reason


Verdict = Go | Wait | Refuse


def permit(
    row: Notification,
    record: IncidentRecord,
    contact: Contact,
    agency: Agency,
    conditions: Conditions,
    now: datetime,
) -> Verdict:
    """Decide whether a row may be sent now; `record` is its incident, `contact` is of its address."""
    stale = expired(row, now)
    if stale:
        return Refuse(stale)
    others = [other for other in record.rows.values() if other.key != row.key]
    opens = agency.window(row.key.kind).opens(now, agency.zone)
    # What waits for its hours is judged when it may go: another day has other counts, and a person may say START.
    refusal = _refusal(row, others, contact, agency, now) if opens <= now else None
    if refusal:
        return Refuse(refusal)
    if paused(row, record, conditions):
        hold: Wait | None = Wait(now + LOOK_AGAIN, Reason.PAUSED)
    elif awaits_human(record.incident, agency):
        hold = Wait(now + _until_next_look(row, now), Reason.MASS_CALL)
    else:
        hold = _hold(row, others, agency, conditions, now, opens)
    return Wait(min(hold.until, row.expires_at), hold.reason) if hold else Go()


def paused(row: Notification, record: IncidentRecord, conditions: Conditions) -> bool:
    """Tell whether a supervisor's pause holds a row."""
    return any(pause.holds(row.key.kind, record.incident) for pause in conditions.pauses)


def expired(row: Notification, now: datetime) -> Reason | None:
    """Return why an expired row was not sent, or None for a row that has not expired.

    An expired row keeps the reason that delayed it.
    """
    if now < row.expires_at:
        return None
    return Reason(row.reason) if row.reason in _HOLDS else Reason.EXPIRED


def _refusal(
    row: Notification, others: list[Notification], contact: Contact, agency: Agency, now: datetime
) -> Reason | None:
    caps, survey = agency.caps, row.key.kind is Kind.SURVEY
    today = agency.day(now)
    told = [other for other in others if _same_person(other, row) and other.state in GONE]
    silenced = contact.silenced_until is not None and now < contact.silenced_until
    asked_lately = contact.surveyed_at is not None and now < contact.surveyed_at + caps.survey_every
    bars = (
        (contact.bounced or contact.opted_out is OptOutScope.ALL, Reason.OPTED_OUT),
        (survey and contact.opted_out is not None, Reason.OPTED_OUT),
        (silenced, Reason.SILENCED),
        (contact.unsafe, Reason.UNSAFE_TO_CONTACT),
        (contact.landline and row.channel == "sms", Reason.LANDLINE),
        (any(_same_news(other, row) for other in told), Reason.ALREADY_TOLD),
        (any(_repeats(other, row, now) for other in others), Reason.SUPERSEDED),
        (0 < caps.per_incident <= len(told), Reason.CAP_PER_INCIDENT),
        (not row.counted(today) and 0 < caps.per_person_and_day <= contact.sent_today, Reason.CAP_PER_DAY),
        (not row.tried_here and survey and asked_lately, Reason.CAP_SURVEYS),
    )
    return next((reason for holds, reason in bars if holds), None)


def _hold(
    row: Notification,
    others: list[Notification],
    agency: Agency,
    conditions: Conditions,
    now: datetime,
    opens: datetime,
) -> Wait | None:
    if row.key.kind is Kind.DELAY and not _heard_lately(conditions.feed_heard_at, now):
        return Wait(now + LOOK_AGAIN, Reason.FEED_SILENT)
    if opens > now:
        return Wait(opens, Reason.QUIET_HOURS)
    # Another row with the same news is on its way to this person: wait until its outcome is known.
    twins = [other for other in others if _same_person(other, row) and _same_news(other, row)]
    if any(twin.state is State.SENDING for twin in twins):
        return Wait(now + LOOK_AGAIN, Reason.ALREADY_TOLD)
    providers = agency.providers.of(row.channel)
    back_at = closed_until(providers, conditions.gates(now), now)
    if back_at is None:
        return None
    blocked = all(blocks(conditions.waves, name, now) for name in providers)
    return Wait(back_at, Reason.TEXTS_BLOCKED if blocked else Reason.PROVIDER_DOWN)


def _until_next_look(row: Notification, now: datetime) -> timedelta:
    waited = now - max(row.planned_for, row.created_at)
    return min(max(LOOK_AGAIN, waited / LESS_AND_LESS), SELDOM)


def _heard_lately(heard_at: datetime | None, now: datetime) -> bool:
    return heard_at is not None and now - heard_at <= FEED_FRESH


def _same_person(one: Notification, other: Notification) -> bool:
    return bool({one.address, *one.addresses} & {other.address, *other.addresses})


def _repeats(later: Notification, earlier: Notification, now: datetime) -> bool:
    """Tell whether a later notice of the same kind makes an earlier one to the same party superfluous.

    Of two notices that are due, the later is enough.
    """
    same = (later.key.kind, later.key.recipient) == (earlier.key.kind, earlier.key.recipient)
    due = later.planned_for <= now and (later.awaits or later.state in GONE)
    return same and due and later.key.ordinal > earlier.key.ordinal


def _same_news(one: Notification, other: Notification) -> bool:
    return (one.key.kind, one.key.ordinal) == (other.key.kind, other.key.ordinal)
