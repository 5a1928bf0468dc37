"""The survey behind a link: shown any number of times, answered once."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from msgspec.structs import replace

from chalicelib.domain.page import Page
from chalicelib.domain.survey import InvalidAnswer, is_token, read_answers, token_hash
from chalicelib.flow.retry import until_settled
from chalicelib.ports import AlreadyAnswered, Ports


def show_survey(token: str, ports: Ports, now: datetime) -> Page:
    """Return the page for a token. Looking changes nothing: phones and scanners look ahead."""
    survey = ports.surveys.load(token_hash(token)) if is_token(token) else None
    if survey is None or survey.expires_at <= now:
        return Page("unknown")
    agency = ports.settings.agency(survey.notification.agency_id)
    if agency is None:
        return Page("unknown")
    return Page("answered" if survey.answered_at else "open", agency, survey)


def answer_survey(token: str, form: Mapping[str, str], ports: Ports, now: datetime) -> Page:
    """Store what was answered, once; return the page that follows."""
    page = show_survey(token, ports, now)
    if page.standing != "open" or page.survey is None or page.agency is None:
        return page
    try:
        answers = read_answers(form, page.agency.survey.questions)
    except InvalidAnswer as invalid:
        return replace(page, standing="invalid", problem=str(invalid), given=form)
    if not answers:
        return replace(page, standing="nothing", given=form)
    answered = replace(page.survey, answers=answers, answered_at=now)
    try:
        until_settled(partial(ports.surveys.answer, answered), ports)
    except AlreadyAnswered:
        return replace(page, standing="answered")
    return replace(page, standing="thanks")
