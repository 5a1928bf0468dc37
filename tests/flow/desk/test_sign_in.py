"""Signing in, and everything that must not sign anybody in. The provider in memory is exact about codes and PKCE."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.domain.desk.id_token import Reason
from chalicelib.domain.desk.pending import OPEN_FOR, SIGNED_OUT, challenge, derived, hashed, safe_target
from chalicelib.domain.desk.permissions import Role
from chalicelib.domain.desk.session import WIDEST, Limits
from chalicelib.domain.duration import Duration
from chalicelib.domain.lately import SKEW
from chalicelib.domain.settings.desk import Desk
from chalicelib.flow.desk import sign_in
from chalicelib.flow.desk.sign_in import (
    Locked,
    NotSignedIn,
    SignedOut,
    SignInFailed,
    begin,
    finish,
    onward,
    renew,
    sign_out,
)
from chalicelib.ports.desk import Description, ProviderDown, ProviderRefused
from chalicelib.virtual.provider import CLIENT_ID, ISSUER, MemoryProvider
from chalicelib.virtual.world import MemoryPorts
from tests.factories import NOW, after, agency

BACK = "https://desk.springfield.example/desk/signed-in"
DESK = Desk(roles={"Watch": (Role.SUPERVISOR,)})


def resume(ports, cookie, limits, now, *, act):
    """Come back with a cookie, to look at a page or to let a part of one ask by itself."""
    session = sign_in.resume(ports, cookie, limits, now)
    return renew(ports, session, now) if act else session


class Town(MemoryPorts):
    """A deployment with one agency, and what tests do there."""

    def __init__(self, *desks, provider=None):
        named = {f"agency-{place}": desk for place, desk in enumerate(desks or (DESK,))}
        super().__init__(*(agency(agency_id=name, desk=desk) for name, desk in named.items()))
        self.desk_provider = provider or MemoryProvider()

    def begun(self, at=NOW, target="/desk/", again=None):
        return begin(self, target, BACK, at, again)

    def back(self, begun, at=NOW, **claims):
        """Return what the call-back brings once a person has signed in at the provider."""
        told = {"sub": "ann", "name": "Ann Lead", "roles": ["Watch"], **_times(at), **claims}
        return self.desk_provider.sign_in(begun.location, told)

    def signed_in(self, at=NOW, target="/desk/", again=None, before="", **claims):
        begun = self.begun(at, target, again)
        return finish(self, self.back(begun, at, **claims), begun.cookie, BACK, at, before)


def _times(at):
    return {"iat": at.timestamp(), "exp": at.timestamp() + 300, "auth_time": at.timestamp()}


def refused(town, query, cookie, at=NOW, back=BACK):
    with pytest.raises(SignInFailed) as failed:
        finish(town, query, cookie, back, at)
    assert not town.sessions._open
    return failed.value.reason


def asked(location):
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


def test_a_person_is_signed_in_with_what_the_provider_says_of_them():
    town = Town()

    signed_in = town.signed_in(target="/desk/agency-0/incident?number=P26-1", amr=["pwd", "mfa"], acr="2")

    session = town.sessions.find(hashed(signed_in.cookie))
    assert session == signed_in.session
    assert (session.subject, session.name, session.issuer) == ("ann", "Ann Lead", ISSUER)
    assert (session.groups, session.methods) == ({"roles": ("Watch",)}, ("pwd", "mfa", "2"))
    assert session.signed_in_at == session.began_at == session.acted_at == NOW
    assert signed_in.target == "/desk/agency-0/incident?number=P26-1"
    assert resume(town, signed_in.cookie, WIDEST, after(1), act=False) == session


def test_the_provider_is_asked_as_openid_connect_and_rfc_7636_say():
    begun = Town().begun()

    question = asked(begun.location)
    assert begun.location.startswith(f"{ISSUER}/authorize?")
    assert question == {
        "response_type": "code",
        "client_id": CLIENT_ID,
        "redirect_uri": BACK,
        "scope": "openid profile",
        "state": derived(begun.cookie, "state"),
        "nonce": derived(begun.cookie, "nonce"),
        "code_challenge": challenge(derived(begun.cookie, "verifier")),
        "code_challenge_method": "S256",
    }


def test_the_table_holds_no_secret_of_a_sign_in():
    town = Town()
    begun = town.begun()
    town.signed_in()

    kept = repr((town.sessions._open, town.sessions._begun))
    for purpose in ("state", "nonce", "verifier"):
        assert derived(begun.cookie, purpose) not in kept
    assert begun.cookie not in kept
    assert len({begun.cookie, *(derived(begun.cookie, name) for name in ("state", "nonce", "verifier"))}) == 4


def test_every_cookie_is_32_bytes_and_another():
    town = Town()

    cookies = [town.begun().cookie for _ in range(5)] + [town.signed_in().cookie for _ in range(5)]

    assert len(set(cookies)) == 10
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", cookie) for cookie in cookies)


class TestFixation:
    def test_a_cookie_that_somebody_brought_is_no_session_after_signing_in(self):
        town = Town()
        brought = "an attacker's own cookie of a fitting length!!"

        signed_in = town.signed_in(before=brought)

        assert signed_in.cookie != brought
        with pytest.raises(NotSignedIn):
            resume(town, brought, WIDEST, NOW, act=True)

    def test_signing_in_again_makes_a_new_session_and_ends_the_one_before(self):
        town = Town()
        first = town.signed_in()

        second = town.signed_in(after(31), again=first.session, before=first.cookie)

        assert second.cookie != first.cookie
        assert resume(town, second.cookie, WIDEST, after(31), act=False).subject == "ann"
        with pytest.raises(NotSignedIn):
            resume(town, first.cookie, WIDEST, after(31), act=False)

    def test_a_call_back_counts_in_the_browser_that_began_it_alone(self):
        """An attacker can't sign a victim's browser in as the attacker, or the other way round."""
        town = Town()
        theirs, ours = town.begun(), town.begun()

        assert refused(town, town.back(theirs), ours.cookie) is Reason.ANOTHER_BROWSER
        assert refused(town, town.back(theirs), "") is Reason.ANOTHER_BROWSER


class TestState:
    def test_a_call_back_counts_once(self):
        town = Town()
        begun = town.begun()
        query = town.back(begun)
        signed_in = finish(town, query, begun.cookie, BACK, NOW)
        sign_out(town, signed_in.session, everywhere=False)

        assert refused(town, query, begun.cookie) is Reason.TOO_LATE

    @pytest.mark.parametrize("state", ["", "x", "é", "A" * 43, "\x00", "\ud800"])
    def test_a_forged_state_counts_for_nothing(self, state):
        town = Town()
        begun = town.begun()

        expected = Reason.ANOTHER_BROWSER if state else Reason.NOT_ASKED
        assert refused(town, town.back(begun) | {"state": state}, begun.cookie) is expected

    def test_a_state_that_fits_a_made_up_cookie_was_never_begun(self):
        town = Town()
        made_up = "0" * 43

        query = {"state": derived(made_up, "state"), "code": "code-0"}
        assert refused(town, query, made_up) is Reason.TOO_LATE

    def test_a_sign_in_that_takes_too_long_counts_for_nothing(self):
        town = Town()
        begun = town.begun()

        assert refused(town, town.back(begun), begun.cookie, NOW + OPEN_FOR) is Reason.TOO_LATE

    def test_a_sign_in_may_take_all_of_its_time_and_begin_by_another_clock(self):
        town = Town()
        for at in (NOW + OPEN_FOR - timedelta(seconds=1), NOW - SKEW):
            begun = town.begun()

            assert finish(town, town.back(begun, at), begun.cookie, BACK, at).session.began_at == at

    def test_a_call_back_without_a_state_was_not_asked_for(self):
        town = Town()

        assert refused(town, {"code": "code-0"}, town.begun().cookie) is Reason.NOT_ASKED

    def test_what_is_kept_goes_when_it_has_ended(self):
        town, kept = Town(), []
        begin_, open_ = town.sessions.begin, town.sessions.open
        town.sessions.begin = lambda pending, until: kept.append(until) or begin_(pending, until)
        town.sessions.open = lambda session, until, agencies: kept.append(until) or open_(session, until)
        town.signed_in()

        assert kept == [NOW + OPEN_FOR, NOW + timedelta(hours=12)]

    def test_a_sign_in_counts_at_the_address_where_it_began(self):
        town = Town()
        begun = town.begun()

        forged = "https://elsewhere.example/desk/signed-in"
        assert refused(town, town.back(begun), begun.cookie, back=forged) is Reason.NOT_ASKED


class TestCode:
    def test_a_code_of_another_sign_in_is_refused_by_pkce(self):
        """RFC 9700, 4.5: a stolen code, put into the attacker's own call-back."""
        town = Town()
        victim, attacker = town.begun(), town.begun()
        stolen = town.back(victim)["code"]

        query = town.back(attacker) | {"code": stolen}
        assert refused(town, query, attacker.cookie) is Reason.CODE_REFUSED

    def test_a_code_counts_once(self):
        town = Town()
        first, second = town.begun(), town.begun()
        used = town.back(first)
        signed_in = finish(town, used, first.cookie, BACK, NOW)
        sign_out(town, signed_in.session, everywhere=False)

        query = town.back(second) | {"code": used["code"]}
        assert refused(town, query, second.cookie) is Reason.CODE_REFUSED

    @pytest.mark.parametrize("code", [None, ""])
    def test_no_code_signs_nobody_in(self, code):
        town = Town()
        begun = town.begun()
        query = {name: value for name, value in town.back(begun).items() if name != "code"}

        assert refused(town, query if code is None else query | {"code": code}, begun.cookie) is Reason.NO_CODE

    def test_the_verifier_is_sent_and_fits_the_challenge(self):
        town = Town(provider=Heard())
        begun = town.begun()

        finish(town, town.back(begun), begun.cookie, BACK, NOW)

        ((_, verifier, redirect_uri),) = town.desk_provider.heard
        assert re.fullmatch(r"[A-Za-z0-9._~-]{43,128}", verifier)  # RFC 7636, 4.1
        assert challenge(verifier) == asked(begun.location)["code_challenge"]
        assert redirect_uri == BACK


