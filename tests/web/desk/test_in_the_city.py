"""The desk's own function in the running city: its pages, its brake and its ledger, over its own tables."""

from uuid import uuid4

import pytest

from chalicelib.domain.desk.attention import Attention
from chalicelib.web.desk import cookies
from tests.browser import MILLISECONDS
from tests.waiting import wait_until
from tests.web.desk.conftest import sign_in
from tests.web.desk.test_browser import violations
from tests.whole.people import now


@pytest.fixture
def page(stack, inside, agency, browser):
    """Return a phone's window in which somebody is signed in."""
    cookie = uuid4().hex
    sign_in(inside, cookie)
    context = browser.new_context(viewport={"width": 390, "height": 844})
    context.set_default_timeout(MILLISECONDS)
    secure = stack.api.replace("http:", "https:")
    context.add_cookies([{"name": cookies.SESSION, "value": cookie, "url": secure, "secure": True}])
    opened = context.new_page()
    opened.complaints = []
    opened.on("pageerror", lambda error: opened.complaints.append(str(error)))
    opened.on("console", lambda said: opened.complaints.append(said.text) if said.type == "error" else None)
    yield opened
    context.close()


def noted(inside, agency):
    """Return what the ledger has of an agency's looks and acts."""
    found = inside.aws.ledger.noted(agency.agency_id, now().replace(year=2020), now())
    return [one.what for one in found]


def test_everything_is_stopped_and_let_go_by_the_desk_s_own_function(stack, inside, agency, page):
    page.goto(f"{stack.api}/desk/{agency.agency_id}")
    before = page.locator(".state").inner_text()
    page.get_by_role("button", name="Stop all texts").click()
    page.get_by_text("Nothing goes out").wait_for()
    (pause,) = inside.aws.settings.conditions(agency.agency_id).pauses
    page.get_by_role("link", name="Resume: see what would go").click()
    page.get_by_role("button", name="Resume everything").click()
    page.get_by_role("button", name="Stop all texts").wait_for()

    assert before.startswith("LIVE")
    assert (pause.of, pause.author.split(" (")[0]) == ("agency", "Dana Ruiz")
    assert inside.aws.settings.conditions(agency.agency_id).pauses == ()
    assert {"paused", "resumed"} <= set(noted(inside, agency))
    assert page.complaints == []
    assert violations(page) == []


def test_a_call_s_story_is_shown_and_the_look_is_noted(stack, inside, agency, page):
    page.goto(f"{stack.api}/desk/{agency.agency_id}/incident")
    page.get_by_label("The call's number").fill("D1")
    page.get_by_role("button", name="Show it").click()
    page.get_by_role("heading", name="Call D1").wait_for()

    assert page.locator(".story > li").count() >= 2
    assert "looked" in noted(inside, agency)
    assert page.complaints == []


def test_what_waits_is_taken_by_the_desk_s_own_function_and_noted(stack, inside, agency, page):
    page.goto(f"{stack.api}/desk/{agency.agency_id}")
    page.locator("li[data-key='danger x']").get_by_role("button", name="I’ve got it").click()
    page.get_by_text("Dana Ruiz has it").wait_for()
    taken = [one for one in inside.aws.attention.of(agency.agency_id) if one.taken_at]

    assert [one.cause for one in taken] == ["danger"]
    assert "took_on" in noted(inside, agency)
    assert page.complaints == []


def test_news_comes_to_an_open_page(stack, inside, agency, page):
    page.goto(f"{stack.api}/desk/{agency.agency_id}")
    names = frozenset(one.name for one in inside.aws.attention.of(agency.agency_id))
    inside.aws.attention.note(agency.agency_id, Attention(ended=names))

    assert wait_until(lambda: page.get_by_text("Nothing waits for anybody").count())
    assert page.complaints == []
