"""Results and the quarter's report in a real browser: read, by keyboard, on a phone, without script, on paper."""

import re
from datetime import timedelta

import pytest
from msgspec.structs import replace

from chalicelib.domain.approval import Author
from chalicelib.insight.desk.jobs import ask
from chalicelib.insight.results import job, report
from chalicelib.web.desk import door
from tenfour.common.paths import ROOT
from tests.insight.lake.rows import sample, write
from tests.waiting import wait_until
from tests.web.desk.serving import served
from tests.web.desk.test_browser import EACH_SCREEN, SMALL, violations
from tests.web.desk.test_browser import window as window  # noqa: PLC0414  a fixture is found by its name
from tests.web.desk.test_each_act import Q3
from tests.web.desk.test_results import NAMES
from tests.web.desk.world import SPRINGFIELD, DeskWorld

ANN = Author("desk:id.example:ann", "Ann Lead")
STATIC = ROOT / "chalicelib" / "web" / "static" / "desk"
RESULTS = "/desk/springfield/results?quarter=2026Q3"
REPORT = "/desk/springfield/report?quarter=2026Q3"
VIEWS = [RESULTS, f"{RESULTS}&by=beat", *(f"{RESULTS}&measure={one}" for one in ("response", "timeliness", "cost"))]
HINT = "There is more to the right"
TELLS = """tables => tables.map(one => [
    one.scrollWidth > one.clientWidth,
    getComputedStyle(one, "::before").display === "block",
    getComputedStyle(one, "::before").content,
    one.tabIndex === 0 && one.getAttribute("role") === "region" && !!one.getAttribute("aria-label"),
])"""
"""Of each table: whether it is wider than its place, whether it says so and how, and whether a keyboard moves it."""


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    """Serve a desk where a quarter was counted, and its report is made."""
    world, patch = DeskWorld(), pytest.MonkeyPatch()
    patch.setattr(door, "now", lambda: world.now)
    rows = [replace(row, agency_id=NAMES[row.agency_id]) for row in sample(incidents=400)]
    world.lake_source.holds(write(tmp_path_factory.mktemp("results"), rows))
    for one in (job.job_of(SPRINGFIELD, Q3, ANN, world.now), report.job_of(Q3, ANN, world.now)):
        ask(world, "springfield", one, world.now, limited=False)
    assert set(world.do_work()) == {"done"}
    with served(world) as address:
        world.address = address
        world.cookie = world.signed_in("quality", agencies=("springfield",))
        world.signed_in("approver", cookie="other", agencies=("springfield",), name="Ben Lee", subject="ben")
        yield world
    patch.undo()


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_each_page_whose_part_may_be_wider_than_the_screen_has_the_words_for_it():
    tags = [tag for page in STATIC.glob("*.html") for tag in re.findall(r'<div class="scroll".*?>', page.read_text())]

    assert len(tags) > 15
    assert [tag for tag in tags if "data-sideways" not in tag] == []


@pytest.mark.parametrize(("size", "scheme"), EACH_SCREEN)
def test_everybody_can_read_each_view_on_each_screen_by_day_and_night(full, window, size, scheme):
    page = window(full, REPORT, size, color_scheme=scheme, locale="es" if size == "narrow" else "en")

    for path in (REPORT, *VIEWS):
        page.goto(full.address + path)
        assert violations(page) == [], path
        assert fits(page), path
        assert page.eval_on_selector_all("button, main a.chip, nav a", SMALL) == [], path
        assert page.locator("html").get_attribute("lang") == ("es" if size == "narrow" else "en")


@pytest.mark.parametrize("script", [True, False])
def test_a_table_that_is_wider_than_a_phone_scrolls_by_itself_and_says_so_and_no_other_does(full, window, script):
    page = window(full, f"{RESULTS}&measure=timeliness", "narrow", java_script_enabled=script)
    wide = page.eval_on_selector_all(".scroll", TELLS)
    page.goto(full.address + REPORT)
    wide += page.eval_on_selector_all(".scroll", TELLS)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{full.address}{RESULTS}&measure=timeliness")
    narrow = page.eval_on_selector_all(".scroll", TELLS)

    assert {(overflows, says) for overflows, says, _, _ in wide} == {(True, True), (False, False)}
    assert all(HINT in words for overflows, _, words, _ in wide if overflows)
    assert all(by_keyboard for *_, by_keyboard in wide)
    assert {(overflows, says) for overflows, says, _, _ in narrow} == {(False, False)}


def test_by_keyboard_a_measure_is_chosen_and_a_table_moved(full, window):
    page = window(full, RESULTS, "narrow")
    page.get_by_role("link", name="Timeliness").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    table = page.locator(".scroll").first
    table.focus()
    page.keyboard.press("ArrowRight")

    assert wait_until(lambda: table.evaluate("one => one.scrollLeft") > 0)
    assert "measure=timeliness" in page.url
    assert page.get_by_text("Timeliness", exact=True).get_attribute("aria-current") == "true"
    assert fits(page)


def test_without_a_script_a_view_is_opened_and_its_chart_has_its_figures_beneath(full, window):
    page = window(full, RESULTS, java_script_enabled=False)
    page.get_by_role("link", name="beat", exact=True).click()
    page.wait_for_selector("text=By beat")
    page.goto(full.address + REPORT)
    charts = page.locator("figure").count()
    alts = page.eval_on_selector_all("figure [role=img]", "all => all.map(one => one.getAttribute('aria-label'))")
    beneath = page.locator("figure ~ .scroll table").count()

    assert charts > 2
    assert len(set(alts)) == charts
    assert all(alts)
    assert beneath >= charts


def test_on_paper_the_report_is_whole_and_has_no_buttons(full, window):
    page = window(full, REPORT, "desktop", color_scheme="dark")
    page.emulate_media(media="print")

    assert page.locator("button:visible").count() == 0
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    found = page.eval_on_selector_all(".scroll", "all => all.map(one => getComputedStyle(one).overflowX)")
    assert set(found) == {"visible"}
    assert page.pdf(format="Letter").startswith(b"%PDF")


@pytest.mark.parametrize("script", [True, False])
def test_a_report_is_proposed_found_on_now_and_declined(full, window, script):
    """Two people, each with a page of their own; what waits leads whoever decides there."""
    full.now += timedelta(minutes=1)
    page = window(full, REPORT, java_script_enabled=script)
    with page.expect_navigation():
        page.get_by_role("button", name="Propose to release it").click()
    second = window(full, "/desk/springfield", cookie="other", java_script_enabled=script)
    assert not script or violations(second) == []
    with second.expect_navigation():
        second.get_by_role("link", name="Read it, and decide").click()
    with second.expect_navigation():
        second.get_by_role("button", name="Decline").click()
    page.goto(f"{full.address}/desk/springfield")

    assert full.attention.of("springfield") == ()
    assert full.reports.released("springfield") == []
    assert page.get_by_text("APPROVAL").count() == 0
