"""Each page at twice and at four times its size, and with letters twice as large: WCAG 2.2, 1.4.10 and 1.4.4.

A browser of 1280 pixels that zooms to 200 % lays out a page in 640 CSS pixels, and at 400 % in 320.
"""

from urllib.parse import urlencode

import pytest

from chalicelib.domain.desk.permissions import Role
from tests.web.desk.every import named, pages, path_of
from tests.web.desk.full import full_desk
from tests.web.desk.serving import served
from tests.web.desk.test_browser import window
from tests.web.desk.test_each_act import ACTS
from tests.web.desk.test_horrors import written_by
from tests.web.desk.world import asked

__all__ = ("window",)

WIDTHS = (640, 320)
HEIGHT = 450
CONTROLS = "a[href], button, summary, select, textarea, input:not([type=hidden])"

LOST = """
controls => {
    const found = [], wide = innerWidth + 1;
    const name = e => e.outerHTML.replace(/\\s+/g, ' ').slice(0, 140);
    const shown = e => e.checkVisibility({visibilityProperty: true}) && !e.closest('.unseen, .skip, option');
    const scrolls = e => /auto|scroll/.test(getComputedStyle(e).overflowX);
    const cuts = e => /hidden|clip/.test(getComputedStyle(e).overflowX);
    const above = (e, is) => { while (e && e !== document.documentElement && !is(e)) e = e.parentElement;
        return e === document.documentElement ? null : e; };
    const reach = document.documentElement.scrollWidth;
    if (reach > innerWidth) found.push(`sideways: ${reach}`);
    for (const e of document.querySelectorAll('body *')) {
        if (!shown(e)) continue;
        if (scrolls(e) && e.scrollWidth > e.clientWidth && !e.matches('input, textarea, select')) {
            if (!e.querySelector('table, pre')) found.push(`scrolls, and is no table: ${name(e)}`);
            if (e.tabIndex < 0) found.push(`scrolls, and no key reaches it: ${name(e)}`);
        }
    }
    const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text = words.nextNode(); text; text = words.nextNode()) {
        const e = text.parentElement;
        if (!text.textContent.trim() || !shown(e) || e.matches('script, style, option')) continue;
        const range = document.createRange();
        range.selectNodeContents(text);
        const frame = above(e, one => cuts(one) || scrolls(one));
        if (frame && scrolls(frame)) continue;
        const edge = frame ? frame.getBoundingClientRect() : {left: 0, right: wide, top: -1e6, bottom: 1e6};
        const out = box => box.left < edge.left - 1 || box.right > edge.right + 1 || box.bottom > edge.bottom + 1;
        if ([...range.getClientRects()].some(box => box.width && out(box))) found.push(`cut off: ${name(e)}`);
    }
    for (const e of document.querySelectorAll(controls)) {
        if (!shown(e)) continue;
        e.scrollIntoView({block: 'center', inline: 'center', behavior: 'instant'});
        const box = e.getClientRects()[0];
        if (!box || box.width < 4 || box.height < 4) { found.push(`no size: ${name(e)}`); continue; }
        const there = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
        if (!there || !(e.contains(there) || there.contains(e) || there.closest('label')?.control === e))
            found.push(`under something: ${name(e)}`);
    }
    return found;
}
"""
"""What is not within the page: its words, its controls, and what scrolls sideways without being a table."""

SHOWN = """
controls => [...document.querySelectorAll(controls)]
    .filter(e => e.checkVisibility({visibilityProperty: true}) && !e.closest('.skip')).map(e => e.outerHTML)
"""


@pytest.fixture(scope="module")
def full():
    """Serve a desk with something on every page."""
    with pytest.MonkeyPatch.context() as patch:
        world = full_desk(patch)
        with served(world) as address:
            world.address, world.cookie = address, world.signed_in(*Role, agencies=("springfield",))
            yield world


def check(page):
    """Hold a page at three sizes to what it shows at its own."""
    page.set_viewport_size({"width": 1280, "height": 900})
    controls = page.evaluate(SHOWN, CONTROLS)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        assert page.evaluate(LOST, CONTROLS) == [], f"{width} pixels: {page.url}"
        assert page.evaluate(SHOWN, CONTROLS) == controls
    page.set_viewport_size({"width": 1280, "height": 900})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate(LOST, CONTROLS) == [], f"large letters: {page.url}"
    assert page.evaluate(SHOWN, CONTROLS) == controls


def is_page(answer):
    """Tell whether a browser shows an answer, and does not save it as a file."""
    return answer.headers.get("Content-Type", "").startswith("text/html")


