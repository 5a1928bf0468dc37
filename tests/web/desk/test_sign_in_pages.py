"""Signing in and out as a browser sees it; the flow's own attacks are in tests/flow/desk."""

from datetime import timedelta
from http.cookies import SimpleCookie
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.domain.desk.id_token import Reason
from chalicelib.words import desk as words
from tests.horrors.horrors import ALL
from tests.web.desk.valid import Page, problems
from tests.web.desk.world import HOST, asked

AWAY = [
    "https://evil.example/",
    "//evil.example",
    "/desk/../x",
    "/desk/\\evil",
    "javascript:alert(1)",
    "/desk/sign-out",
    ALL,
]


class Browser:
    """A browser that keeps cookies and follows what it is told."""

    def __init__(self, world) -> None:
        self.world, self.cookies = world, {}

    def ask(self, method, path, **more):
        line = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = asked(self.world, method, path, headers={"cookie": line} if line else {}, **more)
        for given in answer.headers.get("Set-Cookie", ()):
            for name, one in SimpleCookie(given).items():
                self.cookies.pop(name, None)
                if one["max-age"] != "0":
                    self.cookies[name] = one.value
        return answer

    def begin(self, **form):
        going = self.ask("POST", "/desk/sign-in", form=form)
        return going, going.headers.get("Refresh", "").partition("url=")[2]

    def sign_in(self, *roles, target="/desk/", **claims):
        _, location = self.begin(target=target)
        back = self.world.desk_provider.sign_in(location, self.claims(*roles) | claims)
        return self.ask("GET", "/desk/signed-in", query=back)

    def claims(self, *roles, subject="u-17"):
        at = int(self.world.now.timestamp())
        groups = [f"tenfour-{role}" for role in roles]
        return {"sub": subject, "name": "Dana Ruiz", "roles": groups, "iat": at, "exp": at + 300, "auth_time": at}


@pytest.fixture
def browser(world):
    return Browser(world)


def test_somebody_signs_in_and_comes_to_the_page_that_they_wanted(world, browser):
    refused = browser.ask("GET", "/desk/springfield/incident", query={"number": "P26-1"})
    target = Page(refused.body)
    assert refused.status_code == 401
    assert 'name="target" value="/desk/springfield/incident?number=P26-1"' in refused.body
    assert f"https://{HOST}" not in target.links

    done = browser.sign_in("supervisor", target="/desk/springfield/incident?number=P26-1")

    assert (done.status_code, done.headers["Location"]) == (303, "/desk/springfield/incident?number=P26-1")
    assert list(browser.cookies) == ["__Host-desk"]
    assert browser.ask("GET", "/desk").headers["Location"] == "/desk/springfield"
    assert [(one.what, one.agency_id, one.name) for one in world.ledger.entries] == [
        ("signed_in", "springfield", "Dana Ruiz")
    ]
    assert world.ledger.entries[0].by == "desk:id.springfield.example:u-17"


def test_the_browser_goes_to_the_provider_by_a_page_that_works_without_script(world, browser):
    going, location = browser.begin(target="/desk/")
    query = parse_qs(urlsplit(location).query)

    assert going.status_code == 200
    assert location.replace("&", "&amp;") in going.body
    assert problems(going.body) == []
    assert query["redirect_uri"] == [f"https://{HOST}/desk/signed-in"]
    assert query["code_challenge_method"] == ["S256"]
    assert "form-action 'self';" in going.headers["Content-Security-Policy"]


@pytest.mark.parametrize("target", AWAY)
def test_signing_in_leads_to_no_other_site_and_to_no_act(browser, target):
    done = browser.sign_in("supervisor", target=target)

    assert done.headers["Location"] == "/desk/"


def test_each_reason_why_nobody_is_signed_in_has_a_sentence_in_both_languages():
    for language in words.LANGUAGES:
        assert {reason.value for reason in Reason} == words.load(language)["sign_in"]["why"].keys()


