"""An answered survey → the rows that analysts see: no person, and of the call only what the settings let go."""

from collections.abc import Iterable, Iterator
from datetime import UTC
from typing import Any

from chalicelib.domain.agency import Agency
from chalicelib.domain.comment import scrub
from chalicelib.domain.lake import CommentRow, LakeRow, SurveyAnswerRow
from chalicelib.domain.lake_names import row_name, zone_of
from chalicelib.domain.question import Question, Questions
from chalicelib.domain.redact import as_code, without_addresses
from chalicelib.domain.survey import Survey


def answer_rows(survey: Survey, agency: Agency | None, questions: Questions) -> Iterator[LakeRow]:
    """Return a row for each mark and choice, and one for each comment, of an answered survey.

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
    for kind, comments in (((), answers.comments), (("remark",), answers.remarks)):
        for name, words in comments.items():
            yield CommentRow(
                id=row_name(survey.token_hash, name, *kind),
                question=name,
                about=_about(known.get(name)),
                comment=without_addresses(scrub(words)),
                **shared,
            )


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
        "incident_type": as_code(carried.incident_type),
        "beat": as_code(carried.beat),
        "shift": as_code(carried.shift),
        "hour": carried.hour,
        "unit": units[0] if units else None,
        "units": ",".join(units) or None,
        "officer_ids": ",".join(_codes(carried.officer_ids)) or None,
        "call_taker_id": as_code(carried.call_taker_id),
    }


def _codes(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(filter(None, map(as_code, texts)))
