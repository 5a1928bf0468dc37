"""The report and its site in a real browser, opened as files."""

from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe

from chalicelib.insight.figures.compose import compose, questions_of
from chalicelib.insight.figures.gather import gather
from tenfour.figures.local import LocalLake
from tenfour.figures.report import write_site
from tests.insight.lake.rows import write
from tests.insight.report.lakes import QUARTER, agency, bend, comment
from tests.web.conftest import MILLISECONDS


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Return where the site of a quarter is, by language."""
    rows = [*bend(40), *comment(1, "The officer took her time and explained everything.")]
    lake = LocalLake(write(tmp_path_factory.mktemp("lake"), rows))
    folders = {}
    for language in ("en", "es"):
        figures = gather(lake, "springfield", QUARTER, questions_of(agency(), language).overall)
        folders[language] = tmp_path_factory.mktemp(language)
        write_site(compose(figures, agency(), language, date(2026, 10, 2)), agency(), language, folders[language])
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
