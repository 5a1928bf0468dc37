"""Rings of duplicates, and duplicates of an incident that nobody tells of: one of them is told, and nothing twice."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.domain.duration import Duration
from chalicelib.domain.incidents.facts import Link
from chalicelib.domain.incidents.release import Release
from chalicelib.domain.incidents.update import Latch
from chalicelib.domain.names import IncidentKey, Kind
from chalicelib.domain.notifications.notification import State
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.flow.incidents.receive import receive_updates
from chalicelib.flow.incidents.release import release_hold
from chalicelib.virtual.fiction import fictional_phone
from tests.factories import NOW, after, agency, call, caller, update
from tests.flow.city import City

A, B, C, D, UNKNOWN = "P26-1", "P26-2", "P26-3", "P26-4", "P26-9"


def phone(number):
    return fictional_phone(int(number[-1]))


def opened(number, **more):
    return call(parties={"1": caller(phone(number))}, incident_number=number, **more)


def named(number, leader, at=0.0, relation="duplicate_of"):
    link = Link(leader, relation) if leader else None
    return update(after(at), f"{number} names {leader} at {at}", incident_number=number, linked_to=link)


def city(*updates, **more):
    """Return a city that was told each update at its own time."""
    found = City(**more)
    for each in updates:
        found.tell(each, at=max(found.now, each.as_of), source=each.update_id + each.incident_number)
    return found


def texts(found, number):
    """Return how many acknowledgments and delay notices the caller of an incident got."""
    said = found.texts(phone(number))
    return sum("we have your call" in text for text in said), sum("delayed" in text for text in said)


def incident(found, number):
    return found.ports.incidents.load(IncidentKey("springfield", number)).incident


RINGS = {
    "two": {A: B, B: A},
    "three": {A: B, B: C, C: A},
    "three, the other way": {A: C, C: B, B: A},
    "a chain of merges that closes": {A: B, B: C, C: D, D: A},
    "a ring with a tail": {A: B, B: A, C: A},
    "a ring with a tail at its second": {A: B, B: A, C: B, D: C},
    "two rings": {A: B, B: A, C: D, D: C},
}


@pytest.mark.parametrize("relation", ["duplicate_of", "merged_into"])
@pytest.mark.parametrize("name", RINGS)
def test_each_caller_of_a_ring_is_told_once_whatever_was_heard_first(name, relation):
    links = RINGS[name]
    told = [update for number in links for update in (opened(number), named(number, links[number], 0.1, relation))]
    orders = list(permutations(told))

    for order in orders[:: max(1, len(orders) // 40)]:
        found = city(*order)
        found.run_until(after(40))
        assert {number: texts(found, number) for number in links} == dict.fromkeys(links, (1, 1))


def test_the_smallest_number_of_a_ring_speaks_and_the_others_say_so():
    found = city(opened(A), opened(B), opened(C), named(C, B), named(B, A), named(A, C))

    assert [incident(found, number).same_as for number in (A, B, C)] == [None, A, A]
    assert incident(found, A).everyone.keys() == {"1", "P26-2/1", "P26-3/1"}


@pytest.mark.parametrize("sensitive", [A, B, C])
def test_a_sensitive_word_about_one_reaches_all_of_a_ring(sensitive):
    found = city(opened(A), opened(B), opened(C), named(C, B), named(B, A), named(A, C))
    found.tell(update(after(0.2), "late", incident_number=sensitive, type_modifier="DOMESTIC"), source="late")
    found.run_until(after(40))

    assert found.texts() == []
    day = NOW.date()
    assert all(found.ports.contacts.load("springfield", phone(each), day).silenced_until for each in (A, B, C))


def test_a_ring_that_closes_after_the_first_delay_notice_ends_no_later_one():
    """The other call heard of that notice from the one that told it, and must not say so back as news of its own."""
    twice = agency(delay=replace(agency().delay, after=(Duration(minutes=30), Duration(minutes=45))))
    found = city(opened(A), opened(B), named(B, A), named(A, B, 33), rules=twice)
    found.run_until(after(60))

    assert [texts(found, number) for number in (A, B)] == [(1, 2), (1, 2)]


def test_a_phone_that_was_told_by_another_call_hears_nothing_twice_although_that_party_is_told_no_more():
    found = city(opened(A), opened(B))
    found.run_until(after(2))
    found.tell(
        update(
            after(3), "alarm", {"1": {"contact_kind": "alarm"}}, incident_number=B, linked_to=Link(A, "merged_into")
        ),
        call(parties={"1": caller(phone(B))}, incident_number=C, at=after(3), linked_to=Link(A, "duplicate_of")),
    )
    found.run_until(after(10))

    assert texts(found, B) == (1, 0)


def test_what_a_waited_for_call_heard_from_us_ends_no_later_notice():
    twice = agency(delay=replace(agency().delay, after=(Duration(minutes=30), Duration(minutes=45))))
    found = city(opened(A), opened(B), named(B, A), named(A, UNKNOWN, 10), rules=twice)
    found.run_until(after(31))
    found.tell(update(after(32), "again", incident_number=B, priority="4"), source="again")
    found.run_until(after(60))

    assert [texts(found, number) for number in (A, B)] == [(1, 2), (1, 2)]


@pytest.mark.parametrize("breaks", [A, B, C])
def test_a_ring_that_is_broken_tells_nothing_twice(breaks):
    found = city(opened(A), opened(B), opened(C), named(C, B), named(B, A), named(A, C), named(breaks, None, 3))
    found.run_until(after(40))

    assert incident(found, breaks).same_as is None
    assert {number: texts(found, number) for number in (A, B, C)} == dict.fromkeys((A, B, C), (1, 1))


def test_a_number_that_names_itself_is_told_of_its_own():
    found = city(opened(A), named(A, A))
    found.run_until(after(40))

    assert texts(found, A) == (1, 1)


def test_the_people_of_a_duplicate_wait_five_minutes_for_an_incident_that_nobody_told_of():
    found = city(opened(B), named(B, UNKNOWN, 0.5))
    found.run_until(after(5.4))
    assert found.texts() == []

    found.run_until(after(40))
    assert texts(found, B) == (1, 1)
    assert found.row(Kind.ACKNOWLEDGMENT, number=B).sent_at == after(5.5)


def test_a_link_that_each_snapshot_repeats_makes_nobody_wait_longer():
    found = city(opened(B), *(named(B, UNKNOWN, minute) for minute in range(10)))
    found.run_until(after(11))

    assert texts(found, B) == (1, 0)


@pytest.mark.parametrize("minute", [0.5, 2, 4.9, 5, 5.1, 8, 20, 29.9, 30, 30.1])
def test_an_unknown_leader_that_turns_up_tells_nothing_twice(minute):
    found = city(opened(B), named(B, UNKNOWN, 0.1), call(incident_number=UNKNOWN, parties={}, at=after(minute)))
    found.run_until(after(40))
    acknowledged, delayed = texts(found, B)

    assert incident(found, B).same_as == UNKNOWN
    assert acknowledged == 1
    assert delayed <= 1
    assert {item.reason for item in found.ports.incidents.load(IncidentKey("springfield", B)).skipped} == {
        Reason.DUPLICATE
    }


def test_a_word_about_one_duplicate_of_an_unknown_incident_reaches_the_others():
    grave = update(after(3), "grave", incident_number=C, latches=frozenset({Latch.DO_NOT_CONTACT}))
    found = city(opened(B), opened(C), named(B, UNKNOWN), named(C, UNKNOWN), grave)
    found.run_until(after(40))

    assert found.texts() == []
    assert found.row(Kind.ACKNOWLEDGMENT, number=B).reason == Reason.DO_NOT_CONTACT


def test_five_callers_about_an_unknown_incident_wait_for_a_person():
    numbers = [f"P26-{number}" for number in range(1, 6)]
    found = city(*map(opened, numbers), *(named(number, UNKNOWN) for number in numbers))
    found.run_until(after(8))
    assert found.texts() == []
    assert {found.row(Kind.ACKNOWLEDGMENT, number=number).reason for number in numbers} == {Reason.MASS_CALL}

    release = Release(what="mass_call", author="R. Lead", reason="a fire", at=found.now)
    release_hold(IncidentKey("springfield", A), release, found.ports, found.now)
    found.run_until(after(12))
    assert texts(found, A) == (1, 0)
    assert texts(found, B) == (0, 0)


def test_a_leader_that_is_heard_of_while_the_link_is_being_stored_speaks():
    found = city(opened(B))
    store, leader = found.ports.incidents.save, call(incident_number=UNKNOWN, parties={}, at=after(1))

    def save(change):
        found.ports.incidents.save = store
        receive_updates([leader], "leader", found.agency, found.ports, found.now)
        store(change)

    found.ports.incidents.save = save
    found.tell(named(B, UNKNOWN, 1), source="link")
    found.run_until(after(40))

    assert incident(found, B).same_as == UNKNOWN
    assert texts(found, B) == (1, 1)


ends = st.sampled_from([A, B, C, D, UNKNOWN, None])
minutes = st.floats(0, 28, allow_nan=False).map(lambda minute: round(minute, 2))
graphs = st.fixed_dictionaries({number: st.lists(st.tuples(minutes, ends), max_size=2) for number in (A, B, C, D)})


def final(links):
    """Return whom each incident names in the end."""
    return {number: max(words, key=lambda word: word[0])[1] if words else None for number, words in links.items()}


def speaker(number, names):
    """Return who speaks for an incident in the end: an oracle by walking the links, whatever the code does."""
    way = [number]
    while names.get(way[-1]) not in (None, way[-1], UNKNOWN) and names[way[-1]] not in way:
        way.append(names[way[-1]])
    onward = names.get(way[-1])
    return min(way[way.index(onward) :]) if onward in way and onward != way[-1] else way[-1]


@given(graphs, st.one_of(st.none(), minutes))
def test_each_caller_hears_of_a_delay_from_the_one_that_speaks(links, turns_up):
    times = [at for words in links.values() for at, _ in words]
    told = [opened(number) for number in links]
    told += [named(number, leader, at) for number, words in links.items() for at, leader in words]
    if turns_up is not None:
        told.append(call(incident_number=UNKNOWN, parties={}, at=after(turns_up)))
    if len(set(times)) < len(times):
        return  # ties are another test's

    found = city(*sorted(told, key=lambda each: each.as_of), rules=agency(mass_call=99))
    found.run_until(after(70))

    names = final(links)
    for number in links:
        speaks = speaker(number, names)
        if names[speaks] == UNKNOWN and turns_up is not None:
            speaks = UNKNOWN
        rows = found.ports.incidents.load(IncidentKey("springfield", speaks)).rows
        recipient = "1" if speaks == number else f"{number}/1"
        row = next((row for key, row in rows.items() if (key.kind, key.recipient) == (Kind.DELAY, recipient)), None)
        assert row is not None, (number, speaks)
        assert row.state in (State.SENT, State.DELIVERED), (number, speaks)
        assert texts(found, number)[1] == 1, number


single = st.fixed_dictionaries({number: st.tuples(st.floats(0, 60, allow_nan=False), ends) for number in (A, B, C, D)})


@given(single, st.one_of(st.none(), st.floats(0, 60, allow_nan=False)))
def test_nobody_hears_anything_twice_however_late_a_link_or_its_leader_comes(links, turns_up):
    told = [opened(number) for number in links]
    told += [named(number, leader, at) for number, (at, leader) in links.items() if leader]
    if turns_up is not None:
        told.append(call(incident_number=UNKNOWN, parties={}, at=after(turns_up)))

    found = city(*sorted(told, key=lambda each: each.as_of), rules=agency(mass_call=99))
    found.run_until(after(130))

    assert all(max(texts(found, number)) <= 1 for number in links), {number: texts(found, number) for number in links}
