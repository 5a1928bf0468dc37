"""Cards that officers hand out: each reader of a card's link begins a survey of their own, up to a limit.

The page offers a survey that is not stored yet. The first answer counts one use of the card and stores the survey.
Opening the page, however often and by whatever machine, counts nothing. A form that is sent twice begins one survey.
"""

from datetime import datetime

from chalicelib.domain.language import Language
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.questions import About, questionnaire
from chalicelib.domain.surveys.card import Card
from chalicelib.domain.surveys.page import Page
from chalicelib.domain.surveys.survey import Carried, Survey, judgeable, life, week_of
from chalicelib.domain.surveys.token import form_proof, token_hash, token_of
from chalicelib.flow.conflicts import again_on_conflict
from chalicelib.ports.errors import CardSpent
from chalicelib.ports.world import Ports

JUDGES: tuple[About, ...] = ("officer", "agency")
"""The parts of a survey that a card's reader can judge: they met an officer, but may never have called."""


def show_card(token: str, ours: str, language: Language, ports: Ports, now: datetime) -> Page:
    """Return the page behind a card, with a survey that an answer will begin; `ours` names one offered before."""
    card = ports.surveys.card(token_hash(token))
    agency = ports.settings.agency(card.agency_id) if card else None
    if card is None or agency is None:
        return Page("unknown", language)
    if card.expires_at <= now:
        return Page("expired", card.language, agency=agency)
    if card.used >= card.uses:
        return Page("used", card.language, agency=agency)
    ours = ours or token_of(ports.chance())
    # A card is printed in several languages: the reader's language counts where every question has it.
    read = all(language in question.text for question in agency.survey.questions)
    language = language if read else card.language
    survey = _survey(card, ours, language, agency, now)
    return Page(
        "open",
        language,
        agency=agency,
        survey=survey,
        questions=judgeable(survey, agency.survey.questions),
        token=token,
        proof=form_proof(ports.survey_secret, token, ours),
        ours=ours,
        visit=ports.chance().hex(),
    )


def begin(page: Page, ports: Ports) -> bool:
    """Count one use of a card for the survey that its page offered; tell whether a use was left. Busy."""
    card = ports.surveys.card(token_hash(page.token))
    if card is None or page.survey is None:
        return False
    try:
        _begin(card, page.survey, ports)
    except CardSpent:
        return False
    return True


@again_on_conflict()
def _begin(card: Card, survey: Survey, ports: Ports) -> None:
    ports.surveys.begin(card, survey)


def _survey(card: Card, token: str, language: Language, agency: Agency, now: datetime) -> Survey:
    asked_at = week_of(now) if agency.survey.anonymous else now
    return Survey(
        token_hash=token_hash(token),
        agency_id=card.agency_id,
        settings_version=agency.version,
        questionnaire=questionnaire(agency.survey.questions),
        language=language,
        door="card",
        judges=JUDGES,
        carried=Carried(units=(card.label,)) if card.label and not agency.survey.anonymous else Carried(),
        anonymous=agency.survey.anonymous,
        asked_at=asked_at,
        expires_at=asked_at + life(anonymous=agency.survey.anonymous),
        keep_until=asked_at + agency.retention.surveys,
    )
