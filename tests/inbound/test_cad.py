import contextlib
import json
import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.incidents.facts import Link
from chalicelib.domain.incidents.incident import MOST_KEPT
from chalicelib.domain.incidents.update import Evidence, Latch
from chalicelib.domain.phones import Phone, PhoneProblem
from chalicelib.inbound.cad.read_updates import Malformed, Unacceptable, read_updates
from chalicelib.inbound.cad.update_fields import MOST_UPDATES
from tests.factories import NOW, PHONE, after, incident

UPDATE = {"incident_number": "P26-1", "as_of": NOW.isoformat()}


def read(*updates, body=None, source="wh-1"):
    return read_updates(body if body is not None else json.dumps({"updates": updates}).encode(), source, "US", NOW)


def error(**told):
    """Return what is said of an update with these fields."""
    (rejected,) = read({**UPDATE, **told}).rejected
    return rejected.error


def test_an_update_needs_no_more_than_a_number_and_an_instant():
    (update,) = read(UPDATE).updates

    assert (update.incident_number, update.as_of, update.update_id) == ("P26-1", NOW, "wh-1:000")
    assert (update.facts, update.parties) == ({}, {})


@pytest.mark.parametrize("number", [{}, {"incident_number": None}, {"incident_number": " "}])
def test_an_id_stands_in_for_a_number_that_has_not_come_yet(number):
    (update,) = read({"incident_id": "50-1", "as_of": NOW.isoformat(), **number}).updates

    assert (update.incident_number, update.incident_id) == ("", "50-1")


@pytest.mark.parametrize("names", [{}, {"incident_number": None, "incident_id": ""}])
def test_an_update_without_any_name_is_rejected_by_that_word(names):
    (rejected,) = read({"as_of": NOW.isoformat(), **names}).rejected

    assert rejected.error == "updates[0].incident_number: required, or incident_id"


def test_an_id_is_longer_than_a_number_and_printable():
    assert read({**UPDATE, "incident_id": "x" * 64}).updates[0].incident_id == "x" * 64
    assert error(incident_id="x" * 65) == "updates[0].incident_id: Expected str of length <= 64"
    assert error(incident_id="a\u200bb") == "updates[0].incident_id: Expected printable characters only"


def test_what_holds_of_a_rejected_update_is_kept_by_its_id():
    batch = read({"incident_id": "50-1", "as_of": NOW.isoformat(), "arrived_at": NOW.isoformat(), "exercise": 5})

    assert [(each.incident_number, each.incident_id) for each in batch.salvaged] == [("", "50-1")]
    assert [(each.incident_number, each.incident_id) for each in batch.rejected] == [(None, "50-1")]


@pytest.mark.parametrize(
    ("names", "read_as"),
    [
        ({"incident_number": "P26-9"}, Link("P26-9", "duplicate_of")),
        ({"incident_id": "50-9"}, Link("id:50-9", "duplicate_of", "50-9")),
        ({"incident_number": "P26-9", "incident_id": "50-9"}, Link("P26-9", "duplicate_of", "50-9")),
    ],
)
def test_a_link_has_a_number_or_an_id(names, read_as):
    (update,) = read({**UPDATE, "linked_to": {**names, "relation": "duplicate_of"}}).updates

    assert update.facts["linked_to"] == read_as


def test_a_link_without_any_name_is_rejected_by_that_word():
    said = "updates[0].linked_to.incident_number: required, or incident_id"

    assert error(linked_to={"relation": "duplicate_of"}) == said


def test_only_what_was_told_is_told():
    (update,) = read({**UPDATE, "priority": "3", "arrived_at": None}).updates

    assert update.facts == {"priority": "3", "arrived_at": None}


def test_an_update_may_name_itself():
    (update,) = read({**UPDATE, "update_id": "cad-77"}).updates

    assert update.update_id == "cad-77"


def test_a_later_position_is_a_later_word():
    names = [update.update_id for update in read(*[UPDATE] * MOST_UPDATES).updates]

    assert names == sorted(names)


