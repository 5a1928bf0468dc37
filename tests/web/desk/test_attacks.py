"""What an attacker, an insider or an unlucky browser tries at the desk's door."""

from datetime import timedelta

import pytest

from chalicelib.domain.desk.pending import hashed
from chalicelib.domain.ledger.noted import sentence
from chalicelib.domain.names import is_agency_id
from chalicelib.domain.notifications.pause import Pause
from chalicelib.flow.desk.sign_in import sign_out
from chalicelib.web.desk import cookies
from chalicelib.web.desk.noting import NOBODYS
from chalicelib.web.desk.routes import ROUTES
from tests.web.desk.test_sign_in_pages import Browser
from tests.web.desk.world import asked, story

BESIDE = [
    'x={"a":1}',
    "a b=c",
    "[x]=1",
    'x="unclosed',
    "x",
    "expires=x",
    "x=1,2 3",
    "__Host-desk-not=tok",
    "X__Host-desk=tok",
    "caf\xe9=1",
]
"""Cookies that another site of the agency's domain may set, and that no rule of ours can forbid."""


@pytest.mark.parametrize("other", BESIDE)
@pytest.mark.parametrize("line", ["{other}; {ours}", "{ours}; {other}"])
def test_cookies_of_the_agencys_other_sites_keep_nobody_out(world, other, line):
    ours = f"{cookies.SESSION}={world.signed_in('watch')}"
    answer = asked(world, "GET", "/desk/springfield", headers={"cookie": line.format(other=other, ours=ours)})

    assert answer.status_code == 200


def test_a_second_cookie_of_our_name_is_not_taken(world):
    mine, theirs = world.signed_in("watch"), world.signed_in("admin", where="other")
    line = f"{cookies.SESSION}={mine}; {cookies.SESSION}={theirs}"

    assert asked(world, "GET", "/desk/springfield", headers={"cookie": line}).status_code == 200
    assert asked(world, "GET", "/desk/shelbyville", headers={"cookie": line}).status_code == 403


@pytest.mark.parametrize("cookie", ["", "x" * 5000, "\ud800", "\xff", "out", '"', "session#1", "0" * 64, "=", "a=b"])
def test_a_cookie_of_nobodys_opens_nothing(world, cookie):
    world.signed_in("supervisor")
    for route in ROUTES:
        path = route.path.replace("{agency_id}", "springfield")
        if route.permission != "anybody":
            answer = asked(world, route.method, path, headers={"cookie": f"{cookies.SESSION}={cookie}"})

            assert answer.status_code in {401, 500}
            assert not world.settings.pauses


def test_the_hash_that_the_table_holds_is_no_cookie(world):
    session = world.sessions.find(hashed(world.signed_in("supervisor")))

    for stolen in (session.hash, session.pseudonym, hashed(session.hash)):
        assert asked(world, "GET", "/desk/springfield", cookie=stolen).status_code == 401


def test_a_stolen_cookie_is_worth_nothing_once_its_person_has_signed_out(world):
    stolen = world.signed_in("supervisor")
    elsewhere = world.signed_in("supervisor", cookie="another-browser")
    asked(world, "POST", "/desk/sign-out", cookie=elsewhere, form={"everywhere": "1"})

    world.now += timedelta(minutes=2)
    for route in ROUTES:
        if route.permission != "anybody":
            path = route.path.replace("{agency_id}", "springfield")
            assert asked(world, route.method, path, cookie=stolen).status_code == 401
    assert world.settings.pauses == ()


def test_an_act_on_its_way_brings_no_closed_session_back(world):
    cookie = world.signed_in("supervisor")
    session = world.sessions.find(hashed(cookie))
    sign_out(world, session, everywhere=False)

    assert not world.sessions.acted(session.hash, world.now)
    assert world.sessions.find(session.hash) is None


def test_a_page_that_only_looks_for_news_locks_after_half_an_hour(world):
    cookie = world.signed_in("supervisor")
    for _ in range(7):
        answer = asked(world, "GET", "/desk/springfield/waiting", cookie=cookie, query={"lang": "es"})
        world.now += timedelta(minutes=5)

    assert answer.status_code == 401
    assert asked(world, "POST", "/desk/springfield/pause", cookie=cookie).status_code == 401


