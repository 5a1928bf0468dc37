"""Attacks on signing in, against the city: its Cognito, the desk's own function, its tables.

The flow's rules are tried in tests/flow/desk, over memory. Here it is the packaged function that is attacked, and what
Cognito's token endpoint does is looked at beside what we do.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import httpx
import pytest

from chalicelib.domain.desk.id_token import Reason
from chalicelib.domain.desk.pending import derived, hashed
from chalicelib.flow.desk import sign_in as flow
from chalicelib.identity.provider import Client, OpenIdProvider
from chalicelib.web.desk.cookies import SESSION, SIGN_IN
from rigs.city.cognito import ISSUERS, cognito_by_name
from tests.waiting import LONGEST
from tests.whole.by_http import HttpBrowser, changed, part
from tests.whole.desk import person
from tests.whole.people import now

pytestmark = pytest.mark.whole

NOT_ASKED = "You could not be signed in"
AWAY = (
    "https://evil.example/",
    "//evil.example/desk/",
    "/\\evil.example",
    "/desk/../../evil",
    "/desk/\n//evil.example",
    "/desk//evil.example",
    "javascript:alert(1)",
    "/desk/sign-out",
    "http:/desk/",
    "/desk/x@evil.example",
)


@pytest.fixture(scope="module")
def victim(stack):
    return person(stack, "supervisor")


@pytest.fixture(scope="module")
def attacker(stack):
    """Return an insider with a role that sees no person."""
    return person(stack, "watch")


@pytest.fixture
def browser(stack):
    return HttpBrowser(stack)


@pytest.fixture
def other(stack):
    """Return the attacker's browser."""
    return HttpBrowser(stack)


def refused(answer, browser):
    """Tell whether a call-back signed nobody in, and said so."""
    return answer.status_code == 403 and NOT_ASKED in answer.text and not browser.session


def subject_of(inside, browser):
    return inside.aws.sessions.find(hashed(browser.session)).subject


def test_the_way_in_works_as_it_should(browser, victim):
    answer = browser.sign_in(victim)

    assert (answer.status_code, answer.headers["location"]) == (303, "/api/desk/sessions")
    assert browser.status() == 200


def test_a_code_that_was_used_signs_in_nobody_in_any_browser(browser, other, victim):
    back = browser.prove(browser.begin(), victim)
    first = browser.ask("GET", back)
    again = other.ask("GET", back)
    other.begin()
    code_alone = other.ask("GET", changed(back, state=derived(other.started, "state")))

    assert first.status_code == 303
    assert refused(again, other)
    assert refused(code_alone, other)
    assert browser.status() == 200


def test_a_used_code_has_no_second_token_at_cognito_either(stack, inside, browser, victim):
    location = browser.begin()
    verifier, back = derived(browser.started, "verifier"), browser.prove(location, victim)
    browser.ask("GET", back)

    assert exchanged(stack, inside, back, code_verifier=verifier) == (400, "invalid_grant")


def test_a_call_back_that_is_opened_twice_keeps_the_one_session_and_makes_no_second(browser, victim):
    back = browser.prove(browser.begin(), victim)
    browser.ask("GET", back)
    session = browser.session
    second = browser.ask("GET", back)

    assert second.status_code == 403
    assert browser.session == session
    assert browser.status() == 200


def test_of_many_who_open_a_call_back_at_once_one_gets_a_session(stack, inside, browser, victim):
    back, started = browser.prove(browser.begin(), victim), browser.started

    def open_it(_):
        one = HttpBrowser(stack)
        one.cookies[SIGN_IN] = started
        return one.ask("GET", back).status_code, one.session

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(open_it, range(6)))

    assert sorted(status for status, _ in answers) == [303, 403, 403, 403, 403, 403]
    assert sum(bool(session) for _, session in answers) == 1


def test_the_code_of_anothers_sign_in_signs_nobody_in_as_them(browser, other, victim, attacker):
    """Log-in forgery: a lured browser would work as the attacker, who later reads what it did."""
    theirs = other.prove(other.begin(), attacker)
    browser.begin()
    whole = browser.ask("GET", theirs)
    code_alone = browser.ask("GET", changed(theirs, state=derived(browser.started, "state")))

    assert refused(whole, browser)
    assert refused(code_alone, browser)