def test_spaces_around_a_code_are_not_part_of_it_and_a_blank_one_takes_back():
    told = {"incident_type": " NOISE ", "priority": "  ", "dispositions": ["GOA ", " "], "case_number": ""}

    (update,) = read({**UPDATE, **told}).updates

    assert update.facts == {
        "incident_type": "NOISE",
        "priority": None,
        "dispositions": ("GOA",),
        "case_numbers": None,
    }


def test_a_blank_takes_back_whatever_it_stands_for():
    blank = {
        "arrived_at": "",
        "origin": " ",
        "exercise": "",
        "reporting_parties": [{"party_id": "1", "role": "", "language": ""}],
    }

    (taken,) = read(UPDATE | blank).updates

    assert {name: taken.facts[name] for name in ("arrived_at", "origin", "exercise")} == dict.fromkeys(
        ("arrived_at", "origin", "exercise")
    )
    assert taken.parties["1"]["role"] is None


@pytest.mark.parametrize("half", [r"\ud800", r"\udc00", r"\ud800\u0041"])
def test_half_a_character_costs_its_neighbours_nothing(half):
    good, bad, whole = (json.dumps(UPDATE | {"beat": beat}) for beat in ("612", "HALF", "\\ud800 😀"))

    batch = read(body=f'{{"updates": [{good}, {bad.replace("HALF", half)}, {whole}]}}'.encode())

    assert (len(batch.updates), [item.error.partition(":")[0] for item in batch.rejected]) == (2, ["updates[1].beat"])


@pytest.mark.parametrize("party_id", ["+1 (303) 555-0123", "3035550123", "tel:+13035550123", "a@people.example"])
def test_a_party_named_by_a_phone_or_an_email_gets_another_name(party_id):
    people = [{"party_id": party_id, "phone": "303-555-0123", "safe_to_contact": False}]

    (update,) = read({**UPDATE, "reporting_parties": people}).updates

    (name,) = update.parties
    assert re.fullmatch("party-[0-9a-f]{6}", name)
    assert update.unsafe_parties == {name}


@pytest.mark.parametrize("party_id", ["1", "A-17", "b6f2c1d0-5e4f-4a3b-9c8d-7e6f5a4b3c2d", "2026-0117"])
def test_any_other_name_stays(party_id):
    (update,) = read({**UPDATE, "reporting_parties": [{"party_id": party_id, "role": "caller"}]}).updates

    assert set(update.parties) == {party_id}


def test_instants_are_kept_in_utc():
    (update,) = read({**UPDATE, "received_at": "2026-11-21T10:00:00-07:00"}).updates

    assert update.facts["received_at"] == after(-60)
    assert update.facts["received_at"].utcoffset() == timedelta(0)


def test_a_single_disposition_or_case_number_will_do():
    (update,) = read({**UPDATE, "disposition": "GOA", "case_number": "26-1"}).updates

    assert update.facts == {"dispositions": ("GOA",), "case_numbers": ("26-1",)}


def test_the_list_wins_over_the_single_one():
    (update,) = read({**UPDATE, "disposition": "GOA", "dispositions": ["HAN"]}).updates

    assert update.facts == {"dispositions": ("HAN",)}


def test_a_single_one_beside_an_empty_list_counts_and_beside_another_it_is_a_word_about_the_nature():
    (empty,) = read({**UPDATE, "disposition": "HAN", "dispositions": None}).updates
    (other,) = read({**UPDATE, "disposition": "Domestic violence", "dispositions": ["HAN"]}).updates

    assert empty.facts == {"dispositions": ("HAN",)}
    assert other.facts == {"dispositions": ("HAN",)}
    assert other.evidence == {Evidence("dispositions", text="Domestic violence")}


@pytest.mark.parametrize("name", ["incident_type", "type_modifier", "disposition"])
@pytest.mark.parametrize("values", [("DV", "NOISE"), ("NOISE", "DV")])
def test_a_name_that_is_there_twice_hides_no_word(name, values):
    pairs = ", ".join(f'"{name}": "{value}"' for value in values)
    body = f'{{"updates": [{{"incident_number": "P26-1", "as_of": "{NOW.isoformat()}", {pairs}}}]}}'.encode()

    batch = read(body=body)
    (update,) = batch.salvaged
    assert batch.rejected[0].error == f"updates[0].{name}: there twice"
    assert {"DV", "NOISE"} <= {item.code or item.text for item in update.evidence}


