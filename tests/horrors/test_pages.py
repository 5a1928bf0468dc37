"""Every page that a browser shows: whatever people wrote is words on it, and no part of it.

`PAGES` must name each route that there is: a new one without a line here fails.
"""

from html.parser import HTMLParser

import pytest
from msgspec.structs import replace

from app import app
from chalicelib import words
from chalicelib.boundary import Refused, answering
from chalicelib.domain.people.public_page import PublicPage
from chalicelib.domain.settings.questions import Choice, Question
from chalicelib.domain.surveys.page import Page
from chalicelib.domain.surveys.survey import Answers
from chalicelib.insight.settings.preview import Previewed
from chalicelib.insight.settings.preview_html import page as preview_page
from chalicelib.web import static
from chalicelib.web.html import STATUS, show_notice
from chalicelib.web.survey_html import Files, show
from tests.factories import NOW, agency
from tests.horrors.horrors import ALL, SOUND, acts
from tests.horrors.made import made
from tests.web.test_survey_html import KEY, SURVEY

FILES = Files(static.read("survey.html"), static.read("survey.css"), static.read("survey.js"))


class Seen(HTMLParser):
    """What a browser makes of a page: its elements with their attributes, and the words outside of scripts."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.elements, self.words, self._open = [], "", ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self._open = tag
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        self._open = ""

    def handle_data(self, data):
        if self._open not in {"script", "style"}:
            self.words += data


def survey(said):
    ours, text = agency(name=said, short_name=said), {"en": said, "es": said}
    questions = (
        Question(id="overall", text=text, kind="scale"),
        Question(
            id="came", text=text, kind="choice", choices=(Choice(id="yes", text=text), Choice(id="no", text=text))
        ),
        Question(id="comment", text=text, kind="text"),
    )
    key = replace(KEY, incident_number=said)
    answered = replace(
        SURVEY, notification=key, answers=Answers(marks={"overall": 2}, comments={"comment": said}), answered_at=NOW
    )
    own = dict.fromkeys(
        words.load("en", text_to_911=True)["page"], said.replace("{", "(")
    )  # the settings refuse a field that is none
    for standing in STATUS:
        shown = Page(standing, "en", agency=ours, survey=answered, questions=questions, token="T" * 13)
        yield show(shown, FILES, words.load("en", text_to_911=True)["page"], {"en": said, "es": said}).body
        yield show(shown, FILES, own, {"en": said, "es": said}).body


def notices(part, standings):
    def make(said):
        for standing in standings:
            told = PublicPage(part=part, standing=standing, language="en", agency=agency(name=said, short_name=said))
            yield show_notice(
                told, static.read(f"{part}.html"), static.read("survey.css"), words.load("en", text_to_911=True)
            ).body

    return make


def home(said):
    many = (agency(name=said), agency(agency_id="harbor", name=said))
    for known in ((), many):
        told = PublicPage(part="home", standing="ask", language="en", agencies=known)
        yield show_notice(
            told, static.read("home.html"), static.read("survey.css"), words.load("en", text_to_911=True)
        ).body


def refused(said):
    """Yield nothing as a page: what these routes refuse is JSON, whoever's words are in it."""

    @answering
    def route():
        raise Refused(400, said)

    answer = route()
    assert answer.headers.get("Content-Type", "application/json") == "application/json"
    assert isinstance(answer.body, dict)
    return iter(())


def ours_alone(_said):
    yield static.read("openapi.html")


PAGES = {
    "/": home,
    "/cad/{agency_id}/updates": refused,
    "/rms/{agency_id}/updates": refused,
    "/cad/{agency_id}/heartbeat": refused,
    "/cad/{agency_id}/received": refused,
    "/rms/{agency_id}/received": refused,
    "/s/{token}": survey,
    "/u/{token}": notices("consent", ["unknown", "ask", "done_all"]),
    "/real/{agency_id}": notices("real", ["unknown", "ask", "yes", "no", "wait"]),
    "/carriers/twilio/status": refused,
    "/carriers/twilio/inbound": refused,
    "/openapi.json": refused,
    "/openapi.html": ours_alone,
    "/health": refused,
}


def well(page, plain):
    """Return the words of a page, if it has the elements of the same page with plain words, and nothing acts on it."""
    seen, expected = Seen(page), Seen(plain)
    assert acts(page.replace("\t", " ")) == []
    assert [tag for tag, _ in seen.elements] == [tag for tag, _ in expected.elements]
    assert [held.keys() for _, held in seen.elements] == [held.keys() for _, held in expected.elements]
    assert not [held for _, held in seen.elements if str(held.get("href", "")).startswith("javascript:")]
    return seen.words


def test_every_route_is_here():
    at_the_desk = {path for path in app.routes if path.startswith("/desk")}  # tests/web/desk/test_horrors.py has those

    assert PAGES.keys() | at_the_desk == app.routes.keys()


@pytest.mark.parametrize("route", PAGES)
def test_a_page_shows_words_as_words(route):
    pages = list(zip(PAGES[route](ALL), PAGES[route]("plain"), strict=True))
    told = [well(page, plain) for page, plain in pages]

    assert ("[/bold]" in "".join(told)) == (PAGES[route] not in (refused, ours_alone))


def test_the_page_of_a_preview_shows_words_as_words():
    def page(words, many):
        shown = [made(Previewed, one, language="en", channel="sms") for one in many]
        return preview_page(agency(name=words), shown)

    assert "[/bold]" in well(page(ALL, SOUND), page("plain", [f"plain {place}" for place in range(len(SOUND))]))
