"""Duplicates: whose callers are told of which incident."""

from itertools import permutations

import pytest

from chalicelib.domain.facts import Link
from chalicelib.domain.identity import IncidentKey, Kind
from chalicelib.domain.reasons import Reason
from chalicelib.domain.release import Release
from chalicelib.flow.receive import receive_updates
from chalicelib.flow.release import release_hold
from ops.fiction import fictional_phone
from ops.memory.world import MemoryPorts
from tests.factories import NOW, after, agency, call, caller, update

PARENT, CHILD = "P26-1", "P26-2"


def told(*updates, rules=None):
    ports = MemoryPorts(rules or agency(), beating=True)
    ports.tell_time(NOW)
    for each in updates:
        receive_updates([each], each.update_id, rules or agency(), ports, NOW)
    return ports


def record(ports, number=PARENT):
    return ports.incidents.load(IncidentKey("springfield", number))


def child(party=1, **more):
    return update(
        NOW, "child", {"1": caller(fictional_phone(party))}, incident_number=CHILD, incident_type="NOISE", **more
    )


def link(at=1, to=PARENT, relation="duplicate_of"):
    return update(after(at), f"link-{at}", incident_number=CHILD, linked_to=Link(to, relation) if to else None)


def rows(ports, kind=Kind.DELAY):
    return {key.recipient for key, row in record(ports).rows.items() if key.kind is kind and row.awaits}


@pytest.mark.parametrize("relation", ["duplicate_of", "merged_into"])
def test_a_duplicates_caller_is_told_of_the_other_incident(relation):
    ports = told(call(), child(), link(relation=relation))

    assert rows(ports) == {"1", "P26-2/1"}
    assert {item.reason for item in record(ports, CHILD).skipped} == {Reason.DUPLICATE}


def test_a_related_incident_is_one_of_its_own():
    assert rows(told(call(), child(), link(relation="related"))) == {"1"}


def test_whatever_came_first_ends_the_same():
    orders = [told(*order) for order in permutations((call(), child(), link()))]

    assert len({str(sorted(record(ports).rows)) for ports in orders}) == 1
    assert all(rows(ports) == {"1", "P26-2/1"} for ports in orders)


def test_a_link_that_is_taken_back_takes_the_caller_back():
    assert rows(told(call(), child(), link(), link(at=2, to=None))) == {"1"}


def test_a_link_that_moves_takes_the_caller_along():
    ports = told(call(), child(), link(), link(at=2, to="P26-3"))

    assert rows(ports) == {"1"}
    assert record(ports, "P26-3").incident.everyone.keys() == {"P26-2/1"}


def test_who_called_twice_is_told_once():
    same = update(NOW, "child", {"1": caller()}, incident_number=CHILD, incident_type="NOISE")

    assert len(rows(told(call(), same, link()))) == 1


def test_a_sensitive_duplicate_silences_the_other_incident():
    ports = told(call(), child(type_modifier="DOMESTIC"), link())

    assert rows(ports) == set()
    assert {item.reason for item in record(ports).skipped} == {Reason.SENSITIVE}


def test_a_duplicate_of_a_duplicate_is_passed_on():
    onward = update(after(1), "onward", incident_number=PARENT, linked_to=Link("P26-9", "duplicate_of"))

    for order in permutations((call(), child(), link(), onward)):
        everyone = record(told(*order), "P26-9").incident.everyone
        assert everyone.keys() == {"P26-1/1", "P26-2/1"}


def test_two_that_name_each_other_come_to_an_end():
    back = update(after(1), "back", incident_number=PARENT, linked_to=Link(CHILD, "duplicate_of"))

    ports = told(call(), child(), link(), back, link(at=3), back)

    assert rows(ports) == set()


def test_a_release_lets_a_sensitive_incident_speak_and_ends_its_silences():
    ports = told(call(type_modifier="DOMESTIC"))
    key = IncidentKey("springfield", PARENT)
    phone = next(iter(record(ports).incident.addresses))

    release_hold(key, Release(what="sensitive", author="R. Lead", reason="mistyped", at=after(1)), ports, after(1))

    assert rows(ports) == {"1"}
    assert ports.contacts.load("springfield", phone, NOW.date()).silenced_until == after(1)
    with pytest.raises(LookupError):
        release_hold(IncidentKey("springfield", "none"), record(ports).incident.releases[0], ports, NOW)
