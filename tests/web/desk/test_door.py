"""The door of the desk: each route, each role, each agency, and whatever somebody tries at it."""

import ast
from datetime import timedelta

import pytest
from msgspec.structs import replace

from chalicelib.domain.desk.permissions import GRAVE, Permission, Role, permitted
from chalicelib.domain.notifications.pause import Pause
from chalicelib.ports.desk import ProviderDown
from chalicelib.ports.errors import Busy, Conflict
from chalicelib.web.desk import cookies, door
from chalicelib.web.desk.page import _known, html
from chalicelib.web.desk.request import read_request
from chalicelib.web.desk.routes import OWN, ROUTES, Route
from chalicelib.web.desk.visit import Answer, Visit
from tenfour.common.paths import ROOT
from tests.web.desk.valid import Page, problems
from tests.web.desk.world import HOST, asked, request

NOT_THEIRS = (401, 403)
OF_AN_AGENCY = [route for route in ROUTES if "{agency_id}" in route.path]
OF_NO_AGENCY = [route for route in ROUTES if "{agency_id}" not in route.path]


def named(route):
    return f"{route.method} {route.path}"


def path_of(route, agency_id="springfield"):
    return route.path.replace("{agency_id}", agency_id).replace("{name}", "live.js")


def test_each_route_names_a_permission_and_none_is_there_twice():
    assert all(isinstance(route.permission, Permission) for route in ROUTES)
    assert len({named(route) for route in ROUTES}) == len(ROUTES)
    assert {route.path.split("/")[2] for route in OF_NO_AGENCY if route.path != "/desk"} == OWN
    with pytest.raises(TypeError, match="permission"):
        Route(method="GET", path="/desk/new", view=lambda visit: None)


OF_ITS_DESK = {
    "follow-up-phone": {Permission.FOLLOW_UPS_SEE},
    "allegation-phone": {Permission.ALLEGATIONS_SEE},
    "alert-phone": {Permission.INCIDENT_SEE},
}
"""Whoever calls somebody back needs the permission to see that desk's follow-ups, too."""


def needed(route):
    """Return the permissions that a route takes."""
    return {route.permission, *OF_ITS_DESK.get(route.path.rpartition("/")[2], ())}


@pytest.mark.parametrize("route", OF_AN_AGENCY, ids=named)
@pytest.mark.parametrize("role", Role)
def test_each_role_may_have_of_its_own_agency_what_the_table_of_permissions_says(world, route, role):
    cookie = world.signed_in(role)

    answer = asked(world, route.method, path_of(route), cookie=cookie)

    assert (answer.status_code not in NOT_THEIRS) == (needed(route) <= permitted([role]))
    assert answer.status_code < 500


@pytest.mark.parametrize("agency_id", ["shelbyville", "nowhere"])
@pytest.mark.parametrize("route", OF_AN_AGENCY, ids=named)
def test_nobody_may_have_anything_of_another_agency_and_can_t_tell_whether_it_exists(world, route, agency_id):
    cookie = world.signed_in(*Role)

    answer = asked(world, route.method, path_of(route, agency_id), cookie=cookie)
    other = asked(world, route.method, path_of(route, "atlantis"), cookie=cookie)

    assert answer.status_code == 403
    assert answer.body.replace(agency_id, "atlantis") == other.body
    assert answer.headers == other.headers
    assert world.ledger.entries == []


@pytest.mark.parametrize("route", ROUTES, ids=named)
def test_somebody_who_is_not_signed_in_may_have_what_anybody_may(world, route):
    answers = [asked(world, route.method, path_of(route), cookie=cookie) for cookie in ("", "forged", "x" * 5000)]

    anybody = route.permission is Permission.ANYBODY
    assert {(answer.status_code == 401) for answer in answers} == {not anybody}
    assert "settings.conditions" not in world.calls
    assert world.ledger.entries == []


@pytest.mark.parametrize("route", ROUTES, ids=named)
def test_a_locked_session_can_do_nothing_but_end(world, route):
    cookie = world.signed_in(*Role)
    world.now += timedelta(minutes=30)

    answer = asked(world, route.method, path_of(route), cookie=cookie)

    free = route.permission is Permission.ANYBODY or route.while_locked
    assert (answer.status_code == 401) == (not free)
    assert not world.settings.pauses
    if not free:
        assert "Dana Ruiz" in answer.body
        assert 'name="again" value="yes"' in answer.body


@pytest.mark.parametrize("route", ROUTES, ids=named)
def test_a_session_ends_after_twelve_hours_whatever_somebody_does(world, route):
    cookie = world.signed_in(*Role, acted_at=world.now + timedelta(hours=11, minutes=59))
    world.now += timedelta(hours=12)

    answer = asked(world, route.method, path_of(route), cookie=cookie)

    assert (answer.status_code == 401) == (route.permission is not Permission.ANYBODY)


