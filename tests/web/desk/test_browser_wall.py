"""The screen on the wall in a real browser: hung by a person, read from afar, and honest when it hears nothing."""

from datetime import timedelta

import pytest

from chalicelib.domain.desk.attention import Attention, Cause, Waiting
from chalicelib.domain.desk.pending import hashed
from chalicelib.web.desk import cookies, door
from tests.browser import MILLISECONDS
from tests.web.desk.serving import served
from tests.web.desk.test_browser import until, violations
from tests.web.desk.world import DeskWorld, story

TV = {"width": 1920, "height": 1080}
AT = "/desk/springfield/wall"
AS_LARGE = "all => all.map(one => parseFloat(getComputedStyle(one).fontSize))"


@pytest.fixture
def desk(monkeypatch):
    world = DeskWorld()
    monkeypatch.setattr(door, "now", lambda: world.now)
    story(world, "P26-1")
    world.attention.note("springfield", Attention(tuple(waits(world))))
    with served(world) as address:
        world.address = address
        yield world


def waits(world):
    for cause in Cause:
        for number in range(9):
            yield Waiting(
                agency_id="springfield",
                cause=cause,
                about=f"{cause}-{number}",
                since=world.now - timedelta(minutes=number),
                called=f"P26-{number}",
            )


@pytest.fixture
def window(browser):
    """Return what opens a page with a cookie on a screen."""
    opened = []

    def open_page(desk, path, cookie, size=TV, **more):
        context = browser.new_context(viewport=size, **more)
        context.set_default_timeout(MILLISECONDS)
        opened.append(context)
        secure = desk.address.replace("http:", "https:")
        context.add_cookies([{"name": cookies.SESSION, "value": cookie, "url": secure, "secure": True}])
        page = context.new_page()
        page.clock.install(time=desk.now)
        page.goto(desk.address + path)
        return page

    yield open_page
    for context in opened:
        context.close()


def screen(desk):
    return desk.signed_in("watch", cookie="on the wall", wall=True, wall_at="springfield")


@pytest.mark.parametrize("script", [True, False])
def test_a_supervisor_hangs_it_in_three_presses_and_leaves_no_session_of_theirs(desk, window, script):
    cookie = desk.signed_in("supervisor")
    page = window(desk, "/desk/springfield", cookie, java_script_enabled=script)
    page.get_by_role("link", name="Show this on a wall screen").click()
    page.get_by_role("button", name="Make this browser a wall screen").click()
    page.wait_for_selector("text=This is a wall screen now")
    page.context.clear_cookies()  # the browser has no TLS here, so it did not take the cookie of the screen
    (hung,) = desk.sessions.of("https://id.springfield.example", "subject-supervisor")

    assert hung.wall
    assert desk.sessions.find(hashed(cookie)) is None
    assert page.get_by_role("link", name="Sign out there too").get_attribute("target") == "_blank"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", [AT, "/desk/springfield"])
def test_everybody_can_read_it_and_what_it_refuses(desk, window, path, scheme):
    page = window(desk, path, screen(desk), color_scheme=scheme)

    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(11, 13, 16)"


def test_the_form_that_hangs_it_fits_a_phone(desk, window):
    page = window(desk, AT, desk.signed_in("watch"), {"width": 360, "height": 740})

    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_all_that_waits_is_on_one_screen_in_letters_that_are_read_from_five_metres(desk, window):
    """20 mm of height are read from five metres; on a screen of 43 inches 40 pixels are 20 mm."""
    page = window(desk, AT, screen(desk))
    last = page.locator(".waits > li").last.bounding_box()

    assert page.locator(".waits > li").count() == len(Cause) - 1  # a screen decides on nothing, so no proposal is there
    assert last["y"] + last["height"] <= TV["height"]
    assert min(page.eval_on_selector_all(".state, .much", AS_LARGE)) >= 40
    assert min(page.eval_on_selector_all("#board p", AS_LARGE)) >= 24


def test_news_comes_by_itself_and_silence_is_said_in_big_letters(desk, window):
    page = window(desk, AT, screen(desk))
    desk.attention.note("springfield", Attention(ended=frozenset({(Cause.DANGER, "danger-0")})))
    until(page, lambda: page.locator("text=DANGER · 8").count())
    page.route("**/wall-board", lambda route: route.abort())
    until(page, lambda: page.locator("#stale").is_visible())

    assert page.locator("#stale").inner_text().startswith("NOT CURRENT. This screen last heard from tenfour")
    assert min(page.eval_on_selector_all("#stale", AS_LARGE)) >= 60


def test_a_screen_whose_session_was_ended_asks_who_is_there(desk, window):
    page = window(desk, AT, screen(desk))
    desk.sessions.close_all("https://id.springfield.example", "subject-watch")
    until(page, lambda: page.locator("h1").inner_text() == "Sign in")


def polls(desk, page):
    return len([one for one in desk.asked if one[1].endswith(page)])


def test_it_asks_less_often_while_nothing_changes_and_rarely_for_the_hours(desk, window):
    """Two minutes of nothing are 14 polls at most, and one for the hours."""
    page = window(desk, AT, screen(desk))
    before = polls(desk, "wall-board")
    until(page, lambda: polls(desk, "wall-board") >= before + 3)
    for _ in range(120):
        page.clock.run_for(1000)
        page.wait_for_timeout(5)
    many, hours = polls(desk, "wall-board") - before, polls(desk, "wall-hours")

    assert many <= 3 + 120 / 15 + 3
    assert hours <= 2


def test_without_script_it_comes_anew_each_minute(desk, window):
    page = window(desk, AT, screen(desk), java_script_enabled=False)

    assert page.locator("noscript meta, meta[http-equiv=refresh]").first.get_attribute("content") == "60"
