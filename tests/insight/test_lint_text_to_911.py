"""Own words that send people to text 911 where it takes no texts are refused; what says so is only looked at."""

import pytest
from msgspec import convert
from msgspec.structs import replace

from chalicelib import words
from chalicelib.domain.settings.incident_types import LanguageWords
from chalicelib.domain.settings.page_words import PageWords
from chalicelib.domain.settings.questions import Choice, Question
from chalicelib.insight.settings.lint_text_to_911 import lint_text_to_911
from chalicelib.insight.settings.preview import preview, samples
from tests.factories import agency
from tests.offers import offers

OFFERS = (
    *("call or text 911", "Text or call 911!", "TEXT 9-1-1", "text-to-911", "send a text message to 911", "sms:911"),
    *("Contact 911 by text", "text your address to 911", "call/text 911", "Text: 911", "reach 911 via SMS now"),
    *("llame o escriba al 911", "escriba o llame al 911", "envíe un texto al 911", "mande un mensaje de texto al 911"),
    *("comuníquese al 911 por mensaje", "It gets worse? Text nine-one-one", "No answers here. Text 911"),
)
DENIALS = (
    *("Do not text 911: it can't read you", "911 takes no texts: text to 911 does not work here"),
    *("No escriba al 911", "You can\u2019t text 911 here, so call", "Never text 911"),
)
HARMLESS = (
    *("call 911", "Do not reply to this text: call 911", "We read no texts. 911 in danger"),
    *("text us at {{ non_emergency }} or call 911", "Responda STOP para no recibir textos. Emergencia: 911"),
    *("Nobody reads this text, so in danger dial 911", "Nadie lee este mensaje: llame al 911"),
)


def said(source, **changes):
    own = {"en": LanguageWords(sms={"delay": source})}
    return [(found.severity, found.path) for found in lint_text_to_911(agency(words=own, text_to_911=False, **changes))]


@pytest.mark.parametrize("source", OFFERS)
def test_an_offer_is_refused(source):
    assert said(source) == [("error", ("words", "en", "sms", "delay"))]


@pytest.mark.parametrize("source", DENIALS)
def test_a_denial_is_only_looked_at(source):
    assert said(source) == [("warning", ("words", "en", "sms", "delay"))]


@pytest.mark.parametrize("source", HARMLESS)
def test_what_speaks_of_something_else_is_fine(source):
    assert said(source) == []


@pytest.mark.parametrize("source", [*OFFERS, *DENIALS])
def test_where_it_takes_texts_all_may_be_said(source):
    own = {"en": LanguageWords(sms={"delay": source})}

    assert list(lint_text_to_911(agency(words=own))) == []


@pytest.mark.parametrize("text_to_911", [True, False])
@pytest.mark.parametrize("language", ["en", "es"])
def test_words_that_were_copied_from_our_files_with_their_brackets_are_refused(language, text_to_911):
    own = words.written(language)
    page = {"ht": convert(own["page"], PageWords)}
    ours = agency(text_to_911=text_to_911, words={language: LanguageWords(sms={"delay": own["sms"]["delay"]})})
    found = lint_text_to_911(replace(ours, survey=replace(ours.survey, words=page)))

    assert [one.path for one in found if one.severity == "error"] == [
        ("words", language, "sms", "delay"),
        *(("survey", "words", "ht", name) for name in ("not_monitored", "danger", "text_911")),
    ]


BAD = "Text 911"


def everywhere():
    """Return settings that offer it wherever people read an agency's own words, and the places."""
    ours = agency(text_to_911=False)
    own = {"es": LanguageWords(email={"footer": BAD}, sms={"outcome": {"handled": BAD}})}
    first, *others = ours.incident_types
    english = words.load("en", text_to_911=False)["page"] | {"text_911": BAD}
    question = Question(
        id="came",
        kind="choice",
        text={"en": BAD},
        sms={"en": BAD},
        labels={"en": ("Yes", BAD)},
        choices=(Choice(id="yes", text={"en": BAD}),),
    )
    survey = replace(
        ours.survey,
        words={"en": convert(english | {"danger": BAD}, PageWords)},
        questions=(question,),
        follow_up=replace(ours.survey.follow_up, complaints={"en": BAD}),
    )
    return replace(ours, words=own, incident_types=(replace(first, words=own), *others), survey=survey)


def test_it_is_found_wherever_people_read_an_agencys_own_words():
    own = [("words", "es", "sms", "outcome", "handled"), ("words", "es", "email", "footer")]

    assert [found.path for found in lint_text_to_911(everywhere())] == [
        *own,
        *(("incident_types", 0, *path) for path in own),
        ("survey", "words", "en", "danger"),
        ("survey", "questions", 0, "text", "en"),
        ("survey", "questions", 0, "sms", "en"),
        ("survey", "questions", 0, "labels", "en"),
        ("survey", "questions", 0, "choices", 0, "text", "en"),
        ("survey", "follow_up", "complaints", "en"),
    ]


def test_words_in_a_language_that_we_do_not_read_are_for_somebody_who_does():
    english = words.load("en", text_to_911=False)["page"] | {"text_911": "x"}
    survey = replace(agency().survey, words={"vi": convert(english, PageWords), "en": convert(english, PageWords)})
    found = list(lint_text_to_911(agency(text_to_911=False, survey=survey)))

    assert [(one.severity, one.path) for one in found] == [("warning", ("survey", "words", "vi", "danger"))]


@pytest.mark.parametrize("text_to_911", [True, False])
def test_the_preview_shows_what_people_will_read(text_to_911):
    ours = agency(languages=("es",), text_to_911=text_to_911)
    shown = preview(ours, samples(ours, None, None))

    assert any(offers(one.body) for one in shown) is text_to_911