def test_roles_are_read_from_the_settings_in_force_at_each_request(world):
    cookie = world.signed_in("supervisor")
    before = asked(world, "GET", "/desk/springfield/incident", cookie=cookie).status_code
    ours = world.settings.agency("springfield")
    without = {value: roles for value, roles in ours.desk.roles.items() if value != "tenfour-supervisor"}
    world.settings._port._agencies["springfield"] = replace_desk(ours, roles=without)

    after = asked(world, "GET", "/desk/springfield/incident", cookie=cookie).status_code

    assert (before, after) == (200, 403)


def replace_desk(ours, **changes):
    return replace(ours, desk=replace(ours.desk, **changes))


@pytest.mark.parametrize("permission", sorted(GRAVE))
def test_what_is_grave_asks_for_a_fresh_sign_in(world, permission):
    done = []
    route = Route(
        method="POST",
        path="/desk/{agency_id}/grave",
        permission=permission,
        view=lambda visit: done.append(1) or html(""),
    )
    fresh, old = (
        world.signed_in(*Role, cookie="fresh"),
        world.signed_in(*Role, cookie="old", signed_in_at=world.now - timedelta(minutes=30)),
    )
    untold = world.signed_in(*Role, cookie="untold", signed_in_at=None)

    statuses = [
        door.visited(read_request(request("POST", "/desk/springfield/grave", cookie=one), HOST), world, (route,)).status
        for one in (fresh, old, untold)
    ]

    assert statuses == [200, 401, 401]
    assert done == [1]


def test_a_page_renews_a_session_once_a_minute_and_a_poll_never_does(world):
    cookie = world.signed_in("watch")
    for minute in range(29):
        world.now += timedelta(minutes=1)
        assert asked(world, "GET", "/desk/springfield/waiting", cookie=cookie).status_code == 200, minute
    assert world.calls["sessions.acted"] == 0

    asked(world, "GET", "/desk/springfield", cookie=cookie)
    asked(world, "GET", "/desk/springfield", cookie=cookie)
    assert world.calls["sessions.acted"] == 1
    world.now += timedelta(minutes=30)

    assert asked(world, "GET", "/desk/springfield/waiting", cookie=cookie).status_code == 401


def test_a_forbidden_page_renews_nothing(world):
    cookie = world.signed_in("watch")
    world.now += timedelta(minutes=20)

    asked(world, "GET", "/desk/springfield/incident", cookie=cookie)
    asked(world, "GET", "/desk/shelbyville", cookie=cookie)

    assert world.calls["sessions.acted"] == 0


ELSEWHERE = [
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"sec-fetch-site": None, "origin": "https://evil.example"},
    {"sec-fetch-site": None, "origin": f"https://{HOST}.evil.example"},
    {"sec-fetch-site": None, "origin": f"http://{HOST}"},
    {"sec-fetch-site": None, "origin": "null"},
    {"sec-fetch-site": None},
]


@pytest.mark.parametrize("headers", ELSEWHERE, ids=str)
@pytest.mark.parametrize("route", [route for route in ROUTES if route.method == "POST"], ids=named)
def test_a_form_from_elsewhere_does_nothing(world, route, headers):
    cookie = world.signed_in(*Role)

    answer = asked(world, "POST", path_of(route), cookie=cookie, headers=headers, form={"what": "agency"})

    assert answer.status_code == 403
    assert "was not sent from the desk" in answer.body
    assert not world.settings.pauses
    assert "sessions.close" not in world.calls


@pytest.mark.parametrize("headers", [{}, {"sec-fetch-site": None, "origin": f"https://{HOST}"}], ids=str)
def test_a_form_from_our_own_page_counts(world, headers):
    cookie = world.signed_in("supervisor")

    answer = asked(world, "POST", "/desk/springfield/pause", cookie=cookie, headers=headers)

    assert answer.status_code == 303
    assert [one.of for one in world.settings.pauses] == ["agency"]


def test_no_get_changes_anything(world):
    cookie = world.signed_in(*Role)
    world.settings._port.pauses = (Pause(of="agency", author="x", reason="", at=world.now),)

    for route in ROUTES:
        if route.method == "GET":
            asked(
                world,
                "GET",
                path_of(route),
                cookie=cookie,
                query={"what": "agency", "of": "agency", "everywhere": "yes"},
            )
            asked(world, "HEAD", path_of(route), cookie=cookie)

    changing = {"settings.pause", "settings.resume", "sessions.close", "sessions.close_all", "sessions.begin"}
    assert not changing & world.calls.keys()


WANTED = {
    "Cache-Control": "no-store",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000",
}


