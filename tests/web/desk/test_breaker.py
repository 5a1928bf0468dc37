"""What the desk's breaker found: each is a fault that was there."""

import re
from datetime import timedelta
from html import unescape

import pytest
from msgspec.structs import replace

from chalicelib.domain.desk.session import Limits
from chalicelib.domain.duration import Duration
from chalicelib.domain.ledger.noted import Noted, part
from chalicelib.domain.notifications.pause import Pause
from chalicelib.domain.settings.identity import IdentityRules
from chalicelib.web.desk import door
from chalicelib.web.desk.routes import ROUTES
from tests.web.desk.world import SPRINGFIELD, DeskWorld, asked, key, story

PAUSE = "/desk/springfield/pause"
AT = "/desk/springfield/incident"


def test_the_address_of_each_form_is_that_of_a_page():
    pages = {route.path for route in ROUTES if route.method == "GET"}

    assert {route.path for route in ROUTES if route.method == "POST"} <= pages


@pytest.mark.parametrize("path", [f"{PAUSE}-preview", "/desk/sign-out"])
def test_the_answer_to_a_form_is_read_in_another_language(world, path):
    answer = asked(world, "POST", path, cookie=world.signed_in("supervisor"), form={"what": "agency"})
    there, _, _ = unescape(re.search(r'href="([^"]*lang=es)"', answer.body)[1]).partition("?")

    again = asked(world, "GET", there, cookie=world.signed_in("supervisor"), query={"lang": "es"})
    assert again.status_code == 200
    assert '<html lang="es">' in again.body


def test_whoever_was_locked_out_at_a_preview_comes_back_to_a_page(world):
    cookie = world.signed_in("supervisor")
    world.now += timedelta(minutes=31)
    answer = asked(world, "POST", f"{PAUSE}-preview", cookie=cookie, form={"what": "agency"})
    there = re.search(r'name="target" value="([^"]*)"', answer.body)[1]

    assert asked(world, "GET", there, cookie=world.signed_in("supervisor", cookie="anew")).status_code == 200


def test_a_person_in_the_reason_of_a_pause_is_on_no_page_and_not_kept(world):
    cookie, watch = world.signed_in("supervisor"), world.signed_in("watch")
    asked(world, "POST", PAUSE, cookie=cookie, form={"what": "agency", "reason": "Ann 303-555-0123 a@city.example"})

    assert world.settings.pauses[0].reason.startswith("Ann …")
    assert "0123" not in world.settings.pauses[0].reason
    by_command = Pause(of="agency", author="x", reason="for 303-555-0123", at=world.now)
    world.settings.pause("springfield", by_command)
    for path in ("", "/waiting"):
        assert "0123" not in asked(world, "GET", f"/desk/springfield{path}", cookie=watch).body
    assert "0123" not in asked(world, "GET", PAUSE, cookie=cookie).body


@pytest.mark.parametrize("number", ["x" * 65, "x" * 60000, "26\n1", "26-\u00e9"])
def test_no_number_of_a_call_is_held_that_no_call_can_have(world, number):
    answer = asked(world, "POST", PAUSE, cookie=world.signed_in("supervisor"), form={"incident": number})

    assert answer.status_code == 422
    assert world.settings.pauses == ()


@pytest.mark.parametrize("which", ["043\ufeff7037", "303\x00555\x000123", "899\x1b9341", "303\u2028555\u20280123"])
@pytest.mark.parametrize("of", ["type", "beat", "incident"])
def test_whatever_is_held_can_be_noted(world, of, which):
    noted = Noted(at=world.now, agency_id="springfield", by="x", what="paused", about=part(of, which))

    assert noted.about.startswith(of)


def test_a_resume_lifts_the_pause_that_was_seen_and_not_a_later_one(world, monkeypatch):
    """Two supervisors: one lifts a pause and puts it on anew, while the other's press is on its way."""
    cookie = world.signed_in("supervisor")
    seen = Pause(of="agency", author="one", reason="", at=world.now)
    later = replace(seen, author="two", at=world.now + timedelta(seconds=1))
    world.settings.pause("springfield", seen)
    note = world.ledger.note
    monkeypatch.setattr(world.ledger, "note", lambda noted: (world.settings.pause("springfield", later), note(noted)))
    form = {"of": "agency", "which": "", "at": seen.at.isoformat()}
    answer = asked(world, "POST", "/desk/springfield/resume", cookie=cookie, form=form)

    assert answer.status_code == 409
    assert world.settings.pauses == (later,)
    assert world.ledger.entries[-1].failed


@pytest.mark.parametrize("typed", ["P26-1", "p261", "P-26-1"])
def test_a_call_is_held_however_its_number_is_typed(monkeypatch, typed):
    """Where settings take `26-0001` and `260001` for one number, a brake by either holds its call."""
    world = DeskWorld(replace(SPRINGFIELD, identity=IdentityRules(spelling="loose")))
    monkeypatch.setattr(door, "now", lambda: world.now)
    story(world, number="P26-1")
    asked(world, "POST", PAUSE, cookie=world.signed_in("supervisor"), form={"incident": typed})

    (pause,) = world.settings.pauses
    assert pause.holds("receipt", world.archive.load(key("p261")).incident)


def test_a_preview_counts_the_texts_of_a_call_that_is_named_by_its_id(world):
    story(world, number="P26-1", incident_id="cad-77", minutes=1)
    waits = [row for row in world.archive.load(key("P26-1")).rows.values() if row.state == "scheduled"]
    assert waits
    cookie = world.signed_in("supervisor")
    for name in ("P26-1", "cad-77", "nobody"):
        answer = asked(world, "POST", f"{PAUSE}-preview", cookie=cookie, form={"incident": name})
        holds = 0 if name == "nobody" else len(waits)
        assert f"would be held: {holds}." in answer.body


def test_a_number_that_begins_with_an_equals_sign_is_found(world):
    story(world, number="=P26")
    answer = asked(world, "GET", AT, cookie=world.signed_in("supervisor"), query={"number": "=P26"})

    assert "<h1>Call =P26</h1>" in answer.body


@pytest.mark.parametrize("before", ["/", "//", "//evil.example", "/a/b", "/\\evil"])
def test_no_spelling_of_an_address_makes_links_that_lead_elsewhere(world, before):
    answer = asked(world, "GET", "/desk/sign-in", prefix=before)

    assert 'action="/desk/sign-in"' in answer.body


def test_whoever_works_on_is_not_locked_by_the_shortest_limit(world):
    """An act was noted once a minute, so a limit of a minute locked people in the middle of their work."""
    minute = Limits(idle=Duration(minutes=1), longest=Duration(hours=1))
    cookie = world.signed_in("supervisor", limits=minute)
    for _ in range(5):
        world.now += timedelta(seconds=40)

        assert asked(world, "GET", "/desk/springfield", cookie=cookie).status_code == 200
