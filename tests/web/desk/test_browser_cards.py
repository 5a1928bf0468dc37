"""Cards in a real browser: by keyboard, without a script, in the dark, in Spanish, and on one sheet of paper."""

import pypdfium2
import pytest

from tests.web.desk.serving import filled
from tests.web.desk.test_browser import EACH_SCREEN, SMALL, violations, window

__all__ = ("window",)
CARDS = "/desk/springfield/cards"


@pytest.fixture(scope="module")
def full():
    with filled(lambda world: None, "admin") as world:
        yield world


def made(window, desk, size="phone", **more):
    """Return the sheet that a press made, by keyboard."""
    page = window(desk, CARDS, size, **more)
    page.locator("#label").fill("3A12")
    page.locator("main .press").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".sheet")
    return page


@pytest.mark.parametrize(("size", "scheme"), EACH_SCREEN)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(full, window, size, scheme):
    for page in (window(full, CARDS, size, color_scheme=scheme), made(window, full, size, color_scheme=scheme)):
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.locator("h1").count() == 1
        assert page.title().startswith(page.locator("h1").inner_text())


def test_in_spanish_and_without_a_script_a_sheet_is_made_on_the_smallest_phone(full, window):
    page = made(window, full, "narrow", locale="es", java_script_enabled=False)

    assert page.locator("html").get_attribute("lang") == "es"
    assert page.locator("h1").inner_text() == "Una hoja de tarjetas"
    assert page.eval_on_selector_all("button, main a, nav a, select, input:not([type=hidden])", SMALL) == []


@pytest.mark.parametrize("paper", ["Letter", "A4"])
def test_eight_cards_fill_one_sheet_of_paper_and_nothing_else_is_on_it(full, window, paper):
    page = made(window, full, "desktop", color_scheme="dark")
    page.emulate_media(media="print")
    shown = page.locator(".top, h1, .foot, .noprint").evaluate_all("all => all.map(e => e.offsetHeight)")
    cut = page.locator(".card").evaluate_all("all => all.map(e => e.scrollHeight - e.clientHeight)")
    margin = dict.fromkeys(("top", "bottom", "left", "right"), "0.4in")
    told = pypdfium2.PdfDocument(page.pdf(format=paper, margin=margin))

    assert not any(shown)
    assert max(cut) <= 0
    assert len(told) == 1
    assert told[0].get_textpage().get_text_bounded().count("Springfield Police Department") == 8