@pytest.mark.parametrize(
    "query", [{}, {"code": "x"}, {"state": "forged", "code": "x"}, {"error": "access_denied", "state": "x"}], ids=str
)
def test_a_call_back_that_nobody_began_signs_nobody_in(world, browser, query):
    answer = browser.ask("GET", "/desk/signed-in", query=query)

    assert answer.status_code == 403
    assert problems(answer.body) == []
    assert "could not be signed in" in answer.body
    assert browser.cookies == {}
    assert "sessions.open" not in world.calls


def test_a_call_back_counts_once_and_in_its_own_browser(world, browser):
    _, location = browser.begin(target="/desk/")
    back = world.desk_provider.sign_in(location, browser.claims("supervisor"))
    stolen = Browser(world).ask("GET", "/desk/signed-in", query=back)
    first = browser.ask("GET", "/desk/signed-in", query=back)
    again = browser.ask("GET", "/desk/signed-in", query=back)

    assert [answer.status_code for answer in (stolen, first, again)] == [403, 303, 403]


def test_signing_in_gives_another_cookie_and_ends_the_session_before(world, browser):
    browser.cookies["__Host-desk"] = "planted"
    browser.sign_in("supervisor")
    first = browser.cookies["__Host-desk"]
    browser.sign_in("supervisor")

    assert len({"planted", first, browser.cookies["__Host-desk"]}) == 3
    assert asked(world, "GET", "/desk/springfield", cookie=first).status_code == 401


def test_a_locked_session_is_opened_by_its_own_person_alone(world, browser):
    browser.sign_in("supervisor")
    world.now += timedelta(minutes=31)
    locked = browser.ask("GET", "/desk/springfield/pause")
    assert (locked.status_code, "<h1>Locked</h1>" in locked.body) == (401, True)

    _, location = browser.begin(target="/desk/springfield/pause", again="yes")
    other = browser.ask(
        "GET",
        "/desk/signed-in",
        query=world.desk_provider.sign_in(location, browser.claims("supervisor", subject="u-18")),
    )
    _, location = browser.begin(target="/desk/springfield/pause", again="yes")
    own = browser.ask(
        "GET", "/desk/signed-in", query=world.desk_provider.sign_in(location, browser.claims("supervisor"))
    )

    assert "max_age=0" in location
    assert (other.status_code, "as somebody else" in other.body) == (403, True)
    assert (own.status_code, own.headers["Location"]) == (303, "/desk/springfield/pause")
    assert world.ledger.said.count(("sign_in_failed", "")) == 2  # one for the auditors of each agency
    assert world.ledger.entries[-2].by.endswith("u-18")


def test_with_the_provider_down_a_page_says_so_and_how_to_stop_texts(world, browser):
    world.desk_provider.down = True
    answer = browser.ask("POST", "/desk/sign-in", form={"target": "/desk/"})

    assert answer.status_code == 503
    assert "tenfour settings pause" in answer.body
    assert problems(answer.body) == []


def test_with_the_provider_down_whoever_is_signed_in_goes_on_and_can_sign_out(world, browser):
    browser.sign_in("supervisor")
    world.desk_provider.down = True

    assert browser.ask("GET", "/desk/springfield").status_code == 200
    assert browser.ask("POST", "/desk/sign-out").status_code == 200
    assert browser.ask("GET", "/desk/springfield").status_code == 401


def test_with_the_ledger_down_somebody_can_sign_in_and_press_the_brake_and_look_at_nothing(world, browser):
    world.ledger.down = True
    browser.sign_in("supervisor")

    assert browser.ask("GET", "/desk/springfield").status_code == 200
    assert browser.ask("POST", "/desk/springfield/pause", form={"what": "agency"}).status_code == 303
    assert [one.of for one in world.settings.pauses] == ["agency"]


