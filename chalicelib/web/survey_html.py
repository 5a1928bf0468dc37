"""The survey's page as HTML: one file, with its style and a small script that saves each answer as it is given.

Without scripts it is the same page, saved when it is sent. The words on it come from `words/` or, for a language of
the agency's own, from its settings.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, get_args

from msgspec import Struct
from msgspec.structs import asdict

from chalicelib.domain.language import Language, direction
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.questions import SCALE, YES_NO, Question
from chalicelib.domain.surveys.page import Page
from chalicelib.domain.surveys.read_comment import CommentKind
from chalicelib.domain.surveys.visits import take_back_field
from chalicelib.web.html import STATUS, Html, fill_words, html
from chalicelib.words import load

_FORM = frozenset({"open", "invalid", "nothing"})

Words = Mapping[str, str]


class Files(Struct, frozen=True):
    """The files of a page."""

    template: str
    style: str
    script: str


def show(page: Page, files: Files, words: Words, names: Mapping[str, str]) -> Html:
    """Return the page in the words of its language; `names` are the languages that it can be read in."""
    form_shown = page.standing in _FORM
    values: dict[str, Any] = {
        "page": page,
        "language": page.language,
        "direction": direction(page.language),
        "others": [(code, name) for code, name in names.items() if code != page.language and page.token],
        "words": words,
        "heading": words["title"] if page.standing in _FORM else words[page.standing],
        "intro": _filled(words["intro" if page.incident_number else "intro_of_no_call"], page),
        "answered": _answered(page, words) if page.answered else "",
        "kept": _filled(words[_kept(page)], page),
        "take_back_field": take_back_field,
        "form_shown": form_shown,
        "danger": CommentKind.DANGER in page.kinds,
        "accused": CommentKind.MISCONDUCT in page.kinds,
        "contact": CommentKind.CONTACT in page.kinds,
        "contact_words": _contact(page, words),
        "complaints": page.agency.survey.follow_up.complaints_in(page.language) if page.agency else "",
        "options": partial(_options, language=page.language, words=words),
        "ends": partial(_end, language=page.language, words=words),
        "script": files.script,
    }
    return html(STATUS[page.standing], files.template, files.style, values, files.script)


def page_words(agency: Agency | None, language: str) -> Words:
    """Return what is read on the survey's page: the agency's own words go before ours.

    A page of no agency that we know offers nobody to text 911. Where 911 takes no texts, own words lose the button.
    """
    offered = agency is not None and agency.text_to_911
    own = agency.survey.words.get(language) if agency else None
    told: Words = asdict(own) if own else load(language, text_to_911=offered)["page"]
    return told if offered else {**told, "text_911": ""}


def readable_in(agency: Agency) -> tuple[str, ...]:
    """Return the languages of an agency's page: those of its texts, its own, and ours where all questions have them."""
    ours = (
        language
        for language in get_args(Language)
        if all(language in text for one in agency.survey.questions for text in (one.text, *_parts(one)))
    )
    return tuple(dict.fromkeys((*agency.spoken, *agency.survey.words, *ours)))


def _parts(question: Question) -> Iterator[Mapping[str, object]]:
    yield from (choice.text for choice in question.choices)
    if question.labels:
        yield question.labels


def _contact(page: Page, words: Words) -> str:
    """Return the words for a person who wants to be called; a person who answers without a name can only call us."""
    if page.survey is None or page.agency is None:
        return ""
    unknown = page.survey.anonymous or page.survey.notification is None
    return _filled(words["contact_us" if unknown else "contact"], page)


def _kept(page: Page) -> str:
    """Return the name of the words that say who can tell whose the answers are."""
    if page.survey and page.survey.anonymous:
        return "kept_anonymous"
    return "kept" if page.survey and page.survey.notification else "kept_card"


def _answered(page: Page, words: Words) -> str:
    """Return the words that say when the survey was answered, which may be read by whoever holds the link."""
    at = page.answered_at
    if at is None or not words["answered"]:
        return words["answered_already"]
    return _filled(words["answered"], page, year=str(at.year), month=_month(at.month, page.language), day=str(at.day))


def _month(month: int, language: str) -> str:
    """Return a month's name in a language of ours, else its number."""
    names = load(language, text_to_911=False)["card"]["months"].split(", ") if language in get_args(Language) else []
    return names[month - 1] if names else str(month)


def _filled(text: str, page: Page, **values: str) -> str:
    if page.agency is None:
        return ""
    number = page.agency.numbers.non_emergency
    known = {"agency_name": page.agency.name, "incident_number": page.incident_number, "non_emergency": number}
    return fill_words(text, {"year": "", "month": "", "day": "", **known, **values})


def _options(question: Question, language: str, words: Words) -> Iterator[tuple[str, str]]:
    """Yield what can be answered to a question, each as its value and what is read."""
    if question.kind == "yes_no":
        yield from ((answer, words[answer]) for answer in YES_NO)
    elif question.kind == "choice":
        yield from (
            (choice.id, choice.text.get(language) or next(iter(choice.text.values()))) for choice in question.choices
        )
    else:
        whole = len(question.labels.get(language, ())) == len(SCALE)
        yield from ((str(mark), f"{mark}: {question.label(language, mark)}" if whole else str(mark)) for mark in SCALE)


def _end(question: Question, value: str, language: str, words: Words) -> str:
    """Return what an end of a scale means, or "" between them; a scale of five labels says it all by itself."""
    if len(question.labels.get(language, ())) == len(SCALE):
        return ""
    usual = {str(SCALE[0]): words["scale_low"], str(SCALE[-1]): words["scale_high"]}.get(value, "")
    return question.label(language, int(value)) or usual
