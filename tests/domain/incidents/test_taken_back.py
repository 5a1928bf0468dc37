"""What nulls take back, and what they can't: written from docs/vendor/webhook.md."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.domain.incidents.facts import Facts, Link, Unit
from chalicelib.domain.incidents.taken_back import TakenBack, noted, taken_back, without_nulls
from chalicelib.domain.incidents.update import Latch
from chalicelib.domain.phones import Phone
from tests.factories import NOW, PHONE, after, incident, update
from tests.strategies import updates

INSTANTS = ("received_at", "queued_at", "dispatched_at", "enroute_at", "diverted_at", "arrived_at", "closed_at")
TEXTS = ("incident_type", "incident_type_description", "type_modifier", "initial_type", "priority", "beat", "shift")
TOLD = {
    **dict.fromkeys((*INSTANTS, "cancelled_at", "scheduled_for"), NOW),
    **dict.fromkeys((*TEXTS, "transferred_to", "call_taker_id"), "A1"),
    **dict.fromkeys(("dispositions", "case_numbers", "offenses"), ("RPT",)),
    "origin": "911",
    "exercise": True,
    "response_mode": "phone",
    "linked_to": Link("P26-9", "related"),
    "units": (Unit("3A12"),),
}
PARTY = {
    "role": "victim",
    "contact_kind": "personal",
    "phone": Phone(number=PHONE),
    "email": "a@people.example",
    "language": "es",
}
NOTHING = dict.fromkeys(TOLD)
NOBODY = dict.fromkeys(PARTY)


def gone(before, told):
    """Return what an update takes back of an incident."""
    return taken_back(before, before.merge(told), told)


def test_the_table_has_every_field():
    assert set(TOLD) == set(Facts.__struct_fields__)


@pytest.mark.parametrize("field", TOLD)
def test_a_records_system_takes_back_no_field_of_dispatch(field):
    known = incident(update(NOW, **{field: TOLD[field]}))
    null = update(after(9), source="rms", **{field: None})

    merged = known.merge(null)

    assert getattr(merged.facts, field) == TOLD[field]
    assert taken_back(known, merged, null) == ()


def test_a_records_system_takes_back_no_word_of_dispatch_about_a_person():
    known = incident(update(NOW, parties={"1": PARTY}))
    null = update(after(9), parties={"1": NOBODY}, source="rms")

    merged = known.merge(null)

    assert {name: getattr(merged.parties["1"], name) for name in PARTY} == PARTY
    assert taken_back(known, merged, null) == ()


def test_a_records_system_clears_no_latch_and_makes_nobody_safe():
    known = incident(update(NOW, latches=frozenset(Latch), unsafe_parties=frozenset({"1"})))

    merged = known.merge(update(after(9), parties={"1": NOBODY}, source="rms", **NOTHING))

    assert all(merged.holds(latch) for latch in Latch)
    assert merged.is_unsafe("1")


@pytest.mark.parametrize("source", ["cad", "rms"])
def test_a_null_takes_back_what_its_own_system_said_and_the_answer_names_it(source):
    known = incident(update(NOW, parties={"1": PARTY}, source=source, **TOLD))
    null = update(after(9), parties={"2": NOBODY, "1": NOBODY}, source=source, **NOTHING)

    assert set(gone(known, null)) == {*TOLD, *(f"reporting_parties[1].{name}" for name in PARTY)}


def test_where_nothing_was_known_nothing_is_taken_back():
    assert gone(incident(update(NOW, beat="4")), update(after(9), parties={"1": NOBODY}, arrived_at=None)) == ()
    assert gone(incident(update(after(9), beat="4")), update(NOW, beat=None)) == ()
    assert gone(incident(update(NOW, beat="4")), update(NOW, "z", beat=None)) == ()


def test_dispatch_takes_its_own_word_back_although_the_records_systems_then_shows():
    known = incident(update(NOW, beat="4"), update(NOW, beat="5", source="rms"))
    null = update(after(9), beat=None)

    assert known.merge(null).facts.beat == "5"
    assert gone(known, null) == ("beat",)


@given(st.lists(updates, max_size=5), updates)
def test_only_nulls_take_back_and_only_what_is_gone(told, last):
    before = incident(*told)
    fields = gone(before, last)

    assert set(fields) & set(Facts.__struct_fields__) <= {name for name, value in last.told.items() if value is None}
    assert gone(before.merge(last), last) == ()
    assert all(getattr(before.facts, name) is not None for name in fields if name in Facts.__struct_fields__)


@given(st.lists(updates, max_size=5), updates)
def test_an_update_without_its_nulls_takes_nothing_back_and_keeps_the_rest(told, last):
    before, silent = incident(*told), without_nulls(last)

    assert gone(before, silent) == ()
    assert silent.facts == {name: value for name, value in last.facts.items() if value is not None}
    assert replace(silent, facts=last.facts, parties=last.parties) == last


def test_each_field_is_noted_by_its_source_without_the_person_s_place():
    taken = [TakenBack(0, "P26-1", ("beat", "reporting_parties[3].phone"))]

    assert noted({"cad.shift": NOW, "cad.beat": NOW}, "cad", taken, after(9)) == {
        "cad.shift": NOW,
        "cad.beat": after(9),
        "cad.phone": after(9),
    }
