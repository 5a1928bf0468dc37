"""The whole story in a browser: a Spanish text is written, found too long, shortened, tried, approved, and read.

The desk's clock stands and jumps, so no step waits for the time of day. The flow's own functions publish at the time,
take the call in, and send the text; the phone is that of the tests.
"""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from chalicelib.domain.ledger.what import What
from chalicelib.domain.settings.desk import Desk
from chalicelib.insight.drafts.due import publish_due
from tests.factories import PHONE, caller, demo_agency
from tests.web.desk.serving import filled
from tests.web.desk.test_browser import window
from tests.web.desk.test_draft_week import lived
from tests.web.desk.world import ROLES, DeskWorld, story

__all__ = ("window",)
OURS = replace(demo_agency(), languages=("es",), desk=Desk(roles=ROLES))
DRAFTS = "/desk/springfield/drafts"
FIELD = 'textarea[name="f.words.es.sms.acknowledgment"]'
WORDS = "tenemos su llamada. Si empeora, llame al 911. Responda STOP para no recibir textos."
LONG, SHORT = "{{ agency }}: " + "alguien va en camino, " * 5 + WORDS, "{{ agency }}: " + WORDS
READ = f"Springfield PD: {WORDS}"
MONDAY = datetime(2026, 11, 23, 15, tzinfo=UTC)
"""Monday at eight in Denver."""


@pytest.fixture
def desk():
    """Serve a desk where dispatch told of calls on the last two days."""
    with filled(lambda world: lived(world, days=2), "words", world=DeskWorld(OURS)) as world:
        yield world


def somebody(desk, role, name):
    """Return the cookie of somebody who signs in now."""
    return desk.signed_in(role, cookie=f"{name} {desk.now}", subject=name, name=name)


def written(desk, page):
    """Write the text, too long at first, and ask for review; return the draft's name."""
    page.get_by_label("Why the settings change").fill("say it in Spanish")
    page.get_by_role("button", name="Begin a draft").click()
    page.get_by_role("link", name="Words", exact=True).click()
    page.get_by_role("link", name="Acknowledgment", exact=True).click()
    page.locator(FIELD).fill(LONG)
    page.get_by_role("button", name="Look at it without saving").click()
    page.locator(".field", has=page.locator(FIELD)).locator("text=segments where 1 is most").first.wait_for()
    page.locator(FIELD).fill(SHORT)
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_selector(f"text={READ}")
    assert page.locator("text=segments where 1 is most").count() == 0
    page.get_by_role("link", name="The whole text, as TOML").click()
    page.get_by_role("button", name="Save, and ask for review").click()
    page.wait_for_selector("text=Waits for review")
    return desk.drafts.all_of("springfield")[0].id


def reviewed(desk, page):
    """Read what last week's calls would have got, approve it, and give it its time."""
    page.get_by_role("button", name="Play last week's calls").click()
    page.wait_for_selector("text=It begins in a moment.")
    desk.do_work()
    page.get_by_role("link", name="Open the result").click()
    page.wait_for_selector("text=All 12 calls were played.")
    page.get_by_role("link", name="The review of this draft").click()
    page.get_by_role("button", name="Approve it").click()
    page.wait_for_selector("text=Approved by Ben Okafor")
    page.get_by_label("Or from this time on").fill("2026-11-23T08:00")
    page.get_by_role("button", name="Publish it at that time").click()
    page.wait_for_selector("text=08:00")


def test_a_spanish_text_goes_its_whole_way_from_the_draft_to_the_phone_and_into_the_ledger(desk, window):
    name = written(desk, window(desk, DRAFTS, cookie=somebody(desk, "words", "Ana Ruiz")))
    page = window(desk, f"{DRAFTS}/review?id={name}", cookie=somebody(desk, "approver", "Ben Okafor"))
    reviewed(desk, page)
    early = publish_due(desk, MONDAY - timedelta(minutes=1))
    desk.now = MONDAY
    assert (early, publish_due(desk, MONDAY)) == (0, 1)

    desk.city.agency = desk.settings.agency("springfield")
    desk.now = MONDAY + timedelta(minutes=30)
    story(desk, "P26-77", minutes=25, parties={"1": caller(PHONE, language="es")})
    texts = [one.body for one in desk.city.ports.sms.outgoing if one.address == PHONE]
    assert texts[0] == READ

    lead = somebody(desk, "supervisor", "Lee Park")
    page = window(desk, "/desk/springfield/incident?number=P26-77", cookie=lead)
    page.locator(".bubble", has_text="tenemos su llamada").first.wait_for()
    page = window(desk, "/desk/springfield/ledger", cookie=somebody(desk, "auditor", "Ada Obi"))
    told = page.locator("main").inner_text()
    assert "Ana Ruiz" in told
    assert "Ben Okafor" in told
    assert {What.DRAFTED, What.LOOKED} <= {one.what for one in desk.ledger.entries}
    assert [(step, what) for step, what in desk.ledger.steps if what == "publish"][-2:] == [
        ("approved", "publish"),
        ("done", "publish"),
    ]
