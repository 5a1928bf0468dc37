"""An answered survey → the rows that analysts see: no person, and of the call only what the settings let go."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.domain.lake.redact import as_code
from chalicelib.domain.lake.row import LakeRow
from chalicelib.domain.lake.row_names import row_name, zone_of
from chalicelib.domain.lake.survey_columns import CommentRow, FollowUpRow, ReleaseRow, SurveyAnswerRow
from chalicelib.domain.lake.written import written
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.questions import Question, Questions
from chalicelib.domain.surveys.comment_release import CommentRelease
from chalicelib.domain.surveys.follow_up import Because, FollowUp
from chalicelib.domain.surveys.survey import Survey

HOUR = timedelta(hours=1)


def answer_rows(survey: Survey, agency: Agency | None, questions: Questions) -> Iterator[LakeRow]:
    """Return a row for each mark and choice, and one for each comment, of an answered survey.

    Comments of a survey that alleges misconduct are blank: they are for professional standards alone.

    Their day is that of the asking: it stays the same however late an answer comes or changes. `questions` are those
    that were asked; of one that is not among them no version is known.
    """
    if survey.answered_at is None:
        return
    known = {one.id: one for one in questions}
    answers, shared, told = survey.answers, _of_answers(survey, agency), _of_survey(survey)
    for name, mark in {**answers.choices, **answers.marks}.items():
        question = known.get(name)
        yield SurveyAnswerRow(
            id=row_name(survey.token_hash, name),
            respondent=row_name(survey.token_hash),
            question=name,
            question_version=question.version if question else "",
            kind=question.kind if question else "scale" if isinstance(mark, int) else "choice",
            about=_about(question),
            mark=mark if isinstance(mark, int) else None,
            value=str(mark),
            **shared,
            **told,
        )
    for one in written(survey):
        yield CommentRow(
            id=one.id,
            question=one.question,
            about=_about(known.get(one.question)),
            comment=one.comment,
            words=one.words,
            **shared,
        )


def release_row(release: CommentRelease) -> ReleaseRow:
    """Return what analysts see of a decision on a comment: not whose it was."""
    return ReleaseRow(
        id=release.comment_id,
        version=_milliseconds(release.decided_at),
        dt=release.dt,
        agency_id=release.agency_id,
        words=release.words,
        state=release.state,
        mask=release.mask or None,
    )


def follow_up_rows(one: FollowUp, agency: Agency | None) -> Iterator[FollowUpRow]:
    """Return a row for what supervisors' lists are judged by; it tells of no misconduct, danger or praise.

    It is taken up again where it was closed and then given to another desk.
    """
    if one.because not in (Because.LOW_SCORE, Because.CONTACT):
        return
    asked_at, zone, last = one.asked_at or one.raised_at, zone_of(agency), one.answered_at or one.raised_at
    due_on = one.due_at.astimezone(zone).date().isoformat() if one.due_at and not one.anonymous else None
    yield FollowUpRow(
        id=row_name("follow-up", one.agency_id, one.id),
        version=_milliseconds(last),
        dt=asked_at.astimezone(UTC).date(),
        agency_id=one.agency_id,
        because=one.because,
        state="closed" if one.answered_at else "open",
        asked_on=asked_at.astimezone(UTC if one.anonymous else zone).date().isoformat(),
        due_on=due_on,
        hours=-((one.raised_at - one.answered_at) // HOUR) if one.answered_at else None,
        in_time=one.answered_at <= one.due_at if one.answered_at and one.due_at else None,
    )


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _about(question: Question | None) -> str:
    return question.about if question else ""


def _of_answers(survey: Survey, agency: Agency | None) -> dict[str, Any]:
    """Return what both marks and comments tell; a week begins in UTC, so an anonymous day is not moved by a zone."""
    zone = UTC if survey.anonymous else zone_of(agency)
    return {
        "version": survey.version,
        "dt": survey.asked_at.astimezone(UTC).date(),
        "agency_id": survey.agency_id,
        "answered_at": survey.changed_at or survey.answered_at,
        "asked_on": survey.asked_at.astimezone(zone).date().isoformat(),
        "language": survey.language,
        "questionnaire_version": survey.questionnaire,
    }


def _of_survey(survey: Survey) -> dict[str, Any]:
    """Return what every mark tells of how it was asked and, as far as it may, of its call."""
    carried = survey.carried
    units = _codes(carried.units)
    return {
        "settings_version": survey.settings_version,
        "asked_at": survey.asked_at,
        "asked_by": survey.door,
        "door": ",".join(survey.doors),
        "arm": survey.arm.name,
        "carries": ",".join(carried.allowed),
        "incident_type": as_code(carried.incident_type),
        "beat": as_code(carried.beat),
        "shift": as_code(carried.shift),
        "hour": carried.hour,
        "unit": units[0] if units else None,
        "units": ",".join(units) or None,
        "officer_ids": ",".join(_codes(carried.officer_ids)) or None,
        "call_taker_id": as_code(carried.call_taker_id),
        "officer": as_code(carried.officer),
    }


def _codes(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(filter(None, map(as_code, texts)))
