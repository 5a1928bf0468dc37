"""The pages that people open: what their form says goes to a flow, what the flow says becomes HTML."""

from chalice.app import Request, Response

from chalicelib import words
from chalicelib.boundary import form
from chalicelib.domain.language import Language, accepted_language
from chalicelib.domain.page import Html, Notice, show, show_notice
from chalicelib.flow.real import check_code, show_real
from chalicelib.flow.survey import answer_survey, show_survey
from chalicelib.flow.unsubscribe import show_unsubscribe, unsubscribe
from chalicelib.wiring import Aws, now

STYLE = "survey.css"


def survey_page(token: str, request: Request, world: Aws) -> Response:
    """Show the survey behind a link, or take its answers."""
    if request.method == "GET":
        page = show_survey(token, world, now())
    else:
        page = answer_survey(token, form(request), world, now())
    return _html(show(page, words.read("survey.html"), words.read(STYLE), words.load(page.language)))


def unsubscribe_page(token: str, request: Request, world: Aws) -> Response:
    """Ask the reader of an email what they want no more, or do it."""
    if request.method == "GET":
        return _notice(show_unsubscribe(token, _language(request), world))
    return _notice(unsubscribe(token, form(request), _language(request), world, now()))


def real_page(agency_id: str, request: Request, world: Aws) -> Response:
    """Tell where an agency's texts come from, and whether a code in one is ours."""
    if request.method == "GET":
        return _notice(show_real(agency_id, _language(request), world))
    return _notice(check_code(agency_id, form(request).get("code", ""), _language(request), world, now()))


def _language(request: Request) -> Language:
    return accepted_language(request.headers.get("accept-language", ""))


def _notice(page: Notice) -> Response:
    return _html(show_notice(page, words.read(f"{page.part}.html"), words.read(STYLE), words.load(page.language)))


def _html(html: Html) -> Response:
    return Response(html.body, status_code=html.status, headers={**html.headers})
