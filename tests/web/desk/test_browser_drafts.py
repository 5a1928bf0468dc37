"""Settings and Drafts in a real browser: on each screen, in the dark, in Spanish, and without a script."""

import re
from datetime import timedelta

import pytest
from msgspec.structs import replace

from chalicelib.domain.approval import Author, both, digest
from chalicelib.domain.desk.pending import hashed
from chalicelib.domain.desk.scenarios import Kept
from chalicelib.domain.settings.desk import Desk
from chalicelib.insight.approval.publishing import publish
from chalicelib.insight.drafts import write
from chalicelib.insight.drafts.due import publish_due
from chalicelib.insight.drafts.publish import schedule
from chalicelib.insight.drafts.review import approve
from chalicelib.insight.drafts.terminal import at_terminal
from chalicelib.insight.settings.edit import edit
from chalicelib.insight.settings.entries import with_entry
from chalicelib.insight.settings.written import as_toml
from chalicelib.web.desk.noting import acting
from tests.factories import demo_agency
from tests.web.desk.serving import filled
from tests.web.desk.test_browser import EACH_SCREEN, FIELDS, SMALL, violations, window
from tests.web.desk.test_draft_week import lived
from tests.web.desk.test_scenarios_kept import GOES
from tests.web.desk.world import ROLES, DeskWorld

__all__ = ("window",)
OURS = replace(demo_agency(), desk=Desk(roles=ROLES))
ANA, BEN = Author("desk:id.example:ana", "Ana Ruiz"), Author("desk:id.example:ben", "Ben Okafor")
DRAFTS = "/desk/springfield/drafts"
PAGES = {
    "settings": "/desk/springfield/settings",
    "before": "/desk/springfield/settings?version=1",
    "compared": "/desk/springfield/settings/compare?from=1&to=2",
    "drafts": DRAFTS,
    "wrong": f"{DRAFTS}/edit?id=wrongdraft",
    "asked": f"{DRAFTS}/review?id=askeddraft",
    "scheduled": f"{DRAFTS}/review?id=timeddraft",
    "late": f"{DRAFTS}/edit?id=latesdraft",
    "words": f"{DRAFTS}/words?id=formsdraft&kind=delay",
    "outcomes": f"{DRAFTS}/words?id=formsdraft&kind=outcome",
    "rules": f"{DRAFTS}/rules?id=formsdraft",
    "scenarios": f"{DRAFTS}/scenarios?id=askeddraft",
    "proposed": f"{DRAFTS}/proposal?id=PROPOSED",
    "questions": f"{DRAFTS}/questions?id=wrongdraft",
    "phone": f"{DRAFTS}/phone?id=formsdraft&kind=delay",
    "cities": f"{DRAFTS}/cities?id=formsdraft",
    "own words": f"{DRAFTS}/words?id=formsdraft&kind=delay&of=cities[0].incident_types[0]",
}


def with_cities(text):
    """Return settings with two cities, one of them with types of its own, and words for one."""
    own = {"codes": ["NOISE", "LOUD*"], "description": "Noise complaint", "notify": ["delay"]}
    own["words"] = {"en": {"sms": {"delay": "{{ agency }}: later. 911"}}}
    east = {"name": "Police Department of Eastford", "short_name": "Eastford PD", "beats": ["6*"]}
    text = with_entry(text, ("cities",), {**east, "incident_types": [own]})
    return with_entry(text, ("cities",), {"name": "Police of Westford", "short_name": "Westford PD", "beats": ["61"]})


def fill(world):
    """Let there be two versions, and drafts in each state that has something of its own to show."""
    for number in (7, 8):
        two = both("Ana Ruiz (desk:id:ana)", "Ben Okafor (desk:id:ben)")  # so that one person may restore it
        world.settings.publish(replace(OURS, mass_call=number), two, f"{number} callers", world.now)
    present, now = world.settings.agency("springfield"), world.now
    for name in ("wrongdraft", "askeddraft", "timeddraft", "latesdraft"):
        one = write.begin(world, present, name, f"about {name}", ANA, now)
        text = as_toml(replace(present, short_name="Our Police"))
        text = text.replace("America/Denver", "Mars/Base") if name == "wrongdraft" else text
        one = write.save(world, "springfield", one, text, one.comment, ANA, now)
        if name != "wrongdraft":
            one = write.ask(world, "springfield", one, ANA, now)
        if name in ("timeddraft", "latesdraft"):
            one = approve(world, "springfield", one, one.text, present.version, BEN, now)
            hours = 2 if name == "latesdraft" else 9
            schedule(world, "springfield", one, one.text, now + timedelta(hours=hours), now)
    me = acting(world.sessions.find(hashed(world.signed_in("words", "approver"))))
    mine = write.begin(world, present, "formsdraft", "with forms", me, now)
    text = edit(
        as_toml(replace(present, languages=("es",))), ("words", "es", "sms", "delay"), "{{ agency }}: “tarde”. 911"
    )
    write.save(
        world,
        "springfield",
        mine,
        with_cities(edit(text, ("words", "en", "sms", "delay"), "{{ agency }}: " + "wait. " * 40)),
        "with forms",
        me,
        now,
    )
    world.scenarios.keep("springfield", Kept(name="a-quiet-night", title="A quiet night", text=GOES, by=ANA, at=now))
    publish(world, replace(present, mass_call=99), Author("arn:aws:iam::111122223333:user/lead"), "louder", now)
    late = world.drafts.find("springfield", "latesdraft")
    world.drafts.write("springfield", replace(late, over=1))
    publish_due(world, now + timedelta(hours=3))


