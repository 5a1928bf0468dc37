"""Sign-in at the desk in a real browser, by the city's own Cognito: its page, the desk's function, its tables."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import httpx
import pytest
from msgspec.structs import replace

from chalicelib.aws.tables import instant
from chalicelib.domain.desk.pending import hashed
from chalicelib.domain.desk.permissions import BUNDLES, Permission, Role
from chalicelib.domain.ledger.what import What
from tests.waiting import LONGEST
from tests.whole.desk import ask, ask_again, heading, person, prove, sign_in, window
from tests.whole.people import Caller, now

HELPLESS = "Something failed"


@pytest.fixture
def supervisor(stack):
    return person(stack, "supervisor")


def cookie_of(page):
    """Return the session's cookie, or None."""
    return next((each for each in page.context.cookies() if each["name"] == "__Host-desk"), None)


def test_stack_json_names_the_desk_and_people_for_each_bundle(stack):
    first, second, *others = stack.people

    assert stack.desk == f"{stack.api}/desk/"
    assert (first.name, second.name) == ("lead", "second")
    assert first.access_key_id
    assert second.access_key_id
    assert [each.roles for each in others] == [(role.value,) for role in Role]
    assert all(each.username and each.password for each in stack.people)


@pytest.mark.parametrize("role", Role)
def test_each_role_signs_in_by_cognitos_own_page_and_sees_what_it_may(stack, browser, role):
    with window(browser) as page:
        sign_in(page, stack.desk, person(stack, role.value))
        # Other tests have agencies of their own here, so that the first page is a list.
        page.goto(f"{stack.desk}springfield")
        shown = heading(page)
        page.goto(f"{stack.desk}springfield/incident?number=26-000000")
        story = heading(page)

    assert (shown == "Now") == (Permission.BOARD_SEE in BUNDLES[role])
    assert (story == "Incident") == (Permission.INCIDENT_SEE in BUNDLES[role])
    assert HELPLESS not in (shown, story)


@pytest.mark.parametrize("name", ["supervisor", "lead"])
def test_it_works_without_script(stack, browser, name):
    with window(browser, java_script_enabled=False) as page:
        sign_in(page, f"{stack.desk}springfield", person(stack, name))
        shown = heading(page)
        page.get_by_role("button", name="Sign out").click()
        gone = heading(page)

    assert (shown, gone) == ("Now", "Signed out")


def test_the_page_that_was_asked_for_comes_after_signing_in(stack, browser, supervisor):
    with window(browser) as page:
        sign_in(page, f"{stack.desk}sessions", supervisor)

        assert heading(page) == "Sessions"


def test_the_provider_is_asked_with_pkce_state_and_nonce_and_for_a_code(stack, browser):
    with window(browser) as page:
        ask(page, stack.desk)
        asked = {name: value for name, (value,) in parse_qs(urlsplit(page.url).query).items()}

    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert all(len(asked[name]) >= 43 for name in ("state", "nonce", "code_challenge"))
    assert urlsplit(asked["redirect_uri"]).path.endswith("/desk/signed-in")


def test_a_wrong_password_lets_nobody_in(stack, browser, supervisor):
    with window(browser) as page:
        ask(page, stack.desk)
        page.locator("[name=username]").fill(supervisor.username)
        page.locator("[name=password]").fill("guessed")
        page.locator("form [type=submit], form button").first.click()
        page.get_by_text("Incorrect").wait_for()

        assert cookie_of(page) is None


def test_the_cookie_is_for_this_host_alone_and_signing_in_again_makes_another(stack, browser, supervisor):
    with window(browser) as page:
        sign_in(page, stack.desk, supervisor)
        first = cookie_of(page)
        ask(page, f"{stack.desk}sign-in")
        prove(page, supervisor)
        second = cookie_of(page)

    assert (first["secure"], first["httpOnly"], first["sameSite"], first["path"]) == (True, True, "Lax", "/")
    assert first["value"] != second["value"]
    assert asked_with(stack, first) == 401
    assert asked_with(stack, second) == 200


def test_a_cookie_that_somebody_copied_is_worth_nothing_after_signing_out(stack, browser, supervisor):
    with window(browser) as page:
        sign_in(page, stack.desk, supervisor)
        stolen = cookie_of(page)
        before = asked_with(stack, stolen)
        page.get_by_role("button", name="Sign out").click()
        page.get_by_role("heading", name="Signed out").wait_for()
        kept = cookie_of(page)

    assert (before, asked_with(stack, stolen)) == (200, 401)
    assert stolen["value"] != kept["value"]


def test_signing_out_everywhere_ends_the_session_in_another_browser(stack, browser):
    who = person(stack, "second")
    with window(browser) as here, window(browser) as there:
        sign_in(here, stack.desk, who)
        sign_in(there, f"{stack.desk}sessions", who)
        there.get_by_role("button", name="Sign out everywhere").click()
        there.get_by_role("heading", name="Signed out").wait_for()
        here.goto(stack.desk)

        assert heading(here) == "Sign in"


def test_signing_in_again_ends_cognitos_own_session_first_and_then_asks_for_the_password(stack, inside, browser):
    """Cognito's page may know a person still, and documents no `max_age`. Its `/logout` is what it does document."""
    who = person(stack, "records")
    with window(browser) as page:
        sign_in(page, stack.desk, who)
        before = session_of(inside, cookie_of(page))
        seen = []
        page.on("request", lambda request: seen.append(request.url) if request.is_navigation_request() else None)
        ask_again(page, stack.desk)
        prove(page, who)
        after = session_of(inside, cookie_of(page))

    ways = [urlsplit(each).path for each in seen]
    asked = parse_qs(urlsplit(next(each for each in seen if "/oauth2/authorize" in each)).query)
    assert ways.index("/logout") < ways.index("/oauth2/authorize")
    assert (asked["max_age"], asked["prompt"]) == (["0"], ["login"])
    assert after.subject == before.subject
    assert after.signed_in_at > before.signed_in_at


