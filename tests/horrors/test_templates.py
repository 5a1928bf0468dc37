"""Every template of a page, those of files too: `TEMPLATES` must name each one, or a test fails."""

import msgspec
import pytest

from chalicelib.insight.certify.report import Report
from chalicelib.insight.figures.quarter import Quarter
from chalicelib.insight.shadow.report import ShadowReport
from chalicelib.insight.shadow.sign_off import Sheet
from tenfour.certify.show import write_page
from tenfour.common.paths import ROOT
from tenfour.figures.render import html_index
from tenfour.figures.report import rendered
from tenfour.rehearse.shadow_pages import write_pages
from tests.factories import NOW, agency
from tests.horrors.horrors import ALL, SOUND
from tests.horrors.made import made
from tests.horrors.test_files import report
from tests.horrors.test_pages import PAGES, well

OURS_ALONE = "nobody else's words are on it"
AT_THE_DESK = "tests/web/desk/test_horrors.py fills it in"
DESK = ROOT / "chalicelib" / "web" / "static" / "desk"


def index(words, _folder):
    return html_index(agency(name=words), {Quarter(2026, 3): None}, "en")


def figures(words, _folder):
    return rendered(report(said=words), "html").decode()


def shadow(name):
    def page(words, folder):
        told = made(ShadowReport, words, hours=tuple(range(24)))
        write_pages(told, agency(name=words), (made(Sheet, words),), folder)
        return (folder / name).read_text()

    return page


def certified(words, folder):
    told = msgspec.json.encode(made(Report, words)).replace(b"`", b"'")  # it stands around code in our own sentences
    write_page(msgspec.json.decode(told, type=Report), folder / "report.html", words, NOW)
    return (folder / "report.html").read_text()


TEMPLATES = {
    "chalicelib/web/static/consent.html": PAGES["/u/{token}"],
    "chalicelib/web/static/home.html": PAGES["/"],
    "chalicelib/web/static/real.html": PAGES["/real/{agency_id}"],
    "chalicelib/web/static/survey.html": PAGES["/s/{token}"],
    "chalicelib/web/static/openapi.html": OURS_ALONE,
    "chalicelib/web/static/trouble.html": OURS_ALONE,
    **{path.relative_to(ROOT).as_posix(): AT_THE_DESK for path in DESK.glob("*.html")},
    "tenfour/stack/openapi_page.html": OURS_ALONE,
    "tenfour/certify/report.html": certified,
    "tenfour/figures/page.html": figures,
    "tenfour/figures/index.html": index,
    "tenfour/rehearse/report.html": shadow("report.html"),
    "tenfour/rehearse/sign_off.html": shadow("sign-off.html"),
}
FILES = [name for name, page in TEMPLATES.items() if name.startswith("tenfour/") and page != OURS_ALONE]


def test_every_template_is_here():
    found = (path for top in ("chalicelib", "tenfour") for path in (ROOT / top).rglob("*.html"))

    assert {path.relative_to(ROOT).as_posix() for path in found} == TEMPLATES.keys()


@pytest.mark.parametrize("name", FILES)
def test_a_page_in_a_file_shows_words_as_words(name, monkeypatch, tmp_path):
    page = TEMPLATES[name](ALL, tmp_path)
    monkeypatch.setattr("tests.horrors.made.SOUND", [f"plain {place}" for place in range(len(SOUND))])

    assert "[/bold]" in well(page, TEMPLATES[name]("plain", tmp_path))
