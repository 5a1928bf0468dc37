"""A row that may go: its words, its claim, its provider, and what became of it.

The order is the promise. The claim, the opt-out and the caps are one transaction, so that two
deliveries of one hint, or a STOP that arrives in between, can't both win. After the claim there is
one provider call without retries, and then what became of it is written before anything else.
"""

from datetime import datetime

from msgspec.structs import replace

from chalicelib.domain.notifications.breaker import Breakers
from chalicelib.domain.notifications.notification import TAKEN, Notification, State
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.domain.notifications.record import Claim, IncidentRecord
from chalicelib.domain.notifications.render import Unrenderable
from chalicelib.domain.notifications.retry import claimed
from chalicelib.domain.notifications.text_code import CODE_LIFE
from chalicelib.domain.settings.agency import Agency
from chalicelib.flow.conflicts import again_on_conflict
from chalicelib.flow.notifications.compose import Composed, compose
from chalicelib.flow.notifications.hand_over import hand_over
from chalicelib.flow.notifications.limits import count_against_budget, note_answers, turn_to_call
from chalicelib.ports.errors import Conflict
from chalicelib.ports.notices import Metric
from chalicelib.ports.world import Ports


def send(
    row: Notification, record: IncidentRecord, agency: Agency, breakers: Breakers, ports: Ports, now: datetime
) -> Notification:
    """Send a row that is permitted, unless it is in shadow or over the budget; return it as it stands. Conflict."""
    try:
        composed = compose(row, record, agency, ports, now)
    except Unrenderable:
        return ports.incidents.put(row.moved(State.FAILED, now, Reason.UNRENDERABLE))
    row = composed.row
    if not agency.sends(row.key.kind, record.incident.facts.incident_type):
        return ports.incidents.put(row.moved(State.SUPPRESSED, now, Reason.SHADOW))
    wait = count_against_budget(row, agency, ports, now)
    if wait:
        put_off = min(wait, row.expires_at)
        return ports.incidents.put(row.moved(State.SCHEDULED, now, Reason.OVER_BUDGET, send_at=put_off))
    providers = turn_to_call(agency, row.channel, breakers, ports, now)
    traceable = all(ports.senders[name].tells for name in providers if name in ports.senders)
    mine = ports.incidents.claim(claimed(row, traceable, now), _claim(composed, record, agency, now))
    handed = hand_over(mine, composed.message, providers, agency, ports, now)
    noted = _note(handed.row, ports)
    if noted.state in TAKEN:
        ports.measure(Metric.LATENESS, (now - row.send_at).total_seconds(), row.key.kind)
    note_answers(agency.agency_id, breakers, handed.answered, ports, now)
    return noted


def _claim(composed: Composed, record: IncidentRecord, agency: Agency, now: datetime) -> Claim:
    row, survey, first_try = composed.row, composed.survey, composed.row.attempts == 0
    return Claim(
        incident_version=record.version,
        day=now.astimezone(agency.zone).date(),
        cap=agency.caps.per_person_and_day,
        counts=first_try,
        survey=survey,
        by_text=survey is not None and row.channel == "sms" and not survey.anonymous,
        last_survey_before=now - agency.caps.survey_every if survey and first_try else None,
        language=row.language,
        code=composed.code,
        code_until=now + CODE_LIFE if composed.code else None,
        due_at=row.send_at,
    )


def _note(row: Notification, ports: Ports) -> Notification:
    """Write what became of a claimed row, whatever happens around it."""
    try:
        return ports.incidents.put(row)
    except Conflict:
        return _note_again(row, ports)


@again_on_conflict()
def _note_again(row: Notification, ports: Ports) -> Notification:
    """Write over what somebody else wrote, unless that settles it: a receipt may have been quicker."""
    known = ports.incidents.load(row.key.incident).rows[row.key]
    if known.state is not State.SENDING or known.attempts != row.attempts:
        return known
    return ports.incidents.put(replace(row, version=known.version))
