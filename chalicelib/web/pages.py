"""The pages that people open: what their form says goes to a flow, what the flow says becomes HTML."""

from collections.abc import Mapping

from chalice.app import Request, Response
from msgspec.structs import replace

from chalicelib import words
from chalicelib.boundary import Refused, count, form, pairs
from chalicelib.domain.language import Language
from chalicelib.domain.people.public_page import PublicPage
from chalicelib.domain.surveys.page import Page
from chalicelib.flow.people.unsubscribe import show_unsubscribe, unsubscribe
from chalicelib.flow.people.verify import check_code, show_home, show_senders
from chalicelib.flow.surveys.answer import NotOurs, answer_survey, show_survey
from chalicelib.ports.errors import Busy
from chalicelib.web import static
from chalicelib.web.html import STATUS, Html, show_notice, told
from chalicelib.web.languages import accepted_among, accepted_language
from chalicelib.web.origin import posted_from
from chalicelib.web.survey_html import Files, page_words, readable_in, show
from chalicelib.wiring import Aws, now

STYLE = "survey.css"
_REFUSED = ("unknown", "used", "expired", "closed")


def survey_page(token: str, request: Request, world: Aws) -> Response:
    """Show the survey behind a link, or take its answers: as a page, or as JSON to a script that asks for it."""
    language = _language(request)
    if request.method == "POST":
        page = _answered(token, request, language, world)
    else:
        page = show_survey(token, language, world, now())
    if page.standing in _REFUSED:
        count("SurveyRefused", standing=page.standing)
    if "application/json" in request.headers.get("accept", ""):
        return Response(told(page), status_code=STATUS[page.standing], headers={"Cache-Control": "no-store"})
    page, names = _in_language(page, request)
    files = Files(static.read("survey.html"), static.read(STYLE), static.read("survey.js"))
    return _html(show(page, files, page_words(page.agency, page.language), names))


def _in_language(page: Page, request: Request) -> tuple[Page, dict[str, str]]:
    """Return the page in the language that was asked for on it, and the names of all that it can be read in.

    The browser decides where it asks for a language in which the agency could not have texted its reader.
    """
    if page.agency is None:
        return page, {}
    readable = readable_in(page.agency)
    names = {code: page_words(page.agency, code)["language"] for code in readable}
    given: Mapping[str, str] = request.query_params or {}
    asked = given.get("lang", "")
    spoken = accepted_among(request.headers.get("accept-language", ""), names)
    chosen = asked if asked in names else page.language if spoken in (None, *page.agency.spoken) else spoken
    return replace(page, language=chosen), names


def _answered(token: str, request: Request, language: Language, world: Aws) -> Page:
    """Take what was posted, from our own page only; Refused."""
    origin = posted_from({name.lower(): value for name, value in request.headers.items()})
    try:
        posted = dict(pairs(request))
    except Refused:
        count("SurveyRefused", standing="too_large")
        raise
    try:
        return answer_survey(token, posted, language, world, now(), origin)
    except NotOurs:
        count("SurveyRefused", standing="not_ours")
        raise Refused(403, "this form is answered on its own page only") from None
    except Busy as busy:
        raise Refused(503, str(busy), **{"Retry-After": "2"}) from None


def unsubscribe_page(token: str, request: Request, world: Aws) -> Response:
    """Ask the reader of an email what they want no more, or do it."""
    if request.method == "GET":
        return _notice(show_unsubscribe(token, _language(request), world))
    return _notice(unsubscribe(token, form(request), _language(request), world, now()))


def verify_page(agency_id: str, request: Request, world: Aws) -> Response:
    """Tell where an agency's texts come from, and whether a code in one is ours."""
    if request.method == "GET":
        return _notice(show_senders(agency_id, _language(request), world))
    return _notice(check_code(agency_id, form(request).get("code", ""), _language(request), world, now()))


def home_page(host: str, request: Request, world: Aws) -> Response:
    """Show where somebody is who types the address of our links, and where a text can be checked."""
    return _notice(show_home(host, _language(request), world))


def reference(name: str) -> Response:
    """Show a page that is the same for everybody; `tenfour/stack/openapi_files.py` writes both."""
    media_type = "application/json" if name.endswith(".json") else "text/html; charset=utf-8"
    sure = {"Cache-Control": "max-age=300", "X-Content-Type-Options": "nosniff"}
    return Response(static.read(name), headers={"Content-Type": media_type, **sure})


def _language(request: Request) -> Language:
    return accepted_language(request.headers.get("accept-language", ""))


def _notice(page: PublicPage) -> Response:
    said = words.load(page.language, text_to_911=page.text_to_911)
    return _html(show_notice(page, static.read(f"{page.part}.html"), static.read(STYLE), said))


def _html(html: Html) -> Response:
    return Response(html.body, status_code=html.status, headers={**html.headers})