def test_a_latch_or_an_arrival_that_is_there_twice_holds():
    twice = f'"juvenile": true, "juvenile": false, "arrived_at": "{NOW.isoformat()}", "arrived_at": null'
    body = f'{{"updates": [{{"incident_number": "P26-1", "as_of": "{NOW.isoformat()}", {twice}}}]}}'.encode()

    (update,) = read(body=body).salvaged
    assert (update.latches, update.told) == ({Latch.JUVENILE}, {"arrived_at": NOW})


def test_a_name_in_a_party_is_not_the_updates():
    (update,) = read({**UPDATE, "juvenile": False, "unit": {"juvenile": True}}).updates
    assert not update.latches


@pytest.mark.parametrize(("number", "known"), [(" P26-1 ", "P26-1"), (5150, "5150")])
def test_a_number_with_blanks_or_without_quotes_names_its_incident(number, known):
    (update,) = read({**UPDATE, "incident_number": number, "type_modifier": "DV"}).salvaged
    assert (update.incident_number, update.evidence) == (known, {Evidence("type_modifier", text="DV")})


def test_a_phone_is_cleaned_and_nothing_else_of_it_is_kept():
    people = [
        {"party_id": "1", "phone": "(303) 555-0123", "email": " A@People.Example", "name": "Nobody"},
        {"party_id": "2", "phone": "911-555-0123", "email": "none"},
        {"party_id": "3", "phone": None},
    ]

    (update,) = read({**UPDATE, "reporting_parties": people}).updates

    assert update.parties == {
        "1": {"phone": Phone(number=PHONE), "email": "a@people.example"},
        "2": {"phone": Phone(problem=PhoneProblem.PSEUDO_911), "email": None},
        "3": {"phone": None},
    }


def test_latches_are_told_apart_from_facts():
    told = {
        "juvenile": True,
        "do_not_contact": False,
        "reporting_parties": [
            {"party_id": "1", "safe_to_contact": False},
            {"party_id": "2", "safe_to_contact": True},
        ],
    }

    (update,) = read({**UPDATE, **told}).updates

    assert update.latches == {Latch.JUVENILE}
    assert update.unsafe_parties == {"1"}


def test_names_and_addresses_are_not_accepted():
    (update,) = read({**UPDATE, "address": "1 Main St", "caller_name": "Nobody", "narrative": "..."}).updates

    assert update.facts == {}


def test_one_bad_update_spares_its_neighbours_and_is_set_aside_without_what_we_never_store():
    batch = read(UPDATE, {**UPDATE, "priority": 3, "address": "1 Main St"}, {**UPDATE, "incident_number": "P26-2"})

    assert [update.incident_number for update in batch.updates] == ["P26-1", "P26-2"]
    assert [(item.index, item.incident_number, item.error) for item in batch.rejected] == [
        (1, "P26-1", "updates[1].priority: Expected str | null, got int")
    ]
    assert batch.set_aside == ({**UPDATE, "priority": 3},)


def test_names_stay_out_wherever_they_hide():
    told = {
        "priority": {"name": "Nobody"},
        "case_numbers": [{"name": "Nobody"}, ["Nobody"], "26-1"],
        "linked_to": {"incident_number": "P26-2", "relation": "cousin", "name": "Nobody"},
        "reporting_parties": [{"party_id": "1", "role": {"name": "Nobody"}, "name": "Nobody"}],
    }

    (known,) = read({**UPDATE, **told}).set_aside

    assert known == {
        **UPDATE,
        "priority": None,
        "case_numbers": [None, "26-1"],
        "linked_to": {"incident_number": "P26-2", "relation": "cousin"},
        "reporting_parties": [{"party_id": "1", "role": None}],
    }


def test_what_is_set_aside_is_not_blown_up():
    body = b'{"updates": [{"incident_number": "P26-1", "dispositions": [' + b"1e15," * 1000 + b"1]}]}"

    (known,) = read(body=body).set_aside

    assert len(json.dumps(known)) < 2 * len(body)


