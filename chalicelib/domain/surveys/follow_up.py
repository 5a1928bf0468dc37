"""Follow-ups: answers that staff must look at, with the desk, the reason and the time limit.

A comment that alleges misconduct goes to professional standards, with all other follow-ups of that survey. It never
goes to the officer's own supervisor. Comments are without phones, emails and plates, as they are stored.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.incidents.places import is_id
from chalicelib.domain.language import Language
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


class Call(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A call that an alert leads to, with what dispatch finds it by. `called` is its number if that is not its key."""

    incident_number: str
    incident_type: str = ""
    beat: str = ""
    received_at: datetime | None = None
    called: str = ""

    def name(self, zone: tzinfo) -> str:
        """Return the call as staff know it, behind the word "call": by its number, else by its time, else its key."""
        if self.called or not is_id(self.incident_number) or self.received_at is None:
            return self.called or self.incident_number
        return f"of {self.received_at.astimezone(zone):%-I:%M %p}".lower()


class FollowUp(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One follow-up; its `id` says nothing about the survey. An anonymous survey gives no incident.

    `due_at` is None where nothing has to be done, as for praise; `asked_at` is None where no survey asked. `calls` are
    the latest calls of the phone that an alert is about; the phone itself is not kept here. `rests_until` is when its
    desk is told, unless more is answered before; None: the desk was told. `called` is the incident's number where that
    is not its key. `owner` is who took it, at `owned_at`, and `outcome` how it ended (`seen_to.py`). Praise has the
    `units` and `officer_ids` that the settings let answers carry. `writer` is the keyed hash of the phone that sent the
    text of an alert, at `raised_at`.
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
    calls: tuple[Call, ...] = ()
    rests_until: datetime | None = None
    called: str = ""
    owner: str = ""
    owned_at: datetime | None = None
    outcome: str = ""
    units: tuple[str, ...] = ()
    officer_ids: tuple[str, ...] = ()
    writer: str = ""

    def call(self, zone: tzinfo) -> str:
        """Return the call as staff know it, or ""."""
        own = Call(incident_number=self.incident_number, called=self.called)
        return next((one for one in self.calls if one.incident_number == self.incident_number), own).name(zone)


def newest(one: FollowUp, known: FollowUp) -> FollowUp:
    """Return a known follow-up with its newest words. It keeps its times and its owner, and is not told again.

    An alert keeps the calls that it led to, as calls may have come since.
    """
    rests_until = one.rests_until if known.rests_until else None
    calls = known.calls or one.calls
    number = known.incident_number or one.incident_number
    found = replace(
        one, incident_number=number, calls=calls, rests_until=rests_until, called=one.called or known.called
    )
    kept = replace(found, raised_at=known.raised_at, due_at=known.due_at)
    return replace(kept, owner=known.owner, owned_at=known.owned_at)


def shown(one: FollowUp, at: datetime) -> bool:
    """Tell whether a desk may see a follow-up: not before its survey rests, as more answers may send it elsewhere."""
    return one.rests_until is None or one.rests_until <= at


def comment_kinds(survey: Survey) -> frozenset[CommentKind]:
    """Return the subjects of all that a person wrote in a survey."""
    return kinds_of(survey.answers.words, survey.language)


def kinds_of(comments: Iterable[str], language: Language) -> frozenset[CommentKind]:
    """Return the subjects of words that somebody wrote."""
    return frozenset(kind for words in comments for kind in judge(words, language).kinds)


def alleges(survey: Survey) -> bool:
    """Tell whether an answered survey alleges misconduct: then professional standards alone see any of it."""
    return CommentKind.MISCONDUCT in comment_kinds(survey)


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
            called=survey.called,
            marks=survey.answers.marks,
            comments=() if because is Because.DANGER and CommentKind.MISCONDUCT in kinds else comments,
            asked_at=survey.asked_at,
            anonymous=survey.anonymous,
            units=survey.carried.units if because is Because.PRAISE else (),
            officer_ids=survey.carried.officer_ids if because is Because.PRAISE else (),
        )
        for because, desk in _reasons(_low(survey, questions, rules), kinds)
    )


def withdrawn(raised: tuple[FollowUp, ...], survey: Survey) -> tuple[str, ...]:
    """Return the ids of follow-ups that supervisors and units may have, and must not see any more."""
    if any(one.because is Because.MISCONDUCT for one in raised):
        return tuple(_name(survey, because) for because in (Because.LOW_SCORE, Because.CONTACT, Because.PRAISE))
    return ()


def no_more(raised: tuple[FollowUp, ...], survey: Survey) -> tuple[tuple[Desk, str], ...]:
    """Return the desks and ids of what an answered survey does not ask for. Standards keep what they were given."""
    wanted = {(one.desk, one.id) for one in raised}
    possible = (
        (Desk.SUPERVISORS, _name(survey, Because.LOW_SCORE)),
        (Desk.SUPERVISORS, _name(survey, Because.CONTACT)),
        (Desk.UNIT, _name(survey, Because.PRAISE)),
    )
    return tuple(each for each in possible if each not in wanted)


def names_of(survey: Survey) -> frozenset[str]:
    """Return the ids of all follow-ups that a survey can have."""
    return names_behind(survey.token_hash)


def names_behind(token_hash: str) -> frozenset[str]:
    """Return the ids of all follow-ups of the survey with this token."""
    return frozenset(_named(token_hash, because) for because in Because)


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
    return _named(survey.token_hash, because)


def _named(token_hash: str, because: Because) -> str:
    return hashlib.sha256(f"follow-up {token_hash} {because}".encode()).hexdigest()[:12]
