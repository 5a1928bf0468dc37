"""Held, Approvals and a call's acts by the desk's own function in the running city, under its own policy."""

from uuid import uuid4

import pytest

from chalicelib.domain.incidents.update import Latch
from chalicelib.domain.names import IncidentKey
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.flow.incidents.receive import receive_updates
from chalicelib.web.desk import cookies
from tests.browser import MILLISECONDS
from tests.factories import call, caller
from tests.web.desk.conftest import sign_in
from tests.whole.people import now


@pytest.fixture
def windows(stack, inside, browser):
    """Return what opens the window of somebody who is signed in, each a person of their own."""
    opened = []

    def open_window():
        cookie = uuid4().hex
        sign_in(inside, cookie, signed_in_at=now())
        context = browser.new_context(viewport={"width": 390, "height": 844})
        context.set_default_timeout(MILLISECONDS)
        secure = stack.api.replace("http:", "https:")
        context.add_cookies([{"name": cookies.SESSION, "value": cookie, "url": secure, "secure": True}])
        opened.append(context)
        return context.new_page()

    yield open_window
    for context in opened:
        context.close()


def tell(inside, agency, number, **more):
    told = call("NOISE", more.pop("parties", {"1": caller()}), now(), incident_number=number, **more)
    receive_updates([told], told.update_id, agency, inside.aws, now())


def stored(inside, agency, number):
    return inside.aws.incidents.load(IncidentKey(agency.agency_id, number))


def test_a_mass_call_is_seen_cancelled_in_part_and_released(stack, inside, agency, windows):
    parties = {str(each): caller(f"+1303555{100 + each:04}") for each in range(6)}
    tell(inside, agency, "M1", parties=parties)
    page = windows()
    page.goto(f"{stack.api}/desk/{agency.agency_id}/incident?number=M1")
    page.get_by_role("button", name="Cancel this message").first.click()
    page.get_by_text("Cancelled: that message is not sent.").wait_for()
    gone = [row for row in stored(inside, agency, "M1").rows.values() if row.reason == Reason.CANCELLED_BY_PERSON]
    page.goto(f"{stack.api}/desk/{agency.agency_id}/held")
    page.locator("li", has_text="Call M1").locator("summary").click()
    page.get_by_role("button", name="Release call M1").click()
    page.get_by_text("Released. The texts go now").wait_for()

    (release,) = stored(inside, agency, "M1").incident.releases
    noted = inside.aws.ledger.noted(agency.agency_id, now().replace(year=2020), now())
    assert len(gone) == 1
    assert (release.what, release.author.split(" (")[0]) == ("mass_call", "Dana Ruiz")
    assert {"cancelled", "released"} <= {one.what for one in noted if one.about == "incident M1"}


def test_one_proposes_and_another_approves_what_a_juvenile_holds(stack, inside, agency, windows):
    tell(inside, agency, "J1", latches=frozenset({Latch.JUVENILE}))
    first, second = windows(), windows()
    first.goto(f"{stack.api}/desk/{agency.agency_id}/held")
    first.locator("li", has_text="Call J1").locator("summary").click()
    first.get_by_role("button", name="Propose to release call J1").click()
    first.get_by_text("Proposed. Somebody else must approve").wait_for()
    first.goto(f"{stack.api}/desk/{agency.agency_id}/approvals")
    own = first.locator("li", has_text="call J1").first.inner_text()
    second.goto(f"{stack.api}/desk/{agency.agency_id}/approvals")
    second.locator("li", has_text="call J1").get_by_role("button", name="Approve, and do it now").first.click()
    second.get_by_text("Approved, and done.").wait_for()

    (release,) = stored(inside, agency, "J1").incident.releases
    assert "You proposed this." in own
    assert release.author.count("Dana Ruiz (desk:id.example:") == 2


def test_people_are_silenced_and_phones_are_shown_by_the_desk_s_own_function(stack, inside, agency, windows):
    tell(inside, agency, "S1")
    page = windows()
    page.goto(f"{stack.api}/desk/{agency.agency_id}/incident?number=S1")
    page.locator("summary", has_text="Silence its people").click()
    page.get_by_role("button", name="Silence its people").click()
    page.get_by_text("Its people are silenced").first.wait_for()
    page.get_by_role("link", name="Show phones, emails and words").click()
    page.locator("#why").select_option("complaint")
    page.get_by_role("button", name="Show them").click()
    page.get_by_text("+13035550123").first.wait_for()

    story = inside.aws.incidents.story(IncidentKey(agency.agency_id, "S1"))
    assert story.record.incident.silences
    assert [one.author.split(" (")[0] for one in story.reveals] == ["Dana Ruiz"]
