"""A survey's settings in a version, for the release before, which refuses fields and forms that it does not know."""

from typing import Any

from msgspec import Struct
from msgspec.structs import asdict, replace

from chalicelib.domain.duration import Duration
from chalicelib.domain.settings.page_words import ADDED, PageWords
from chalicelib.domain.settings.survey import SurveyRules

Words = dict[str, str]


class SurveyAdded(Struct, frozen=True):
    """What the release before would refuse: `complaints` by language, and fields and words that came later."""

    complaints: Words = {}
    page_words: dict[str, Words] = {}
    labor_agreement: str = ""


def survey_before(survey: SurveyRules) -> tuple[dict[str, Any], SurveyAdded]:
    """Return the settings as the release before reads them, and what it does not know; `rest` stands by itself."""
    told = survey.follow_up
    rules = {name: value for name, value in asdict(told).items() if name != "rest"} | {
        "complaints": told.complaints_in("en")
    }
    words = {language: _words(own, added=False) for language, own in survey.words.items()}
    later = {language: _words(own, added=True) for language, own in survey.words.items()}
    complaints = {} if isinstance(told.complaints, str) else dict(told.complaints)
    known = {name: value for name, value in asdict(survey).items() if name != "labor_agreement"}
    return known | {"follow_up": rules, "words": words}, SurveyAdded(complaints, later, survey.labor_agreement)


def with_added(survey: SurveyRules, rest: Duration, added: SurveyAdded) -> SurveyRules:
    """Return the settings as they were published."""
    rules = survey.follow_up
    rules = replace(rules, rest=rest, complaints=added.complaints or rules.complaints)
    words = {language: replace(own, **added.page_words.get(language, {})) for language, own in survey.words.items()}
    return replace(survey, follow_up=rules, words=words, labor_agreement=added.labor_agreement)


def _words(own: PageWords, *, added: bool) -> Words:
    return {name: text for name, text in asdict(own).items() if (name in ADDED) is added and text}
