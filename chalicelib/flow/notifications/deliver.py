"""Deliver one row that is due: check everything again, then send it, put it off or give it up.

`send.py` sends a row that may go. If the function dies during that, the lease ends and the row becomes `unknown`.
Nobody can say then whether the message went; a provider's receipt may still tell.
"""

from contextlib import suppress
from datetime import datetime, timedelta

from msgspec.structs import replace

from chalicelib.domain.desk.held import waits
from chalicelib.domain.names import Kind, NotificationKey
from chalicelib.domain.notifications.notification import Notification, State
from chalicelib.domain.notifications.permit import Go, Refuse, Wait, expired, permit
from chalicelib.domain.notifications.plan import Planned, Skipped, plan
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.domain.notifications.reconcile import as_planned, why_not
from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.domain.notifications.retry import MOST_ATTEMPTS, lease_over
from chalicelib.domain.people.contact import Contact
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.surveys.token import survey_token, token_hash
from chalicelib.flow.conflicts import again_on_conflict
from chalicelib.flow.incidents.awaited import beside_its_leader
from chalicelib.flow.incidents.settings_of import settings_of
from chalicelib.flow.notifications.due import Due
from chalicelib.flow.notifications.hints import leave_hints
from chalicelib.flow.notifications.send import send
from chalicelib.ports.errors import Busy, Conflict, Unreadable
from chalicelib.ports.notices import Notice
from chalicelib.ports.world import Ports

CLOCKS_DIFFER = timedelta(seconds=2)
"""How far clocks may differ. An even earlier hint was left before its row was put off, and another was left since."""

PUSHED_ON = timedelta(minutes=2)
ASIDE = timedelta(minutes=15)
"""How long a row that can't be read waits: the release that can is back by then, or people look at the alarm."""


def deliver_notification(key: NotificationKey, ports: Ports, now: datetime, chain: int = 0) -> State | None:
    """Bring one row as far as it can go now; return its state, or None where nothing was due.

    A row that must be looked at again soon gets a hint, unless the hints that led here are a long `chain`. Busy where
    conflicts do not end: the queue then repeats the hint. A row that can't be read is put aside. After any other error
    the row is put off, and the error is raised, whatever became of putting it off.
    """
    try:
        row = _deliver(key, ports, now, chain)
        if row is not None:
            leave_hints((row,), ports.queue, now, chain + 1)
    except Busy:
        raise
    except Unreadable as unreadable:
        _put_aside(key, unreadable.place, ports, now)
        return None
    except Exception as problem:
        try:
            push_on(key, ports, now)
        except Exception as another:  # noqa: BLE001  the first one is what must be told; the sweep finds the row
            problem.add_note(f"then {type(another).__name__}")
        raise
    return row.state if row else None


def _put_aside(key: NotificationKey, place: str, ports: Ports, now: datetime) -> None:
    """Let a row that this release can't read wait; the one that wrote it finds it there."""
    ports.notice(Notice.LEFT_OUT, place=place, notification=key.id)
    with suppress(Conflict):  # it is in the index no more
        ports.incidents.put_aside(key, now + ASIDE)


@again_on_conflict()
def push_on(key: NotificationKey, ports: Ports, now: datetime) -> None:
    """Put off a row that could not be delivered, so that it does not fail again each minute for ever. Busy."""
    row = ports.incidents.load(key.incident).rows.get(key)
    if row is not None and row.state is State.SCHEDULED:
        ports.incidents.put(row.moved(State.SCHEDULED, now, Reason.FAILED_HERE, send_at=now + PUSHED_ON))


