"""The desk in a real browser: for everybody to read, by keyboard and by thumb, with a script and without."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe

from chalicelib.domain.desk.attention import Attention, Cause, Waiting
from chalicelib.domain.notifications.pause import Pause
from chalicelib.web.desk import cookies, door
from tests.browser import MILLISECONDS
from tests.waiting import wait_until
from tests.web.desk.serving import served
from tests.web.desk.world import DeskWorld, story

SCREENS = {
    "phone": {"width": 390, "height": 844},
    "desktop": {"width": 1280, "height": 900},
    "narrow": {"width": 360, "height": 740},
}
EACH_SCREEN = [("phone", "dark"), ("desktop", "light"), ("narrow", "light")]
EITHER_SCREEN = EACH_SCREEN[:2]
"""Screens by day or by night: a page has the same elements on each of them, and its colours do not depend on it."""

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PAGES = {
    "now": "/desk/springfield",
    "pause": "/desk/springfield/pause",
    "resume": "/desk/springfield/resume",
    "find": "/desk/springfield/incident",
    "call": "/desk/springfield/incident?number=P26-1",
    "sessions": "/desk/sessions",
    "sign in": "/desk/sign-in",
    "not found": "/desk/springfield/nothing",
    "forbidden": "/desk/shelbyville",
}
EVERY_CAUSE = [
    ("danger", "a1", 3, None),
    ("held", "P26-1", 12, 18),
    ("feed", "silent", 25, None),
    ("provider", "twilio", 5, None),
]
EVERY_CAUSE += [
    ("overdue", "", 7, None),
    ("follow_up", "f1", 90, None),
    ("unjudged", "", 500, None),
]


def violations(page):
    """Return what axe finds against WCAG 2.2 AA and its best practices."""
    told = Axe().run(page, options=RULES).response
    assert len(told["passes"]) > 15
    return [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in told["violations"]]


def waiting(world, cause, about, minutes=5, left=None):
    since, until = world.now - timedelta(minutes=minutes), world.now + timedelta(minutes=left) if left else None
    number = about if about.startswith("P26") else ""
    return Waiting(
        agency_id="springfield",
        cause=Cause(cause),
        about=about,
        since=since,
        until=until,
        incident_number=number,
        called=number,
        first_ends=until,
    )


def note(world, *waits, ended=()):
    world.attention.note("springfield", Attention(waits, frozenset(ended)))


@pytest.fixture(scope="module")
def full():
    """Serve a desk with everything on it."""
    world, patch = DeskWorld(), pytest.MonkeyPatch()
    patch.setattr(door, "now", lambda: world.now)
    for number in range(6):
        story(world, f"P26-{number}", "DV" if number == 4 else "NOISE", minutes=20 + number)
    note(world, *(waiting(world, *one) for one in EVERY_CAUSE))
    world.settings._port.pauses = (
        Pause(of="beat", which="7", author="R. Lead (desk:id:7)", reason="road works", at=world.now),
    )
    with served(world) as address:
        world.address, world.cookie = address, world.signed_in("supervisor", "watch")
        yield world
    patch.undo()


@pytest.fixture
def desk(world):
    """Serve a desk of the test's own."""
    with served(world) as address:
        world.address, world.cookie = address, world.signed_in("supervisor")
        yield world


@pytest.fixture
def window(browser):
    """Return what opens a page of a desk for somebody who is signed in, and fail where it complains."""
    opened, complaints = [], []

    def open_page(desk, path, size="phone", cookie=None, **more):
        context = browser.new_context(viewport=SCREENS[size], **more)
        context.set_default_timeout(MILLISECONDS)
        opened.append(context)
        secure = desk.address.replace("http:", "https:")
        context.add_cookies(
            [{"name": cookies.SESSION, "value": cookie or desk.cookie, "url": secure, "secure": True, "httpOnly": True}]
        )
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console", lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None
        )
        page.goto(desk.address + path)
        return page

    yield open_page
    for context in opened:
        context.close()
    assert complaints == []


@pytest.mark.parametrize(("size", "scheme"), EITHER_SCREEN)
@pytest.mark.parametrize("name", PAGES)
def test_everybody_can_read_each_page_on_either_screen_by_day_and_night(full, window, name, size, scheme):
    page = window(full, PAGES[name], size, color_scheme=scheme)

    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