def test_what_must_hold_is_salvaged_from_a_rejected_update():
    told = {
        "as_of": "yesterday",
        "incident_type": "DV",
        "type_modifier": "IN PROGRESS",
        "offenses": ["13A", 5],
        "juvenile": True,
        "reporting_parties": [{"party_id": "7", "safe_to_contact": False}, {"party_id": 8, "safe_to_contact": False}],
    }

    (update,) = read({**UPDATE, **told}).salvaged

    assert (update.incident_number, update.rejected) == ("P26-1", True)
    assert {item.code or item.text for item in update.evidence} == {"DV", "IN PROGRESS", "13A", "5"}
    assert (update.latches, update.unsafe_parties) == ({Latch.JUVENILE}, {"7", "8"})


@pytest.mark.parametrize(
    "told", [{"dispositions": ["DV REPORT"]}, {"dispositions": "DV REPORT"}, {"disposition": 5150}]
)
def test_dispositions_of_a_rejected_update_are_words_about_its_nature(told):
    (update,) = read({**UPDATE, "priority": 7, **told}).salvaged

    assert {(item.field, item.text) for item in update.evidence} <= {
        ("dispositions", "DV REPORT"),
        ("dispositions", "5150"),
    }
    assert update.evidence


ARRIVAL = {"arrived_at": NOW.isoformat()}


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ({"units": [{"unit": f"3A{n}"} for n in range(21)]}, ("units", 20)),
        ({"units": [{"unit": "3A", "officer_ids": [f"o{n}" for n in range(21)]}]}, ("units", 1)),
        ({"dispositions": ["A"] * 21}, ("dispositions", 20)),
        ({"case_numbers": ["26-1"] * 21}, ("case_numbers", 20)),
        ({"offenses": [f"90{n}" for n in range(101)]}, ("offenses", 20)),
        ({"incident_type_description": "x" * 401}, ("incident_type_description", 400)),
        ({"type_modifier": "x" * 100_000}, ("type_modifier", 400)),
        ({"initial_type": "x" * 401}, ("initial_type", 400)),
    ],
)
def test_lists_and_texts_are_cut_and_the_rest_of_the_update_is_taken(told, kept):
    (update,) = read({**UPDATE, **ARRIVAL, **told}).updates

    name, length = kept
    assert (update.facts["arrived_at"], len(update.facts[name])) == (NOW, length)


def test_an_eleventh_party_who_is_unsafe_stays_unsafe_and_its_phone_is_known():
    people = [{"party_id": str(n), "phone": f"303-555-01{n:02}"} for n in range(10)]
    people.append({"party_id": "last", "phone": "303-555-0199", "safe_to_contact": False})

    (update,) = read({**UPDATE, **ARRIVAL, "reporting_parties": people}).updates

    merged = incident(update)
    assert (len(update.parties), merged.facts.arrived_at) == (10, NOW)
    assert "+13035550199" in merged.unsafe_addresses & merged.addresses


def test_more_words_than_can_be_judged_are_as_many_as_overfill_an_incident():
    (update,) = read({**UPDATE, "offenses": [f"90{n}" for n in range(MOST_KEPT + 1)]}).updates

    assert incident(update).overfull


@pytest.mark.parametrize("place", [390, 395, 399, 400, 401, 719, 720, 5000])
def test_a_word_behind_a_limit_is_evidence(place):
    (update,) = read({**UPDATE, "incident_type_description": "x" * (place - 1) + " SUICIDE " + "y" * 500}).updates

    assert any("SUICIDE" in item.text for item in update.evidence)


@pytest.mark.parametrize(
    ("told", "word"),
    [
        ({"incident_type": 5150}, "5150"),
        ({"incident_type": {"code": "DV"}}, "DV"),
        ({"offenses": "11A"}, "11A"),
        ({"offenses": [["11A"]]}, "11A"),
        ({"type_modifier": 273.5}, "273.5"),
        ({"type_modifier": "D\0V"}, "D\0V"),
        ({"incident_type": "DV" * 40}, "DV" * 40),
        ({"dispositions": ["DV", 5]}, "DV"),
        ({"disposition": ["DV"]}, "DV"),
    ],
)
def test_words_of_any_type_hold_in_a_rejected_update(told, word):
    (update,) = read({**UPDATE, **told}).salvaged

    assert word in {item.code or item.text for item in update.evidence}


