"""Follow-ups, allegations and alerts in a real browser: by keyboard and thumb, in the dark, in Spanish, on paper."""

import pytest

from tests.web.desk.serving import filled
from tests.web.desk.surveyed import ALLEGES, IN_DANGER, WISHES, answered
from tests.web.desk.test_browser import EACH_SCREEN, SMALL, violations, window

__all__ = ("window",)
PAGES = {
    "follow-ups": "/desk/springfield/follow-ups",
    "one": "/desk/springfield/follow-up?of=supervisors",
    "phone": "/desk/springfield/follow-up-phone?of=supervisors",
    "allegations": "/desk/springfield/allegations",
    "allegation": "/desk/springfield/allegation?of=standards",
    "alerts": "/desk/springfield/alerts",
    "alert": "/desk/springfield/alert?of=alerts",
    "gone": "/desk/springfield/alert?of=nothing",
}
ROLES = ("supervisor", "quality", "standards")


def fill(world):
    """Let people wish to be called, allege, and write of danger."""
    answered(world, "P26-1", WISHES, "1")
    answered(world, "P26-2", ALLEGES, "1", phone="+13035550151")
    answered(world, "P26-3", IN_DANGER, phone="+13035550152")


def path_of(world, name):
    """Return the address of a page, with the first follow-up of the desk that it names."""
    page, _, desk = PAGES[name].partition("=")
    found = world.follow_ups.of("springfield", desk) if desk else ()
    return f"{page}={found[0].id}" if found else PAGES[name]


@pytest.fixture(scope="module")
def full():
    with filled(fill, *ROLES) as world:
        yield world


@pytest.fixture
def desk(world):
    """Serve a desk of the test's own."""
    with filled(fill, *ROLES, world=world):
        yield world


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("size", "scheme"), EACH_SCREEN)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(full, window, name, size, scheme):
    page = window(full, path_of(full, name), size, color_scheme=scheme)

    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator("h1").count() == 1
    assert page.title().startswith(page.locator("h1").inner_text())


@pytest.mark.parametrize("name", PAGES)
def test_in_spanish_each_page_fits_360_pixels_and_a_thumb(full, window, name):
    page = window(full, path_of(full, name), "narrow", locale="es")

    assert page.locator("html").get_attribute("lang") == "es"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.eval_on_selector_all("button, main a, nav a, select, input:not([type=hidden])", SMALL) == []
    assert violations(page) == []


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without"])
def test_one_is_taken_called_back_and_closed_by_keyboard(desk, window, script):
    page = window(desk, PAGES["follow-ups"], java_script_enabled=script)
    page.get_by_role("link", name="Open ").first.focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="I take it").focus()
    page.keyboard.press("Enter")
    page.get_by_text("You have it.").wait_for()
    page.get_by_role("link", name="Call back: show the phone").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Why").select_option("person_asks")
    page.get_by_role("button", name="Show it").focus()
    page.keyboard.press("Enter")
    page.get_by_text("+13035550123").wait_for()
    page.get_by_role("link", name="Back to it").click()
    page.get_by_label("How did it end?").select_option("spoke")
    page.get_by_role("button", name="Close it").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Closed.", exact=True).wait_for()

    said = [what for what, _ in desk.ledger.said]
    assert [what for what in said if what != "read_comments"] == ["took_on", "revealed", "reviewed"]
    assert any(one.outcome == "spoke" for one in desk.follow_ups.of("springfield", "supervisors"))


def test_on_paper_one_has_its_words_and_nothing_to_press(full, window):
    page = window(full, path_of(full, "one"), color_scheme="dark")
    page.emulate_media(media="print")

    assert page.locator("nav").is_hidden()
    assert page.get_by_text("QUUX").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