def test_a_stolen_code_is_worth_nothing_in_the_thiefs_browser(browser, other, victim):
    back = browser.prove(browser.begin(), victim)
    other.begin()
    code_alone = other.ask("GET", changed(back, state=derived(other.started, "state")))

    assert refused(code_alone, other)
    assert refused(other.ask("GET", back), other)


def test_a_swapped_cookie_makes_no_sign_in_of_two_halves(browser, other, victim, attacker):
    mine, theirs = browser.prove(browser.begin(), victim), other.prove(other.begin(), attacker)
    browser.cookies, other.cookies = other.cookies, browser.cookies

    assert refused(browser.ask("GET", mine), browser)
    assert refused(other.ask("GET", theirs), other)


@pytest.mark.parametrize("state", ["", "forged", "A" * 43, "\xe9", "x" * 5000, None])
def test_a_forged_state_signs_nobody_in_and_takes_the_code_of_nobody(browser, victim, state):
    back = browser.prove(browser.begin(), victim)
    forged = HttpBrowser(browser.stack)
    forged.cookies = dict(browser.cookies)

    assert refused(forged.ask("GET", changed(back, state=state)), forged)
    assert browser.ask("GET", back).status_code == 303


def test_a_state_is_taken_once_even_with_another_code(browser, victim):
    location = browser.begin()
    first, second = browser.prove(location, victim), browser.prove(location, victim)
    started = browser.started
    browser.ask("GET", first)
    again = HttpBrowser(browser.stack)
    again.cookies[SIGN_IN] = started

    assert part(first, "code") != part(second, "code")
    assert refused(again.ask("GET", second), again)


@pytest.mark.parametrize("query", ["", "?code=", "?code=guessed", "?error=access_denied", "?code=a&code=b"])
def test_a_call_back_without_what_began_it_signs_nobody_in(other, query):
    assert refused(other.ask("GET", f"signed-in{query}"), other)


def exchanged(stack, inside, back, **form):
    """Return what Cognito's token endpoint answers somebody who has a code, and the desk's own secret too."""
    known = inside.client("cognito-idp").describe_user_pool_client(
        UserPoolId=inside.outputs["DeskUsers"], ClientId=inside.outputs["DeskClient"]
    )["UserPoolClient"]
    said = {"grant_type": "authorization_code", "code": part(back, "code"), "redirect_uri": back.partition("?")[0]}
    answer = httpx.post(
        f"{stack.aws_endpoint}/oauth2/token",
        data={**said, **form},
        auth=(known["ClientId"], known["ClientSecret"]),
        trust_env=False,
        timeout=LONGEST,
    )
    return answer.status_code, answer.json().get("error")


@pytest.mark.parametrize("form", [{}, {"code_verifier": ""}, {"code_verifier": "A" * 43}])
def test_cognito_gives_no_token_without_the_verifier_even_to_who_has_our_secret(stack, inside, browser, victim, form):
    back = browser.prove(browser.begin(), victim)

    assert exchanged(stack, inside, back, **form) == (400, "invalid_grant")
    assert browser.ask("GET", back).status_code == 303


def test_where_pkce_was_taken_out_of_the_question_the_nonce_still_binds_a_code_to_its_browser(
    browser, other, victim, attacker
):
    """Cognito does not ask for PKCE where the browser left it out, and its owner can change what it is sent with."""
    bare = changed(other.begin(), code_challenge=None, code_challenge_method=None)
    theirs = other.prove(bare, attacker)
    browser.begin()

    assert refused(browser.ask("GET", changed(theirs, state=derived(browser.started, "state"))), browser)


@pytest.mark.parametrize("nonce", [None, "", "forged"])
def test_a_token_without_our_nonce_signs_nobody_in(browser, victim, nonce):
    back = browser.prove(changed(browser.begin(), nonce=nonce), victim)

    assert refused(browser.ask("GET", back), browser)


