"""Answer a survey by its link: the page is shown any number of times, and answered in parts or at once.

Opening the page changes nothing, because phones and mail scanners open every link. Each answer is stored as it comes.
The same form again changes nothing, so two tabs, a double tap and a repeated post are harmless. The page never shows an
answer that it did not just get: whoever holds the link may add and change, and read nothing.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from msgspec.structs import replace

from chalicelib.domain.language import Language
from chalicelib.domain.settings.questions import Mark, Questions
from chalicelib.domain.surveys.follow_up import kinds_of
from chalicelib.domain.surveys.page import Page
from chalicelib.domain.surveys.read_comment import scrub
from chalicelib.domain.surveys.survey import (
    Door,
    InvalidAnswer,
    Survey,
    closed,
    erase,
    judgeable,
    read_answers,
    settled,
    take,
)
from chalicelib.domain.surveys.token import form_proof, is_proof, is_token, token_hash
from chalicelib.domain.surveys.visits import VISIT, write
from chalicelib.flow.conflicts import again_on_conflict
from chalicelib.flow.surveys.card import begin, show_card
from chalicelib.flow.surveys.follow_up import follow_up
from chalicelib.flow.surveys.questions import asked_with
from chalicelib.ports.world import Ports

Form = Mapping[str, str]


class NotOurs(ValueError):
    """The error for a form that was made for another link."""


def show_survey(token: str, language: Language, ports: Ports, now: datetime, ours: str = "") -> Page:
    """Return the page of a link.

    `language` is for readers whose language is not known; `ours` is the survey that a card offered.
    """
    if not is_token(token):
        return Page("unknown", language)
    survey = ports.surveys.load(token_hash(token))
    if survey is None:
        return show_card(token, ours, language, ports, now)
    agency = ports.settings.agency(survey.agency_id, survey.settings_version)
    settings = asked_with(survey, ports.settings)
    if agency is None or settings is None:
        return Page("unknown", survey.language)
    page = Page(
        "open",
        survey.language,
        agency=agency,
        survey=survey,
        questions=judgeable(survey, settings.questions),
        token=token,
        proof=form_proof(ports.survey_secret, token),
        visit=ports.chance().hex(),
    )
    if closed(survey, now):
        return replace(page, standing="closed" if survey.answers else "expired")
    return page


def answer_survey(token: str, form: Form, language: Language, ports: Ports, now: datetime, origin: str = "") -> Page:
    """Store a form's answers and return the page that follows; NotOurs, Busy.

    `origin` is the site that the form was posted from, where a browser tells.
    """
    token, form = _begun(token, form, ports)
    ours = form.get("ours", "")
    page = show_survey(token, language, ports, now, ours)
    agency = page.agency
    if page.survey is None or agency is None or page.standing != "open":
        return page
    if origin not in ("", agency.survey.origin.lower()):
        raise NotOurs("this form was posted from another site")
    # The link is the secret, so its form may lack a proof. A card's form must have one: `_begun` checks it.
    if page.ours != ours or not is_proof(form.get("proof", page.proof), ports.survey_secret, token, ours):
        raise NotOurs("this form belongs to another survey")
    try:
        given = read_answers(form, page.questions)
    except InvalidAnswer as invalid:
        return replace(page, standing="invalid", problem=str(invalid), given=form)
    if not given and not page.survey.answers:
        return replace(page, standing="nothing", given=form)
    if ours:
        if not begin(page, ports):
            return Page("used", page.language, agency=page.agency)
        token, form = ours, _own(form)
        page = show_survey(token, language, ports, now)
    before, after = _store(token, page.questions, form, agency.survey.follow_up.rest, ports, now)
    follow_up(after, page.questions, agency, ports, now, ended="done" in form)
    # Of the words in this form alone: the page must not tell the subjects of those that somebody else wrote before.
    written = (str(given[one.id]) for one in page.questions if one.kind == "text" and one.id in given)
    kinds = kinds_of(written, after.language)
    changed = "first" not in form and (("done" in form and before.answers) or _differ(before, after))
    return replace(page, standing="changed" if changed else "thanks", survey=after, kinds=kinds)


def _differ(before: Survey, after: Survey) -> bool:
    """Tell whether an earlier answer was changed."""
    return any(after.answers.all.get(name) != mark for name, mark in before.answers.all.items())


def _begun(token: str, form: Form, ports: Ports) -> tuple[str, Form]:
    """Return a card's form as a form of the survey that it began earlier, if it did."""
    ours = form.get("ours", "")
    if not ours:
        return token, form
    if not is_token(ours) or not is_proof(form.get("proof", ""), ports.survey_secret, token, ours):
        raise NotOurs("this form belongs to another card")
    return (ours, _own(form)) if ports.surveys.load(token_hash(ours)) else (token, form)


@again_on_conflict()
def _store(
    token: str, questions: Questions, form: Form, rest: timedelta, ports: Ports, now: datetime
) -> tuple[Survey, Survey]:
    """Write the answers into the stored survey; return the survey before and after."""
    from chalicelib.flow.surveys.keep_answer import keep_answer  # noqa: PLC0415  of an answer alone

    known = ports.surveys.load(token_hash(token))
    if known is None:
        raise LookupError("the survey is gone")
    survey = known
    for question in questions:
        mark = question.read(form.get(question.id, ""))
        if question.kind == "text" and question.id in form and VISIT in form:
            words = str(mark or "")
            survey = write(survey, question, str(safe(words)) if survey.anonymous else words, form)
        elif mark is not None:
            survey = take(survey, question, safe(mark) if survey.anonymous else mark)
        # A form of the release before has no visit. An empty field of it takes words back only where it had them.
        elif question.id in form and form.get("seen") == str(known.version):
            survey = erase(survey, question)
    door: Door = "card" if known.door == "card" else "link"
    survey = settled(survey, known, door, now)
    return known, known if survey == known else keep_answer(known, survey, rest, ports)


def safe(mark: Mark) -> Mark:
    """Return an answer without phones, emails and plates, which would lead back to its writer."""
    return scrub(mark) if isinstance(mark, str) else mark


def _own(form: Form) -> Form:
    """Return a card's form without the card's own fields, as a form of the survey itself."""
    return {name: text for name, text in form.items() if name not in ("proof", "ours", "seen")}
