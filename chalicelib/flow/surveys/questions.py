"""The questions with which a survey was asked: those of its settings' version, whatever has been published since."""

from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.questions import questionnaire
from chalicelib.domain.settings.survey import SurveyRules
from chalicelib.domain.surveys.survey import Survey
from chalicelib.ports.settings import Settings


def asked_with(survey: Survey, settings: Settings) -> SurveyRules | None:
    """Return the settings of surveys by which one was asked, or None where they are not to be had any more.

    A version that can't be read is made up for by the current one only if that asks the very same.
    """
    for agency in _versions(survey, settings):
        if agency and survey.questionnaire in ("", questionnaire(agency.survey.questions)):
            return agency.survey
    return None


def _versions(survey: Survey, settings: Settings) -> tuple[Agency | None, ...]:
    current = settings.agency(survey.agency_id)
    if current and current.version == survey.settings_version:
        return (current,)
    return settings.version(survey.agency_id, survey.settings_version), current