def test_plain_pkce_is_refused_by_cognito(stack, browser):
    weak = changed(browser.begin(), code_challenge_method="plain")
    answer = httpx.get(weak, trust_env=False, timeout=LONGEST)

    assert answer.status_code in {302, 400}
    assert "code=" not in answer.headers.get("location", "")


def test_cognito_sends_nobody_back_to_an_address_that_is_not_ours(stack, browser, victim):
    location = browser.begin()
    for address in (
        "https://evil.example/",
        f"{part(location, 'redirect_uri')}/../x",
        "http://127.0.0.1:1/desk/signed-in",
    ):
        answer = httpx.get(changed(location, redirect_uri=address), trust_env=False, timeout=LONGEST)

        assert answer.status_code == 400
        assert "location" not in answer.headers


@pytest.mark.parametrize("target", AWAY)
def test_signing_in_leads_to_no_other_site(browser, victim, target):
    answer = browser.sign_in(victim, target=target)

    assert (answer.status_code, answer.headers["location"]) == (303, "/api/desk/")


@pytest.mark.parametrize("name", ["target", "next", "redirect_uri", "return_to", "url"])
def test_nothing_in_the_call_back_says_where_somebody_goes(browser, victim, name):
    back = browser.prove(browser.begin(), victim)
    answer = browser.ask("GET", changed(back, **{name: "https://evil.example/"}))

    assert answer.headers["location"] == "/api/desk/sessions"
    assert "evil.example" not in answer.text


def test_a_session_that_somebody_planted_is_not_the_one_that_is_worked_in(inside, browser, other, victim, attacker):
    """Session fixation, twice: with a cookie of the attacker's choice, and with a session of the attacker's own."""
    other.sign_in(attacker)
    planted = other.session
    for cookie in (uuid4().hex * 2, planted):
        browser.cookies = {SESSION: cookie}
        browser.sign_in(victim)
        other.cookies = {SESSION: cookie}

        assert browser.session not in ("", cookie)
        assert other.status() == 401
        assert browser.status() == 200


def test_a_sign_in_that_somebody_planted_gives_them_nothing(inside, browser, other, victim):
    """The attacker knows the cookie, and so the verifier; the lured person signs in with it, and it is used up."""
    location = other.begin()
    started = other.started
    browser.cookies = {SIGN_IN: started}
    back = browser.prove(location, victim)
    browser.ask("GET", back)
    other.cookies = {SIGN_IN: started}
    late = other.ask("GET", back)

    assert browser.status() == 200
    assert refused(late, other)
    assert SIGN_IN not in browser.cookies


def test_signing_in_over_somebody_elses_session_ends_theirs(inside, browser, victim, attacker):
    browser.sign_in(attacker)
    first, before = browser.session, subject_of(inside, browser)
    browser.sign_in(victim)

    assert subject_of(inside, browser) != before
    assert inside.aws.sessions.find(hashed(first)) is None


class Beside:
    """The desk's ports in this process: the city's tables, and a provider of the test's own."""

    def __init__(self, aws, provider):
        self._aws, self.desk_provider = aws, provider

    def __getattr__(self, name):
        return getattr(self._aws, name)


@pytest.fixture
def at_cognito(stack, inside, tmp_path, monkeypatch):
    """Return a maker of providers that find the city's Cognito as the desk's own function does: by TLS and its name."""
    with cognito_by_name(tmp_path, stack.aws_endpoint) as variables:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)

        def made(client_id, secret, pool=inside.outputs["DeskUsers"]):
            issuer = f"https://{ISSUERS}/{pool}"
            return OpenIdProvider(lambda: Client(issuer=issuer, client_id=client_id, client_secret=secret), now)

        yield made


def hired(inside, backs, pool=""):
    """Return the id and secret of another client, of the desk's pool or of another one."""
    made = inside.client("cognito-idp").create_user_pool_client(
        UserPoolId=pool or inside.outputs["DeskUsers"],
        ClientName=f"other-{uuid4().hex[:8]}",
        GenerateSecret=True,
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=["openid", "profile"],
        CallbackURLs=backs,
        SupportedIdentityProviders=["COGNITO"],
    )["UserPoolClient"]
    return made["ClientId"], made["ClientSecret"]


