"""What a person reads where their page can't be shown or their form can't be taken: a page, in their language."""

from collections.abc import Callable

from chalice.app import Request, Response

from chalicelib import words
from chalicelib.boundary import Refused, report
from chalicelib.ports.errors import Busy
from chalicelib.web import static
from chalicelib.web.html import html
from chalicelib.web.languages import accepted_language
from chalicelib.wiring import Aws

View = Callable[[str, Request, Aws], Response]

_STANDING = {400: "unreadable", 403: "elsewhere", 413: "unreadable"}
"""What the page says, by status; at any other one the same request may be taken a moment later."""

_FAILED = Refused(500, "something failed here; please send it again")


def as_page(view: View, name: str, request: Request, world: Callable[[], Aws]) -> Response:
    """Return a view's answer, or a page that says what to do; a script that asked for JSON gets JSON: Refused."""
    try:
        return view(name, request, world())
    except Refused as refused:
        problem = refused
    except Busy as busy:
        problem = Refused(503, str(busy) or "please send it again", **{"Retry-After": "2"})
    except Exception as error:  # noqa: BLE001  the boundary of one request
        report(error, view.__name__)
        problem = _FAILED
    if "application/json" in request.headers.get("accept", ""):
        raise problem
    return _page(problem, request)


def _page(problem: Refused, request: Request) -> Response:
    language = accepted_language(request.headers.get("accept-language", ""))
    known = words.load(language, text_to_911=False)  # the agency could not be read: its area may take no texts
    told = {
        "words": known["trouble"],
        "standing": _STANDING.get(problem.status, "later"),
        "not_monitored": known["page"]["not_monitored"],
        "language": language,
    }
    page = html(problem.status, static.read("trouble.html"), static.read("survey.css"), told)
    return Response(page.body, status_code=page.status, headers={**page.headers, **problem.headers})
