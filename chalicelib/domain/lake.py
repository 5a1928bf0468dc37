"""What analysts see: incidents, notifications and answers without the persons in them.

Each row has an `id` that says nothing, a `version` that grows, and `dt`, the UTC day on which it
was first written: a later version takes the earlier one's place in the same day.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from msgspec import Struct

from chalicelib.domain.agency import Agency
from chalicelib.domain.comment import scrub
from chalicelib.domain.due import outcome_class
from chalicelib.domain.identity import Kind
from chalicelib.domain.incident import Incident
from chalicelib.domain.notification import Channel, Notification, State
from chalicelib.domain.question import Questions
from chalicelib.domain.survey import Survey


class IncidentRow(Struct, frozen=True, kw_only=True):
    """One incident: its nature, its milestones and how it ended."""

    id: str
    version: int
    dt: date
    agency_id: str
    incident_number: str
    origin: str | None
    incident_type: str | None
    priority: str | None
    beat: str | None
    shift: str | None
    response_mode: str | None
    received_at: datetime | None
    queued_at: datetime | None
    dispatched_at: datetime | None
    enroute_at: datetime | None
    arrived_at: datetime | None
    closed_at: datetime | None
    cancelled_at: datetime | None
    outcome: str | None


class NotificationRow(Struct, frozen=True, kw_only=True):
    """One notification: what was decided and what became of it."""

    id: str
    version: int
    dt: date
    agency_id: str
    incident_number: str
    kind: Kind
    ordinal: int
    channel: Channel
    variant: str
    state: State
    reason: str
    provider: str
    segments: int
    attempts: int
    settings_version: int
    planned_for: datetime
    sent_at: datetime | None
    finished_at: datetime | None


class SurveyAnswerRow(Struct, frozen=True, kw_only=True):
    """One answer of one person: a mark from 1 to 5, or a choice (`yes`, `no`, or one of the question's own).

    `question_version` changes with the question's words, so that the answers to two questions never mix. What is
    known of the incident is what the agency's settings let go (`survey.carry`).
    """

    id: str
    version: int
    dt: date
    agency_id: str
    question: str
    question_version: str
    questionnaire: str
    about: str
    mark: int | None
    choice: str | None
    language: str
    asked_by: str
    answered_by: str
    experiment: str
    arm_door: str | None
    arm_wording: str | None
    arm_hour: int | None
    incident_type: str | None
    beat: str | None
    shift: str | None
    hour: int | None
    unit: str | None
    officer_ids: str | None
    call_taker_id: str | None
    settings_version: int
    asked_at: datetime
    answered_at: datetime


class CommentRow(Struct, frozen=True, kw_only=True):
    """What one person wrote, without phones, emails and plates; apart, because free text may still name somebody."""

    id: str
    version: int
    dt: date
    agency_id: str
    question: str
    comment: str
    language: str
    answered_at: datetime


class IncidentVersion(Struct, frozen=True):
    """An incident as it stood after one change."""

    incident: Incident
    version: int
    created_at: datetime


LakeRow = IncidentRow | NotificationRow | SurveyAnswerRow | CommentRow


class Landed(Struct, frozen=True):
    """A file of rows that waits for compaction."""

    name: str
    table: str
    dt: date


class Day(Struct, frozen=True):
    """One table's rows of one day, and the tag of the object that they were read from; none for a new one."""

    rows: tuple[LakeRow, ...] = ()
    tag: str | None = None


TABLES: dict[str, type[LakeRow]] = {
    "incidents": IncidentRow,
    "notifications": NotificationRow,
    "survey_answers": SurveyAnswerRow,
    "comments": CommentRow,
}


def table_of(row: LakeRow) -> str:
    """Return the name of the table to which a row belongs."""
    return next(name for name, kind in TABLES.items() if isinstance(row, kind))


def newest(rows: Iterable[LakeRow]) -> list[LakeRow]:
    """Return the last version of each row, in the order of their ids."""
    latest: dict[str, LakeRow] = {}
    for row in rows:
        known = latest.get(row.id)
        if known is None or known.version < row.version:
            latest[row.id] = row
    return [latest[name] for name in sorted(latest)]


def incident_row(changed: IncidentVersion, agency: Agency) -> IncidentRow:
    """Return what analysts see of an incident."""
    incident, facts = changed.incident, changed.incident.facts
    shared = {name: getattr(facts, name) for name in IncidentRow.__struct_fields__ if hasattr(facts, name)}
    return IncidentRow(
        id=_name(incident.agency_id, incident.incident_number),
        version=changed.version,
        dt=changed.created_at.date(),
        agency_id=incident.agency_id,
        incident_number=incident.incident_number,
        outcome=outcome_class(facts, agency),
        **shared,
    )


def notification_row(row: Notification) -> NotificationRow:
    """Return what analysts see of a notification: not whose it is, nor what it said."""
    names = set(NotificationRow.__struct_fields__) - {"id", "dt", "agency_id", "incident_number", "kind", "ordinal"}
    return NotificationRow(
        id=_name(row.key.id),
        dt=row.created_at.date(),
        agency_id=row.key.agency_id,
        incident_number=row.key.incident_number,
        kind=row.key.kind,
        ordinal=row.key.ordinal,
        **{name: getattr(row, name) for name in names},
    )


def answer_rows(survey: Survey, questions: Questions) -> Iterator[LakeRow]:
    """Return a row for each mark and choice, and one for each comment, of an answered survey."""
    if survey.answered_at is None:
        return
    known = {one.id: one for one in questions}
    shared: dict[str, Any] = {
        "version": survey.version,
        "dt": survey.answered_at.date(),
        "agency_id": survey.agency_id,
        "answered_at": survey.changed_at or survey.answered_at,
        "language": survey.language,
    }
    answers, about_survey = survey.answers, _of_survey(survey)
    for name, mark in {**answers.choices, **answers.marks}.items():
        question = known.get(name)
        yield SurveyAnswerRow(
            id=_name(survey.token_hash, name),
            question=name,
            question_version=question.version if question else "",
            about=question.about if question else "",
            mark=mark if isinstance(mark, int) else None,
            choice=mark if isinstance(mark, str) else None,
            **about_survey,
            **shared,
        )
    for kind, comments in (("", answers.comments), ("remark", answers.remarks)):
        for name, words in comments.items():
            row_id = _name(survey.token_hash, name, *filter(None, (kind,)))
            yield CommentRow(id=row_id, question=name, comment=scrub(words), **shared)


def _of_survey(survey: Survey) -> dict[str, Any]:
    """Return what every answer of a survey tells of how it was asked and, if it may, of its incident."""
    carried, arm = survey.carried, survey.arm
    return {
        "questionnaire": survey.questionnaire,
        "asked_by": survey.door,
        "answered_by": ",".join(survey.doors),
        "experiment": arm.experiment,
        "arm_door": arm.door,
        "arm_wording": arm.wording,
        "arm_hour": arm.hour,
        "incident_type": carried.incident_type,
        "beat": carried.beat,
        "shift": carried.shift,
        "hour": carried.hour,
        "unit": ",".join(carried.units) or None,
        "officer_ids": ",".join(carried.officer_ids) or None,
        "call_taker_id": carried.call_taker_id,
        "settings_version": survey.settings_version,
        "asked_at": survey.asked_at,
    }


def _name(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]
