"""The webhooks' description, as a vendor's engineer opens it."""

from axe_playwright_python.sync_playwright import Axe

from tenfour.stack.openapi_files import as_page


def test_it_can_be_read_by_everybody_on_any_screen(screen, tmp_path):
    (tmp_path / "openapi.html").write_text(as_page())
    screen.goto(f"file://{tmp_path}/openapi.html")

    assert Axe().run(screen).violations_count == 0
    assert screen.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert screen.complaints == []