class Heard(MemoryProvider):
    """A provider that keeps what it was asked at its token endpoint."""

    def __init__(self):
        super().__init__()
        self.heard = []

    def exchange(self, code, verifier, redirect_uri):
        self.heard.append((code, verifier, redirect_uri))
        return super().exchange(code, verifier, redirect_uri)


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"iss": "https://evil.example"}, Reason.WRONG_ISSUER),
        ({"iss": f"{ISSUER}/"}, Reason.WRONG_ISSUER),
        ({"iss": None}, Reason.WRONG_ISSUER),
        ({"aud": "another client"}, Reason.WRONG_AUDIENCE),
        ({"aud": [CLIENT_ID, "another"]}, Reason.WRONG_AUDIENCE),
        ({"aud": [CLIENT_ID, "another"], "azp": "another"}, Reason.WRONG_AUDIENCE),
        ({"azp": "another"}, Reason.WRONG_AUDIENCE),
        ({"aud": None}, Reason.WRONG_AUDIENCE),
        ({"exp": after(-3).timestamp()}, Reason.EXPIRED),
        ({"exp": None}, Reason.EXPIRED),
        ({"exp": "tomorrow"}, Reason.EXPIRED),
        ({"iat": after(3).timestamp()}, Reason.NOT_YET),
        ({"iat": None}, Reason.NOT_YET),
        ({"iat": after(-60).timestamp()}, Reason.EXPIRED),
        ({"nbf": after(3).timestamp()}, Reason.NOT_YET),
        ({"auth_time": after(3).timestamp()}, Reason.NOT_YET),
        ({"nonce": "that of another sign-in"}, Reason.WRONG_NONCE),
        ({"nonce": None}, Reason.WRONG_NONCE),
        ({"nonce": ["x"]}, Reason.WRONG_NONCE),
        ({"sub": None}, Reason.NO_SUBJECT),
        ({"sub": ""}, Reason.NO_SUBJECT),
        ({"sub": 7}, Reason.NO_SUBJECT),
        ({"roles": None, "_claim_names": {"roles": "src1"}}, Reason.TOO_MANY_GROUPS),
    ],
)
def test_a_token_that_says_something_else_signs_nobody_in(claims, reason):
    town = Town()
    begun = town.begun()

    assert refused(town, town.back(begun, **claims), begun.cookie) is reason


