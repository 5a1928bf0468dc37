"""Thanks in a real browser: by thumb, in the dark, in Spanish, on paper."""

import pytest

from tests.web.desk.serving import filled
from tests.web.desk.test_browser import EACH_SCREEN, SMALL, violations, window
from tests.web.desk.test_thanks import praise

__all__ = ("window",)
PAGES = {
    "thanks": "/desk/springfield/thanks",
    "card": f"/desk/springfield/thanks/card?of={'0' * 12}",
    "digest": "/desk/springfield/thanks/digest",
    "gone": "/desk/springfield/thanks/card?of=nothing",
    "no praise": "/desk/springfield/thanks?month=2025-01",
}


def fill(world):
    for number in range(4):
        praise(world, f"{number:012x}", units=("3A12",), officer_ids=("7041",), incident_number=f"P26-{number}")


@pytest.fixture(scope="module")
def full():
    with filled(fill, "quality") as world:
        yield world


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("size", "scheme"), EACH_SCREEN)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(full, window, name, size, scheme):
    page = window(full, PAGES[name], size, color_scheme=scheme)

    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator("h1").count() == 1
    assert page.title().startswith(page.locator("h1").inner_text())


@pytest.mark.parametrize("name", PAGES)
def test_in_spanish_each_page_fits_360_pixels_and_a_thumb(full, window, name):
    page = window(full, PAGES[name], "narrow", locale="es", java_script_enabled=False)

    assert page.locator("html").get_attribute("lang") == "es"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.eval_on_selector_all("button, main a, nav a, select, input:not([type=hidden])", SMALL) == []


@pytest.mark.parametrize("name", ["card", "digest"])
def test_on_paper_there_are_the_words_and_nothing_to_press(full, window, name):
    page = window(full, PAGES[name], color_scheme="dark")
    page.emulate_media(media="print")

    assert page.locator("nav").is_hidden()
    assert page.locator(".bubble").first.is_visible()
    assert page.locator("main a").first.is_hidden()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