@pytest.mark.parametrize("header", ["x-http-method-override", "x-method-override", "x-http-method"])
def test_no_header_makes_an_act_of_a_look(world, header):
    cookie = world.signed_in("supervisor")
    asked(world, "GET", "/desk/springfield/pause", cookie=cookie, headers={header: "POST"}, query={"what": "agency"})
    asked(world, "GET", "/desk/sign-out", cookie=cookie, headers={header: "POST"}, query={"_method": "POST"})

    assert world.settings.pauses == ()
    assert asked(world, "GET", "/desk/springfield", cookie=cookie).status_code == 200


@pytest.mark.parametrize("first", ["springfield/incident", "springfield%2fincident", "./springfield", "SPRINGFIELD"])
def test_no_spelling_of_an_address_goes_round_its_permission(world, first):
    cookie = world.signed_in("watch")
    for path in (f"/desk/{first}", f"/desk/{first}/incident", f"/desk/x/../{first}/incident"):
        answer = asked(world, "GET", path, cookie=cookie, query={"number": "P26-1"})

        assert answer.status_code in {403, 404}
    assert world.ledger.entries == []


@pytest.mark.parametrize(
    "which", ["303-555-0123", "415-1000", "ann@city.example", "x" * 400, "a\x1b[1m", "+13035550123"]
)
@pytest.mark.parametrize("of", ["type", "beat", "incident"])
def test_whatever_is_paused_can_be_resumed_and_both_are_noted(world, of, which):
    cookie = world.signed_in("supervisor")
    world.settings.pause("springfield", Pause(of=of, which=which, author="x", reason="", at=world.now))
    form = {"of": of, "which": which, "at": world.now.isoformat()}
    answer = asked(world, "POST", "/desk/springfield/resume", cookie=cookie, form=form)

    assert answer.status_code == 303
    assert world.settings.pauses == ()
    ((what, about),) = world.ledger.said
    assert what == "resumed"
    assert "0123" not in about.removesuffix("…0123")


def test_a_call_whose_number_reads_as_a_phone_can_be_paused(world):
    """Ten digits are a number of a call in many cities: 2026001234 is also a phone in Washington."""
    cookie = world.signed_in("supervisor")
    story(world, number="2026001234")
    answer = asked(world, "POST", "/desk/springfield/pause", cookie=cookie, form={"incident": "2026001234"})

    assert answer.status_code == 303
    assert [(one.of, one.which) for one in world.settings.pauses] == [("incident", "2026001234")]
    assert asked(
        world, "POST", "/desk/springfield/pause", cookie=cookie, form={"incident": "2026001299"}
    ).status_code == 422  # fmt: skip


def test_nobody_can_call_themselves_somebody_else_in_the_ledger(world):
    browser = Browser(world)
    browser.sign_in("supervisor", name="Ben Chief", sub="u-666")
    browser.ask("POST", "/desk/springfield/pause", form={"what": "agency"})

    assert {sentence(one) for one in world.ledger.entries} == {
        "Ben Chief (u-666 at id.springfield.example) signed in as supervisor",
        "Ben Chief (u-666 at id.springfield.example) paused everything",
    }


def test_what_is_of_no_agency_is_kept_where_no_agency_can_be():
    assert not is_agency_id(NOBODYS)


def test_a_failed_sign_in_is_where_auditors_look(world):
    browser = Browser(world)
    world.signed_in("watch")
    browser.sign_in("watch")
    world.now += timedelta(minutes=1)
    _, location = browser.begin(target="/desk/", again="1")
    back = world.desk_provider.sign_in(location, browser.claims("watch", subject="u-somebody-else"))
    assert browser.ask("GET", "/desk/signed-in", query=back).status_code == 403

    failed = [one.agency_id for one in world.ledger.entries if one.what == "sign_in_failed"]
    assert sorted(failed) == ["shelbyville", "springfield"]


def test_a_number_reaches_no_other_agencys_calls(world):
    cookie = world.signed_in("supervisor")
    for number in ("shelbyville#S-1", "=shelbyville#S-1", "=../shelbyville", "#", "=", "= ", "\x00", "%"):
        answer = asked(world, "GET", "/desk/springfield/incident", cookie=cookie, query={"number": number})

        assert answer.status_code in {200, 404}
    assert world.ledger.entries == []