class Named(MemoryProvider):
    """A provider whose call-backs carry `iss` (RFC 9207)."""

    def __init__(self):
        super().__init__(names_itself=True)


class TestMixUp:
    """RFC 9207, and RFC 9700, 4.4."""

    def test_a_call_back_of_another_provider_sends_no_code_anywhere(self):
        town = Town(provider=Heard())
        begun = town.begun()

        query = town.back(begun) | {"iss": "https://evil.example"}
        assert refused(town, query, begun.cookie) is Reason.WRONG_ISSUER
        assert town.desk_provider.heard == []

    def test_a_provider_that_names_itself_always_does(self):
        town = Town(provider=Named())
        begun = town.begun()
        named = town.back(begun)

        query = {name: value for name, value in named.items() if name != "iss"}
        assert named["iss"] == ISSUER
        assert refused(town, query, begun.cookie) is Reason.WRONG_ISSUER

    def test_a_provider_that_names_itself_signs_people_in(self):
        assert Town(provider=Named()).signed_in().session.subject == "ann"

    def test_a_provider_that_was_changed_meanwhile_signs_nobody_in(self):
        town = Town()
        begun = town.begun()
        query = town.back(begun)
        known = town.desk_provider.describe()
        town.desk_provider.describe = lambda: replace(known, issuer="https://new.example")

        assert refused(town, query, begun.cookie) is Reason.WRONG_ISSUER


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        ("access_denied", Reason.DENIED),
        ("login_required", Reason.PROVIDER_FAILED),
        ("server_error", Reason.PROVIDER_FAILED),
        ("<script>", Reason.PROVIDER_FAILED),
    ],
)
def test_an_error_of_the_provider_is_told_by_our_own_word(error, reason):
    town = Town()
    begun = town.begun()

    query = {"error": error, "error_description": "<b>x</b>", "state": derived(begun.cookie, "state")}
    assert refused(town, query, begun.cookie) is reason