def another_pool(inside, who):
    """Return a pool that is not the desk's, where somebody of the same name and password is."""
    pool = inside.client("cognito-idp")
    named = {"UserPoolId": pool.create_user_pool(PoolName=f"other-{uuid4().hex[:8]}")["UserPool"]["Id"]}
    pool.admin_create_user(**named, Username=who.username, MessageAction="SUPPRESS")
    pool.admin_set_user_password(**named, Username=who.username, Password=who.password, Permanent=True)
    return named["UserPoolId"]


class Mixed:
    """A provider that is asked as the desk asks, and whose token endpoint gives tokens of another client or pool."""

    def __init__(self, asked, giver):
        self._asked, self._giver = asked, giver

    def __getattr__(self, name):
        return getattr(self._asked, name)

    def exchange(self, code, verifier, redirect_uri):
        return self._giver.exchange(code, verifier, redirect_uri)


def finished(ports, begun, browser, who, clock=now, **other):
    """Let somebody go through a sign-in that began in this process; return the reason why it failed, or ""."""
    back = browser.prove(changed(begun.location, **other), who)
    query = {"code": part(back, "code"), "state": part(back, "state")}
    try:
        flow.finish(ports, query, begun.cookie, back.partition("?")[0], clock())
    except flow.SignInFailed as failed:
        return failed.reason
    return ""


@pytest.fixture
def ours(inside):
    """Return the desk's own client: its id, its secret, and the addresses to which Cognito sends people back."""
    named = {"UserPoolId": inside.outputs["DeskUsers"], "ClientId": inside.outputs["DeskClient"]}
    known = inside.client("cognito-idp").describe_user_pool_client(**named)["UserPoolClient"]
    return known["ClientId"], known["ClientSecret"], known["CallbackURLs"]


def test_a_token_that_is_for_another_client_of_the_same_pool_signs_nobody_in(inside, at_cognito, ours, browser, victim):
    name, secret, backs = ours
    other_name, other_secret = hired(inside, backs)
    ports = Beside(inside.aws, Mixed(at_cognito(name, secret), at_cognito(other_name, other_secret)))
    begun = flow.begin(ports, "/desk/", backs[0], now())

    assert finished(ports, begun, browser, victim, client_id=other_name) == Reason.WRONG_AUDIENCE


def test_a_token_of_another_pool_signs_nobody_in(inside, at_cognito, ours, browser, victim):
    name, secret, backs = ours
    pool = another_pool(inside, victim)
    other_name, other_secret = hired(inside, backs, pool)
    ports = Beside(inside.aws, Mixed(at_cognito(name, secret), at_cognito(other_name, other_secret, pool)))
    begun = flow.begin(ports, "/desk/", backs[0], now())

    assert finished(ports, begun, browser, victim, client_id=other_name) == Reason.WRONG_ISSUER


def test_a_code_of_another_client_has_no_token_for_the_desk(inside, stack, ours, browser, victim):
    other_name, _ = hired(inside, ours[2])
    back = browser.prove(changed(browser.begin(), client_id=other_name), victim)

    assert refused(browser.ask("GET", back), browser)


def test_an_expired_token_signs_nobody_in_and_one_that_just_holds_does(inside, at_cognito, ours, browser, victim):
    """Cognito's tokens for the desk hold five minutes, and clocks may differ by two: it is eight minutes later here."""
    name, secret, backs = ours
    reasons = []
    for minutes in (6, 8):
        ports = Beside(inside.aws, at_cognito(name, secret))
        begun = flow.begin(ports, "/desk/", backs[0], now())
        reasons.append(finished(ports, begun, browser, victim, lambda late=minutes: now() + timedelta(minutes=late)))

    assert reasons == ["", Reason.EXPIRED]


def test_a_sign_in_that_took_longer_than_ten_minutes_is_over(inside, at_cognito, ours, browser, victim):
    name, secret, backs = ours
    ports = Beside(inside.aws, at_cognito(name, secret))
    begun = flow.begin(ports, "/desk/", backs[0], now() - timedelta(minutes=13))

    assert finished(ports, begun, browser, victim) == Reason.TOO_LATE
