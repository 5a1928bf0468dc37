"""Send a permitted row: compose it, claim it, call a provider, and note the outcome.

The order keeps the promise of one message. A claim comes first, then one provider call without retries, then a note
of its outcome before anything else. The claim, the opt-out, the silence and the caps are one transaction. So two
deliveries of one hint, or a STOP or a silence that arrives in between, can't both win. A pause is of no person, so it
is read after the claim: a row that is paused by then gives its claim back.
"""

from collections.abc import Sequence
from datetime import datetime
from math import ceil

from msgspec.structs import replace

from chalicelib.domain.notifications.notification import TAKEN, Notification, Provider, State
from chalicelib.domain.notifications.permit import LOOK_AGAIN, Conditions, paused
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.domain.notifications.record import Claim
from chalicelib.domain.notifications.render import Message, Unrenderable
from chalicelib.domain.notifications.retry import claimed, failed, taken
from chalicelib.domain.notifications.text_code import CODE_LIFE
from chalicelib.flow.conflicts import again_on_conflict
from chalicelib.flow.notifications.compose import Composed, compose
from chalicelib.flow.notifications.due import Due
from chalicelib.flow.notifications.hand_over import Handed, hand_over
from chalicelib.flow.notifications.limits import count_against_budget, note_answers, turn_to_call
from chalicelib.flow.notifications.refusals import note_refusals
from chalicelib.ports.carrier import Outgoing
from chalicelib.ports.errors import Conflict
from chalicelib.ports.notices import Metric
from chalicelib.ports.world import Ports


def send(due: Due, conditions: Conditions) -> Notification:
    """Send a permitted row, unless it is in shadow or over the budget; return it as it stands. Conflict."""
    try:
        composed = compose(due)
    except Unrenderable:
        return due.settle(State.FAILED, Reason.UNRENDERABLE)
    due = replace(due, row=composed.row)
    if not due.agency.sends(due.row.key.kind, due.record.incident.facts.incident_type):
        return due.settle(State.SUPPRESSED, Reason.SHADOW)
    wait_until = count_against_budget(due)
    if wait_until:
        return due.put_off(min(wait_until, due.row.expires_at), Reason.OVER_BUDGET)
    providers = turn_to_call(due, conditions)
    mine = replace(due, row=_claim(due, composed, providers))
    if paused(mine.row, mine.record, mine.ports.settings.conditions(mine.agency.agency_id)):
        waits = mine.row.moved(State.SCHEDULED, due.now, Reason.PAUSED, send_at=due.now + LOOK_AGAIN)
        return _note(waits, due.ports)
    handed = hand_over(_outgoing(mine, composed.message), mine.row.channel, providers, mine.agency, mine.ports.senders)
    after = _after(mine.row, handed, mine)
    noted = _note(after, due.ports)
    if noted.state in TAKEN:
        due.ports.measure(Metric.LATENESS, (due.now - due.row.send_at).total_seconds(), due.row.key.kind)
    note_refusals(after, handed.failures, due.ports, due.now)
    note_answers(due.agency.agency_id, conditions.breakers, handed.answered, due.ports, due.now)
    return noted


def _claim(due: Due, composed: Composed, providers: Sequence[Provider]) -> Notification:
    """Write the row as being sent, with all that only one sender may count. Conflict."""
    row, caps, survey, senders = due.row, due.agency.caps, composed.survey, due.ports.senders
    day = due.agency.day(due.now)
    traceable = all(senders[name].tells for name in providers if name in senders)
    mine = claimed(row, traceable, due.now, day)
    claim = Claim(
        incident_version=due.record.version,
        beside=due.beside,
        at=due.now,
        day=day,
        cap=caps.per_person_and_day,
        counts=not row.counted(day),
        survey=survey,
        by_text=survey is not None and row.channel == "sms" and not survey.anonymous,
        last_survey_before=due.now - caps.survey_every if survey and not row.tried_here else None,
        language=row.language,
        code=composed.code,
        code_until=due.now + CODE_LIFE if composed.code else None,
        due_at=row.send_at,
        attention=due.heed(mine),
    )
    return due.ports.incidents.claim(mine, claim)


def _after(row: Notification, handed: Handed, due: Due) -> Notification:
    """Return the row after the providers' answers."""
    if handed.sent:
        return taken(row, handed.sent.provider, handed.sent.reference, due.now)
    last = handed.last
    if last and handed.failures[last].outcome != "retry":
        row = replace(row, provider=last, traceable=due.ports.senders[last].tells)
    return _refused(row, handed, due.now)


def _outgoing(due: Due, message: Message) -> Outgoing:
    return Outgoing(
        id=due.row.key.id,
        address=due.row.address,
        sender="",
        body=message.body,
        subject=message.subject,
        unsubscribe=message.unsubscribe,
        lives_for=ceil((due.row.expires_at - due.now).total_seconds()),
        origin=due.agency.survey.home,
        max_price=due.agency.providers.max_price,
        protect=due.agency.providers.protect_configuration,
    )


def _refused(row: Notification, handed: Handed, now: datetime) -> Notification:
    """Return a row that no provider accepted.

    The row fails for good only where no provider could take it later. A phone that can't get texts is looked at again:
    its owner may have an email.
    """
    last = handed.refusal
    if last.landline:
        return failed(row, "retry", last.reason, now)
    may_go_later = [failure for failure in handed.failures.values() if failure.outcome == "retry"]
    told = may_go_later[-1] if may_go_later and last.outcome == "permanent" else last
    return failed(row, told.outcome, told.reason, now)


def _note(row: Notification, ports: Ports) -> Notification:
    """Write the outcome of a claimed row, even if the row was changed meanwhile."""
    try:
        return ports.incidents.put(row)
    except Conflict:
        return _note_again(row, ports)


@again_on_conflict()
def _note_again(row: Notification, ports: Ports) -> Notification:
    """Write the outcome over another process's change, unless a receipt has settled the row already."""
    known = ports.incidents.load(row.key.incident).rows[row.key]
    if known.state is not State.SENDING or known.attempts != row.attempts:
        return known
    return ports.incidents.put(replace(row, version=known.version))
