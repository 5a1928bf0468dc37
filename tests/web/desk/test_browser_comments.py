"""Comments in a real browser: by keyboard and thumb, in the dark, in Spanish, without script, on paper."""

import pytest

from chalicelib.domain.approval import Author
from chalicelib.domain.surveys.comment_release import in_address
from tests.web.desk.serving import filled
from tests.web.desk.surveyed import PRAISES, WISHES, answered, proposes, wrote
from tests.web.desk.test_browser import EACH_SCREEN, FIELDS, SMALL, violations, window
from tests.web.desk.test_browser_zoom import CONTROLS, LOST

__all__ = ("window",)
ANN = Author("desk:id.springfield.example:ann", "Ann Lead")
LONG = f"Officer {'Rumpelstilzchen' * 9} and 中村 and O'Brien at 1422 Elm St. were {'very ' * 60}slow"
PAGES = {
    "comments": "/desk/springfield/comments",
    "released": "/desk/springfield/comments?show=released",
    "one": f"/desk/springfield/comment?of={WISHES}",
    "long": f"/desk/springfield/comment?of={LONG[:60]}",
    "proposed": f"/desk/springfield/comment?of={PRAISES}",
    "gone": "/desk/springfield/comment?of=nothing",
}


def fill(world):
    """Let people write, and Ann propose to release one with a name."""
    answered(world, "P26-1", WISHES)
    answered(world, "P26-2", LONG, phone="+13035550151")
    answered(world, "P26-3", PRAISES, "5", phone="+13035550152")
    proposes(world, wrote(world, PRAISES), ANN)


def path_of(world, name):
    """Return the address of a page, with the comment that it names by its words."""
    page, _, words = PAGES[name].partition("of=")
    known = words if words in ("", "nothing") else in_address(wrote(world, words).listed.place)
    return f"{page}of={known}" if known else PAGES[name]


@pytest.fixture(scope="module")
def full():
    with filled(fill, "quality") as world:
        yield world


@pytest.fixture
def desk(world):
    """Serve a desk of the test's own."""
    with filled(fill, "quality", world=world):
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
def test_in_spanish_each_page_fits_360_pixels_and_a_thumb_and_nothing_is_cut_off(full, window, name):
    page = window(full, path_of(full, name), "narrow", locale="es", java_script_enabled=False)

    assert page.locator("html").get_attribute("lang") == "es"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.eval_on_selector_all(f"button, main a, nav a, select, {FIELDS}", SMALL) == []
    assert page.evaluate(LOST, CONTROLS) == []


def test_by_keyboard_alone_and_without_script_words_are_kept_seen_and_proposed(desk, window):
    page = window(desk, path_of(desk, "one"), java_script_enabled=False)
    page.locator("#w-0-black").focus()
    page.keyboard.press("ArrowDown")
    page.locator("#more").focus()
    page.keyboard.type("report")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert "about the ██████. QUUX" in page.locator(".bubble").nth(1).inner_text()
    assert page.locator("#w-0-keep").is_checked()

    page.get_by_role("button", name="Release", exact=True).focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "waits for another person, who must approve it" in page.locator("main").inner_text()
    assert desk.ledger.steps[-1] == ("proposed", "quote")


def test_a_second_person_sees_how_it_would_read_and_approves_and_the_first_list_is_led_through(desk, window):
    page = window(desk, PAGES["comments"])
    page.locator("main a", has_text=wrote(desk, PRAISES).code).first.click()

    assert "Ann Lead" in page.locator("main").inner_text()
    page.get_by_role("button", name="Approve, and do it now").click()
    assert "is approved, and released." in page.locator("main").inner_text()
    assert page.url.split("?")[0].endswith(("/comment", "/comments"))
    assert len(desk.comments.page("springfield", "released", 9)[0]) == 1
