"""A sandbox key posts exercises apart from everything real: docs/vendor/webhook.md."""

import json
from datetime import UTC, date, datetime

import pytest

from chalicelib.auth import WebhookKey
from chalicelib.aws.stream import read_item
from chalicelib.boundary import answering
from chalicelib.domain.names import IncidentKey, is_agency_id, sandbox_of
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.web.webhooks import hear, receive
from tests.factories import agency
from tests.fuzz.doors import Doors, request, signed

AT = "2026-11-21T18:00:00Z"
PHONE = "+13035550123"
CALLER = {"party_id": "1", "role": "caller", "phone": PHONE, "email": "a@example.org"}
GRAVE = {"incident_type": "DV", "incident_type_description": "domestic violence", "juvenile": True}
SANDBOX = sandbox_of("springfield")
TRY = "a-long-sandbox-key"


class Trying(Doors):
    """A live key that signs, and a sandbox key of the same agency."""

    webhook_keys = (
        *Doors.webhook_keys,
        WebhookKey(name="try", feed="cad", sandbox=("springfield",), bearer=TRY),
        WebhookKey(name="try-rms", feed="rms", sandbox=("springfield",), bearer=TRY),
    )


@pytest.fixture
def world():
    return Trying(agency())


def live(world, *updates):
    body = json.dumps({"updates": list(updates)}).encode()
    return answering(receive)("springfield", "cad", request("POST", body, signed(body)), world)


def tried(world, *updates, feed="cad", view=receive):
    body = json.dumps({"updates": list(updates)}).encode()
    headers = {"content-type": "application/json", "authorization": f"Bearer {TRY}"}
    where = ("springfield", feed) if view is receive else ("springfield",)
    return answering(view)(*where, request("POST", body, headers), world)


def told(**fields):
    return {"incident_number": "P26-1", "as_of": AT, **fields}


def kept(world, agency_id="springfield", number="P26-1"):
    return world.incidents.load(IncidentKey(agency_id, number))


def test_whatever_a_sandbox_key_posts_is_an_exercise(world):
    for exercise in ({}, {"exercise": False}, {"exercise": None}):
        answer = tried(world, told(**exercise, received_at=AT, incident_type="NOISE", reporting_parties=[CALLER]))

    assert answer.status_code == 202
    record = kept(world, SANDBOX)
    assert record.incident.facts.exercise is True
    assert {skipped.reason for skipped in record.skipped} == {Reason.EXERCISE}
    assert not record.rows


def test_it_cannot_touch_an_incident_of_a_live_key(world):
    live(world, told(incident_type="NOISE", received_at=AT, reporting_parties=[CALLER]))
    before = kept(world)

    tried(world, told(**GRAVE, as_of="2026-11-21T19:00:00Z", closed_at=AT, arrived_at=AT))
    tried(
        world,
        told(incident_number="P26-2", **GRAVE, linked_to={"incident_number": "P26-1", "relation": "duplicate_of"}),
    )
    tried(world, told(incident_type="THEFT", as_of="never", arrived_at=AT))

    assert kept(world) == before
    assert not kept(world, number="P26-2").version


def test_it_silences_no_real_person(world):
    unsafe = {**CALLER, "safe_to_contact": False}
    tried(
        world,
        told(**GRAVE, reporting_parties=[unsafe, {**CALLER, "party_id": "2", "phone": f"{PHONE} or 303 555 0124"}]),
    )
    tried(world, told(as_of="never", **GRAVE, reporting_parties=[unsafe]))

    assert not kept(world, SANDBOX).incident.all_addresses
    for name in ("springfield", SANDBOX):
        for address in (PHONE, "a@example.org", "+13035550124"):
            contact = world.contacts.load(name, address, date(2026, 11, 21))
            assert not contact.silent(datetime.now(UTC))

    live(world, told(**GRAVE, reporting_parties=[unsafe]))  # the same from a live key does silence
    assert world.contacts.load("springfield", PHONE, date(2026, 11, 21)).silent(datetime.now(UTC))


def test_it_is_no_sign_of_life(world):
    tried(world, told())
    answer = tried(world, view=hear)

    assert (answer.status_code, answer.body) == (202, {"heard": True, "exercise": True})
    assert world.settings.heard_at is None
    assert world.settings.conditions("springfield").feed_heard_at is None


def test_nothing_of_it_is_kept_to_be_replayed(world):
    assert tried(world, told(as_of="never")).status_code == 422
    assert world.rejects.kept == []


def test_a_records_system_has_a_sandbox_too(world):
    assert tried(world, told(case_number="26-1"), feed="rms").status_code == 202
    assert kept(world, SANDBOX).incident.facts.case_numbers == ("26-1",)


def test_no_agency_can_have_the_name_of_a_sandbox():
    assert not is_agency_id(SANDBOX)


def test_the_lake_has_nothing_of_it():
    assert read_item(f"{SANDBOX}#P26-1", "incident", 1, "not even read") is None