@again_on_conflict()
def _deliver(key: NotificationKey, ports: Ports, now: datetime, chain: int) -> Notification | None:
    record = ports.incidents.load(key.incident)
    row = record.rows.get(key)
    if key in record.unread:
        raise Unreadable(key.id)
    if row is None or not row.awaits or _is_early(row, ports, now, chain):
        return None
    if row.state is State.SENDING:
        return ports.incidents.put(lease_over(row, now))
    if row.state is State.UNKNOWN:
        # Stored first, so that the decision is made on the row's new version.
        ports.incidents.put(row.moved(State.SCHEDULED, now, "no_receipt", send_at=now))
        return _deliver(key, ports, now, chain)
    row = row.about(record.incident.facts)
    stale = expired(row, now)
    if stale and not waits(row):
        return ports.incidents.put(row.moved(State.SUPPRESSED, now, stale))
    incident, beside = beside_its_leader(record.incident, ports)
    record = replace(record, incident=incident)
    due = Due(row=row, record=record, agency=_agency(record, ports), ports=ports, now=now, beside=beside)
    if stale:
        return due.settle(State.SUPPRESSED, stale)
    row = _as_planned_today(due)
    if row.state is not State.SCHEDULED or row.send_at > now:
        return due.put(row)
    return _send_if_permitted(replace(due, row=row))


def _is_early(row: Notification, ports: Ports, now: datetime, chain: int) -> bool:
    """Tell whether a hint came before its row is due; where only the clocks differ, leave another hint."""
    if now < row.send_at <= now + CLOCKS_DIFFER:
        leave_hints((row,), ports.queue, now, chain + 1)
    return row.send_at > now


def _agency(record: IncidentRecord, ports: Ports) -> Agency:
    """Return the agency's settings at the incident's beat."""
    agency = settings_of(record, ports)
    if agency is None:
        raise LookupError(f"{record.incident.key.agency_id} has no settings")
    return agency.at(record.incident.facts.beat)


def _as_planned_today(due: Due) -> Notification:
    """Return the row as the present plan has it: cancelled, failed, already answered, put off, or unchanged.

    Nobody can tell whether an anonymous survey was answered.
    """
    row = due.row
    decisions = plan(due.record.incident, due.agency)
    planned = next((item for item in decisions if isinstance(item, Planned) and item.key == row.key), None)
    if planned is None:
        skipped = [item for item in decisions if isinstance(item, Skipped)]
        return row.moved(State.CANCELLED, due.now, why_not(row.key, skipped))
    if row.attempts >= MOST_ATTEMPTS:
        return row.moved(State.FAILED, due.now, Reason.TOO_MANY_ATTEMPTS)
    if row.attempts and row.key.kind is Kind.SURVEY and _answered(row, due.ports):
        # The person has answered the survey, so an earlier attempt arrived.
        return row.moved(State.DELIVERED, due.now, Reason.ANSWERED)
    return as_planned(row, planned, due.agency)


def _answered(row: Notification, ports: Ports) -> bool:
    survey = ports.surveys.load(token_hash(survey_token(ports.survey_secret, row.key)))
    return survey is not None and survey.answered_at is not None


def _send_if_permitted(due: Due) -> Notification:
    due, contact = _by_email_if_landline(due)
    conditions = due.ports.settings.conditions(due.agency.agency_id)
    match permit(due.row, due.record, contact, due.agency, conditions, due.now):
        case Refuse(reason):
            return due.settle(State.SUPPRESSED, reason)
        case Wait(until, reason):
            if reason is Reason.MASS_CALL:
                due.ports.notice(Notice.CALL_HELD, agency=due.agency.agency_id, notification=due.row.key.id)
            return due.put_off(until, reason)
        case Go():
            return send(due, conditions)


def _by_email_if_landline(due: Due) -> tuple[Due, Contact]:
    contact, row = _contact(due), due.row
    party = due.record.incident.everyone.get(row.key.recipient)
    # The plan reads no contacts, so only here can it be known that a phone is a landline.
    if not (contact.landline and row.channel == "sms" and "email" in due.agency.channels and party and party.email):
        return due, contact
    due = replace(due, row=replace(row, channel="email", address=party.email))
    return due, _contact(due)


def _contact(due: Due) -> Contact:
    """Return the recipient's contact; an opt-out or a silence at one address counts at all of theirs."""
    agency_id, day = due.agency.agency_id, due.agency.day(due.now)
    contact = due.ports.contacts.load(agency_id, due.row.address, day)
    for address in sorted(due.row.addresses - {due.row.address}):
        contact = contact.also(due.ports.contacts.load(agency_id, address, day))
    return contact