@pytest.fixture(scope="module")
def full():
    """Serve a desk with drafts to look at."""
    with filled(fill, "words", "approver", world=DeskWorld(OURS)) as world:
        yield world


@pytest.fixture
def desk():
    """Serve such a desk to somebody who reviews, and who wrote none of it."""
    with filled(fill, "words", "approver", world=DeskWorld(OURS)) as world:
        yield world


@pytest.mark.parametrize(("size", "scheme"), EACH_SCREEN)
@pytest.mark.parametrize("name", PAGES)
def test_everybody_can_read_each_page_on_each_screen_by_day_and_night(full, window, name, size, scheme):
    (proposed,) = at_terminal(full, "springfield", full.now)
    path = PAGES[name].replace("PROPOSED", digest(proposed.act))
    page = window(full, path, size, color_scheme=scheme, locale="es" if size == "narrow" else "en")

    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.eval_on_selector_all(f"button, main a.go, nav a, {FIELDS}, select, textarea", SMALL) == []
    assert page.title().startswith(page.locator("h1").inner_text())


@pytest.mark.parametrize("script", [True, False])
def test_a_draft_goes_its_whole_way_with_a_script_and_without(desk, window, script):
    page = window(desk, DRAFTS, java_script_enabled=script)
    page.get_by_label("Why the settings change").fill("shorter, by two")
    page.get_by_role("button", name="Begin a draft").click()
    text = page.get_by_label("The settings, as TOML", exact=True)
    assert "mass_call = 8" in text.input_value()
    text.fill(text.input_value().replace("mass_call = 8", "mass_call = 9"))
    page.get_by_role("button", name="Save, and ask for review").click()
    page.wait_for_selector("text=You are one of its authors")

    assert "mass_call: 8 becomes 9" in page.locator("main").inner_text()
    page.goto(f"{desk.address}{PAGES['asked']}")
    page.get_by_role("button", name="Approve it").click()
    page.wait_for_selector("text=Approved by Dana Ruiz")
    page.get_by_role("button", name="Publish it now").click()
    page.wait_for_selector("text=Published")
    assert desk.settings.agency("springfield").short_name == "Our Police"


@pytest.mark.parametrize("script", [True, False])
def test_a_city_is_moved_and_leads_to_its_type_s_words_with_a_script_and_without(desk, window, script):
    page = window(desk, PAGES["cities"], "narrow", java_script_enabled=script)
    assert "already" in page.locator("main").inner_text()
    page.get_by_label("cities[0].short_name").fill("East PD")
    page.get_by_role("button", name=re.compile("Move down.*Eastford")).click()
    page.wait_for_selector("li:has-text('2. Police Department of Eastford')")

    assert page.get_by_label("cities[1].short_name").input_value() == "East PD"
    page.get_by_role("link", name="NOISE, LOUD*").click()
    page.get_by_label("Words of").select_option(label="every type of call")
    page.get_by_role("button", name="Show its words").click()
    page.wait_for_selector("text=Try texts on your own phone")
    page.get_by_label("Words of").select_option(label="Police Department of Eastford: NOISE, LOUD* (Noise complaint)")
    page.get_by_role("button", name="Show its words").click()
    page.wait_for_selector("text=Only people who call about NOISE")
    assert not script or violations(page) == []


@pytest.mark.parametrize("script", [True, False])
def test_last_week_s_calls_are_asked_for_watched_and_opened_with_a_script_and_without(desk, window, script):
    lived(desk, days=2)
    page = window(desk, PAGES["asked"], "narrow", java_script_enabled=script)
    page.get_by_role("button", name="Play last week's calls").click()
    page.wait_for_selector("text=It begins in a moment.")
    assert not script or violations(page) == []
    desk.do_work()
    if not script:
        page.get_by_role("link", name="See how far it is").click()
    page.get_by_role("link", name="Open the result").click()
    page.wait_for_selector("text=All 12 calls were played.")

    assert "PD" not in page.locator("table").first.inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not script or violations(page) == []


@pytest.mark.parametrize("script", [True, False])
def test_a_text_is_looked_at_and_saved_by_keyboard_with_a_script_and_without(desk, window, script):
    page = window(desk, PAGES["rules"], "narrow", java_script_enabled=script)
    page.get_by_label("caps.per_incident").fill("4")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.goto(f"{desk.address}{PAGES['words']}")
    field = page.get_by_label("Spanish: Text message, delay")
    field.focus()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("{{ agency }}: los agentes tardan. Peligro: 911.")
    if script:
        page.locator(".bubble", has_text="Peligro").wait_for()
        assert page.evaluate("document.activeElement.name") == "f.words.es.sms.delay"
    page.get_by_role("button", name="Save", exact=True).focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")

    text = desk.drafts.text("springfield", desk.drafts.find("springfield", "formsdraft").text)
    assert "per_incident = 4\n" in text
    assert 'delay = "{{ agency }}: los agentes tardan. Peligro: 911."' in text
    assert page.locator(".bubble", has_text="Peligro").count() == 1


def test_a_finding_leads_to_its_line(full, window):
    page = window(full, PAGES["wrong"])
    page.locator(".stands a.go").first.click()

    assert "Mars/Base" in page.evaluate("document.querySelector(':target').textContent")