def test_an_error_beside_a_code_signs_nobody_in():
    town = Town()
    begun = town.begun()

    assert refused(town, town.back(begun) | {"error": "access_denied"}, begun.cookie) is Reason.DENIED


class Down(MemoryProvider):
    """A provider that can't be reached."""

    def describe(self) -> Description:
        raise ProviderDown("it does not answer")


class Refusing(MemoryProvider):
    """A provider that gives nothing for a code."""

    error = "invalid_client"

    def exchange(self, code, verifier, redirect_uri):
        raise ProviderRefused(self.error)


def test_a_provider_that_is_down_signs_nobody_in_and_signs_people_out():
    town = Town()
    signed_in = town.signed_in()
    town.desk_provider = Down()

    with pytest.raises(SignInFailed) as failed:
        town.begun()
    assert failed.value.reason is Reason.PROVIDER_DOWN
    assert resume(town, signed_in.cookie, WIDEST, after(1), act=True).subject == "ann"
    assert sign_out(town, signed_in.session, everywhere=True).location == ""
    with pytest.raises(NotSignedIn):
        resume(town, signed_in.cookie, WIDEST, after(1), act=True)


def test_a_provider_that_goes_down_meanwhile_signs_nobody_in():
    town = Town()
    begun = town.begun()
    query = town.back(begun)
    town.desk_provider = Down()

    with pytest.raises(SignInFailed) as failed:
        onward(town, {}, begun.cookie, BACK)
    assert failed.value.reason is Reason.PROVIDER_DOWN
    assert refused(town, query, begun.cookie) is Reason.PROVIDER_DOWN


@pytest.mark.parametrize(
    ("error", "reason"), [("invalid_client", Reason.CLIENT_REFUSED), ("invalid_grant", Reason.CODE_REFUSED)]
)
def test_our_own_expired_secret_is_told_from_a_person_s_code(error, reason):
    town = Town(provider=Refusing())
    town.desk_provider.error = error
    begun = town.begun()

    assert refused(town, town.back(begun), begun.cookie) is reason


