"""The auditor's and the admin's pages in a real browser: read, by keyboard, without script, at night, on paper."""

from datetime import timedelta

import pytest

from chalicelib.domain.incidents.feed_health import FeedBook, FeedHeard, Tally
from chalicelib.domain.ledger.noted import Noted, as_roles
from chalicelib.domain.ledger.what import What
from chalicelib.insight.keys.make import fresh_key
from chalicelib.web.desk import door
from tests.web.desk.serving import served
from tests.web.desk.test_browser import EITHER_SCREEN, SMALL, violations
from tests.web.desk.test_browser import window as window  # noqa: PLC0414  a fixture is found by its name
from tests.web.desk.world import DeskSettings, DeskWorld

PAGES = {
    "ledger": "/desk/springfield/ledger",
    "one person": "/desk/springfield/ledger?about=person+3f2a9c01d77b&what=revealed",
    "review": "/desk/springfield/access-review",
    "keys": "/desk/springfield/keys",
    "key": "/desk/springfield/key?name=cad-2026",
    "feeds": "/desk/springfield/feeds",
    "signed in": "/desk/springfield/sessions",
}
NOTES = (
    (5, "ann", "Ann Lead", What.LOOKED, "incident P26-1044", "", ""),
    (9, "ben", "Ben Lee", What.REVEALED, "person 3f2a9c01d77b", "court", "26-104"),
    (14, "ann", "Ann Lead", What.PAUSED, "everything", "", ""),
    (30, "ann", "Ann Lead", What.SIGNED_IN, as_roles(["supervisor"]), "", ""),
    (3000, "ben", "Ben Lee", What.SIGNED_IN, as_roles(["records"]), "", ""),
)


@pytest.fixture(scope="module")
def full():
    """Serve a desk with something on each of these pages."""
    world, patch = DeskWorld(), pytest.MonkeyPatch()
    patch.setattr(door, "now", lambda: world.now)
    for minutes, by, name, what, about, reason, ticket in NOTES:
        at = world.now - timedelta(minutes=minutes)
        told = {"by": f"desk:login.example:{by}", "name": name, "reason": reason, "ticket": ticket}
        world.ledger.entries.append(Noted(agency_id="springfield", at=at, what=what, about=about, **told))
    world.key_ring.add(fresh_key("cad-2026", "cad", "springfield", received_until=world.now + timedelta(days=9)))
    world.key_ring.add(fresh_key("rms-sandbox", "rms", "springfield", "bearer", sandbox=True))
    world.sent.errors = ["updates[0].received_at: x", "y"]
    heard = FeedHeard(world.now - timedelta(minutes=50), world.now - timedelta(minutes=50), Tally(9000, 12, 800, 40, 3))
    book = FeedBook(since=world.now - timedelta(days=90), tallied_at=world.now, tally=heard.tally, usual=5)
    patch.setattr(DeskSettings, "feed", lambda *_: (heard, book), raising=False)
    with served(world) as address:
        world.address = address
        world.cookie = world.signed_in("auditor", "admin", agencies=("springfield",))
        world.signed_in("records", cookie="other", agencies=("springfield",), name="Ben Lee", subject="ben")
        yield world
    patch.undo()


@pytest.mark.parametrize(("size", "scheme"), EITHER_SCREEN)
@pytest.mark.parametrize("name", PAGES)
def test_everybody_can_read_each_page_on_either_screen_by_day_and_night(full, window, name, size, scheme):
    page = window(full, PAGES[name], size, color_scheme=scheme)
    if name == "ledger":
        page.locator("summary").first.click()

    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("name", PAGES)
def test_each_page_fits_360_pixels_and_a_thumb_in_spanish(full, window, name):
    page = window(full, PAGES[name], "narrow", locale="es")

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.eval_on_selector_all("button, .go, .chip, nav a, select, input:not([type=hidden])", SMALL) == []
    assert page.locator("html").get_attribute("lang") == "es"


@pytest.mark.parametrize("script", [True, False])
def test_a_key_is_added_by_keyboard_and_shown_once(full, window, script):
    page = window(full, PAGES["keys"], "desktop", java_script_enabled=script)
    name = f"new-{script}"
    page.get_by_label("Name").fill(name)
    page.keyboard.press("Enter")
    page.wait_for_selector(".secret")
    secret = page.locator(".secret code").inner_text()
    assert violations(page) == [] if script else True
    page.get_by_role("link", name="I have it").click()
    page.wait_for_selector(f"text={name}")

    assert secret in str(full.key_ring.read())
    assert secret not in page.content()


def test_on_paper_the_review_has_lines_to_sign_and_no_buttons(full, window):
    page = window(full, PAGES["review"], "desktop", color_scheme="dark")
    page.emulate_media(media="print")

    assert page.get_by_text("Signature").is_visible()
    assert page.locator(".keep").first.is_visible()
    assert page.locator("button:visible").count() == 0
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_a_filter_is_two_presses_away_without_script(full, window):
    page = window(full, PAGES["ledger"], java_script_enabled=False)
    page.locator(".narrow summary").click()
    page.get_by_role("link", name="paused", exact=True).click()
    page.wait_for_selector("text=Only:")

    assert page.locator(".ledger > li").count() == 1
