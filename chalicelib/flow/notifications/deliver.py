"""One row that is due: look again at everything, and send it, put it off or give it up.

What may go is sent by `send.py`. If we die there, the lease ends and the row becomes `unknown`: nobody
can say whether it went, and a provider's receipt may still tell.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from msgspec.structs import replace

from chalicelib.domain.names import Kind, NotificationKey
from chalicelib.domain.notifications.notification import Notification, State
from chalicelib.domain.notifications.permit import Go, Hold, Refuse, expired, permit
from chalicelib.domain.notifications.plan import Planned, Skipped, plan
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.domain.notifications.reconcile import follow, why_not
from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.domain.notifications.retry import MOST_ATTEMPTS, lease_over
from chalicelib.domain.people.contact import Contact
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.surveys.token import survey_token, token_hash
from chalicelib.flow.conflicts import again_on_conflict
from chalicelib.flow.notifications.hints import leave_hints
from chalicelib.flow.notifications.send import send
from chalicelib.ports.errors import Busy
from chalicelib.ports.world import Ports

CLOCKS_DIFFER = timedelta(seconds=2)
"""A hint that comes earlier than this was left before its row was put off, and another has been left since."""

PUSHED_ON = timedelta(minutes=2)


def deliver_notification(key: NotificationKey, ports: Ports, now: datetime) -> State | None:
    """Bring one row as far as it can go now; return its state, or None where nothing was due.

    What must be looked at again soon is hinted. Busy where conflicts do not end: the hint comes back.
    """
    row = _deliver(key, ports, now)
    if row is None:
        return None
    leave_hints((row,), ports.queue, now)
    return row.state


def deliver_or_push_on(
    key: NotificationKey,
    ports: Ports,
    now: datetime,
    deliver: Callable[[NotificationKey, Ports, datetime], State | None] = deliver_notification,
) -> State | None:
    """Deliver a hinted row; one that fails, but for conflicts that do not end, is put off before the error goes on."""
    try:
        return deliver(key, ports, now)
    except Busy:
        raise
    except Exception:
        push_on(key, ports, now)
        raise


def push_on(key: NotificationKey, ports: Ports, now: datetime) -> None:
    """Put off a row that could not be looked at, so that it does not come back each minute for ever."""
    row = ports.incidents.load(key.incident).rows.get(key)
    if row is not None and row.state is State.SCHEDULED:
        ports.incidents.put(row.moved(State.SCHEDULED, now, Reason.FAILED_HERE, send_at=now + PUSHED_ON))


@again_on_conflict()
def _deliver(key: NotificationKey, ports: Ports, now: datetime) -> Notification | None:
    record = ports.incidents.load(key.incident)
    row = record.rows.get(key)
    if row is None or not row.awaits:
        return None
    if row.send_at > now:
        if row.send_at <= now + CLOCKS_DIFFER:
            leave_hints((row,), ports.queue, now)
        return None
    if row.state is State.SENDING:
        return ports.incidents.put(lease_over(row, now))
    if row.state is State.UNKNOWN:
        # As a row of its own version again, so that what is decided now is decided on what stands now.
        ports.incidents.put(row.moved(State.SCHEDULED, now, "no_receipt", send_at=now))
        return _deliver(key, ports, now)
    stale = expired(row, now)
    if stale:
        return ports.incidents.put(row.moved(State.SUPPRESSED, now, stale))
    agency = ports.settings.agency(key.agency_id)
    if agency is None:
        raise LookupError(f"{key.agency_id} has no settings")
    agency = agency.at(record.incident.facts.beat)
    row = _look_again(row, record, agency, ports, now)
    if row.state is not State.SCHEDULED or row.send_at > now:
        return ports.incidents.put(row)
    return _send_if_permitted(row, record, agency, ports, now)


def _look_again(row: Notification, record: IncidentRecord, agency: Agency, ports: Ports, now: datetime) -> Notification:
    """Return the row as today's plan has it: cancelled, given up, answered already, put off, or as it was.

    Of an anonymous survey nobody can say whether it was answered.
    """
    decisions = plan(record.incident, agency)
    planned = next((item for item in decisions if isinstance(item, Planned) and item.key == row.key), None)
    if planned is None:
        skipped = [item for item in decisions if isinstance(item, Skipped)]
        return row.moved(State.CANCELLED, now, why_not(row.key, skipped))
    if row.attempts >= MOST_ATTEMPTS:
        return row.moved(State.FAILED, now, Reason.TOO_MANY_ATTEMPTS)
    if row.attempts and row.key.kind is Kind.SURVEY and _answered(row, ports):
        return row.moved(State.DELIVERED, now, Reason.ANSWERED)
    return follow(row, planned, agency)


def _answered(row: Notification, ports: Ports) -> bool:
    survey = ports.surveys.load(token_hash(survey_token(ports.survey_secret, row.key)))
    return survey is not None and survey.answered_at is not None


def _send_if_permitted(
    row: Notification, record: IncidentRecord, agency: Agency, ports: Ports, now: datetime
) -> Notification:
    row, contact = _by_email_if_landline(row, record, agency, ports, now)
    conditions = ports.settings.conditions(agency.agency_id)
    verdict = permit(row, record, contact, agency, conditions, now)
    match verdict:
        case Refuse(reason):
            return ports.incidents.put(row.moved(State.SUPPRESSED, now, reason))
        case Hold(until, reason):
            return ports.incidents.put(row.moved(State.SCHEDULED, now, reason, send_at=until))
        case Go():
            return send(row, record, agency, conditions.breakers, ports, now)


def _by_email_if_landline(
    row: Notification, record: IncidentRecord, agency: Agency, ports: Ports, now: datetime
) -> tuple[Notification, Contact]:
    contact = _contact(row, agency, ports, now)
    party = record.incident.everyone.get(row.key.recipient)
    if not (contact.landline and row.channel == "sms" and "email" in agency.channels and party and party.email):
        return row, contact
    by_email = replace(row, channel="email", address=party.email)
    return by_email, _contact(by_email, agency, ports, now)


def _contact(row: Notification, agency: Agency, ports: Ports, now: datetime) -> Contact:
    """Return what is known of the person; who stopped or is silenced at one address is so at all of theirs."""
    day = now.astimezone(agency.zone).date()
    contact = ports.contacts.load(agency.agency_id, row.address, day)
    for address in sorted(row.addresses - {row.address}):
        contact = contact.also(ports.contacts.load(agency.agency_id, address, day))
    return contact
