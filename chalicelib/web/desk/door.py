"""The desk's one door: it finds the route, asks who is there and what they may do, and makes a page of trouble.

    address → (form: from our own page?) → session → agency and roles → permission → fresh sign-in → view

A poll passes the same checks and is no act. Whatever is not allowed has the same answer, whether it exists or not.
"""

from collections.abc import Callable

from chalice.app import Request, Response
from msgspec.structs import replace

from chalicelib.boundary import Refused, report
from chalicelib.domain.desk.permissions import GRAVE, Permission
from chalicelib.domain.desk.session import WIDEST, barred, fresh, limits_of, permissions_of
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.desk import roles_of
from chalicelib.flow.desk.sign_in import Locked, NotSignedIn, renew, resume
from chalicelib.ports.desk import ProviderDown
from chalicelib.ports.errors import Busy, Conflict, NotNoted
from chalicelib.web.desk import cookies
from chalicelib.web.desk.choice import UnknownChoice
from chalicelib.web.desk.page import SAFE, UNKEPT
from chalicelib.web.desk.request import Asked, read_request
from chalicelib.web.desk.routes import ROUTES, Route, find
from chalicelib.web.desk.sign_in_pages import grave, locked, not_signed_in, unproven
from chalicelib.web.desk.trouble import forbidden, trouble
from chalicelib.web.desk.visit import Answer, Visit
from chalicelib.web.languages import accepted_among
from chalicelib.web.origin import ELSEWHERE, posted_from
from chalicelib.wiring import Aws, now
from chalicelib.words.desk import LANGUAGES

OPEN_TO_ALL = Permission.ANYBODY
_BARE = Answer(
    status=500,
    body="something failed here; texts go on",
    headers={"Content-Type": "text/plain; charset=utf-8", **SAFE, **UNKEPT},
)


def answer(request: Request, world: Callable[[], Aws]) -> Response:
    """Answer a request to the desk, always with a page or a part of one."""
    try:
        given = _answer(request, world())
    except Exception as error:  # noqa: BLE001  the boundary of one request, where not even a page could be made
        report(error, "desk")
        given = _BARE
    headers: dict[str, str | list[str]] = {**given.headers}
    if given.cookies:
        headers["Set-Cookie"] = [*given.cookies]
    return Response("" if request.method == "HEAD" else given.body, headers=headers, status_code=given.status)


def _answer(request: Request, world: Aws) -> Answer:
    try:
        asked = read_request(request, world.config.desk_domain)
    except Refused as refused:
        asked = read_request(request, world.config.desk_domain, form=False)
        return replace(trouble(_visit(asked, world), "unreadable"), status=refused.status)
    return visited(asked, world)


def visited(asked: Asked, world: Aws, routes: tuple[Route, ...] = ROUTES) -> Answer:
    """Return the answer to a request: what its view says, or a page that says what to do instead."""
    visit = _visit(asked, world)
    found = find(asked.method, asked.path, routes)
    if isinstance(found, frozenset):
        return trouble(visit, "not_allowed", Allow=", ".join(sorted(found))) if found else trouble(visit, "not_found")
    if asked.method == "POST" and not from_own_page(asked):
        return trouble(visit, "elsewhere")
    visit, route = replace(visit, parts=found.parts), found.route
    try:
        inside = _let_in(visit, route)
        if isinstance(inside, Answer):
            return inside
        visit = inside
        answered = route.view(visit)
    except UnknownChoice as unknown:
        return trouble(visit, "unreadable", field=unknown.field, says="unknown_choice", brake=True)
    except ProviderDown as problem:
        report(problem, "desk sign-in")
        return trouble(visit, "down")
    except (Busy, Conflict):
        return trouble(visit, "busy")
    except NotNoted as problem:
        report(problem, "desk ledger")
        return trouble(visit, "unnoted")
    except Exception as error:  # noqa: BLE001  the boundary of one request
        report(error, f"desk {route.view.__name__}")
        return trouble(visit, "failed", brake=True)
    return _with_language(visit, answered)


def from_own_page(asked: Asked) -> bool:
    """Tell whether a form was posted from the desk's own page. A browser always says; one that does not is refused."""
    origin = posted_from(asked.headers)
    if origin == ELSEWHERE or origin not in ("", asked.origin.lower()):
        return False
    return bool(origin) or "sec-fetch-site" in asked.headers


def _let_in(visit: Visit, route: Route) -> Visit | Answer:
    """Return the visit of somebody who may have the page, else what they must do first."""
    if route.permission is OPEN_TO_ALL:
        return visit
    name = visit.parts.get("agency_id")
    agency = visit.world.settings.agency(name) if name else None
    limits = limits_of(agency.desk) if agency else WIDEST
    cookie = visit.asked.cookie(cookies.SESSION)
    try:
        session = resume(visit.world, cookie, limits, visit.now)
    except NotSignedIn:
        return not_signed_in(visit)
    except Locked as held:
        return replace(visit, session=held.session) if route.while_locked else locked(visit, held.session)
    inside = replace(visit, session=session)
    if session.wall and not (route.on_wall and name in (None, session.wall_at)):
        return trouble(inside, "on_wall")
    if name:
        at_home = _at(inside, agency, route)
        if isinstance(at_home, Answer):
            return at_home
        inside = at_home
    if route.needed & GRAVE and not fresh(session, visit.now):
        return grave(inside)
    if not route.fragment:
        try:
            renew(visit.world, session, visit.now)
        except NotSignedIn:
            return not_signed_in(visit)
    return inside


def _at(visit: Visit, agency: Agency | None, route: Route) -> Visit | Answer:
    """Return the visit at an agency that is there and lets its person have the page, else what it says instead."""
    if agency is None:
        return forbidden(visit, route.permission)
    may = permissions_of(visit.person, agency.desk)
    inside = replace(visit, roles=roles_of(visit.person.groups, agency.desk), may=may)
    if route.needed <= may:
        return replace(inside, agency=agency)
    lacks = next(one for one in (route.permission, route.also) if one and one not in may)
    return unproven(inside, agency) if barred(visit.person, agency.desk) else forbidden(inside, lacks)


def _visit(asked: Asked, world: Aws) -> Visit:
    """Return a visit of nobody in particular, in the language that was chosen here, or that the browser asks for."""
    chosen = (asked.query.get("lang", ""), asked.cookie(cookies.LANGUAGE))
    language = next((one for one in chosen if one in LANGUAGES), None)
    language = language or accepted_among(asked.headers.get("accept-language", ""), LANGUAGES) or LANGUAGES[0]
    return Visit(asked=asked, world=world, now=now(), language=language)


def _with_language(visit: Visit, answered: Answer) -> Answer:
    """Return the answer with the cookie that keeps a language that was just chosen."""
    if visit.asked.query.get("lang") != visit.language:
        return answered
    kept = cookies.given(cookies.LANGUAGE, visit.language, cookies.YEAR)
    return replace(answered, cookies=(*answered.cookies, kept))
