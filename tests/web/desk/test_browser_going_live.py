"""Going live in a real browser: on each screen, in the dark, in Spanish, and without a script."""

import pytest
from msgspec.structs import replace

from chalicelib.domain.approval import Author
from chalicelib.domain.desk.signed import Signed
from chalicelib.domain.desk.to_sign import stop, types_of
from chalicelib.domain.settings.desk import Desk
from chalicelib.insight.templates import templates_of
from tests.factories import demo_agency
from tests.web.desk.serving import filled
from tests.web.desk.test_browser import EACH_SCREEN, SMALL, violations, window
from tests.web.desk.test_draft_week import lived
from tests.web.desk.world import ROLES, DeskWorld

__all__ = ("window",)
OURS = replace(demo_agency(), desk=Desk(roles=ROLES))
TYPE = types_of(OURS, templates_of(OURS))[0].id
HERE = "/desk/springfield/going-live"
PAGES = {"list": HERE, "type": f"{HERE}/type?of={TYPE}"}


def fill(world):
    """Let somebody have signed one thing as it reads, and another as it read before."""
    ann = Author("desk:id.example:ann", "Ann Lead")
    world.signed.write("springfield", Signed(name="stop", of=stop(OURS).of, by=ann, at=world.now))
    world.signed.write("springfield", Signed(name="words.delay", of="another", by=ann, at=world.now))


@pytest.fixture
def desk():
    """Serve a desk to somebody who signs for the records unit."""
    with filled(fill, "records", world=DeskWorld(OURS)) as world:
        yield world


@pytest.fixture(scope="module")
def full():
    """Serve such a desk to look at."""
    with filled(fill, "records", "approver", "advocate", world=DeskWorld(OURS)) as world:
        yield world


@pytest.mark.parametrize(("size", "scheme"), EACH_SCREEN)
@pytest.mark.parametrize("name", PAGES)
def test_everybody_can_read_each_page_on_each_screen_by_day_and_night(full, window, name, size, scheme):
    page = window(full, PAGES[name], size, color_scheme=scheme, locale="es" if size == "narrow" else "en")

    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.eval_on_selector_all("button, main a.go, nav a, input[type=text]", SMALL) == []
    assert page.title().startswith(page.locator("h1").inner_text())


@pytest.mark.parametrize("script", [True, False])
def test_somebody_reads_a_type_and_signs_it_with_a_script_and_without(desk, window, script):
    page = window(desk, HERE, java_script_enabled=script)
    page.get_by_role("link", name="Read it and sign").first.click()
    page.get_by_role("button", name="I sign this : records").click()
    page.wait_for_selector("text=Signed by Dana Ruiz")
    page.get_by_role("link", name="All of the list").click()
    page.wait_for_selector("text=Done · records: Dana Ruiz")
    page.get_by_role("button", name="Take the signature back : STOP").click()
    page.wait_for_selector("text=Text STOP from a phone of your own")

    assert [*desk.signed.all_of("springfield")] == ["stop", "words.delay", f"type.{TYPE}.records"]


@pytest.mark.parametrize("script", [True, False])
def test_a_shadow_report_is_asked_for_watched_and_opened_with_a_script_and_without(desk, window, script):
    lived(desk, days=2)
    page = window(desk, "/desk/springfield/shadow", "narrow", java_script_enabled=script)
    page.get_by_role("button", name="Count the last 7 days").click()
    page.wait_for_selector("text=It begins in a moment.")
    desk.do_work()
    if not script:
        page.get_by_role("link", name="See how far it is").click()
    page.get_by_role("link", name="Open the report").click()
    page.wait_for_selector("text=Would go, by hour of the day")

    assert not script or violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.eval_on_selector_all("button, main a.go, nav a", SMALL) == []
    page.locator("th a").first.click()
    page.get_by_role("link", name="Its figures in the shadow report").click()
    page.wait_for_selector("text=Only this type:")
