"""No page offers to text 911 where it takes no texts, or where nobody knows whose page it is."""

from typing import get_args

import pytest
from msgspec import convert
from msgspec.structs import asdict, replace

from chalicelib import words
from chalicelib.domain.language import Language
from chalicelib.domain.people.public_page import PublicPage
from chalicelib.domain.settings.page_words import PageWords
from chalicelib.ports.errors import Busy
from chalicelib.web import static
from chalicelib.web.html import STATUS, show_notice
from chalicelib.web.pages import survey_page, verify_page
from chalicelib.web.survey_html import page_words, show
from chalicelib.web.trouble import as_page
from tests.factories import agency
from tests.flow.city import ports
from tests.fuzz.doors import request
from tests.offers import offers
from tests.web.test_survey_html import FILES, NAMES, page
from tests.web.test_trouble import PAGES, failing

LANGUAGES = get_args(Language)
NOTICES = [
    *(("consent", standing) for standing in ("ask", "done_all", "done_surveys", "done_none")),
    *(("real", standing) for standing in ("ask", "yes", "no", "wait")),
]


def notice(part, standing, language, *known):
    told = PublicPage(
        part=part,
        standing=standing,
        language=language,
        agency=known[0] if known and part != "home" else None,
        agencies=known if part == "home" else (),
    )
    said = words.load(language, text_to_911=told.text_to_911)
    return show_notice(told, static.read(f"{part}.html"), static.read("survey.css"), said).body


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("standing", STATUS)
def test_the_surveys_page_offers_it_only_where_it_takes_texts(standing, language):
    taken, none = (
        show(page(standing, language, agency=ours), FILES, page_words(ours, language), NAMES).body
        for ours in (agency(), agency(text_to_911=False))
    )

    assert 'href="sms:911"' in taken
    assert offers(none) == []
    assert 'href="tel:911"' in none


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("part", "standing"), NOTICES)
def test_a_notice_offers_it_only_where_it_takes_texts(part, standing, language):
    taken, none = (notice(part, standing, language, agency(text_to_911=each)) for each in (True, False))

    assert len(offers(taken)) == 1
    assert offers(none) == []
    assert "911" in none


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_bare_address_offers_it_if_all_its_agencies_do(language):
    takes, other = agency(), agency(agency_id="harbor", text_to_911=False)

    assert len(offers(notice("home", "ask", language, takes))) == 1
    assert offers(notice("home", "ask", language, takes, other)) == []
    assert offers(notice("home", "ask", language)) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("view", PAGES)
def test_a_page_that_could_not_be_shown_offers_nothing_that_may_not_be_there(view, language):
    """Nobody could read whose page it is."""
    body = as_page(failing(Busy()), "x", request("POST", headers={"accept-language": language}), ports).body

    assert offers(body) == []
    assert "911" in body


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("view", [survey_page, verify_page])
def test_a_link_that_is_nobodys_offers_nothing_that_may_not_be_there(view, language):
    body = view("T" * 13, request(headers={"accept-language": language}), ports()).body

    assert offers(body) == []
    assert "911" in body


def test_own_words_of_the_page_lose_their_button_too():
    english = words.load("en", text_to_911=True)["page"]
    own = convert(english | {"language": "Tiếng Việt", "danger": "911!", "not_monitored": "911."}, PageWords)
    ours = agency(text_to_911=False)
    ours = replace(ours, survey=replace(ours.survey, words={"vi": own}))

    assert "text_911" in asdict(own)
    for settings, expected in ((ours, False), (replace(ours, text_to_911=True), True)):
        shown = show(page(language="vi", agency=settings), FILES, page_words(settings, "vi"), NAMES).body
        assert ('href="sms:911"' in shown) is expected