class TestOpenRedirect:
    @pytest.mark.parametrize(
        "target",
        [
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "/desk//evil.example",
            "/desk/../evil",
            "/desk/%2e%2e/evil",
            "/desk/a/..//evil.example",
            "/desk/a/../../evil",
            "/desk/a/b//c",
            "/desk/a/b/..",
            "/desk\\evil",
            "javascript:alert(1)",
            "/desk/\r\nSet-Cookie: x=y",
            "/desk/a\tb",
            "/desk",
            "/deskevil",
            "/desk.evil.example/",
            "@evil.example/desk/",
            "",
            "/survey",
            "/desk/é",
            "/desk/" + "a" * 600,
            "/desk/sign-out",
            "/desk/sign-in?target=/desk/sign-in",
            "/desk/#x",
        ],
    )
    def test_nobody_is_led_elsewhere(self, target):
        assert Town().signed_in(target=target).target == "/desk/"

    @pytest.mark.parametrize("target", ["/desk/", "/desk/agency-0/", "/desk/agency-0/incident?number=P26%2F1&x=a%20b"])
    def test_a_page_of_the_desk_is_come_back_to(self, target):
        assert Town().signed_in(target=target).target == target

    @given(st.text(alphabet=st.sampled_from("/\\.:@?#%desk2e\t \n;e"), max_size=20))
    def test_whatever_is_asked_for_is_below_the_desk_of_the_same_site(self, tail):
        for target in (tail, f"/desk/{tail}"):
            led = urlsplit(f"https://ours.example{safe_target(target)}")
            assert led.hostname == "ours.example"
            assert led.path.startswith("/desk/")
            assert ".." not in led.path
            assert "//" not in led.path


class TestAgain:
    """What is grave, and what is locked, asks the same person to prove anew who they are."""

    def test_the_provider_is_asked_to_ask(self):
        town = Town()
        first = town.signed_in()

        question = asked(town.begun(after(31), again=first.session).location)

        assert (question["prompt"], question["max_age"]) == ("login", "0")

    def test_a_sign_in_after_the_question_counts(self):
        town = Town()
        first = town.signed_in()

        again = town.signed_in(after(31), again=first.session)

        assert again.session.signed_in_at == after(31)

    @pytest.mark.parametrize(
        ("claims", "reason"),
        [
            ({"auth_time": NOW.timestamp()}, Reason.NOT_SIGNED_IN_AGAIN),
            ({"auth_time": after(29).timestamp()}, Reason.NOT_SIGNED_IN_AGAIN),
            ({"auth_time": after(31, seconds=-10).timestamp()}, Reason.NOT_SIGNED_IN_AGAIN),
            ({"auth_time": None}, Reason.AGAIN_UNKNOWN),
            ({"auth_time": "now"}, Reason.AGAIN_UNKNOWN),
            ({"sub": "ben"}, Reason.SOMEBODY_ELSE),
        ],
    )
    def test_a_provider_that_did_not_ask_and_another_person_do_not_count(self, claims, reason):
        town = Town()
        first = town.signed_in()
        begun = town.begun(after(31), again=first.session)

        with pytest.raises(SignInFailed) as failed:
            finish(town, town.back(begun, after(31), **claims), begun.cookie, BACK, after(31), first.cookie)
        assert failed.value.reason is reason
        assert failed.value.subject == claims.get("sub", "")
        assert [session.hash for session in town.sessions._open.values()] == [first.session.hash]

    def test_a_session_of_another_issuer_is_nobody_s_here(self):
        town = Town()
        first = town.signed_in()

        with pytest.raises(SignInFailed) as failed:
            town.begun(again=replace(first.session, issuer="https://old.example"))
        assert failed.value.reason is Reason.SOMEBODY_ELSE

    def test_cognito_ends_its_session_first_and_is_asked_then(self):
        town = Town(provider=MemoryProvider(logout="https://pool.example/logout"))
        first = town.signed_in()

        begun = town.begun(after(31), again=first.session)
        location = onward(town, {}, begun.cookie, BACK)

        assert begun.location.startswith("https://pool.example/logout?")
        assert asked(begun.location) == {"client_id": CLIENT_ID, "logout_uri": BACK}
        assert asked(location)["max_age"] == "0"
        query = town.desk_provider.sign_in(location, {"sub": "ann", **_times(after(32))})
        assert finish(town, query, begun.cookie, BACK, after(32)).session.signed_in_at == after(32)

    def test_nobody_is_led_on_who_did_not_begin(self):
        town = Town()
        begun = town.begun()

        assert onward(town, {}, "", BACK) == ""
        assert onward(town, town.back(begun), begun.cookie, BACK) == ""


