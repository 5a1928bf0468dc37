"""The pages of a shadow report in a real browser, opened as files."""

from datetime import timedelta

import pypdfium2
import pytest
from axe_playwright_python.sync_playwright import Axe
from msgspec.structs import replace

from chalicelib.insight.shadow.count import count
from chalicelib.insight.shadow.rehearse import floors
from chalicelib.virtual.cases import told_by
from chalicelib.virtual.clock import VirtualCity
from chalicelib.virtual.town.calls import generate
from tenfour.rehearse.shadow_make import write
from tests.browser import MILLISECONDS
from tests.factories import NOW, demo_agency

BROKEN = """
all => all.filter(e => {
    const range = document.createRange();
    range.selectNodeContents(e);
    return new Set([...range.getClientRects()].map(one => one.top)).size > 1;
}).map(e => e.textContent)
"""
"""Words that stand in more than one line."""

PAGES = ("report.html", "sign-off.html")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return where the pages of a made-up week are."""
    rules = replace(demo_agency(), mode="shadow")
    city = VirtualCity(rules)
    told, _ = told_by(generate(5, 150, NOW, timedelta(days=7), 1), rules)
    list(city.play(told))
    out = tmp_path_factory.mktemp("shadow")
    write(count(city.records(), rules, floors), rules, out)
    return out


@pytest.mark.parametrize("name", PAGES)
def test_it_can_be_read_by_everybody_on_either_screen(screen, folder, name):
    requests = []
    screen.on("request", lambda request: requests.append(request.url))
    screen.goto((folder / name).as_uri())

    violations = Axe().run(screen).response["violations"]
    assert [(found["id"], found["nodes"][0]["html"]) for found in violations] == []
    assert len(requests) == 1
    assert screen.complaints == []
    assert screen.evaluate("document.documentElement.scrollWidth <= innerWidth")
    torn = "all => all.filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.textContent)"
    assert screen.eval_on_selector_all("thead th", torn) == []
    assert screen.eval_on_selector_all(".sign thead th", BROKEN) == []
    heights = screen.eval_on_selector_all("nav a", "all => all.map(e => e.getBoundingClientRect().height)")
    assert all(height >= 44 for height in heights)


PAPER = {"width": 700, "height": 940}
"""Letter within its margins of 1.5 cm, in CSS pixels."""


def test_a_type_and_its_boxes_are_printed_on_one_sheet_of_paper(browser, folder):
    context = browser.new_context(viewport=PAPER)
    context.set_default_timeout(MILLISECONDS)
    page = context.new_page()
    page.emulate_media(media="print")
    page.goto((folder / "sign-off.html").as_uri())

    heights = page.eval_on_selector_all(".sheet", "all => all.map(e => e.getBoundingClientRect().height)")
    context.close()
    assert len(heights) == 5
    assert max(heights) < PAPER["height"]


def test_a_total_is_printed_once_below_its_last_row(browser, folder):
    page = browser.new_page()
    page.goto((folder / "report.html").as_uri())
    printed = pypdfium2.PdfDocument(page.pdf(format="Letter"))
    totals = page.locator("tfoot").count()
    page.close()
    lines = [line for sheet in printed for line in sheet.get_textpage().get_text_range().splitlines()]

    assert sum(line.startswith("all ") for line in lines) == totals
