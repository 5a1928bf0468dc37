"""Duplicates: whose callers are told of which incident."""

from itertools import permutations

import pytest

from chalicelib.domain.incidents.facts import Link
from chalicelib.domain.incidents.release import Release
from chalicelib.domain.incidents.update import Latch
from chalicelib.domain.names import IncidentKey, Kind, NotificationKey
from chalicelib.domain.notifications.notification import State
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.flow.incidents.receive import receive_updates
from chalicelib.flow.incidents.release import NothingHeld, release_hold
from chalicelib.ports.errors import Busy, Conflict
from chalicelib.virtual.fiction import fictional_phone
from chalicelib.virtual.world import MemoryPorts
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


def test_a_duplicates_dispositions_are_words_about_the_other_incident_too():
    ports = told(call(), child(dispositions=("DV REPORT",)), link())

    assert rows(ports) == set()
    assert {item.reason for item in record(ports).skipped} == {Reason.SENSITIVE}


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


def named(number, leader, at, name):
    linked = Link(leader, "duplicate_of") if leader else None
    return update(after(at), name, incident_number=number, linked_to=linked)


def person(number, party="1", phone=None, **more):
    people = {party: caller(fictional_phone(phone or int(number[-1])))}
    return update(NOW, f"people {number}", people, incident_number=number, incident_type="NOISE", **more)


STORIES = {
    "a link that is taken back after its leader was linked on": (
        [call(), person("P26-2"), person("P26-3"), named("P26-3", "P26-2", 1, "a"), named("P26-2", PARENT, 5, "b"),
         named("P26-3", None, 2, "c")],
        {"1", "P26-2/1"},
    ),
    "a link that moves up to the leader's own leader": (
        [call(), person("P26-2"), person("P26-3"), named("P26-3", "P26-2", 1, "a"), named("P26-2", PARENT, 2, "b"),
         named("P26-3", PARENT, 3, "c")],
        {"1", "P26-2/1", "P26-3/1"},
    ),
    "a leader that repeats its own link later": (
        [call(), person("P26-2"), person("P26-3"), named("P26-3", "P26-2", 1, "a"), named("P26-2", PARENT, 2, "b"),
         named("P26-2", PARENT, 9, "c")],
        {"1", "P26-2/1", "P26-3/1"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", STORIES)
def test_chains_end_the_same_whatever_was_heard_first(name):
    story, everyone = STORIES[name]
    orders = list(permutations(story))

    for order in orders[:: len(orders) // 90]:
        assert set(record(told(*order)).incident.everyone) == everyone, [each.update_id for each in order]


def test_what_forbids_reaches_the_end_of_a_long_chain_and_after_a_walk_that_was_cut_off():
    chain = [named(f"P26-{n + 1}", f"P26-{n}", n, f"link {n}") for n in range(1, 9)]
    ports = told(call(), *(person(f"P26-{n}") for n in range(2, 10)), *chain)
    late = update(after(20), "late", incident_number="P26-9", type_modifier="DOMESTIC")
    busy = ports.incidents.save
    ports.incidents.save = lambda change: _conflict() if change.incident.incident_number == PARENT else busy(change)

    with pytest.raises(Busy):
        receive_updates([late], "late", agency(), ports, NOW)
    ports.incidents.save = busy
    receive_updates([late], "late again", agency(), ports, NOW)

    assert {item.reason for item in record(ports).skipped} == {Reason.SENSITIVE}


def _conflict():
    raise Conflict


def test_who_was_told_by_one_is_not_told_again_by_the_next():
    second = call(parties={"1": caller(fictional_phone(2))}, incident_number="P26-2")
    ports = told(call(), second, person("P26-3"), named("P26-3", "P26-2", 1, "a"))
    row = record(ports, "P26-2").rows[NotificationKey("springfield", "P26-2", Kind.ACKNOWLEDGMENT, "P26-3/1")]
    ports.incidents.put(row.moved(State.SENDING, NOW).moved(State.SENT, NOW))

    onward = named("P26-2", PARENT, 2, "b")
    receive_updates([onward], "b", agency(), ports, NOW)

    acknowledged = {key.recipient for key in record(ports).rows if key.kind is Kind.ACKNOWLEDGMENT}
    assert "P26-3/1" not in acknowledged


def test_no_two_people_have_one_name():
    own = update(NOW, "own", {"P26-2/1": caller(fictional_phone(9))})

    everyone = record(told(call(), own, child(), link())).incident.everyone

    assert set(everyone) == {"1", "P26-2%2F1", "P26-2/1"}


def test_the_own_caller_comes_first():
    crowd = [person(f"A{n:02}0", phone=n + 20) for n in range(12)]
    links = [named(f"A{n:02}0", PARENT, n, f"l{n}") for n in range(12)]

    ports = told(call(parties={"zoe": caller()}), *crowd, *links, rules=agency(mass_call=99))

    assert "zoe" in {key.recipient for key in record(ports).rows}


def test_more_than_can_be_kept_is_judged_by_nobody():
    crowd = [named(f"A{n:03}", PARENT, n, f"l{n}") for n in range(31)]

    assert {item.reason for item in record(told(call(), *crowd)).skipped} == {Reason.TOO_MUCH_TO_JUDGE}


def test_an_incident_that_names_itself_says_nothing():
    assert rows(told(call(), named(PARENT, PARENT, 1, "self"))) == {"1"}


@pytest.mark.parametrize("what", ["sensitive", "juvenile", "do_not_contact", "unsafe", "mass_call"])
def test_what_is_not_held_can_not_be_let_go(what):
    release = Release(what=what, party_id="1" if what == "unsafe" else "", author="R. Lead", reason="-", at=NOW)

    with pytest.raises(NothingHeld):
        release_hold(IncidentKey("springfield", PARENT), release, told(call()), NOW)


def test_a_latch_that_is_heard_after_its_release_holds_again():
    ports = told(update(NOW, "j", latches=frozenset({Latch.JUVENILE})))
    key = IncidentKey("springfield", PARENT)
    release_hold(key, Release(what="juvenile", author="R. Lead", reason="-", at=after(9)), ports, after(9))
    assert not record(ports).incident.holds(Latch.JUVENILE)

    late = update(after(8), "late", latches=frozenset({Latch.JUVENILE}))
    receive_updates([late], "late", agency(), ports, after(10))

    assert record(ports).incident.holds(Latch.JUVENILE)


def test_a_release_lets_a_sensitive_incident_speak_and_ends_its_silences():
    ports = told(call(type_modifier="DOMESTIC"))
    key = IncidentKey("springfield", PARENT)
    phone = next(iter(record(ports).incident.addresses))

    release_hold(key, Release(what="sensitive", author="R. Lead", reason="mistyped", at=after(1)), ports, after(1))

    assert rows(ports) == {"1"}
    assert ports.contacts.load("springfield", phone, NOW.date()).silenced_until == after(1)
    with pytest.raises(LookupError):
        release_hold(IncidentKey("springfield", "none"), record(ports).incident.releases[0], ports, NOW)
