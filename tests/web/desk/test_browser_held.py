"""Held, Approvals and a call's acts in a real browser: by keyboard and thumb, in the dark, in Spanish, on paper."""

import pytest

from chalicelib.domain.approval import Author
from chalicelib.domain.incidents.update import Latch
from chalicelib.insight.approval.releasing import release
from tests.factories import caller
from tests.web.desk.serving import filled
from tests.web.desk.test_browser import SCREENS, violations, window
from tests.web.desk.test_held import crowd
from tests.web.desk.world import key, story

__all__ = ("window",)
PAGES = {
    "held": "/desk/springfield/held",
    "approvals": "/desk/springfield/approvals",
    "call": "/desk/springfield/incident?number=P26-1",
    "sent": "/desk/springfield/incident?number=P26-5",
    "reveal": "/desk/springfield/reveal?number=P26-5",
}
ANN = Author("arn:aws:iam::111122223333:user/ann")


def fill(world):
    """Let calls be held in every way, and one act wait for a second person."""
    story(world, "P26-1", minutes=1, parties=crowd(), incident_type_description="LOUD PARTY")
    story(world, "P26-2", minutes=2, latches=frozenset({Latch.JUVENILE}))
    story(world, "P26-3", minutes=3, latches=frozenset({Latch.DO_NOT_CONTACT}))
    story(world, "P26-4", "DV")
    story(world, "P26-5", parties={"1": caller("+13035550155")})
    release(world, key("P26-2"), "juvenile", "", ANN, "told by mistake", world.now)


@pytest.fixture(scope="module")
def full():
    """Serve a desk where much is held."""
    with filled(fill, "supervisor", "records") as world:
        yield world


@pytest.fixture
def desk(world):
    """Serve a desk of the test's own."""
    with filled(fill, "supervisor", "records", world=world):
        yield world


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("more", [{}, {"color_scheme": "dark"}], ids=["light", "dark"])
@pytest.mark.parametrize("size", SCREENS)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(full, window, name, size, more):
    page = window(full, PAGES[name], size, **more)

    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator("h1").count() == 1
    assert page.title().startswith(page.locator("h1").inner_text())


@pytest.mark.parametrize("name", PAGES)
def test_in_spanish_each_page_is_in_spanish_and_axe_finds_nothing(full, window, name):
    path = PAGES[name]
    page = window(full, f"{path}{'&' if '?' in path else '?'}lang=es")

    assert page.locator("html").get_attribute("lang") == "es"
    assert violations(page) == []


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without"])
def test_a_mass_call_is_released_by_keyboard(desk, window, script):
    page = window(desk, PAGES["held"], java_script_enabled=script)
    page.get_by_text("Release", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Release call P26-1").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Released. The texts go now").wait_for()

    assert [one.what for one in desk.incidents.load(key("P26-1")).incident.releases] == ["mass_call"]


def test_another_approves_what_one_proposed(desk, window):
    page = window(desk, PAGES["approvals"])
    page.get_by_label("I am not the person who proposed it at the terminal.").check()
    page.get_by_role("button", name="Approve, and do it now").click()
    page.get_by_text("Approved, and done.").wait_for()

    assert [one.what for one in desk.incidents.load(key("P26-2")).incident.releases] == ["juvenile"]


def test_one_message_is_cancelled_and_people_are_silenced_by_thumb(desk, window):
    page = window(desk, PAGES["call"], has_touch=True)
    before = page.get_by_role("button", name="Cancel this message").count()
    page.get_by_role("button", name="Cancel this message").first.tap()
    page.get_by_text("Cancelled: that message is not sent.").wait_for()
    left = page.get_by_role("button", name="Cancel this message").count()
    page.locator("summary", has_text="Silence its people").tap()
    page.get_by_role("button", name="Silence its people").tap()
    page.get_by_text("Its people are silenced").first.wait_for()

    assert left == before - 1


def test_on_paper_a_call_has_its_story_and_no_buttons(full, window):
    page = window(full, PAGES["sent"])
    page.emulate_media(media="print")

    assert page.get_by_text("In plain words").is_visible()
    assert not page.get_by_role("button", name="Silence its people").is_visible()
    assert not page.locator("summary").first.is_visible()


def test_buttons_are_large_enough_for_a_thumb(full, window):
    for name in PAGES.values():
        page = window(full, name)
        for one in page.locator("button:visible, summary:visible").all():
            assert one.bounding_box()["height"] >= 44
