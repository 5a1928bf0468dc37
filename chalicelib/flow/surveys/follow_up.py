"""Follow up on answers: staff get those that they must look at in their list, by topic and by email.

A follow-up is stored first and waits until its survey rests: a low mark may be followed by a comment that another desk
must have. `rest.py` then tells the desks. Danger never waits. Each answer works out all follow-ups of its survey again:
nothing is lost if a function dies in between.
"""

from datetime import datetime

from msgspec.structs import replace

from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.questions import Questions
from chalicelib.domain.surveys.alert import Lead, leading
from chalicelib.domain.surveys.follow_up import (
    Because,
    Desk,
    FollowUp,
    comment_kinds,
    follow_ups,
    no_more,
    withdrawn,
)
from chalicelib.domain.surveys.read_comment import CommentKind
from chalicelib.domain.surveys.survey import Survey
from chalicelib.flow.conflicts import again_on_conflict
from chalicelib.flow.surveys.lead import lead_of_survey
from chalicelib.flow.surveys.tell_desk import tell_desk
from chalicelib.ports.errors import Busy
from chalicelib.ports.notices import Notice
from chalicelib.ports.world import Ports

MOST_TRIES = 10


def follow_up(
    survey: Survey,
    questions: Questions,
    agency: Agency,
    ports: Ports,
    now: datetime,
    *,
    phone: str = "",
    ended: bool = False,
) -> frozenset[CommentKind]:
    """Store all follow-ups of a survey; return the subjects of its comments. Busy.

    `phone` is the one that texted the answer. The desks are told once the survey rests, or now if it has `ended`.
    """
    raised = _raised(survey, questions, agency, now)
    if not raised:
        return comment_kinds(survey)
    at = now if ended else now + agency.survey.follow_up.rest
    if any(one.because is not Because.DANGER for one in raised):
        ports.follow_ups.rest(survey.agency_id, survey.token_hash, at)
    stored = store(survey, questions, agency, ports, now, at, phone)
    if at <= now:
        tell_desks(stored, questions, agency, ports, now)
        ports.follow_ups.rested(survey.agency_id, survey.token_hash, at)
    return comment_kinds(stored)


def store(
    survey: Survey,
    questions: Questions,
    agency: Agency,
    ports: Ports,
    now: datetime,
    rests_until: datetime,
    phone: str = "",
) -> Survey:
    """Store what a survey asks for, and return the survey that it was worked out from. Busy.

    Another answer may be stored at the same time. The follow-ups are then worked out again from the stored survey, so
    that the last process leaves those that the last answers ask for.
    """
    for _ in range(MOST_TRIES):
        raised = _raised(survey, questions, agency, now)
        for name in withdrawn(raised, survey):
            for desk in (Desk.SUPERVISORS, Desk.UNIT):
                withdraw(survey.agency_id, desk, name, ports)
        keep_until = None if survey.keep_until is None else now + agency.retention.surveys
        for one in raised:
            if one.because is Because.DANGER:
                raise_alert(one, lead_of_survey(survey, phone, ports), agency, ports, keep_until)
            else:
                _keep(replace(one, rests_until=rests_until), keep_until, ports)
        newest = ports.surveys.load(survey.token_hash) if raised else survey
        if newest is None or newest.version == survey.version:
            return survey
        survey = newest
    raise Busy


def tell_desks(survey: Survey, questions: Questions, agency: Agency, ports: Ports, now: datetime) -> None:
    """Tell each desk, once, of what is stored for it; what the last answers ask for no more is taken back untold."""
    raised = _raised(survey, questions, agency, now)
    for desk, name in no_more(raised, survey):
        if _take(survey.agency_id, desk, name, ports):
            withdraw(survey.agency_id, desk, name, ports)
    taken = [_take(one.agency_id, one.desk, one.id, ports) for one in raised if one.because is not Because.DANGER]
    found = [one for one in taken if one is not None]
    for desk in dict.fromkeys(one.desk for one in found):
        tell_desk([one for one in found if one.desk is desk], survey, agency, ports, Lead())


def raise_alert(one: FollowUp, lead: Lead, agency: Agency, ports: Ports, keep_until: datetime | None) -> None:
    """Store an alert, without an end under a legal hold, and announce it at once if it is new."""
    one = leading(one, lead)
    if _keep(one, keep_until, ports):
        ports.notice(Notice.DANGER, agency=one.agency_id, follow_up=one.id)
        tell_desk([one], None, agency, ports, lead)


def _raised(survey: Survey, questions: Questions, agency: Agency, now: datetime) -> tuple[FollowUp, ...]:
    return follow_ups(survey, questions, agency.survey.follow_up, now)


@again_on_conflict()
def withdraw(agency_id: str, desk: Desk, name: str, ports: Ports) -> None:
    """Take away what a desk must not see any more; Busy."""
    ports.follow_ups.withdraw(agency_id, desk, name)


@again_on_conflict()
def _keep(one: FollowUp, keep_until: datetime | None, ports: Ports) -> bool:
    return ports.follow_ups.keep(one, keep_until)


@again_on_conflict()
def _take(agency_id: str, desk: Desk, name: str, ports: Ports) -> FollowUp | None:
    return ports.follow_ups.take(agency_id, desk, name)