@pytest.mark.parametrize("route", pages(), ids=lambda route: route.path)
def test_nothing_of_a_page_is_lost_at_twice_or_four_times_its_size(full, window, route):
    page = window(full, "/desk/sign-in", "desktop")
    asks = named(full)
    lists = {name: value for name, value in asks.items() if name != "of"}
    for query in (asks, lists, {}, {**asks, "lang": "es"}, {**lists, "lang": "es"}):
        if is_page(asked(full, "GET", path_of(route), cookie=full.cookie, query=query)):
            page.goto(f"{full.address}{path_of(route)}?{urlencode(query)}")
            check(page)


@pytest.mark.parametrize("path", ["/desk/springfield/wall", "/desk/springfield/nothing", "/desk/atlantis"])
def test_nothing_of_a_wall_or_of_no_page_is_lost(full, window, path):
    wall = full.signed_in("watch", cookie="wall", wall=True, wall_at="springfield")
    page = window(full, path, "desktop", cookie=wall)

    check(page)


LONG = "W" * 120


@pytest.fixture(scope="module")
def wordy():
    """Serve a desk where dispatch, people and the agency write words that are longer than a screen is wide."""
    with pytest.MonkeyPatch.context() as patch:
        world, *_ = written_by(f"{LONG} words", patch)
        with served(world) as address:
            world.address, world.cookie = address, world.signed_in(*Role, name=LONG, agencies=("springfield",))
            yield world


@pytest.mark.parametrize("route", pages(), ids=lambda route: route.path)
def test_nothing_is_lost_of_words_that_are_longer_than_a_screen(wordy, window, route):
    page = window(wordy, "/desk/sign-in", "desktop")
    asks = named(wordy)
    for query in (asks, {name: value for name, value in asks.items() if name != "of"}):
        if is_page(asked(wordy, "GET", path_of(route), cookie=wordy.cookie, query=query)):
            page.goto(f"{wordy.address}{path_of(route)}?{urlencode(query)}")
            check(page)


FAULTS = {
    "sideways": "<div style='width: 90rem'>x</div>",
    "scrolls, and is no table": "<div style='overflow-x: auto'><p style='width: 90rem'>x</p></div>",
    "no key reaches it": "<div style='overflow-x: auto'><table><td style='min-width: 90rem'>x</table></div>",
    "cut off": "<p style='overflow: hidden; white-space: nowrap; width: 2rem'>far too long for it</p>",
    "no size": "<button style='width: 0; padding: 0; border: 0; overflow: hidden'></button>",
    "under something": "<div style='position: relative'><button>x</button>"
    "<i style='position: absolute; inset: 0; background: red'></i></div>",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_check_finds_what_is_lost(full, window, fault):
    page = window(full, "/desk/sign-in", "narrow", bypass_csp=True)
    page.evaluate("html => document.querySelector('main').insertAdjacentHTML('beforeend', html)", FAULTS[fault])

    assert any(fault in one for one in page.evaluate(LOST, CONTROLS))


def test_the_check_finds_a_control_that_a_small_screen_hides(full, window):
    page = window(full, "/desk/springfield", "desktop", bypass_csp=True)
    page.add_style_tag(content="@media (max-width: 45rem) { main button { display: none !important } }")

    with pytest.raises(AssertionError):
        check(page)


POST = """
([path, fields]) => {
    const form = document.createElement("form");
    form.method = "post";
    form.action = path;
    for (const [name, value] of Object.entries(fields)) {
        const field = document.createElement("input");
        [field.type, field.name, field.value] = ["hidden", name, value];
        form.append(field);
    }
    document.body.append(form);
    form.submit();
}
"""


@pytest.mark.parametrize("name", [name for name, act in ACTS.items() if "export" not in name])
def test_nothing_of_an_answer_to_a_form_is_lost(window, monkeypatch, name):
    world = full_desk(monkeypatch)
    world.signed_in("watch", cookie="other", agencies=("springfield",), subject="other")
    world.cookie = world.signed_in(*Role, cookie="mine", agencies=("springfield",), subject="mine")
    if ACTS[name].path == "/desk/sessions":
        world.signed_in("watch", cookie="other", agencies=("springfield",), subject="mine")
    with served(world) as world.address:
        page = window(world, "/desk/sign-in", "desktop", locale="es")
        form = ACTS[name].form(world, "mine")
        with page.expect_navigation():
            page.evaluate(POST, [ACTS[name].path, form])

        check(page)
