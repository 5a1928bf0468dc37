"""Follow-ups: answers that staff must look at, with the desk, the reason and the time limit.

A comment that alleges misconduct goes to professional standards, with all other follow-ups of that survey. It never
goes to the officer's own supervisor. Comments are without phones, emails and plates, as they are stored.
"""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from chalicelib.domain.settings.questions import Questions
from chalicelib.domain.settings.survey import FollowUpRules
from chalicelib.domain.surveys.read_comment import CommentKind, judge, scrub
from chalicelib.domain.surveys.survey import Survey


class Desk(StrEnum):
    """The desks that look at follow-ups."""

    SUPERVISORS = "supervisors"
    STANDARDS = "standards"
    UNIT = "unit"
    ALERTS = "alerts"


class Because(StrEnum):
    """The reasons for a follow-up."""

    LOW_SCORE = "low_score"
    CONTACT = "contact"
    PRAISE = "praise"
    MISCONDUCT = "misconduct"
    DANGER = "danger"


class FollowUp(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One follow-up; its `id` says nothing about the survey. An anonymous survey gives no incident.

    `due_at` is None where nothing has to be done, as for praise; `asked_at` is None where no survey asked.
    """

    id: str
    agency_id: str
    desk: Desk
    because: Because
    raised_at: datetime
    due_at: datetime | None = None
    incident_number: str = ""
    marks: dict[str, int] = {}
    comments: tuple[str, ...] = ()
    asked_at: datetime | None = None
    anonymous: bool = False
    answered_at: datetime | None = None
    answered_by: str = ""
    note: str = ""


def comment_kinds(survey: Survey) -> frozenset[CommentKind]:
    """Return the subjects of all that a person wrote in a survey."""
    return frozenset(kind for words in survey.answers.words for kind in judge(words, survey.language).kinds)


def follow_ups(survey: Survey, questions: Questions, rules: FollowUpRules, at: datetime) -> tuple[FollowUp, ...]:
    """Return the follow-ups of an answered survey.

    The alerts desk may be the officer's supervisor: an alert has no words that also allege misconduct.
    """
    kinds = comment_kinds(survey)
    comments = tuple(scrub(words) for words in survey.answers.words)
    number = survey.notification.incident_number if survey.notification else ""
    due_at = at + rules.due
    return tuple(
        FollowUp(
            id=_name(survey, because),
            agency_id=survey.agency_id,
            desk=desk,
            because=because,
            raised_at=at,
            due_at={Because.DANGER: at, Because.PRAISE: None}.get(because, due_at),
            incident_number=number,
            marks=survey.answers.marks,
            comments=() if because is Because.DANGER and CommentKind.MISCONDUCT in kinds else comments,
            asked_at=survey.asked_at,
            anonymous=survey.anonymous,
        )
        for because, desk in _reasons(_low(survey, questions, rules), kinds)
    )


def withdrawn(raised: tuple[FollowUp, ...], survey: Survey) -> tuple[str, ...]:
    """Return the ids of follow-ups that supervisors and units may have, and must not see any more."""
    if any(one.because is Because.MISCONDUCT for one in raised):
        return tuple(_name(survey, because) for because in (Because.LOW_SCORE, Because.CONTACT, Because.PRAISE))
    return ()


def names_of(survey: Survey) -> frozenset[str]:
    """Return the ids of all follow-ups that a survey can have."""
    return frozenset(_name(survey, because) for because in Because)


def _reasons(low: bool, kinds: frozenset[CommentKind]) -> Iterator[tuple[Because, Desk]]:
    misconduct = CommentKind.MISCONDUCT in kinds
    desk = Desk.STANDARDS if misconduct else Desk.SUPERVISORS
    if CommentKind.DANGER in kinds:
        yield Because.DANGER, Desk.ALERTS
    if misconduct:
        yield Because.MISCONDUCT, Desk.STANDARDS
    if low:
        yield Because.LOW_SCORE, desk
    if CommentKind.CONTACT in kinds:
        yield Because.CONTACT, desk
    if CommentKind.PRAISE in kinds and not (low or misconduct):
        yield Because.PRAISE, Desk.UNIT


def _low(survey: Survey, questions: Questions, rules: FollowUpRules) -> bool:
    asked = {one.id for one in questions if one.kind == "scale"}
    return any(mark <= rules.threshold for name, mark in survey.answers.marks.items() if name in asked)


def _name(survey: Survey, because: Because) -> str:
    return hashlib.sha256(f"follow-up {survey.token_hash} {because}".encode()).hexdigest()[:12]


def alert(agency_id: str, name: str, words: str, incident_number: str, at: datetime) -> FollowUp:
    """Return the alert for a text that speaks of danger, whatever it answers; `name` is the text's own name."""
    judged = judge(words)
    return FollowUp(
        id=hashlib.sha256(f"alert {agency_id} {name}".encode()).hexdigest()[:12],
        agency_id=agency_id,
        desk=Desk.ALERTS,
        because=Because.DANGER,
        raised_at=at,
        due_at=at,
        incident_number=incident_number,
        comments=() if CommentKind.MISCONDUCT in judged.kinds else (judged.scrubbed,),
    )
