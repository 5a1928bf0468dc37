"""Send one text to somebody's own phone: check that it may go, claim it, and give it to a provider, once.

Nothing tries again: whoever wants it presses again. If the function dies after the claim, the lease ends and the page
says that nobody knows whether it went.
"""

from datetime import datetime

from msgspec import Struct

from chalicelib.domain.desk.own_text import BARRED, Order, OwnText, barred, refusal, stopped
from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.notification import Provider, State
from chalicelib.domain.notifications.permit import Conditions
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.domain.people.reply import passing_id
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.budget import Spent, spend
from chalicelib.flow.conflicts import again_on_conflict
from chalicelib.flow.notifications.hand_over import Handed, hand_over, text_to
from chalicelib.flow.notifications.limits import note_answers, steady
from chalicelib.flow.people.standing import Found, standing_of
from chalicelib.ports.conversations import CannedClaim
from chalicelib.ports.errors import Unreadable
from chalicelib.ports.world import Ports

LEAST = Kind.SURVEY
"""Whose share of the budget a test has: the smallest, so it takes nothing from what people wait for."""


class _Go(Struct, frozen=True):
    """How a text may go: by these providers, on what is known of the phone."""

    providers: tuple[Provider, ...]
    found: Found


@again_on_conflict()
def deliver_own_text(order: Order, ports: Ports, now: datetime) -> State | None:
    """Bring one text to its end; return its state, None where there is no row of it. Busy."""
    row = ports.own_texts.find(order.agency_id, order.name)
    agency = ports.settings.agency(order.agency_id, row.settings_version) if row else None
    if row is None or agency is None:
        return None
    if row.state is not State.SCHEDULED:  # it went, or may have gone
        return row.state
    conditions = ports.settings.conditions(agency.agency_id)
    way = _way(row, order, agency, conditions, ports, now)
    if not isinstance(way, _Go):
        return ports.own_texts.put(row.moved(State.SUPPRESSED, way)).state
    mine = ports.own_texts.claim(row.claimed(now), _claim(order, way.found, agency, now))
    if stopped(ports.settings.conditions(agency.agency_id)):
        return _note(mine.moved(State.SCHEDULED).moved(State.SUPPRESSED, Reason.PAUSED), ports)
    name = passing_id(agency.agency_id, f"test-{order.name}")
    outgoing = text_to(order.phone, order.body, agency, name, mine.expires_at, now)
    handed = hand_over(outgoing, "sms", way.providers, agency, ports.senders)
    state = _note(_after(mine, handed, now), ports)
    note_answers(agency.agency_id, conditions.breakers, handed.answered, ports, now)
    return state


def _way(row: OwnText, order: Order, agency: Agency, conditions: Conditions, ports: Ports, now: datetime) -> _Go | str:
    """Return how a text may go, or why it does not: first what is the same for each phone. Conflict."""
    refused = refusal(row, conditions, now)
    if refused:
        return refused
    providers = steady(agency, conditions, now)
    if not providers:
        return Reason.PROVIDER_DOWN
    known = ports.settings.spent(agency.agency_id)
    spent = spend(known, agency.budget, LEAST, row.segments, now, agency.zone) if agency.budget.limited else None
    if isinstance(spent, datetime):
        return Reason.OVER_BUDGET
    found = _allowed(order.phone, agency, ports, now)
    if found is None:
        return BARRED
    if isinstance(spent, Spent):
        ports.settings.note_spent(agency.agency_id, known, spent)
    return _Go(providers, found)


def _allowed(phone: str, agency: Agency, ports: Ports, now: datetime) -> Found | None:
    """Return what is known of a phone that may be texted; None for one that may not, and in doubt."""
    person = ports.contacts.reference(phone)
    try:
        found = standing_of(agency, person.keyed_hash, ports, now)
    except Unreadable:
        return None
    theirs = frozenset({person, *map(ports.contacts.reference, found.elsewhere)})
    protected = bool(ports.contacts.protected.among(agency.agency_id, theirs))
    return None if barred(phone, found.standing, agency, now, protected=protected) else found


def _claim(order: Order, found: Found, agency: Agency, now: datetime) -> CannedClaim:
    """Return what must hold when it is claimed; a test counts at no cap, so it takes no text from a caller."""
    return CannedClaim(
        phone=order.phone,
        elsewhere=found.elsewhere,
        decided_on=found.decided_on,
        at=now,
        day=agency.day(now),
        cap=0,
        counts=False,
    )


def _after(row: OwnText, handed: Handed, now: datetime) -> OwnText:
    """Return the row after the providers' answers."""
    sent = handed.sent
    if sent:
        return row.moved(State.SENT, sent_at=now, provider=sent.provider, reference=sent.reference)
    last = handed.refusal
    return row.failed(last.outcome, last.reason)


def _note(row: OwnText, ports: Ports) -> State:
    """Write the outcome of a claimed text, which nobody else writes."""
    return ports.own_texts.put(row).state
