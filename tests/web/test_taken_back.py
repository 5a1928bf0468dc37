"""The answer says what nulls took back, and a key whose nulls say nothing takes nothing back."""

import json
from datetime import UTC, datetime

import pytest
from msgspec import to_builtins
from msgspec.structs import replace

from chalicelib.domain.names import IncidentKey
from chalicelib.inbound.cad.read_updates import read_updates
from chalicelib.web.webhooks import receive
from tests.factories import NOW, agency
from tests.fuzz.doors import Doors, request, signed

TOLD = {
    "arrived_at": "2026-11-21T17:46:22Z",
    "incident_type": "THEFT",
    "dispositions": ["RPT"],
    "reporting_parties": [{"party_id": "1", "phone": "303-555-0123"}],
}
WIPED = {
    "arrived_at": None,
    "incident_type": " ",
    "dispositions": [],
    "beat": None,
    "reporting_parties": [{"party_id": "1", "phone": None, "email": None}],
}
LOST = ["incident_type", "arrived_at", "dispositions", "reporting_parties[0].phone"]


class Silent(Doors):
    """A key whose nulls say nothing."""

    webhook_keys = tuple(replace(key, null="silence") for key in Doors.webhook_keys)


def at(minute, number="P26-1", **told):
    return {"incident_number": number, "as_of": f"2026-11-21T18:{minute:02}:00Z", **told}


def post(world, *updates, feed="cad"):
    body = json.dumps({"updates": updates}).encode()
    return receive("springfield", feed, request("POST", body, signed(body)), world)


def known(world, number="P26-1"):
    return world.incidents.load(IncidentKey("springfield", number))


def test_the_answer_names_each_known_value_that_a_null_took_back():
    world = Doors(agency())
    first = post(world, at(0, **TOLD))

    answer = post(world, {"incident_number": "P26-2"}, at(1, "P26-0"), at(1, **WIPED))

    assert "taken_back" not in first.body
    (taken,) = answer.body["taken_back"]
    assert (taken["index"], taken["incident_number"], sorted(taken["fields"])) == (2, "P26-1", sorted(LOST))


def test_the_answer_names_a_call_as_the_update_did():
    world = Doors(agency())
    post(world, {"incident_id": "AN501", "as_of": "2026-11-21T18:00:00Z", **TOLD})

    answer = post(world, {"incident_id": "AN501", "as_of": "2026-11-21T18:01:00Z", **WIPED})

    (taken,) = to_builtins(answer.body["taken_back"])
    assert (taken["incident_number"], taken["incident_id"]) == (None, "AN501")


def test_a_null_of_what_nobody_knew_is_not_in_the_answer_and_neither_is_a_repeated_one():
    world = Doors(agency())
    post(world, at(0, **TOLD))
    post(world, at(1, **WIPED))

    assert "taken_back" not in post(world, at(1, **WIPED)).body
    assert "taken_back" not in post(world, at(2, **WIPED)).body
    assert "taken_back" not in post(world, at(2, "P26-2", **WIPED)).body


def test_the_record_remembers_when_each_field_was_taken_back_and_by_whom():
    world = Doors(agency())
    world.queue.now = datetime.now(UTC)
    post(world, at(0, **TOLD))
    post(world, at(1, case_number="26-1"), feed="rms")
    post(world, at(2, case_number=None, arrived_at=None), feed="rms")
    post(world, at(2, arrived_at=None))
    post(world, at(3, beat="4"))

    assert set(known(world).taken_back) == {"rms.case_numbers", "cad.arrived_at"}


def test_a_key_whose_nulls_say_nothing_takes_nothing_back():
    world = Silent(agency())
    post(world, at(0, **TOLD))

    answer = post(world, at(1, **WIPED))

    facts = known(world).incident.facts
    assert (answer.status_code, "taken_back" in answer.body) == (202, False)
    assert (facts.incident_type, facts.dispositions, facts.arrived_at is None) == ("THEFT", ("RPT",), False)


def test_a_key_whose_nulls_say_nothing_still_says_everything_else():
    world = Silent(agency())
    post(world, at(0, **TOLD))

    post(world, at(1, beat="4", arrived_at=None, incident_type="NOISE"))

    facts = known(world).incident.facts
    assert (facts.incident_type, facts.beat, facts.arrived_at is None) == ("NOISE", "4", False)


@pytest.mark.parametrize("nobody", [None, "", []])
def test_a_unit_of_which_no_officer_is_named_is_taken(nobody):
    """Programs write null for an absent list, too."""
    body = json.dumps({"updates": [at(0, units=[{"unit": "3A12", "officer_ids": nobody}])]}).encode()

    batch = read_updates(body, "wh-1", "US", NOW)

    assert batch.rejected == ()
    assert batch.updates[0].facts["units"][0].officer_ids == ()


def test_at_one_instant_a_list_beats_an_empty_one():
    """FOUND A1, the same for lists: a fact beats its absence."""
    for told in ([["RPT"], []], [[], ["RPT"]]):
        world = Doors(agency())
        for dispositions in told:
            post(world, at(0, dispositions=dispositions))

        assert known(world).incident.facts.dispositions == ("RPT",)
