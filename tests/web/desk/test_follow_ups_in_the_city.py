"""A follow-up is taken and closed by the desk's own function in the running city, under its own policy."""

from uuid import uuid4

import pytest

from chalicelib.domain.surveys.follow_up import Desk
from chalicelib.web.desk import cookies
from tests.aws.test_surveys import follow_up
from tests.browser import MILLISECONDS
from tests.web.desk.conftest import sign_in
from tests.whole.people import now


@pytest.fixture
def page(stack, inside, browser):
    """Return a phone's window in which somebody is signed in."""
    cookie = uuid4().hex
    sign_in(inside, cookie, signed_in_at=now())
    context = browser.new_context(viewport={"width": 390, "height": 844})
    context.set_default_timeout(MILLISECONDS)
    secure = stack.api.replace("http:", "https:")
    context.add_cookies([{"name": cookies.SESSION, "value": cookie, "url": secure, "secure": True}])
    yield context.new_page()
    context.close()


def test_one_is_taken_and_closed_and_the_ledger_has_it(stack, inside, agency, page):
    name = agency.agency_id
    one = follow_up(name, id="c" * 12, incident_number="D1", comments=("please call",))
    inside.aws.follow_ups.keep(one, None)
    page.goto(f"{stack.api}/desk/{name}/follow-ups")
    page.get_by_role("link", name=f"Open {one.id}").click()
    page.get_by_role("button", name="I take it").click()
    page.get_by_text("You have it.").wait_for()
    page.get_by_role("link", name="Call back: show the phone").click()
    page.get_by_text("Nobody can be called back.").wait_for()
    page.get_by_role("link", name="Back to it").click()
    page.get_by_label("How did it end?").select_option("spoke")
    page.get_by_role("button", name="Close it").click()
    page.get_by_text("Closed.", exact=True).wait_for()

    after = inside.aws.follow_ups.find(name, Desk.SUPERVISORS, one.id)
    noted = inside.aws.ledger.noted(name, now().replace(year=2020), now())
    theirs = [each.what for each in noted if each.about == f"follow-up {one.id}"]
    assert (after.outcome, after.owner.split(" (")[0]) == ("spoke", "Dana Ruiz")
    assert {"read_comments", "took_on", "reviewed"} == {*theirs}
    assert [each for each in inside.aws.attention.of(name) if each.about == f"supervisors#{one.id}"] == []
