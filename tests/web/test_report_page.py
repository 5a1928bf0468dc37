"""The report and its site in a real browser, opened as files."""

from datetime import date

import pypdfium2
import pytest
from axe_playwright_python.sync_playwright import Axe

from chalicelib.insight.figures.compose import compose
from chalicelib.insight.figures.gather import gather
from tenfour.figures.local import LocalLake
from tenfour.figures.pdf import pdf
from tenfour.figures.report import write_site
from tests.browser import MILLISECONDS
from tests.insight.lake.rows import write
from tests.insight.report.lakes import QUARTER, agency, asked, bend, comment

UNBROKEN = "https://springfield.example/" + "a" * 120
"""A word that is wider than a phone, and than a sheet of paper."""

EDGE = 50
"""The white beside the text of a PDF, in points: 2.2 cm, less a blank that ends a line."""

FINGER = 44
"""So many pixels must a link be high."""

BROKEN_INTERVALS = """
cells => cells.filter(cell => {
    const node = cell.firstChild, at = node ? node.data.indexOf("(") : -1;
    if (at < 0) return false;
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, node.data.length);
    return new Set([...range.getClientRects()].map(one => one.top)).size > 1;
}).map(cell => cell.textContent)
"""


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """Return the report of a quarter, by language."""
    rows = [*bend(40), *comment(1, "The officer took her time and explained everything."), *comment(2, UNBROKEN)]
    rows += [asked(n, kind="delay") for n in range(9)]
    lake = LocalLake(write(tmp_path_factory.mktemp("lake"), rows))
    made = {}
    for language in ("en", "es"):
        figures = gather(lake, "springfield", QUARTER, date(2026, 12, 1))
        made[language] = compose(figures, agency(), language, date(2026, 12, 1))
    return made


@pytest.fixture(scope="module")
def site(reports, tmp_path_factory):
    """Return where the site of a quarter is, by language."""
    folders = {}
    for language, document in reports.items():
        folders[language] = tmp_path_factory.mktemp(language)
        write_site(document, agency(), language, folders[language])
    return folders


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("name", ["index.html", "2026Q3.html"])
def test_everybody_can_read_it_on_either_screen(screen, site, name, language):
    requests = []
    screen.on("request", lambda request: requests.append(request.url))
    screen.goto((site[language] / name).as_uri())

    violations = Axe().run(screen).response["violations"]
    assert [(found["id"], found["nodes"][0]["html"]) for found in violations] == []
    assert [url for url in requests if not url.startswith("data:")] == [(site[language] / name).as_uri()]
    assert screen.complaints == []
    assert screen.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert screen.get_attribute("html", "lang") == language


def test_the_index_leads_to_the_quarter_and_back(screen, site):
    screen.goto((site["en"] / "index.html").as_uri())
    screen.click("text=July to September 2026")
    assert screen.title() == "What callers told us: Springfield Police Department: July to September 2026"
    screen.click("text=All quarters")

    assert screen.url.endswith("index.html")


def test_on_paper_no_table_is_cut_off(browser, site):
    context = browser.new_context(viewport={"width": 690, "height": 900})
    context.set_default_timeout(MILLISECONDS)
    page = context.new_page()
    page.emulate_media(media="print")
    page.goto((site["en"] / "2026Q3.html").as_uri())

    wide = page.eval_on_selector_all("table", "all => all.filter(e => e.scrollWidth > innerWidth).length")
    context.close()
    assert wide == 0


@pytest.mark.parametrize("language", ["en", "es"])
def test_on_a_phone_nothing_is_cut_off_and_all_questions_are_in_view_at_once(browser, site, language):
    """At 390 pixels: no table or chart is wider than the page, and the chart of all questions fits one screen."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    context.set_default_timeout(MILLISECONDS)
    page = context.new_page()
    page.goto((site[language] / "2026Q3.html").as_uri())

    cut = page.eval_on_selector_all(
        "figure, .scroll, td, tbody th, dd",
        "all => all.filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.outerHTML.slice(0, 200))",
    )
    charts = page.eval_on_selector_all(
        "figure img", "all => all.map(e => [e.getBoundingClientRect().width, e.getBoundingClientRect().height])"
    )
    broken = page.eval_on_selector_all("td", BROKEN_INTERVALS)
    context.close()
    assert (cut, broken) == ([], [])
    assert all(width <= 390 and height <= 844 for width, height in charts)


@pytest.mark.parametrize("name", ["index.html", "2026Q3.html"])
def test_a_finger_finds_each_link(screen, site, name):
    screen.goto((site["en"] / name).as_uri())

    heights = screen.eval_on_selector_all("a", "all => all.map(e => e.getBoundingClientRect().height)")
    assert heights
    assert min(heights) >= FINGER


def test_a_row_that_is_a_block_on_a_phone_says_what_it_is_about(screen, site):
    screen.goto((site["en"] / "2026Q3.html").as_uri())

    assert "priority 3" in screen.eval_on_selector_all(".many tbody th", "all => all.map(e => e.textContent)")


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_letter_of_the_pdf_lies_outside_of_its_margins(reports, language):
    for page in pypdfium2.PdfDocument(pdf(reports[language])):
        text = page.get_textpage()
        boxes = [text.get_charbox(at) for at in range(text.count_chars())]

        assert max(right for _, _, right, _ in boxes) < page.get_width() - EDGE


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_printed_from_the_browser_no_page_but_the_last_is_white_for_a_third(browser, site, paper):
    page = browser.new_page()
    page.goto((site["en"] / "2026Q3.html").as_uri())
    printed = page.pdf(format=paper)
    page.close()

    assert [white for white in white_below(printed)[:-1] if white > 1 / 3] == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_page_of_the_pdf_but_the_last_is_white_for_a_third(reports, language):
    assert [white for white in white_below(pdf(reports[language]))[:-1] if white > 1 / 3] == []


def white_below(printed):
    """Return which part of each page is white below its last line, without the margin and the foot."""
    document = pypdfium2.PdfDocument(printed)
    found = []
    for page in document:
        shades = page.render(scale=0.5).to_numpy()[..., :3].min(axis=2)
        rows = [row for row in (shades < 200).any(axis=1).nonzero()[0] if row < 0.92 * len(shades)]
        found.append(0.92 - max(rows, default=0) / len(shades))
    return found