@pytest.mark.parametrize("field", ["incident_type", "incident_type_description", "type_modifier", "initial_type"])
@pytest.mark.parametrize(
    ("several", "value", "others"),
    [
        (["LOUD", "DV"], "LOUD", {"DV"}),
        (["", " ", "DV"], "DV", set()),
        ([], None, set()),
        (["LOUD", 5, {"code": "DV"}, ["SUICIDE"], None], "LOUD", {"5", "DV", "SUICIDE"}),
        (["LOUD", *(f"T{n}" for n in range(40))], "LOUD", {f"T{n}" for n in range(40)}),
        (["LOUD", "x" * 500 + " DV"], "LOUD", {"x" * 400, "x" * 180 + " DV"}),
    ],
)
def test_every_word_of_a_list_is_a_word_about_the_nature_and_the_first_is_the_fields_own(field, several, value, others):
    (update,) = read({**UPDATE, field: several}).updates
    own = {UPDATE.get("incident_type"), UPDATE.get("incident_type_description"), value} - {None}

    assert update.facts[field] == value
    assert {item.code or item.text for item in update.evidence} | own >= others | own
    assert others <= {word for item in update.evidence for word in (item.code, item.text)}


@pytest.mark.parametrize("field", ["incident_type", "incident_type_description", "type_modifier", "initial_type"])
@pytest.mark.parametrize("several", [[["DV"]], [5150], [{"code": "DV"}]])
def test_a_list_of_no_word_is_refused_by_name_and_takes_nothing_back(field, several):
    batch = read({**UPDATE, field: several})

    assert batch.rejected[0].error.startswith(f"updates[0].{field}: ")
    assert field not in batch.salvaged[0].facts
    assert {item.code or item.text for item in batch.salvaged[0].evidence} <= {"DV", "5150"}


@pytest.mark.parametrize("encoding", ["windows-1252", "latin-1", "mac-roman"])
def test_an_update_in_another_encoding_is_refused_by_name_and_stops_what_it_would_stop(encoding):
    told = {**UPDATE, **ARRIVAL, "incident_type_description": "Violaci\u00f3n", "juvenile": True}
    body = json.dumps({"updates": [told, UPDATE]}, ensure_ascii=False).encode(encoding)

    batch = read(body=body)

    assert [(each.incident_number, each.error) for each in batch.rejected] == [("P26-1", "updates[0]: not in UTF-8")]
    assert batch.set_aside[0]["arrived_at"] == NOW.isoformat()
    assert len(batch.updates) == 1
    (held,) = batch.salvaged
    assert (held.facts["arrived_at"], held.latches) == (NOW, {Latch.JUVENILE})
    assert held.evidence


@pytest.mark.parametrize(
    ("told", "holds"),
    [
        ({"response_mode": "phone"}, {"response_mode": "phone"}),
        ({"response_mode": ["none"]}, {"response_mode": "none"}),
        ({"origin": "officer_initiated"}, {"origin": "officer_initiated"}),
        ({"transferred_to": "SHERIFF"}, {"transferred_to": "SHERIFF"}),
        ({"response_mode": "in_person", "origin": "911"}, {}),
        ({"response_mode": "by drone"}, {}),
    ],
)
def test_facts_that_can_only_stop_a_text_hold_in_a_rejected_update(told, holds):
    (update,) = read({**UPDATE, "incident_type": "NOISE", "priority": 3, **told}).salvaged

    assert update.told == holds


@pytest.mark.parametrize("said", [True, "Y", "yes", "true", 1, "1", ["Y"], "unclear"])
@pytest.mark.parametrize("latch", list(Latch))
def test_latches_of_any_type_hold_in_a_rejected_update(latch, said):
    (update,) = read({**UPDATE, "priority": 3, latch.value: said}).salvaged

    assert update.latches == {latch}