HIDDEN_BY_SIZE = """
() => [...document.styleSheets].flatMap(sheet => [...sheet.cssRules])
    .filter(rule => rule.media && rule.media.mediaText.includes("width"))
    .flatMap(rule => [...rule.cssRules])
    .filter(rule => rule.style.display === "none" || rule.style.color || rule.style.background)
    .map(rule => rule.cssText)
"""


def test_no_screen_hides_or_colors_what_another_shows(full, window):
    """So each scheme is looked at on one screen: what is there by day is there by night, at any size."""
    assert window(full, PAGES["now"], "desktop").evaluate(HIDDEN_BY_SIZE) == []


FIELDS = "input:not([type=hidden], [type=radio], [type=checkbox])"
"""What somebody types into, of whatever type."""

SMALL = """
all => all.filter(e => {
    const box = e.getBoundingClientRect();
    return box.width && (box.height < 24 || (e.matches('.press, .go') && box.height < 44));
}).map(e => e.outerHTML)
"""
"""Targets that are too small for a thumb (WCAG 2.2, 2.5.8); those that matter have 44 pixels."""


@pytest.mark.parametrize("name", PAGES)
def test_each_page_fits_360_pixels_and_a_thumb(full, window, name):
    page = window(full, PAGES[name], "narrow", locale="es")

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.eval_on_selector_all("button, main a, nav a, select, input:not([type=hidden])", SMALL) == []
    assert page.locator("html").get_attribute("lang") == "es"


def test_the_brake_is_on_the_first_screen_of_a_phone(full, window):
    page = window(full, PAGES["now"])
    box = page.get_by_role("button", name="Stop all texts").bounding_box()

    assert box["y"] + box["height"] < SCREENS["phone"]["height"]


def test_by_keyboard_the_first_stop_leads_past_the_top(full, window):
    page = window(full, PAGES["now"], "desktop")
    page.keyboard.press("Tab")
    first = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    page.wait_for_url("**#page")

    assert first == "Skip to the page"
    assert page.evaluate("document.activeElement.id") == "page"


def test_on_paper_a_call_s_story_has_no_buttons_and_no_colours(full, window):
    page = window(full, PAGES["call"], color_scheme="dark")
    page.emulate_media(media="print")

    assert page.locator("nav").is_hidden()
    assert page.locator(".bubble").first.is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_nothing_comes_from_elsewhere(full, window):
    asked = []
    page = window(full, "/desk/sign-in")
    page.on("request", lambda request: asked.append(request.url))
    page.goto(full.address + PAGES["now"])

    assert len(asked) >= 1
    assert all(url.startswith((full.address, "data:")) for url in asked)


@pytest.mark.parametrize("script", [True, False])
def test_one_press_stops_everything_and_two_let_it_go(desk, window, script):
    page = window(desk, PAGES["now"], java_script_enabled=script)
    page.get_by_role("button", name="Stop all texts").click()
    page.wait_for_selector("text=Nothing goes out")
    stopped = [one.of for one in desk.settings.pauses]
    page.get_by_role("link", name="Resume: see what would go").click()
    page.get_by_role("button", name="Resume everything").click()
    page.wait_for_selector("text=texts go out")

    assert stopped == ["agency"]
    assert desk.settings.pauses == ()
    assert [what for what, _ in desk.ledger.said] == ["paused", "resumed"]


def test_without_script_a_choice_is_shown_and_held(desk, window):
    story(desk, "P26-1", beat="7")
    page = window(desk, PAGES["pause"], java_script_enabled=False)
    page.select_option("#what", "beat:7")
    page.get_by_role("button", name="Show what this holds").click()
    shown = page.locator("#holds").inner_text()
    page.get_by_role("button", name="Hold it").click()

    assert "that wait now" in shown
    assert [(one.of, one.which) for one in desk.settings.pauses] == [("beat", "7")]


def test_with_script_what_a_choice_holds_is_shown_while_choosing(desk, window):
    story(desk, "P26-1", beat="7", minutes=1)
    page = window(desk, PAGES["pause"])
    assert "would be held: 0." not in page.locator("#holds").inner_text()
    page.select_option("#what", "kind:survey")
    page.locator("#holds", has_text="would be held: 0.").wait_for()

    assert page.locator("#what").input_value() == "kind:survey"
    assert page.locator("#status").inner_text() == page.locator("#holds").inner_text()


def polls(desk):
    return [one for one in desk.asked if one[1].endswith("/waiting")]


def until(page, told):
    """Let the page's clock run until something is so."""

    def is_so():
        page.clock.run_for(1000)
        page.wait_for_timeout(20)
        return told()

    assert wait_until(is_so)