def test_who_signs_in_again_must_be_the_same_person(stack, browser):
    with window(browser) as page:
        sign_in(page, stack.desk, person(stack, "records"))
        kept = cookie_of(page)
        ask_again(page, stack.desk)
        prove(page, person(stack, "supervisor"))

        assert heading(page) == "You could not be signed in"
        assert cookie_of(page) == kept


@pytest.fixture(scope="module")
def shelbyville(inside):
    """Publish an agency of these tests alone, where the same groups have the same roles: a pause is nobody else's."""
    ours = inside.aws.settings.agency("springfield")
    numbers = replace(ours.numbers, sms_from=f"+1{uuid4().int % 10**10:010}")
    return inside.aws.settings.publish(
        replace(ours, agency_id=f"d{uuid4().hex[:8]}", name="Shelbyville Police", numbers=numbers),
        "local",
        "an agency to be paused",
        now(),
    )


def test_the_brake_holds_and_lets_go_and_the_ledger_has_both(stack, inside, browser, shelbyville, supervisor):
    began = now()
    with window(browser) as page:
        sign_in(page, f"{stack.desk}{shelbyville.agency_id}", supervisor)
        page.get_by_role("button", name="Stop all texts").click()
        page.get_by_text("PAUSED").first.wait_for()
        held = inside.aws.settings.conditions(shelbyville.agency_id).pauses
        page.goto(f"{stack.desk}{shelbyville.agency_id}/resume")
        page.get_by_role("button", name="Resume everything").click()
        page.get_by_text("LIVE").first.wait_for()

    assert [one.of for one in held] == ["agency"]
    assert inside.aws.settings.conditions(shelbyville.agency_id).pauses == ()
    noted = [*inside.aws.ledger.noted(shelbyville.agency_id, began, now())]
    assert {What.SIGNED_IN, What.PAUSED, What.RESUMED} <= {one.what for one in noted}
    assert {one.by.partition(":")[0] for one in noted} == {"desk"}


def test_the_story_of_a_call_is_shown_without_the_callers_phone_and_the_look_is_noted(
    stack, inside, browser, supervisor
):
    caller, began = Caller(stack), now()
    caller.call()
    caller.tell(arrived_at=now())
    caller.tell(closed_at=now(), dispositions=["HAN"])
    caller.hears("/s/")  # the story says whether the survey was answered
    with window(browser) as page:
        sign_in(page, f"{stack.desk}{stack.agency_id}/incident?number={caller.number}", supervisor)
        shown = page.locator("main").inner_text()

    assert caller.phone[-10:] not in "".join(filter(str.isdigit, shown))
    assert "survey" in shown
    noted = inside.aws.ledger.noted(stack.agency_id, began, now(), what=What.LOOKED)
    assert f"incident {caller.number}" in {one.about for one in noted}


def test_an_act_is_noted_at_most_once_a_minute_and_a_poll_is_none(stack, inside, browser, supervisor):
    with window(browser) as page:
        sign_in(page, f"{stack.desk}sessions", supervisor)
        cookie = cookie_of(page)
        earlier = left_alone(inside, cookie)
        asked_with(stack, cookie, f"{stack.agency_id}/waiting")
        after_a_poll = session_of(inside, cookie).acted_at
        asked_with(stack, cookie, "sessions")
        after_an_act = session_of(inside, cookie).acted_at

    assert after_a_poll == earlier
    assert after_an_act > earlier


def left_alone(inside, cookie):
    """Let a session's last act be two minutes ago; return when that was."""
    at = now() - timedelta(minutes=2)
    key = {"pk": {"S": f"session#{hashed(cookie['value'])}"}, "sk": {"S": "session"}}
    inside.client("dynamodb").update_item(
        TableName=inside.outputs["Sessions"],
        Key=key,
        UpdateExpression="SET acted_at = :at",
        ExpressionAttributeValues={":at": {"S": instant(at)}},
    )
    return at


def session_of(inside, cookie):
    """Return the session that a cookie opens."""
    return inside.aws.sessions.find(hashed(cookie["value"]))


def test_an_agency_where_somebody_has_no_role_looks_like_one_that_there_is_not(stack, browser, supervisor):
    with window(browser) as page:
        sign_in(page, stack.desk, supervisor)
        page.goto(f"{stack.desk}elsewhere")
        nobodys = page.locator("main").inner_text()

    assert "elsewhere" not in nobodys
    assert HELPLESS not in nobodys


def test_a_forged_host_leads_nowhere(stack):
    """The desk takes its own address from the request; Cognito knows the addresses that it may send people back to."""
    sent = {"Host": "evil.example", "Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"}
    with httpx.Client(trust_env=False, timeout=LONGEST) as client:
        begun = client.post(f"{stack.desk}sign-in", data={"target": "/desk/"}, headers=sent)
        where = begun.headers["refresh"].partition("url=")[2]
        refused = client.get(where)

    assert "evil.example" in where
    assert refused.status_code == 400
    assert "location" not in refused.headers


def asked_with(stack, cookie, page="sessions"):
    """Return how the desk answers whoever has a cookie."""
    sent = {"Cookie": f"{cookie['name']}={cookie['value']}"}
    return httpx.get(f"{stack.desk}{page}", headers=sent, timeout=LONGEST, trust_env=False).status_code
