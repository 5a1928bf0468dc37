"""Sign-in by nanoidp, a provider that others wrote, over TLS and in a real browser: code flow, PKCE, state and nonce.

The desk is the same door and the same adapter as in its function, over memory: a stack has one provider, and the
city's is Cognito.
"""

from datetime import UTC, datetime

import pytest

from chalicelib.domain.desk.pending import hashed
from chalicelib.domain.desk.permissions import BUNDLES, Permission, Role
from chalicelib.identity.provider import Client, OpenIdProvider
from tests.web.desk.serving import served
from tests.web.desk.world import DeskWorld
from tests.whole.desk import ask_again, heading, prove, sign_in, window
from tests.whole.nanoidp import CLIENT, SECRET, provider, user

pytestmark = pytest.mark.whole

SELF_SIGNED = {"ignore_https_errors": True}
"""A browser knows nothing of the test's own authority. The desk does, and asks for it."""


def clock():
    return datetime.now(UTC)


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """Return a desk that asks nanoidp, with `address` where a browser finds it."""
    world, folder = DeskWorld(), tmp_path_factory.mktemp("nanoidp")
    with (
        pytest.MonkeyPatch.context() as patched,
        served(world) as address,
        provider(folder, f"{address}/desk/signed-in") as idp,
    ):
        patched.setenv("SSL_CERT_FILE", idp.trusted)
        known = Client(issuer=idp.issuer, client_id=CLIENT, client_secret=SECRET)
        world.desk_provider = OpenIdProvider(lambda: known, clock)
        world.address = f"{address}/desk"
        yield world


def session_of(world, page):
    """Return the session that a browser's cookie opens."""
    cookie = next(each["value"] for each in page.context.cookies() if each["name"] == "__Host-desk")
    return world.sessions.find(hashed(cookie))


@pytest.mark.parametrize("role", Role)
def test_each_role_signs_in_and_sees_what_it_may(desk, browser, role):
    with window(browser, **SELF_SIGNED) as page:
        sign_in(page, desk.address, user(role))
        shown, session = heading(page), session_of(desk, page)

    assert shown == ("Now" if Permission.BOARD_SEE in BUNDLES[role] else "Ledger")
    assert Permission.BOARD_SEE in BUNDLES[role] or Permission.LEDGER_READ in BUNDLES[role]
    assert session.groups == {"roles": (f"tenfour-{role}",)}
    assert session.issuer == desk.desk_provider.describe().issuer


def test_it_works_without_script(desk, browser):
    with window(browser, java_script_enabled=False, **SELF_SIGNED) as page:
        sign_in(page, desk.address, user("supervisor"))
        shown = heading(page)
        page.get_by_role("button", name="Sign out").click()

        assert (shown, heading(page)) == ("Now", "Signed out")


def test_somebody_without_a_role_is_told_so_and_may_sign_out(desk, browser):
    with window(browser, **SELF_SIGNED) as page:
        sign_in(page, desk.address, user("nobody"))
        page.get_by_role("button", name="Sign out").click()

        assert heading(page) == "Signed out"


def test_a_code_is_worth_nothing_a_second_time(desk, browser):
    with window(browser, **SELF_SIGNED) as page:
        seen = []
        page.on("request", lambda request: seen.append(request.url))
        sign_in(page, desk.address, user("supervisor"))
        back = next(url for url in seen if "/signed-in?" in url)
        page.context.clear_cookies()
        page.goto(back)

        assert "code=" in back
        assert heading(page) == "You could not be signed in"


def test_signing_in_again_asks_for_the_password_and_gives_a_later_time(desk, browser):
    who = user("records")
    with window(browser, **SELF_SIGNED) as page:
        sign_in(page, desk.address, who)
        before = session_of(desk, page)
        ask_again(page, desk.address)
        prove(page, who)
        after = session_of(desk, page)

    assert (after.subject, after.hash) != (before.subject, before.hash)
    assert after.subject == before.subject
    assert after.signed_in_at >= before.signed_in_at