def every_answer(world):
    """Return an answer of each kind, by what was asked."""
    cookie = world.signed_in(*Role)
    found = {
        named(route): asked(world, route.method, path_of(route), cookie=cookie)
        for route in ROUTES
        if not route.while_locked
    }
    found["forbidden"] = asked(world, "GET", "/desk/shelbyville", cookie=cookie)
    found["not found"] = asked(world, "GET", "/desk/springfield/a/b", cookie=cookie)
    found["not allowed"] = asked(world, "POST", "/desk/springfield", cookie=cookie)
    found["not signed in"] = asked(world, "GET", "/desk/springfield")
    found["elsewhere"] = asked(world, "POST", "/desk/sign-in", headers={"sec-fetch-site": "cross-site"})
    found["large"] = asked(world, "POST", "/desk/sign-in", form={"target": "x" * 70_000})
    return found


def test_every_answer_can_be_framed_by_nobody_and_is_kept_by_no_cache(world):
    for what, answer in every_answer(world).items():
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy, what
        assert "frame-ancestors 'none'" in policy, what
        assert "unsafe" not in policy, what
        assert {name: answer.headers[name] for name in WANTED} == WANTED, what


def test_only_a_file_under_its_digest_may_be_kept(world):
    page = Page(asked(world, "GET", "/desk/sign-in").body)
    files = [link for link in page.links if "/assets/" in link]
    answers = [asked(world, "GET", file) for file in files]

    assert len(files) == 2
    assert [answer.status_code for answer in answers] == [200, 200]
    assert {answer.headers["Cache-Control"] for answer in answers} == {"public, max-age=31536000, immutable"}
    assert all("Set-Cookie" not in answer.headers for answer in answers)
    for wrong in ("live.000000000000.js", "base.html", "..%2f..%2fapp.py", "../app.py"):
        assert asked(world, "GET", f"/desk/assets/{wrong}").status_code == 404


def test_every_page_is_whole_has_one_heading_and_a_title_that_begins_with_it(world):
    for what, answer in every_answer(world).items():
        is_part = any(word in what for word in ("assets", "waiting", "-live"))
        is_page = "text/html" in answer.headers.get("Content-Type", "")
        if answer.body and answer.status_code != 303 and is_page and not is_part:
            assert problems(answer.body) == [], what


def test_head_says_what_get_does_without_a_body(world):
    cookie = world.signed_in("supervisor")

    got, head = (asked(world, method, "/desk/springfield", cookie=cookie) for method in ("GET", "HEAD"))

    assert (head.status_code, head.body, head.headers.keys()) == (200, "", got.headers.keys())


