"""Lakes for reports: answers as they were published, few, or none."""

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from chalicelib.domain.lake.incident_columns import IncidentRow
from chalicelib.domain.lake.notification_columns import NotificationRow
from chalicelib.domain.lake.survey_columns import CommentRow, ReleaseRow, SurveyAnswerRow
from chalicelib.domain.notifications.notification import State
from chalicelib.domain.settings.questions import Question
from chalicelib.insight.figures.quarter import Quarter
from tests.factories import demo_agency

QUARTER = Quarter(2026, 3)
ASKED = datetime(2026, 8, 11, 19, tzinfo=UTC)
SEVEN = {
    "listened": ("The officer listened to me.", "El agente me escuchó."),
    "respect": ("I was treated with respect.", "Me trataron con respeto."),
    "fair": ("I was treated fairly.", "Me trataron de forma justa."),
    "clear": ("The officer explained things clearly.", "El agente explicó las cosas con claridad."),
    "useful": ("I got useful information.", "Recibí información útil."),
    "helped": ("The police helped to solve my problem.", "La policía ayudó a resolver mi problema."),
    "overall": ("Overall, I am satisfied with the response.", "En general, estoy satisfecho con la respuesta."),
}
BEND = {
    "listened": 4.79,
    "respect": 4.82,
    "fair": 4.82,
    "clear": 4.83,
    "useful": 4.57,
    "helped": 4.28,
    "overall": 4.54,
}
"""What Bend published, the mean of marks from 1 to 5."""


def agency():
    questions = tuple(Question(id=name, text={"en": en, "es": es}) for name, (en, es) in SEVEN.items())
    return replace(demo_agency(), survey=replace(demo_agency().survey, questions=questions))


def answer(person, question, mark, asked_at=ASKED, **more):
    told = {"incident_type": "NOISE", "beat": "11", "shift": "A", "hour": 13, "language": "en"}
    return SurveyAnswerRow(
        id=f"{person}{question}{asked_at:%m%d}",
        version=1,
        dt=asked_at.date(),
        agency_id="springfield",
        question=question,
        mark=mark,
        value=str(mark),
        settings_version=1,
        asked_at=asked_at,
        asked_on=asked_at.date().isoformat(),
        answered_at=asked_at + timedelta(hours=3),
        respondent=f"{person}{asked_at:%m%d}",
        **{**told, **more},
    )


def asked(person, at=ASKED, kind="survey", state=State.DELIVERED, **more):
    return NotificationRow(
        id=f"{kind}{person}{at:%m%d}",
        version=3,
        dt=at.date(),
        agency_id="springfield",
        incident_number=f"P26-{person}",
        incident_id=f"i{person}{at:%m%d}",
        kind=kind,
        ordinal=0,
        channel="sms",
        variant="",
        state=state,
        reason=more.pop("reason", ""),
        provider="end_user_messaging",
        segments=1,
        cost=0.00831,
        attempts=1,
        settings_version=1,
        planned_for=at,
        sent_at=at,
        finished_at=at,
        language=more.pop("language", "en"),
        planned_on=at.date().isoformat(),
        planned_hour=13,
        sent_on=at.date().isoformat(),
        wait_seconds=2,
        **more,
    )


def call(person, at=ASKED, **more):
    nothing = dict.fromkeys(
        (
            "origin",
            "response_mode",
            "queued_at",
            "dispatched_at",
            "enroute_at",
            "arrived_at",
            "closed_at",
            "cancelled_at",
        )
    )
    told = {"incident_type": "NOISE", "priority": "3", "beat": "11", "shift": "A", "outcome": "handled"}
    return IncidentRow(
        id=f"i{person}{at:%m%d}",
        version=1,
        dt=at.date(),
        agency_id="springfield",
        incident_number=f"P26-{person}",
        received_at=at,
        received_on=at.date().isoformat(),
        received_hour=13,
        **{**nothing, **told, **more},
    )


def comment(person, text, state="released"):
    """Return a comment, and what somebody who read it decided."""
    shared = {"id": f"c{person}", "version": 1, "dt": ASKED.date(), "agency_id": "springfield", "words": f"w{person}"}
    said = CommentRow(
        question="comment",
        comment=text,
        answered_at=ASKED,
        asked_on=ASKED.date().isoformat(),
        about="officer",
        **shared,
    )
    return said, ReleaseRow(state=state, **shared)


def marks_with_mean(mean, of):
    """Return so many marks of 5, 4 and 1 whose mean is this, to the hundredth."""
    missing = round((5 - mean) * of)
    ones = missing // 8
    fours = missing - 4 * ones
    return [1] * ones + [4] * fours + [5] * (of - ones - fours)


def bend(of=300):
    """Return the rows of a quarter in which people answered as Bend published."""
    for person in range(of):
        yield call(person)
        yield asked(person)
    for question, mean in BEND.items():
        for person, mark in enumerate(marks_with_mean(mean, of)):
            yield answer(person, question, mark)