@pytest.mark.parametrize("said", [False, "N", "no", "false", 0, "0", ["N"], "unclear"])
def test_an_unsafe_party_of_any_type_holds_with_its_phone_in_a_rejected_update(said):
    people = [{"party_id": "1", "phone": "303-555-0123", "safe_to_contact": said}]

    (update,) = read({**UPDATE, "priority": 3, "reporting_parties": people}).salvaged

    assert incident(update).unsafe_addresses == {PHONE}


@pytest.mark.parametrize("said", [False, None, "", "N", 0])
def test_what_was_not_said_is_not_held(said):
    people = [{"party_id": "1", "safe_to_contact": None if said is None else True}]

    batch = read({**UPDATE, "priority": 3, "juvenile": said, "reporting_parties": people})

    assert batch.salvaged == ()


@pytest.mark.parametrize("name", ["arrived_at", "closed_at", "cancelled_at"])
@pytest.mark.parametrize(
    "broken",
    [
        {"priority": 3},
        {"beat": "x" * 65},
        {"origin": "pigeon"},
        {"received_at": "9999-12-31T23:59:59Z"},
        {"reporting_parties": [{"party_id": "1"}, {"party_id": "1"}]},
        {"as_of": "yesterday"},
        {"units": "3A12"},
        {"linked_to": {}},
    ],
)
def test_what_ends_waiting_holds_beside_any_broken_field(name, broken):
    (update,) = read({**UPDATE, name: NOW.isoformat(), **broken}).salvaged

    assert getattr(incident(update).facts, name) == NOW


@pytest.mark.parametrize(
    "said",
    [after(120).isoformat(), after(-60 * 24 * 3).isoformat()[:19], 1790121500000, "18:05", "Y", True, ["10:05"]],
)
@pytest.mark.parametrize("name", ["arrived_at", "closed_at", "cancelled_at"])
def test_an_end_of_waiting_at_an_instant_that_cannot_be_is_now(name, said):
    (update,) = read({**UPDATE, name: said}).salvaged
    assert update.told == {name: NOW}


@pytest.mark.parametrize("said", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "N/A", 0, False, "none", "Nobody"])
def test_what_stands_for_no_instant_ends_no_waiting(said):
    assert read({**UPDATE, "arrived_at": said}).salvaged == ()


def test_the_sender_may_number_its_updates():
    assert read({**UPDATE, "sequence": 7}).updates[0].sequence == 7
    assert error(sequence="7").startswith("updates[0].sequence: ")


@pytest.mark.parametrize(
    "item", [5, {}, {"incident_type": "DV"}, {"incident_number": " ", "juvenile": True}, {"incident_number": "P"}]
)
def test_nothing_is_salvaged_where_there_is_nothing_or_nobody_can_say_of_what(item):
    batch = read(item)

    assert (len(batch.rejected), batch.salvaged) == (1, ())


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"as_of": "2026-11-21T18:00:00"}, ".as_of"),
        ({"as_of": "2026-02-30T18:00:00Z"}, ".as_of"),
        ({"as_of": "yesterday"}, ".as_of"),
        ({"as_of": (NOW + timedelta(days=1)).isoformat()}, ".as_of"),
        ({"as_of": (NOW + timedelta(minutes=5, seconds=1)).isoformat()}, ".as_of"),
        ({"as_of": "1999-12-31T00:00:00Z"}, ".as_of"),
        ({"as_of": None}, ".as_of"),
        ({"received_at": "9999-12-31T23:59:59-07:00"}, ".received_at"),
        ({"closed_at": "0001-01-01T00:00:00+23:00"}, ".closed_at"),
        ({"scheduled_for": "2099-01-01T00:00:00Z"}, ".scheduled_for"),
        ({"incident_number": ""}, ".incident_number"),
        ({"incident_number": "x" * 10_000}, ".incident_number"),
        ({"incident_number": "P26\u0000"}, ".incident_number"),
        ({"incident_number": "P26-1\n"}, ".incident_number"),
        ({"incident_number": " P26"}, ".incident_number"),
        ({"incident_number": 5}, ".incident_number"),
        ({"incident_type": "A\u0007"}, ".incident_type"),
        ({"origin": "carrier pigeon"}, ".origin"),
        ({"exercise": "yes"}, ".exercise"),
        ({"dispositions": "GOA"}, ".dispositions"),
        ({"units": [{"unit": 5}]}, ".units[0].unit"),
        ({"linked_to": {"incident_number": "P26-2", "relation": "cousin"}}, ".linked_to.relation"),
        ({"reporting_parties": [{"phone": "1"}]}, ".reporting_parties[0].party_id"),
        ({"reporting_parties": [{"party_id": "1"}, {"party_id": "1"}]}, ".reporting_parties[1].party_id"),
        ({"reporting_parties": [{"party_id": "1", "role": "bystander"}]}, ".reporting_parties[0].role"),
        ({"reporting_parties": [{"party_id": "1", "language": "e\ns"}]}, ".reporting_parties[0].language"),
    ],
)
def test_what_is_wrong_is_named(told, field):
    assert error(**told).startswith(f"updates[0]{field}: "), error(**told)