class TestWhoeverSitsDownNext:
    """The provider's own session of somebody who left must not open the desk to the next person there."""

    @pytest.mark.parametrize("left", ["locked", "signed out"])
    def test_they_prove_who_they_are_and_may_be_anybody(self, left):
        town = Town()
        first = town.signed_in()
        before = first.cookie if left == "locked" else SIGNED_OUT

        begun = begin(town, "/desk/", BACK, after(31), before=before)

        assert asked(begun.location)["prompt"] == "login"
        stale = town.back(begun, after(31), auth_time=NOW.timestamp())
        with pytest.raises(SignInFailed) as failed:
            finish(town, stale, begun.cookie, BACK, after(31), before)
        assert failed.value.reason is Reason.NOT_SIGNED_IN_AGAIN
        begun = begin(town, "/desk/", BACK, after(31), before=before)
        done = finish(town, town.back(begun, after(31), sub="ben"), begun.cookie, BACK, after(31), before)
        assert done.session.subject == "ben"
        assert resume(town, done.cookie, WIDEST, after(31), act=True)
        with pytest.raises(NotSignedIn):
            resume(town, before, WIDEST, after(31), act=True)

    @pytest.mark.parametrize("minutes", [0, 29])
    def test_an_open_session_asks_nothing_more(self, minutes):
        town = Town()
        first = town.signed_in()

        begun = begin(town, "/desk/", BACK, after(minutes), before=first.cookie)

        assert "prompt" not in asked(begun.location)

    def test_a_session_that_time_ended_opens_the_desk_to_nobody_else(self):
        town = Town()
        first = town.signed_in()

        begun = begin(town, "/desk/", BACK, after(12 * 60), before=first.cookie)

        assert asked(begun.location)["prompt"] == "login"

    def test_a_browser_that_was_signed_out_from_elsewhere_is_left_behind(self):
        """As after a theft: the thief's browser still has the provider's own session."""
        town = Town()
        stolen, elsewhere = town.signed_in(), town.signed_in()
        sign_out(town, elsewhere.session, everywhere=True)

        begun = begin(town, "/desk/", BACK, after(1), before=stolen.cookie)

        assert asked(begun.location)["prompt"] == "login"

    def test_no_cookie_opens_the_words_of_one_that_is_left(self):
        town = Town()

        with pytest.raises(NotSignedIn):
            resume(town, SIGNED_OUT, WIDEST, NOW, act=True)
        assert town.signed_in(before=SIGNED_OUT).session.subject == "ann"