def test_signing_out_ends_this_session_or_all_of_them(world, browser):
    other = Browser(world)
    browser.sign_in("supervisor")
    other.sign_in("supervisor")
    stolen = browser.cookies["__Host-desk"]
    page = browser.ask("GET", "/desk/sessions")

    out = browser.ask("POST", "/desk/sign-out")
    there = other.ask("GET", "/desk/springfield").status_code
    everywhere = other.ask("POST", "/desk/sign-out", form={"everywhere": "yes"})

    assert page.body.count("Signed in 0 s ago") == 2
    assert page.body.count("This browser") == 1
    assert stolen not in page.body
    assert browser.cookies == {"__Host-desk": "out"}
    assert "https://id.springfield.example/end" in out.body
    assert there == 200
    assert "in all browsers" in everywhere.body
    assert [
        asked(world, "GET", "/desk/springfield", cookie=one).status_code for one in (stolen, other.cookies.get("x", ""))
    ] == [401, 401]
    assert [what for what, _ in world.ledger.said][-2:] == ["signed_out", "signed_out_everywhere"]


@pytest.mark.parametrize("left", ["signed out", "locked"])
def test_whoever_comes_next_to_a_browser_that_somebody_left_proves_who_they_are(world, browser, left):
    """The provider's own session of the one who left does not open the desk to the one who sits down."""
    browser.sign_in("supervisor")
    if left == "locked":
        world.now += timedelta(minutes=31)
    else:
        browser.ask("POST", "/desk/sign-out")

    _, location = browser.begin(target="/desk/")

    assert "prompt=login" in location
    assert "prompt=login" not in Browser(world).begin(target="/desk/")[1]


def test_somebody_without_a_role_is_told_whom_to_ask(browser):
    browser.sign_in()

    home = browser.ask("GET", "/desk")

    assert home.status_code == 200
    assert "Ask the person who gives out roles" in home.body
    assert "you have no role here yet" in home.body
    assert browser.ask("GET", "/desk/springfield").status_code == 403


def test_an_auditor_is_led_to_the_ledger_and_to_no_board(browser):
    browser.sign_in("auditor")

    home = browser.ask("GET", "/desk")

    assert home.headers["Location"] == "/desk/springfield/ledger"
    assert 'href="/desk/springfield"' not in browser.ask("GET", "/desk/springfield/ledger").body


def test_a_forbidden_page_says_which_roles_it_takes(browser):
    browser.sign_in("watch")

    answer = browser.ask("GET", "/desk/springfield/pause")

    assert "It takes one of these roles: supervisor. You have: watch." in answer.body


def test_a_forbidden_page_of_ones_own_agency_does_not_doubt_that_there_is_one(browser):
    browser.sign_in("watch")

    own, other = (browser.ask("GET", f"/desk/{name}") for name in ("springfield/pause", "shelbyville"))

    assert "Your roles do not allow this page.</p>" in own.body
    assert "or there is no such agency" in other.body


def test_the_sessions_say_how_long_ago_and_lead_back_to_the_desk(browser):
    browser.sign_in("watch")

    shown = browser.ask("GET", "/desk/sessions").body

    assert "Signed in 0 s ago, last act 0 s ago." in shown
    assert '<a class="go" href="/desk">' in shown


@pytest.mark.parametrize("left", ["signed out", "locked"])
def test_a_form_that_met_a_closed_door_stays_on_the_page_and_can_be_sent_again(world, left):
    cookie = world.signed_in("supervisor")
    world.now += timedelta(minutes=31)
    form = {"what": "beat:7", "reason": '<b>"storm"'}
    told = asked(world, "POST", "/desk/springfield/pause", cookie=cookie if left == "locked" else "", form=form)

    assert told.status_code == 401
    assert 'action="/desk/springfield/pause"' in told.body
    assert 'name="reason" value="&lt;b&gt;&#34;storm&#34;"' in told.body
    assert 'target="_blank"' in told.body
    assert Page(told.body).problems == []
    assert world.settings.pauses == ()
    assert "Send my form" not in asked(world, "GET", "/desk/springfield/pause").body
