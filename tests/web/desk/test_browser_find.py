"""Find and Person in a real browser: by thumb and by keyboard, with a script and without, at night and on paper."""

import pytest

from chalicelib.domain.people.contact import OptOutScope
from tests.factories import PHONE, caller
from tests.web.desk.serving import filled
from tests.web.desk.test_browser import EITHER_SCREEN, SCREENS, SMALL, violations, window
from tests.web.desk.world import story

__all__ = ("window",)

HASH = "{hash}"
PAGES = {
    "find": "/desk/springfield/find",
    "list": "/desk/springfield/find?since=2026-11-20T18:00&until=2026-11-21T18:00",
    "list with filters": "/desk/springfield/find?kind=call&beat=7",
    "nothing": "/desk/springfield/find?kind=survey&beat=99",
    "bad time": "/desk/springfield/find?since=tomorrow",
    "calls": "/desk/springfield/find?of={hash}&why=complaint",
    "no calls then": "/desk/springfield/find?of={hash}&why=complaint&since=2026-11-01T00:00&until=2026-11-02T00:00",
    "asks why": "/desk/springfield/find?of={hash}",
    "person": "/desk/springfield/person?of={hash}&why=complaint",
    "person asks why": "/desk/springfield/person?of={hash}",
    "nobody": "/desk/springfield/person?of=" + "0" * 64 + "&why=complaint",
    "opt out": "/desk/springfield/person-opt-out?of={hash}",
    "opt in": "/desk/springfield/person-opt-in?of={hash}",
    "silence": "/desk/springfield/person-silence?of={hash}",
    "reveal": "/desk/springfield/person-reveal?of={hash}",
    "erase": "/desk/springfield/person-erase?of={hash}",
}


def fill(world):
    """Let a city have calls, and somebody who stopped surveys."""
    for number in range(6):
        parties = {"1": caller(PHONE, email="ana@people.example")}
        story(world, f"P26-{number}", "DV" if number == 4 else "NOISE", minutes=20 + number, beat="7", parties=parties)
    world.contacts.opt_out("springfield", PHONE, OptOutScope.SURVEYS, world.now, "no surveys", "reply")
    world.hash = world.contacts.reference(PHONE).keyed_hash


@pytest.fixture(scope="module")
def full():
    """Serve a desk with calls of one person."""
    with filled(fill, "records", "advocate", "supervisor") as world:
        yield world


@pytest.fixture
def desk(world):
    """Serve a desk of the test's own."""
    with filled(fill, "records", "advocate", "supervisor", world=world):
        yield world


def path_of(world, name):
    return PAGES[name].replace(HASH, world.hash)


@pytest.mark.parametrize(("size", "scheme"), EITHER_SCREEN)
@pytest.mark.parametrize("name", PAGES)
def test_everybody_can_read_each_page_on_either_screen_by_day_and_night(full, window, name, size, scheme):
    page = window(full, path_of(full, name), size, color_scheme=scheme)

    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("name", PAGES)
def test_each_page_fits_360_pixels_and_a_thumb_in_spanish(full, window, name):
    page = window(full, path_of(full, name), "narrow", locale="es")

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.eval_on_selector_all("button, main .go, nav a, select, input:not([type=hidden])", SMALL) == []
    assert page.locator("html").get_attribute("lang") == "es"


def look_for(page, text, why="complaint"):
    page.get_by_label("What you have").fill(text)
    page.locator("#why").select_option(why)
    page.get_by_role("button", name="Find").click()


@pytest.mark.parametrize("script", [True, False])
def test_why_did_she_get_no_text_is_two_steps_from_find(desk, window, script):
    page = window(desk, PAGES["find"], java_script_enabled=script)
    look_for(page, "(303) 555-0123")
    shown = page.url
    page.get_by_role("link", name="P26-4").click()

    assert "555" not in shown.partition("of=")[0]
    assert page.locator("h1").inner_text() == "Call P26-4"
    assert page.get_by_role("heading", name="Not sent, and why").is_visible()


def test_all_of_it_is_done_by_keyboard(desk, window):
    page = window(desk, PAGES["find"], "desktop")
    page.get_by_label("What you have").focus()
    page.keyboard.type("303-555-0123")
    page.locator("#why").focus()
    page.keyboard.press("ArrowDown")
    page.locator("#ticket").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="All that was sent to this person").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Send nothing more").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Stop messages").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Done: nothing more is sent to this person.").wait_for()

    day = desk.now.date()
    assert desk.contacts.load("springfield", PHONE, day).opted_out is OptOutScope.ALL


def test_a_reveal_is_on_that_answer_alone_and_not_in_the_browser_s_past(desk, window):
    page = window(desk, path_of(desk, "reveal"))
    page.locator("#why").select_option("complaint")
    page.get_by_role("button", name="Reveal").click()
    page.get_by_text(PHONE).first.wait_for()
    page.get_by_role("link", name="Find something else").click()
    page.get_by_label("What you have").wait_for()

    assert PHONE not in page.content()
    assert PHONE[2:] not in page.url


def test_who_is_signed_out_while_a_form_is_half_filled_loses_nothing(desk, window):
    page = window(desk, PAGES["find"])
    page.locator("#beat").fill("7")
    page.get_by_label("What you have").fill("303-555-0123")
    page.locator("#why").select_option("complaint")
    desk.sessions.close_all("https://id.springfield.example", "subject-records-advocate-supervisor")
    page.get_by_role("button", name="Find").click()
    said = page.locator("main").inner_text()
    desk.signed_in("records", "advocate", "supervisor")
    page.get_by_role("button", name="Send it once more").click()
    page.get_by_role("link", name="P26-1").wait_for()  # the answer leads on

    assert "nothing was done" in said
    assert "303-555-0123" not in said
    assert page.get_by_role("link", name="P26-1").is_visible()
    assert "beat=7" in page.url


def test_on_paper_a_person_s_page_has_no_buttons_and_no_colours(full, window):
    page = window(full, path_of(full, "person"), color_scheme="dark")
    page.emulate_media(media="print")

    assert page.locator("nav").is_hidden()
    assert page.locator(".found").first.is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_at_twice_the_size_nothing_is_lost(full, window):
    page = window(full, path_of(full, "person"), "phone")
    page.set_viewport_size({"width": SCREENS["phone"]["width"] // 2, "height": 422})

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