@pytest.fixture
def live(desk, browser):
    """Return a page whose clock the test moves."""
    context = browser.new_context(viewport=SCREENS["phone"])
    context.set_default_timeout(MILLISECONDS)
    secure = desk.address.replace("http:", "https:")
    context.add_cookies([{"name": cookies.SESSION, "value": desk.cookie, "url": secure, "secure": True}])
    page = context.new_page()
    page.clock.install(time=desk.now + timedelta(days=1))
    note(desk, waiting(desk, "held", "P26-4"), waiting(desk, "feed", "silent"))
    page.goto(desk.address + PAGES["now"])
    yield page
    context.close()


def test_news_comes_by_itself_and_is_said_and_the_focus_stays(desk, live):
    note(desk, waiting(desk, "danger", "a0"))
    until(live, lambda: live.locator("text=DANGER").count())
    live.get_by_role("link", name="Open the call P26-4").focus()
    row = live.locator("li[data-key='held P26-4']").element_handle()
    note(desk, waiting(desk, "danger", "a1"), ended=[(Cause.DANGER, "a0"), (Cause.FEED, "silent")])
    until(live, lambda: live.locator("li[data-key='danger a1']").count())

    assert live.evaluate("document.activeElement.textContent") == "Open the call P26-4"
    assert live.locator("li[data-key='held P26-4']").element_handle().evaluate("(one, other) => one === other", row)
    assert live.locator(".waits > li").first.inner_text().startswith("DANGER")
    assert live.locator("#waiting >> text=FEED").count() == 0
    assert live.locator("#status").inner_text() == "LIVE. 2 waiting."
    assert live.locator("[role=status]").count() == 1


def test_a_poll_asks_only_for_news_and_renews_no_session(desk, live):
    until(live, lambda: len(polls(desk)) >= 3)

    assert all(version for _, _, version in polls(desk))
    assert desk.calls["sessions.acted"] == 0


HIDE = """
hidden => {
    Object.defineProperty(document, "hidden", {value: hidden, configurable: true});
    document.dispatchEvent(new Event("visibilitychange"));
}
"""


def test_nobody_asks_while_nobody_looks(desk, live):
    until(live, lambda: polls(desk))
    live.evaluate(HIDE, True)
    live.wait_for_timeout(200)
    before = len(polls(desk))
    for _ in range(20):
        live.clock.run_for(10_000)
    live.wait_for_timeout(200)
    hidden = len(polls(desk))
    live.evaluate(HIDE, False)
    until(live, lambda: len(polls(desk)) > hidden)

    assert hidden <= before + 1


def test_a_page_that_hears_nothing_says_so_and_comes_back(desk, live):
    live.route("**/waiting", lambda route: route.abort())
    until(live, lambda: live.locator("#stale").is_visible())
    said = live.locator("#stale").inner_text()
    live.unroute("**/waiting")
    for _ in range(70):
        live.clock.run_for(1000)
    until(live, lambda: live.locator("#stale").is_hidden())

    assert "This page last heard from tenfour" in said
    assert "texts go on" in said


def test_a_session_that_has_ended_leads_to_signing_in(desk, live):
    desk.sessions.close_all("https://id.springfield.example", "subject-supervisor")
    until(live, lambda: live.locator("h1").inner_text() == "Sign in")

    assert live.url == desk.address + PAGES["now"]
    assert live.locator("input[name=target]").get_attribute("value") == "/desk/springfield"


def test_a_list_does_not_move_under_a_finger(desk, live):
    box = live.locator("li[data-key='held P26-4'] a").first.bounding_box()
    live.mouse.move(box["x"] + 5, box["y"] + 5)
    live.mouse.down()
    note(desk, waiting(desk, "danger", "a1"))
    asked = len(polls(desk))
    until(live, lambda: len(polls(desk)) > asked)
    for _ in range(3):
        live.clock.run_for(1000)
    held = live.locator("text=DANGER").count()
    live.mouse.move(5, 5)
    live.mouse.up()
    until(live, lambda: live.locator("text=DANGER").count())

    assert held == 0


def test_times_pass_by_the_server_s_clock(desk, live):
    times = live.locator("li[data-key='held P26-4'] time")
    first = times.nth(1).inner_text()
    desk.now += timedelta(minutes=1)
    until(live, lambda: times.nth(1).inner_text() == "6 min ago")

    assert first == "5 min ago"