def test_a_field_that_is_missing_is_named():
    (rejected,) = read({"incident_number": "P26-1"}).rejected

    assert rejected.error == "updates[0].as_of: required"


def test_our_clock_may_be_five_minutes_behind():
    assert read({**UPDATE, "as_of": after(5).isoformat()}).updates


def test_an_appointment_may_be_far_off():
    assert read({**UPDATE, "scheduled_for": "2028-01-01T00:00:00Z"}).updates


@pytest.mark.parametrize("item", [5, None, "x", [], True])
def test_what_is_no_object_is_no_update(item):
    (rejected,) = read(item).rejected

    assert (rejected.incident_number, rejected.error.startswith("updates[0]: ")) == (None, True)


@pytest.mark.parametrize("body", [b"", b"{", b"nonsense", b'{"updates": [}', b"\xff\xfe", b"\xef\xbb\xbf{"])
def test_what_is_not_json_is_malformed(body):
    with pytest.raises(Malformed):
        read(body=body)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"[]", "Expected object"),
        (b"{}", "updates: required"),
        (b'{"updates": "x"}', "updates: Expected array"),
        (b'{"updates": []}', "updates: Expected array of length >= 1"),
    ],
)
def test_a_body_of_another_shape_is_unacceptable_by_name(body, said):
    with pytest.raises(Unacceptable, match=said):
        read(body=body)


def test_more_than_a_hundred_updates_are_unacceptable():
    assert len(read(*[UPDATE] * MOST_UPDATES).updates) == MOST_UPDATES
    with pytest.raises(Unacceptable, match="updates: Expected array of length <= 100"):
        read(*[UPDATE] * (MOST_UPDATES + 1))


@pytest.mark.parametrize("depth", [10_000, 200_000])
def test_deep_nesting_is_refused_like_anything_else(depth):
    nest = b"[" * depth + b"]" * depth
    with pytest.raises((Malformed, Unacceptable)):
        read(body=nest)
    with pytest.raises((Malformed, Unacceptable)):
        read(body=b'{"updates": [{"units": ' + nest + b"}]}")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
fields = st.sampled_from(
    ["as_of", "received_at", "priority", "units", "reporting_parties", "linked_to", "dispositions"]
)


@given(st.dictionaries(fields, json_values, max_size=4))
def test_whatever_it_holds_an_update_is_taken_or_rejected_by_name(told):
    batch = read({**UPDATE, **told}, UPDATE)

    assert len(batch.updates) + len(batch.rejected) == 2
    assert all(item.error.startswith("updates[0]") for item in batch.rejected)


@given(st.binary(max_size=60))
def test_whatever_bytes_come_are_read_or_refused(body):
    with contextlib.suppress(Malformed, Unacceptable):
        assert read(body=body)


