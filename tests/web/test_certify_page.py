"""The report of a conformance run in a real browser, opened as a file."""

from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe

from chalicelib.insight.certify.post import Post
from chalicelib.insight.certify.read import read_run
from chalicelib.insight.certify.report import certify
from tenfour.certify.show import write_page
from tests.factories import NOW

WIDTHS = (390, 1280)
BODY = b'{"updates": [{"incident_number": "P26-%d", "as_of": "2026-11-21T17:20:00", "%s": 1, "<b>": 1}]}'


@pytest.fixture(scope="module")
def page_file(tmp_path_factory):
    """Return a report with something wrong in it, long words too."""
    names = (b"arrivedAt", b"x" * 200)
    posts = [
        Post(where=f"request {number}", at=NOW, body=BODY % (number, name)) for number in range(7) for name in names
    ]
    file = tmp_path_factory.mktemp("certify") / "report.html"
    write_page(certify(read_run(posts, NOW + timedelta(hours=1))), file, "Example <CAD> 7.2", datetime.now(UTC))
    return file


@pytest.mark.parametrize("width", WIDTHS)
def test_everybody_can_read_it_at_either_width(browser, page_file, width):
    page = browser.new_page(viewport={"width": width, "height": 900})
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(page_file.as_uri())

    violations = Axe().run(page).response["violations"]
    assert [(found["id"], found["nodes"][0]["html"]) for found in violations] == []
    assert len(requests) == 1
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator("h1").inner_text() == "Conformance report: Example <CAD> 7.2"
    assert page.locator(".wrong > li").count() == 2
    page.close()


def test_a_check_with_many_findings_shows_the_first_and_counts_the_rest(browser, page_file):
    page = browser.new_page()
    page.goto(page_file.as_uri())

    assert page.locator(".found").first.locator("li").last.inner_text() == "and 2 more"
    page.close()
