"""Send one answer that is due: check everything again, claim it, and give it to a provider.

If the function dies during that, the lease ends and nobody can say whether it went: it never goes twice.
"""

from datetime import datetime, timedelta

from msgspec.structs import replace

from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.notification import State
from chalicelib.domain.notifications.permit import LOOK_AGAIN, Conditions, Go, Wait
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.domain.people.answering import SEEN, Never, Weighed, verdict
from chalicelib.domain.people.canned import Canned, CannedKey
from chalicelib.domain.people.reply import passing_id
from chalicelib.domain.people.talk import answered
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.budget import Spent, spend
from chalicelib.flow.conflicts import again_on_conflict
from chalicelib.flow.notifications.hand_over import Handed, hand_over, text_to
from chalicelib.flow.notifications.limits import note_answers, steady
from chalicelib.flow.people.standing import Found, standing_of
from chalicelib.ports.conversations import CannedClaim, Exchange
from chalicelib.ports.errors import Conflict
from chalicelib.ports.world import Ports

EARLY = timedelta(seconds=2)
MOST_REPLIES = 20
_GONE = "reply_gone"


@again_on_conflict()
def deliver_answer(key: CannedKey, ports: Ports, now: datetime) -> State | None:
    """Bring one answer as far as it can go now; return its state, or None where nothing was due. Busy."""
    exchange = ports.conversations.of(key.agency_id, key.keyed_hash, MOST_REPLIES, key.reply_at)
    row = exchange.answers.get(key)
    agency = ports.settings.agency(key.agency_id, row.settings_version) if row else None
    if row is None or agency is None or not row.awaits or row.send_at > now + EARLY:
        return None
    if row.state is State.SENDING:
        return ports.conversations.put(row.moved(State.UNKNOWN, "lease_over")).state
    return _deliver(row, exchange, agency, ports, now).state


def _deliver(row: Canned, exchange: Exchange, agency: Agency, ports: Ports, now: datetime) -> Canned:
    reply = answered(exchange.replies, row.key.reply_at)
    if reply is None:
        return ports.conversations.put(row.moved(State.CANCELLED, _GONE))
    found = standing_of(agency, row.key.keyed_hash, ports, now)
    conditions = ports.settings.conditions(agency.agency_id)
    others = tuple(one for key, one in exchange.answers.items() if key != row.key)
    about = Weighed(reply=reply, standing=found.standing, others=others, agency=agency, conditions=conditions, now=now)
    match verdict(row, about):
        case Never(reason):
            state = State.CANCELLED if reason == SEEN else State.SUPPRESSED
            return ports.conversations.put(row.moved(state, reason))
        case Wait(until, why):
            return ports.conversations.put(row.moved(State.SCHEDULED, why, send_at=until))
        case Go():
            return _send(row, found, agency, conditions, ports, now)


def _send(row: Canned, found: Found, agency: Agency, conditions: Conditions, ports: Ports, now: datetime) -> Canned:
    providers = steady(agency, conditions, now)
    back_at = None if providers else now + LOOK_AGAIN
    back_at = back_at or _over_budget(row, agency, ports, now)
    if back_at:
        why = Reason.OVER_BUDGET if providers else Reason.PROVIDER_DOWN
        return ports.conversations.put(row.moved(State.SCHEDULED, why, send_at=min(back_at, row.expires_at)))
    mine = ports.conversations.claim(row.claimed(now), _claim(row, found, agency, now))
    if _paused(found, ports.settings.conditions(agency.agency_id)):
        return _note(mine.moved(State.SCHEDULED, Reason.PAUSED, send_at=now + LOOK_AGAIN), ports)
    name = passing_id(agency.agency_id, mine.key.sent_as)
    outgoing = text_to(found.standing.phone, mine.body, agency, name, mine.expires_at, now)
    handed = hand_over(outgoing, "sms", providers, agency, ports.senders)
    noted = _note(_after(mine, handed, now), ports)
    note_answers(agency.agency_id, conditions.breakers, handed.answered, ports, now)
    return noted


def _claim(row: Canned, found: Found, agency: Agency, now: datetime) -> CannedClaim:
    return CannedClaim(
        phone=found.standing.phone,
        elsewhere=found.elsewhere,
        decided_on=found.decided_on,
        at=now,
        day=agency.day(now),
        cap=agency.caps.per_person_and_day,
        counts=not row.attempts,
    )


def _over_budget(row: Canned, agency: Agency, ports: Ports, now: datetime) -> datetime | None:
    """Count a text against the budget, as an outcome's; return None, or when it may be tried again. Conflict."""
    if not agency.budget.limited:
        return None
    known = ports.settings.spent(agency.agency_id)
    spent = spend(known, agency.budget, Kind.OUTCOME, row.segments, now, agency.zone)
    if isinstance(spent, Spent):
        ports.settings.note_spent(agency.agency_id, known, spent)
        return None
    return spent


def _paused(found: Found, conditions: Conditions) -> bool:
    """Tell whether a pause came while the answer was claimed."""
    call = found.standing.calls[0]
    return any(one.of != "kind" and one.holds(Kind.OUTCOME, call) for one in conditions.pauses)


def _after(row: Canned, handed: Handed, now: datetime) -> Canned:
    """Return the row after the providers' answers."""
    sent = handed.sent
    if sent:
        return row.moved(State.SENT, sent_at=now, provider=sent.provider, reference=sent.reference)
    last = handed.refusal
    return row.failed(last.outcome, last.reason, now)


def _note(row: Canned, ports: Ports) -> Canned:
    """Write the outcome of a claimed answer; another process may have ended its lease meanwhile."""
    try:
        return ports.conversations.put(row)
    except Conflict:
        return _note_again(row, ports)


@again_on_conflict()
def _note_again(row: Canned, ports: Ports) -> Canned:
    key = row.key
    known = ports.conversations.of(key.agency_id, key.keyed_hash, 0, key.reply_at).answers[key]
    if known.state not in (State.SENDING, State.UNKNOWN) or known.attempts != row.attempts:
        return known
    if known.state is State.UNKNOWN and row.state not in (State.SENT, State.FAILED):
        return known
    return ports.conversations.put(replace(row, version=known.version))
