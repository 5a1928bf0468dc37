"""The weight of what people load: each page is one request."""

from datetime import UTC, datetime, timedelta

from chalicelib import words
from chalicelib.domain.people.public_page import PublicPage
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.surveys.page import Page
from chalicelib.domain.surveys.survey import Survey
from chalicelib.web import static
from chalicelib.web.html import show_notice
from chalicelib.web.survey_html import Files, show

_AT = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)


def pages(agency: Agency) -> dict[str, int]:
    """Return the bytes of the survey's page and of the page that ends emails."""
    survey = Survey(
        token_hash="0" * 64,
        agency_id=agency.agency_id,
        settings_version=1,
        questionnaire="",
        language="en",
        asked_at=_AT,
        expires_at=_AT + timedelta(days=30),
        keep_until=_AT + timedelta(days=400),
    )
    asked = Page("open", "en", agency=agency, survey=survey, questions=agency.survey.questions, token="A" * 13)
    files = Files(static.read("survey.html"), static.read("survey.css"), static.read("survey.js"))
    notice = PublicPage(part="consent", standing="ask", language="en", agency=agency, choices=("all", "surveys"))
    said = words.load("en", text_to_911=agency.text_to_911)
    return {
        "survey's page": len(show(asked, files, said["page"], {}).body.encode()),
        "page that ends emails": len(
            show_notice(notice, static.read("consent.html"), static.read("survey.css"), said).body.encode()
        ),
    }