class TestResume:
    def test_no_cookie_and_an_unknown_one_open_nothing(self):
        town = Town()
        signed_in = town.signed_in()

        for cookie in ("", "x", signed_in.session.hash, signed_in.cookie.swapcase()):
            with pytest.raises(NotSignedIn):
                resume(town, cookie, WIDEST, NOW, act=True)

    def test_a_poll_never_renews(self):
        town = Town()
        signed_in = town.signed_in()
        for minute in range(1, 30):
            resume(town, signed_in.cookie, WIDEST, after(minute), act=False)

        with pytest.raises(Locked):
            resume(town, signed_in.cookie, WIDEST, after(30), act=False)

    def test_an_act_renews_and_is_written_once_a_minute(self):
        town = Town()
        signed_in = town.signed_in()
        written = []
        note = town.sessions.acted
        town.sessions.acted = lambda name, at: written.append(at) or note(name, at)

        for seconds in (10, 59, 60, 61, 119, 120):
            resume(town, signed_in.cookie, WIDEST, NOW + timedelta(seconds=seconds), act=True)

        assert written == [after(1), after(2)]
        assert resume(town, signed_in.cookie, WIDEST, after(3), act=True).acted_at == after(3)
        assert resume(town, signed_in.cookie, WIDEST, after(31), act=False).acted_at == after(3)

    def test_a_locked_session_stays_locked_whatever_is_done(self):
        town = Town()
        signed_in = town.signed_in()

        for _ in range(2):
            with pytest.raises(Locked) as locked:
                resume(town, signed_in.cookie, WIDEST, after(30), act=True)
        assert locked.value.session.subject == "ann"

    def test_a_session_ends_after_12_hours_of_work(self):
        town = Town()
        signed_in = town.signed_in()
        for minute in range(20, 12 * 60, 20):
            resume(town, signed_in.cookie, WIDEST, after(minute), act=True)

        with pytest.raises(NotSignedIn):
            resume(town, signed_in.cookie, WIDEST, after(12 * 60), act=True)

    def test_the_tightest_limits_of_somebody_s_agencies_hold_at_each(self):
        """A visit to one agency must not keep a session open that another would have locked."""
        strict = replace(DESK, idle=Duration(minutes=5), longest=Duration(hours=1))
        others = Desk(roles={"Records": (Role.RECORDS,)}, idle=Duration(minutes=1))
        town = Town(DESK, strict, others)
        signed_in = town.signed_in()

        assert signed_in.session.limits == Limits(idle=Duration(minutes=5), longest=Duration(hours=1))
        with pytest.raises(Locked):
            resume(town, signed_in.cookie, WIDEST, after(5), act=True)

    def test_limits_that_were_tightened_meanwhile_hold_at_once(self):
        town = Town()
        signed_in = town.signed_in()

        with pytest.raises(Locked):
            resume(town, signed_in.cookie, replace(WIDEST, idle=Duration(minutes=1)), after(1), act=True)

    def test_a_session_that_ended_between_two_looks_is_not_written_anew(self):
        town = Town()
        signed_in = town.signed_in()
        find = town.sessions.find

        def found_and_closed(name):
            known = find(name)
            town.sessions.close(known)
            return known

        town.sessions.find = found_and_closed
        with pytest.raises(NotSignedIn):
            resume(town, signed_in.cookie, WIDEST, after(5), act=True)
        assert not town.sessions._open


class TestSignOut:
    def test_here_ends_one_session_and_everywhere_all_of_a_person_s(self):
        town = Town()
        phone, office, other = town.signed_in(), town.signed_in(), town.signed_in(sub="ben")

        assert sign_out(town, phone.session, everywhere=False).closed == 1
        with pytest.raises(NotSignedIn):
            resume(town, phone.cookie, WIDEST, NOW, act=True)
        assert resume(town, office.cookie, WIDEST, NOW, act=True)
        town.signed_in()
        assert sign_out(town, office.session, everywhere=True).closed == 2
        assert [session.subject for session in town.sessions._open.values()] == ["ben"]
        assert resume(town, other.cookie, WIDEST, NOW, act=True)

    def test_the_provider_s_own_sign_out_is_offered(self):
        town = Town()
        signed_in = town.signed_in()

        location = sign_out(town, signed_in.session, everywhere=False, home="https://desk.example/desk/").location

        assert location.startswith(f"{ISSUER}/end?")
        assert asked(location) == {"client_id": CLIENT_ID, "post_logout_redirect_uri": "https://desk.example/desk/"}

    def test_cognito_s_own_sign_out_is_offered_in_its_own_words(self):
        town = Town(provider=MemoryProvider(logout="https://pool.example/logout?lang=es"))
        signed_in = town.signed_in()

        location = sign_out(town, signed_in.session, everywhere=False, home="https://desk.example/desk/").location

        assert location.startswith("https://pool.example/logout?lang=es&client_id=")
        assert asked(location)["logout_uri"] == "https://desk.example/desk/"

    def test_a_provider_without_a_sign_out_offers_none(self):
        town = Town()
        signed_in = town.signed_in()
        known = town.desk_provider.describe()
        town.desk_provider.describe = lambda: replace(known, end_session_endpoint="")

        assert sign_out(town, signed_in.session, everywhere=False) == SignedOut(closed=1, location="")
