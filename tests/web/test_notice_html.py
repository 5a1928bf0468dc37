"""The answers of the unsubscribe page and the page about real texts over HTTP."""

import re
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib import words
from chalicelib.domain.language import Language
from chalicelib.domain.people.public_page import PublicPage
from chalicelib.flow.people.verify import show_home
from chalicelib.web import static
from chalicelib.web.html import show_notice
from tests.factories import agency
from tests.flow.city import ports


@pytest.mark.parametrize(
    ("part", "standing", "status"),
    [
        ("consent", "unknown", 404),
        ("consent", "ask", 200),
        ("consent", "done_all", 200),
        ("real", "unknown", 404),
        ("real", "ask", 200),
        ("real", "yes", 200),
        ("real", "no", 200),
        ("real", "wait", 429),
    ],
)
def test_a_page_is_answered_by_its_standing(part, standing, status):
    ours = None if standing == "unknown" else agency()
    notice = PublicPage(part=part, standing=standing, language="en", agency=ours)

    html = show_notice(
        notice, static.read(f"{part}.html"), static.read("survey.css"), words.load("en", text_to_911=True)
    )

    assert html.status == status
    assert html.headers["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize(("language", "never"), [("en", "not from us"), ("es", "no es nuestro")])
def test_a_code_that_is_not_known_is_not_said_to_be_false(language, never):
    """A code is known for 14 days: an older text is real, and its reader must not hear that it is not."""
    notice = PublicPage(part="real", standing="no", language=language, agency=agency())
    html = show_notice(
        notice, static.read("real.html"), static.read("survey.css"), words.load(language, text_to_911=True)
    )

    (said,) = re.findall(r'class="problem" role="alert">(.*?)</div>', html.body, re.DOTALL)
    assert "14" in said
    assert never not in said
    assert agency().numbers.non_emergency in said


@pytest.mark.parametrize("language", get_args(Language))
@pytest.mark.parametrize("site", ["tell.springfield.ex", "Tell.Springfield.ex", "elsewhere.ex", ""])
def test_the_bare_address_is_a_page_that_leads_to_its_agencies_page_about_real_texts(site, language):
    page = show_home(site, language, ports())
    html = show_notice(
        page, static.read("home.html"), static.read("survey.css"), words.load(language, text_to_911=True)
    )
    links = re.findall(r'<a class="again" href="([^"]*)"', html.body)

    assert (html.status, html.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert links == (["https://tell.springfield.ex/real/springfield"] if "pringfield" in site else [])
    assert "911" in html.body


@given(st.text(max_size=80))
def test_whatever_host_a_request_names_the_bare_address_is_a_page(host):
    html = show_notice(
        show_home(host, "en", ports()),
        static.read("home.html"),
        static.read("survey.css"),
        words.load("en", text_to_911=True),
    )

    assert html.status == 200
    assert "911" in html.body


def test_the_page_for_fewer_emails_leads_to_the_page_about_real_texts():
    notice = PublicPage(part="consent", standing="ask", language="en", agency=agency())
    html = show_notice(
        notice, static.read("consent.html"), static.read("survey.css"), words.load("en", text_to_911=True)
    )

    assert '<a class="line" href="../real/springfield">See whether a text is real</a>' in html.body


def test_what_a_page_is_filled_with_is_escaped():
    notice = PublicPage(part="real", standing="ask", language="en", agency=agency(name="<b>Springfield</b>"))

    html = show_notice(notice, static.read("real.html"), static.read("survey.css"), words.load("en", text_to_911=True))

    assert "Springfield" in html.body
    assert "<b>Springfield" not in html.body


def test_an_agencys_name_is_escaped_once():
    notice = PublicPage(part="real", standing="ask", language="en", agency=agency(name="Adams & Brown Police"))

    html = show_notice(notice, static.read("real.html"), static.read("survey.css"), words.load("en", text_to_911=True))

    assert "Adams &amp; Brown Police" in html.body
    assert "&amp;amp;" not in html.body


PRIVACY, TERMS = "https://springfield.example/privacy?a=1&b=2", "https://springfield.example/texts"


def links_of(part="real", language="en", standing="ask", **settings):
    """Return where a page leads to, each address with its words."""
    notice = PublicPage(part=part, standing=standing, language=language, agency=agency(**settings))
    html = show_notice(
        notice, static.read(f"{part}.html"), static.read("survey.css"), words.load(language, text_to_911=True)
    )
    return re.findall(r'<a href="([^"]*)">([^<]*)</a>', html.body)


@pytest.mark.parametrize("language", get_args(Language))
@pytest.mark.parametrize("standing", ["ask", "yes", "no", "wait"])
def test_the_page_about_real_texts_leads_to_the_policies_that_registrations_ask_for(language, standing):
    led = links_of(language=language, standing=standing, privacy_link=PRIVACY, terms_link=TERMS)

    told = words.load(language, text_to_911=True)["real"]
    assert led == [(PRIVACY.replace("&", "&amp;"), told["privacy"]), (TERMS, told["terms"])]
    assert told["privacy"] != told["terms"]


def test_a_policy_that_is_not_set_is_not_linked():
    assert links_of() == []
    assert links_of(terms_link=TERMS) == [(TERMS, "Terms of our texts")]
    assert links_of(part="consent", privacy_link=PRIVACY, terms_link=TERMS) == []


def test_an_address_can_not_leave_its_link():
    ((address, _),) = links_of(privacy_link='https://springfield.example/"onclick="x<b>')

    assert address == "https://springfield.example/&#34;onclick=&#34;x&lt;b&gt;"
