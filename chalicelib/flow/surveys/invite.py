"""Invite a person to a survey: begin it, and choose its link or first question, and its wording."""

from msgspec import Struct

from chalicelib.domain.incidents.holding import keep_until
from chalicelib.domain.incidents.identity import called
from chalicelib.domain.language import Language
from chalicelib.domain.settings.experiment import Arm, arm
from chalicelib.domain.settings.questions import questionnaire
from chalicelib.domain.surveys.asking import in_a_text
from chalicelib.domain.surveys.carried import carried, judges
from chalicelib.domain.surveys.survey import Door, Survey, judgeable, life, next_question, week_of
from chalicelib.domain.surveys.token import survey_token, token_hash, token_of
from chalicelib.flow.notifications.due import Due


class Invitation(Struct, frozen=True, kw_only=True):
    """The parts of a survey's message; empty for every other kind."""

    survey: Survey | None = None
    link: str = ""
    question: str = ""
    words: str = ""


def invite(due: Due, language: Language) -> Invitation:
    """Return a person's invitation: by link, or by text where the settings or the experiment's arm say so."""
    row, agency, ports = due.row, due.agency, due.ports
    drawn = arm(agency.survey.experiment, row.key)
    by_text = row.channel == "sms" and agency.survey.door_of(drawn) == "reply"
    token = token_of(ports.chance()) if agency.survey.anonymous else survey_token(ports.survey_secret, row.key)
    survey = _survey(due, language, drawn, token, "reply" if by_text else "link")
    question = ""
    if by_text:
        questions = judgeable(survey, agency.survey.questions)
        asked = next_question(survey, questions, agency.survey.reply_questions)
        question = in_a_text(asked, language, ports.words(due.agency, language)["ask"]) if asked else ""
    return Invitation(
        survey=survey,
        link=f"{agency.survey.link}/{token}",
        question=question,
        words="_".join(filter(None, ("survey", "reply" if question else "", _wording(drawn)))),
    )


def _wording(drawn: Arm) -> str:
    return "b" if drawn.wording == "b" else ""


def _survey(due: Due, language: Language, drawn: Arm, token: str, door: Door) -> Survey:
    """Return the survey as it is asked; an anonymous one knows no incident and no time but its week."""
    agency, rules, incident = due.agency, due.agency.survey, due.record.incident
    asked_at, kept = week_of(due.now) if rules.anonymous else due.now, agency.retention.surveys
    return Survey(
        token_hash=token_hash(token),
        agency_id=agency.agency_id,
        notification=None if rules.anonymous else due.row.key,
        called="" if rules.anonymous else called(incident),
        settings_version=agency.version,
        questionnaire=questionnaire(rules.questions),
        language=language,
        door=door,
        arm=drawn,
        judges=judges(incident.facts),
        carried=carried(incident.facts, rules, agency.zone),
        anonymous=rules.anonymous,
        asked_at=asked_at,
        expires_at=asked_at + life(anonymous=rules.anonymous),
        keep_until=asked_at + kept if rules.anonymous else keep_until(incident, asked_at, kept),
    )
