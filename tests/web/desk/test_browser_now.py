"""Now in a storm, and the way from page to page, in a real browser: one thumb, no script needed."""

from contextlib import contextmanager
from datetime import timedelta

import pytest

from chalicelib.domain.desk.attention import Attention, Cause
from chalicelib.domain.desk.permissions import Role
from chalicelib.web.desk import cookies, door
from tests.browser import MILLISECONDS
from tests.web.desk.serving import served
from tests.web.desk.test_browser import EACH_SCREEN, SCREENS, SMALL, until, violations
from tests.web.desk.test_take import storm
from tests.web.desk.world import DeskWorld, story

AT = "/desk/springfield"


@contextmanager
def stormy(patch):
    world = DeskWorld()
    patch.setattr(door, "now", lambda: world.now)
    story(world, "P26-1")
    storm(world)
    with served(world) as address:
        world.address, world.cookie = address, world.signed_in("supervisor", "watch")
        yield world


@pytest.fixture
def desk(monkeypatch):
    with stormy(monkeypatch) as world:
        yield world


@pytest.fixture
def every(desk):
    """Return the desk of somebody with every role, who has every page."""
    desk.cookie = desk.signed_in(*Role)
    return desk


@pytest.fixture
def window(browser):
    opened = []

    def open_page(desk, path=AT, size="phone", **more):
        context = browser.new_context(viewport=SCREENS[size], **more)
        context.set_default_timeout(MILLISECONDS)
        opened.append(context)
        secure = desk.address.replace("http:", "https:")
        context.add_cookies([{"name": cookies.SESSION, "value": desk.cookie, "url": secure, "secure": True}])
        page = context.new_page()
        page.clock.install(time=desk.now)
        page.goto(desk.address + path)
        return page

    yield open_page
    for context in opened:
        context.close()


@pytest.mark.parametrize(("size", "scheme"), EACH_SCREEN)
@pytest.mark.parametrize("path", [AT, f"{AT}/waits", f"{AT}/waits?cause=held"])
def test_everybody_can_read_a_storm(desk, window, path, size, scheme):
    page = window(desk, path, size, color_scheme=scheme)

    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.eval_on_selector_all("button, main a, nav a, summary", SMALL) == []


def test_on_a_phone_the_brake_and_the_danger_are_on_the_first_screen(desk, window):
    page = window(desk)
    for box in (page.get_by_role("button", name="Stop all texts").bounding_box(),
                page.locator("h3", has_text="DANGER · 3").bounding_box()):  # fmt: skip
        assert box["y"] + box["height"] < SCREENS["phone"]["height"]


@pytest.mark.parametrize("script", [True, False])
def test_what_waits_is_taken_by_one_press(desk, window, script):
    page = window(desk, java_script_enabled=script)
    page.locator("li[data-key='danger alerts#2']").get_by_role("button", name="I’ve got it").click()
    page.wait_for_selector("text=Dana Ruiz has it")

    assert page.locator("li[data-key='danger alerts#2']").get_by_role("button").count() == 0
    assert desk.ledger.said == [("took_on", "danger alerts")]


def test_that_somebody_has_it_comes_to_the_others_by_itself_and_their_focus_stays(desk, window):
    page = window(desk)
    page.locator("li[data-key='danger alerts#3']").get_by_role("button").focus()
    one = next(one for one in desk.attention.of("springfield") if one.about == "alerts#1")
    desk.attention.take(one, "R. Lead (desk:id.example:7)", desk.now)
    until(page, lambda: page.locator("text=R. Lead has it").count())

    assert page.evaluate("document.activeElement.closest('li').dataset.key") == "danger alerts#3"
    assert page.locator(".waits > li").nth(2).get_attribute("data-key") == "danger alerts#1"


def test_a_cause_that_ends_goes_with_its_heading(desk, window):
    page = window(desk)
    gone = frozenset(one.name for one in desk.attention.of("springfield") if one.cause is Cause.HELD)
    desk.attention.note("springfield", Attention(ended=gone))
    until(page, lambda: not page.locator("h3", has_text="HELD").count())

    assert page.locator("h3").all_inner_texts() == ["DANGER · 3", "FOLLOW-UP · 500"]


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("size", SCREENS)
def test_all_pages_are_two_presses_away_without_a_script(every, window, size, script):
    page = window(every, f"{AT}/pause", size, java_script_enabled=script)
    front = page.locator("nav > a").all_inner_texts()
    page.locator("summary", has_text="More").press("Enter")
    menu = page.locator(".more ul").bounding_box()
    last = page.locator(".more a").last

    assert front == ["Now", "Pause", "Held", "Find", "Conversations"]
    assert page.locator("[aria-current=page]").all_inner_texts() == ["Pause"]
    assert last.is_visible()
    assert menu["x"] >= 0
    assert menu["x"] + menu["width"] <= SCREENS[size]["width"]
    if script:
        assert violations(page) == []
    last.click()
    assert page.url.endswith("/going-live")


def test_a_page_behind_more_is_marked_without_opening_it(every, window):
    page = window(every, f"{AT}/incident")

    assert page.locator("summary").inner_text().split() == ["More:", "Incident"]
    assert page.locator(".more [aria-current=page]").count() == 1


def test_the_brake_stays_on_the_first_screen_under_all_pages(every, window):
    box = window(every).get_by_role("button", name="Stop all texts").bounding_box()

    assert box["y"] + box["height"] < SCREENS["phone"]["height"]


def test_who_has_it_is_gone_after_ten_minutes_without_a_press(desk, window):
    one = next(one for one in desk.attention.of("springfield") if one.about == "alerts#1")
    desk.attention.take(one, "R. Lead (desk:id.example:7)", desk.now)
    page = window(desk)
    before = page.locator("text=R. Lead has it").count()
    desk.now += timedelta(minutes=10)
    until(page, lambda: not page.locator("text=R. Lead has it").count())

    assert before == 1
