"""Find the questions that a survey was asked with, whatever settings were published since."""

from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.questions import questionnaire
from chalicelib.domain.settings.survey import SurveyRules
from chalicelib.domain.surveys.survey import Survey
from chalicelib.ports.settings import Settings


def asked_with(survey: Survey, settings: Settings) -> SurveyRules | None:
    """Return the survey settings that a survey was asked with, or None where they can't be found.

    The current settings stand in for a version that can't be read, but only if their questions are the same.
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