@pytest.mark.parametrize(
    ("method", "path", "allowed"), [("POST", "/desk/springfield", "GET"), ("PUT", "/desk/sign-out", "GET, POST")]
)
def test_another_method_is_told_which_one_is_taken(world, method, path, allowed):
    answer = asked(world, method, path, cookie=world.signed_in("supervisor"))

    assert (answer.status_code, answer.headers["Allow"]) == (405, allowed)


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (Busy(), 503, "The desk is busy"),
        (Conflict(), 503, "The desk is busy"),
        (ProviderDown("gone"), 503, "sign-in does not answer"),
        (ValueError("303-555-0123 secret"), 500, "Something failed here"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_each_trouble_is_a_page_that_says_what_to_do_and_keeps_the_brake(world, caplog, error, status, words):
    def fails(visit):
        raise error

    route = Route(method="GET", path="/desk/{agency_id}/x", permission=Permission.BOARD_SEE, view=fails)
    given = request("GET", "/desk/springfield/x", cookie=world.signed_in("supervisor"))
    answer = door.visited(read_request(given, HOST), world, (route,))

    assert answer.status == status
    assert words in answer.body
    assert problems(answer.body) == []
    assert "secret" not in answer.body + str([record.__dict__ for record in caplog.records])
    assert ("Stop all texts" in answer.body) == (status == 500)


def test_where_not_even_a_page_can_be_made_there_is_an_answer(world, caplog):
    broken = door.answer(request("GET", "/desk"), lambda: 1 / 0)

    assert (broken.status_code, broken.body) == (500, "something failed here; texts go on")
    assert [record.error for record in caplog.records] == ["ZeroDivisionError"]


@pytest.mark.parametrize("prefix", ["", "/api", "/desk"])
def test_links_stay_below_the_stage(world, prefix):
    cookie = world.signed_in("supervisor")

    page = asked(world, "GET", "/desk/springfield", cookie=cookie, prefix=prefix)

    links = [link for link in Page(page.body).links if not link.startswith(("#", "data:"))]
    assert len(links) > 5
    assert all(link.startswith(f"{prefix}/desk") for link in links)


def test_a_forged_host_gets_into_no_page(world):
    world.config.desk_domain = ""
    cookie = world.signed_in("supervisor")

    answer = asked(world, "GET", "/desk/springfield", cookie=cookie, headers={"host": "evil.example"})

    assert "evil.example" not in answer.body + str(answer.headers)


def test_the_language_is_the_browsers_or_the_one_that_was_chosen(world):
    cookie = world.signed_in("supervisor")
    spanish = asked(world, "GET", "/desk/springfield", cookie=cookie, headers={"accept-language": "es-MX,es;q=0.9"})
    chosen = asked(world, "GET", "/desk/springfield", cookie=cookie, query={"lang": "es"})
    given = chosen.headers["Set-Cookie"][0]
    both = f"{cookies.SESSION}={cookie}; {given.partition(';')[0]}"
    later = asked(world, "GET", "/desk/springfield", headers={"cookie": both})
    none = asked(
        world, "GET", "/desk/springfield", cookie=cookie, query={"lang": "xx"}, headers={"accept-language": "fr"}
    )

    assert all(
        "<h1>Ahora</h1>" in answer.body and '<html lang="es">' in answer.body for answer in (spanish, chosen, later)
    )
    assert "<h1>Now</h1>" in none.body
    assert "Set-Cookie" not in none.headers


def test_each_cookie_is_bound_to_this_host_and_hidden_from_scripts():
    line = cookies.given(cookies.SESSION, "x")

    assert line == "__Host-desk=x; Path=/; Secure; HttpOnly; SameSite=Lax"
    assert Answer().status == 200


class TestAMissingFactor:
    """An agency's settings may demand that the sign-in names a factor."""

    @pytest.fixture
    def cookie(self, world):
        ours = world.settings.agency("springfield")
        world.settings._port._agencies["springfield"] = replace_desk(ours, methods=("mfa", "vendor:key"))
        return world.signed_in("supervisor", methods=("pwd",))

    def test_says_which_one_it_is_and_what_to_do_and_not_that_a_role_is_missing(self, world, cookie):
        answer = asked(world, "GET", "/desk/springfield", cookie=cookie)

        assert answer.status_code == 403
        assert "takes only a sign-in that names one of these: mfa (more than one factor), vendor:key." in answer.body
        assert "Yours named: pwd (a password)." in answer.body
        assert 'name="target" value="/desk/springfield"' in answer.body
        assert 'name="again" value="yes"' in answer.body
        assert "It takes one of these roles" not in answer.body
        assert problems(answer.body) == []

    def test_is_said_on_the_way_in(self, world, cookie):
        assert asked(world, "GET", "/desk", cookie=cookie).headers["Location"] == "/desk/springfield"

    def test_is_said_of_each_agency_where_there_are_several(self, world, cookie):
        both = {"roles": ("tenfour-supervisor", "other-supervisor")}
        page = asked(world, "GET", "/desk", cookie=world.signed_in(cookie="both", groups=both)).body

        assert page.count("your sign-in lacks a factor") == 1
        assert problems(page) == []

    def test_of_a_form_says_that_nothing_was_done(self, world, cookie):
        answer = asked(world, "POST", "/desk/springfield/pause", cookie=cookie, form={"what": "agency"})

        assert "nothing was done" in answer.body
        assert not world.settings.pauses

    def test_says_nothing_to_somebody_without_a_role_there(self, world, cookie):
        nobody = world.signed_in("supervisor", where="other", cookie="other")

        assert "mfa" not in asked(world, "GET", "/desk/springfield", cookie=nobody).body

    def test_says_so_where_the_sign_in_named_none(self, world, cookie):
        silent = world.signed_in("supervisor", cookie="silent", methods=())

        assert "did not say how" in asked(world, "GET", "/desk/springfield", cookie=silent).body

    def test_lets_in_whoever_has_it(self, world, cookie):
        for methods in (("pwd", "mfa"), ("vendor:key",)):
            proved = world.signed_in("supervisor", cookie="proved", methods=methods)
            assert asked(world, "GET", "/desk/springfield", cookie=proved).status_code == 200


def test_no_page_is_filled_under_a_name_that_all_pages_have(world):
    """A view's own value under such a name would take its place: a count once stood where the other pages are."""
    visit = Visit(asked=read_request(request("GET", "/desk"), HOST), world=world, now=world.now, language="en")
    taken = set(_known(visit)) - {"pauses", "at_resume"}
    for source in (ROOT / "chalicelib/web/desk").glob("*.py"):
        calls = [one for one in ast.walk(ast.parse(source.read_text())) if isinstance(one, ast.Call)]
        filled = [one for one in calls if isinstance(one.func, ast.Name) and one.func.id in ("page", "part")]

        assert not {word.arg for one in filled for word in one.keywords} & taken, source.name
