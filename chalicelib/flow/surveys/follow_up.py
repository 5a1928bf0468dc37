"""Follow up on answers: staff get those that they must look at in their list, by topic and by email.

A follow-up is stored first, then announced once. Staff who can't be told now still find it in the list. Each answer
works out all follow-ups of its survey again: nothing is lost if a function dies in between.
"""

import logging
from datetime import datetime
from fnmatch import fnmatchcase

from chalicelib.domain.notifications.render import fill
from chalicelib.domain.people.reply import passing_id
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.questions import Questions
from chalicelib.domain.surveys.follow_up import Because, Desk, FollowUp, comment_kinds, follow_ups, withdrawn
from chalicelib.domain.surveys.read_comment import CommentKind
from chalicelib.domain.surveys.survey import Survey
from chalicelib.flow.conflicts import again_on_conflict
from chalicelib.ports.carrier import Outgoing, SendFailed
from chalicelib.ports.errors import Busy, NotTold
from chalicelib.ports.notices import Notice
from chalicelib.ports.world import Ports

LIVES_FOR = 24 * 3600
MOST_TRIES = 10
EVERY_OTHER = "*"

_log = logging.getLogger("tenfour")


def follow_up(
    survey: Survey, questions: Questions, agency: Agency, ports: Ports, now: datetime
) -> frozenset[CommentKind]:
    """Raise all follow-ups of a survey; return the subjects of its comments. Busy.

    Another answer may be stored at the same time. The follow-ups are then worked out again from the stored survey, so
    that the last process leaves those that the last answers ask for.
    """
    for _ in range(MOST_TRIES):
        raised = _raise(survey, questions, agency, ports, now)
        newest = ports.surveys.load(survey.token_hash) if raised else survey
        if newest is None or newest.version == survey.version:
            return comment_kinds(survey)
        survey = newest
    raise Busy


def _raise(survey: Survey, questions: Questions, agency: Agency, ports: Ports, now: datetime) -> tuple[FollowUp, ...]:
    raised = follow_ups(survey, questions, agency.survey.follow_up, now)
    for name in withdrawn(raised, survey):
        for desk in (Desk.SUPERVISORS, Desk.UNIT):
            ports.follow_ups.withdraw(survey.agency_id, desk, name)
    for one in raised:
        raise_one(one, survey, agency, ports, now, held=survey.keep_until is None)
    return raised


def raise_one(
    one: FollowUp, survey: Survey | None, agency: Agency, ports: Ports, now: datetime, *, held: bool = False
) -> None:
    """Store one follow-up, without an end under a legal hold, and announce it if it is new."""
    keep_until = None if held else now + agency.retention.surveys
    if _keep(one, keep_until, ports):
        if one.because is Because.DANGER:
            ports.notice(Notice.DANGER, agency=one.agency_id, follow_up=one.id)
        _tell(one, survey, agency, ports)


@again_on_conflict()
def _keep(one: FollowUp, keep_until: datetime | None, ports: Ports) -> bool:
    return ports.follow_ups.keep(one, keep_until)


def _tell(one: FollowUp, survey: Survey | None, agency: Agency, ports: Ports) -> None:
    try:
        ports.desks.tell(one)
    except NotTold:
        _log.warning("follow-up not told", extra={"desk": one.desk, "follow_up": one.id})
    mailbox, provider = _mailbox(one.desk, survey, agency, ports), agency.providers.of("email")[0]
    sender = ports.senders.get(provider)
    if not mailbox or sender is None:
        return
    subject, body = (fill(words, _values(one, agency, ports)) for words in _words(agency, ports))
    message = Outgoing(
        id=passing_id(agency.agency_id, one.id),
        address=mailbox,
        sender=agency.numbers.sender(provider, "email"),
        subject=subject,
        body=body,
        lives_for=LIVES_FOR,
    )
    try:
        sender.send(message)
    except SendFailed as failure:
        _log.warning("follow-up not mailed", extra={"reason": failure.reason, "follow_up": one.id})


def _words(agency: Agency, ports: Ports) -> tuple[str, str]:
    words = ports.words(agency.language)["staff"]
    return words["subject"], words["body"]


def _values(one: FollowUp, agency: Agency, ports: Ports) -> dict[str, str]:
    return {
        "agency": agency.short_name,
        "incident_number": one.incident_number,
        "because": ports.words(agency.language)["staff"][one.because],
        "due": one.due_at.astimezone(agency.zone).strftime("%Y-%m-%d %H:%M") if one.due_at else "",
        "marks": ", ".join(f"{name} {mark}" for name, mark in one.marks.items()),
        "comments": "\n".join(one.comments),
        "id": one.id,
        "desk": one.desk,
    }


def _mailbox(desk: Desk, survey: Survey | None, agency: Agency, ports: Ports) -> str:
    """Return a desk's mailbox, or "" where the settings name none. No other desk stands in for standards."""
    rules = agency.survey.follow_up
    match desk:
        case Desk.SUPERVISORS:
            return rules.supervisors
        case Desk.STANDARDS:
            return rules.standards
        case Desk.ALERTS:
            return rules.alerts or rules.supervisors
    units = _units(survey, ports) if survey and rules.praise else ()
    lists = ((pattern, box) for pattern, box in rules.praise.items() if pattern != EVERY_OTHER)
    of_unit = (box for pattern, box in lists for unit in units if fnmatchcase(unit, pattern))
    return next(of_unit, rules.praise.get(EVERY_OTHER, ""))


def _units(survey: Survey, ports: Ports) -> tuple[str, ...]:
    """Return the units of the incident, even if answers may not carry them; for an anonymous survey, its own."""
    if survey.notification is None:
        return survey.carried.units
    facts = ports.incidents.load(survey.notification.incident).incident.facts
    return tuple(unit.unit for unit in facts.units or ())