@pytest.mark.parametrize(
    ("phone", "email", "reached"),
    [
        ("303-555-0123 ext 4", None, {"+13035550123"}),
        ("303-555-0123 cell", None, {"+13035550123"}),
        ("303_555_0123", None, {"+13035550123"}),
        ("303,555,0123", None, {"+13035550123"}),
        ("303·555·0123 x4", None, {"+13035550123"}),
        ("0013035550123", None, {"+13035550123"}),
        ("３０３-５５５-０１２３ (mom)", None, {"+13035550123"}),
        ("303 555 O123", None, {"+13035550123"}),
        ("303-555-0123 (mom)", None, {"+13035550123"}),
        ("3035550123/3035550124", None, {"+13035550123", "+13035550124"}),
        ("303-555-0123, 555-0124", None, {"+13035550123", "+13035550124"}),
        ("303-555-0123 / x303-555-0124", None, {"+13035550123", "+13035550124"}),
        ("mom 303.555.0123 or dad 970.555.0124", None, {"+13035550123", "+19705550124"}),
        ("(303) 555-0123", None, {"+13035550123"}),
        ("Redacted", None, set()),
        ("911-555-0123", None, set()),
        (None, "ann@people.example (mom)", {"ann@people.example"}),
        (None, "a@people.example; b@people.example", {"a@people.example", "b@people.example"}),
        ("a@people.example", None, {"a@people.example"}),
        ("555-0123 (303)", None, {"+13035550123"}),
        ("9,13035550123", None, {"+13035550123"}),
        (None, "303-555-0123", {"+13035550123"}),
        (None, "3035550123@gateway.example", {"+13035550123", "3035550123@gateway.example"}),
        (None, "ann@people.example or 303-555-0123", {"+13035550123", "ann@people.example"}),
    ],
)
def test_every_number_and_email_that_can_be_read_is_known(phone, email, reached):
    party = {"party_id": "1", "phone": phone, "email": email}
    body = json.dumps(
        {"updates": [{"incident_number": "P26-1", "as_of": NOW.isoformat(), "reporting_parties": [party]}]}
    )

    (found,) = read_updates(body.encode(), "wh", "US", NOW).updates

    assert found.addresses == reached
    (held,) = read({**UPDATE, "incident_type": "DV", "priority": 7, "reporting_parties": [party]}).salvaged
    assert held.addresses == reached


@pytest.mark.parametrize(
    "phone", ["303-555-0123", "303-555-0123 ext 4", ["303-555-0123 (mom)"], {"cell": "303 555 0123 cell"}, 3035550123]
)
def test_every_number_that_can_be_read_in_a_rejected_update_is_known(phone):
    people = [{"party_id": "1", "phone": phone}]

    (update,) = read({**UPDATE, "incident_type": "DV", "priority": 3, "reporting_parties": people}).salvaged

    assert update.addresses == {"+13035550123"}


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        (2600001, "2600001"),
        (26.5, "26.5"),
        (" P26-1 ", "P26-1"),
        (["P26-1"], "P26-1"),
        ("P26\u20131", "P26?1"),
        ("P26\u00001", "P26?1"),
        ("x" * 41, "x" * 40),
    ],
)
def test_words_hold_under_a_number_that_has_no_form(told, kept):
    batch = read({**UPDATE, "incident_number": told, "incident_type": "DV"})

    assert batch.updates == ()
    assert [item.incident_number for item in batch.salvaged] == [kept]


@pytest.mark.parametrize(
    ("phones", "number", "beside"),
    [
        (["303-555-0123", "303-555-0124"], "+13035550123", {"+13035550124"}),
        (["x", "303-555-0124", "303-555-0125 x 9"], "+13035550124", {"+13035550125"}),
        (["303-555-0123", "(303) 555-0123", None], "+13035550123", set()),
        ([3035550123], "+13035550123", set()),
        ([["303-555-0123"], {"cell": "303-555-0124"}], "+13035550123", {"+13035550124"}),
    ],
)
def test_of_several_phones_one_is_called_and_a_silence_reaches_all(phones, number, beside):
    told = {"reporting_parties": [{"party_id": "1", "phone": phones}, {"party_id": "2", "phone": "303-555-0126"}]}
    (update,) = read({**UPDATE, **told}).updates
    one, other = (update.parties[name] for name in sorted(update.parties))

    assert one["phone"].number == number
    assert set(one.get("also_at", ())) == beside
    assert (other["phone"].number, other.get("also_at")) == ("+13035550126", None)


def test_a_list_of_no_phones_is_no_phone():
    (update,) = read({**UPDATE, "reporting_parties": [{"party_id": "1", "phone": []}]}).updates

    assert next(iter(update.parties.values()))["phone"] is None
