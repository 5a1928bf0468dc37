"""In an emergency one person restores a version that two approved: a press, in force at once, noted after."""

import html

import pytest
from msgspec.structs import replace

from chalicelib.domain.desk.permissions import Role
from chalicelib.domain.duration import Duration
from chalicelib.domain.settings.desk import Desk
from chalicelib.domain.settings.judgements import Judgements
from chalicelib.insight.settings.written import as_toml
from chalicelib.web.desk import door
from tests.factories import judged
from tests.web.desk.test_drafts import OURS, asked_for_review, decide, in_force, publish, somebody
from tests.web.desk.test_words import ENGLISH
from tests.web.desk.valid import problems
from tests.web.desk.world import DeskWorld, asked

HERE = "/desk/springfield/settings"
TWO = "Ana (desk:id.springfield.example:ana) and Ben (desk:id.springfield.example:ben)"
FLOOR = (replace(OURS.incident_types[0], description="Disturbance, domestic"), *OURS.incident_types[1:])
ONE = "Ana (desk:id.springfield.example:ana)"


@pytest.fixture
def world(monkeypatch):
    made = DeskWorld(OURS)
    monkeypatch.setattr(door, "now", lambda: made.now)
    return made


@pytest.fixture
def cleo(world):
    return somebody(world, "cleo", "approver")


def published(world, author=TWO, ours=None, **changes):
    after = replace(ours or in_force(world), **changes)
    return world.settings.publish(after, author, "why", world.now, source=as_toml(after)).version


def page(world, cookie, version):
    answer = asked(world, "GET", HERE, cookie=cookie, query={"version": str(version)})
    assert problems(answer.body) == []
    return answer.body


def press(world, cookie, version, **more):
    form = {"version": str(version), "over": str(in_force(world).version), **more}
    answer = asked(world, "POST", f"{HERE}/restore", cookie=cookie, form=form)
    assert answer.status_code in (303, 403) or problems(answer.body) == []
    return answer


def test_one_person_restores_by_a_press_what_two_published_and_it_is_noted(world, cleo):
    good = published(world, short_name="Good PD")
    published(world, short_name="Wrong PD", silence=Duration(days=400))
    body, answer = page(world, cleo, good), press(world, cleo, good, reason="the name is wrong")

    assert "Put version 1 in force again now" in body
    assert answer.status_code == 303
    assert (in_force(world).version, in_force(world).short_name) == (3, "Good PD")
    assert world.settings.source("springfield", 3) == world.settings.source("springfield", 1)
    kept = world.settings._port.kept[-1]
    assert (kept.author, kept.comment) == (
        "Cleo (desk:id.springfield.example:cleo)",
        "back to 1, in an emergency: the name is wrong",
    )
    assert ("published", "settings version 1 again") in world.ledger.said


def test_it_needs_no_ledger_and_no_reason(world, cleo):
    good = published(world, short_name="Good PD")
    published(world, short_name="Wrong PD")
    world.ledger.down = True
    answer = press(world, cleo, good)

    assert answer.status_code == 303
    assert in_force(world).short_name == "Good PD"
    assert world.settings._port.kept[-1].comment == "back to 1, in an emergency"
    assert world.ledger.entries == []


@pytest.mark.parametrize(
    ("why", "before", "since"),
    [
        ("one_person", {"author": ONE}, {}),
        ("goes_live", {"mode": "live"}, {"mode": "shadow"}),
        ("lets_in", {}, {"desk": Desk(roles={"tenfour-approver": (Role.APPROVER,)})}),
        ("unsound", {"incident_types": FLOOR}, {"incident_types": OURS.incident_types}),
    ],
)
def test_what_one_person_may_not_restore_has_no_button_and_a_press_does_nothing(world, cleo, why, before, since):
    old = published(world, **before)
    published(world, short_name="Other PD", **since)
    body, refused = page(world, cleo, old), press(world, cleo, old)

    assert "settings/restore" not in body
    assert refused.status_code == 409
    assert ENGLISH[f"restore_why.{why}"] in html.unescape(body)
    assert ENGLISH[f"restore_why.{why}"] in html.unescape(refused.body)
    assert (in_force(world).version, in_force(world).short_name) == (2, "Other PD")
    assert ("published", "settings version 1 again") not in world.ledger.said


def test_what_is_restored_is_one_person_s_and_is_not_restored_again(world, cleo):
    good = published(world)
    published(world, short_name="Wrong PD")
    press(world, cleo, good)
    published(world, short_name="Other PD")

    assert press(world, cleo, 3).status_code == 409
    assert press(world, cleo, good).status_code == 303


def test_over_another_version_than_the_page_showed_nothing_is_done(world, cleo):
    good = published(world)
    published(world, short_name="Wrong PD")
    refused = press(world, cleo, good, over=str(good))

    assert refused.status_code == 409
    assert "somebody published meanwhile" in refused.body
    assert in_force(world).version == 2


@pytest.mark.parametrize("version", ["", "x", "99", "-1", "2"])
def test_no_version_one_of_the_future_or_the_present_one_is_not_restored(world, cleo, version):
    published(world)
    published(world, short_name="Other PD")

    assert press(world, cleo, version).status_code in (404, 409)
    assert in_force(world).version == 2


def test_judgements_stay_those_in_force(world, cleo):
    good = published(world, short_name="Good PD")
    silenced = replace(in_force(world), judgements=Judgements((judged("incident_type", "NOISE", "noise", "never"),)))
    published(world, ONE, silenced)
    published(world, short_name="Wrong PD")
    press(world, cleo, good)

    assert in_force(world).short_name == "Good PD"
    assert in_force(world).judgements == silenced.judgements


def test_an_approved_draft_over_what_was_in_force_before_is_not_published_then(world, cleo):
    good = published(world, ours=OURS)
    published(world, short_name="Wrong PD")
    asked_for_review(world, somebody(world, "ana", "words"))
    ben = somebody(world, "ben", "approver")
    decide(world, ben, "approve")
    press(world, cleo, good)

    assert publish(world, ben).status_code == 409
    assert in_force(world).version == 3


def test_who_may_only_draft_restores_nothing(world):
    good = published(world)
    published(world, short_name="Wrong PD")
    ana = somebody(world, "ana", "words")

    assert "settings/restore" not in page(world, ana, good)
    assert press(world, ana, good).status_code == 403
