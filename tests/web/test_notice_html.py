"""The answers of the unsubscribe page and the page about real texts over HTTP."""

import pytest

from chalicelib import words
from chalicelib.domain.people.public_page import PublicPage
from chalicelib.web import static
from chalicelib.web.html import show_notice
from tests.factories import agency


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

    html = show_notice(notice, static.read(f"{part}.html"), static.read("survey.css"), words.load("en"))

    assert html.status == status
    assert html.headers["Content-Type"] == "text/html; charset=utf-8"


def test_what_a_page_is_filled_with_is_escaped():
    notice = PublicPage(part="real", standing="ask", language="en", agency=agency(name="<b>Springfield</b>"))

    html = show_notice(notice, static.read("real.html"), static.read("survey.css"), words.load("en"))

    assert "Springfield" in html.body
    assert "<b>Springfield" not in html.body


def test_an_agencys_name_is_escaped_once():
    notice = PublicPage(part="real", standing="ask", language="en", agency=agency(name="Adams & Brown Police"))

    html = show_notice(notice, static.read("real.html"), static.read("survey.css"), words.load("en"))

    assert "Adams &amp; Brown Police" in html.body
    assert "&amp;amp;" not in html.body
