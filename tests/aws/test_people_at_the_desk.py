"""What the desk keeps of people is kept alike in memory and in DynamoDB."""

from uuid import uuid4

import pytest

from chalicelib.aws.stores.protected import FEW
from chalicelib.domain.people.silenced import ByHand
from tests.aws.test_stores import TODAY
from tests.factories import NOW, after
from tests.somebody import somebody


@pytest.fixture
def who():
    return somebody()


@pytest.fixture
def agency_id():
    return f"a{uuid4().hex[:8]}"


def by_hand(minutes):
    return ByHand(until=after(minutes), author="R. Lead", at=NOW, reason="danger")


def test_a_silence_by_hand_holds_until_it_is_ended_and_names_who_put_it(world, agency_id, who):
    world.contacts.silence_person(agency_id, who, by_hand(60))
    kept = world.contacts.kept(agency_id, who, TODAY, NOW)

    assert kept.by_hand == by_hand(60)
    assert world.contacts.load(agency_id, who, TODAY).silent(after(59))
    world.contacts.unsilence_person(agency_id, who, NOW)
    assert world.contacts.kept(agency_id, who, TODAY, after(1)).by_hand is None
    assert not world.contacts.load(agency_id, who, TODAY).silent(after(1))


def test_a_shorter_silence_does_not_cut_a_longer_one(world, agency_id, who):
    world.contacts.silence_person(agency_id, who, by_hand(60))
    world.contacts.silence_person(agency_id, who, by_hand(30))

    assert world.contacts.kept(agency_id, who, TODAY, NOW).by_hand == by_hand(60)


def test_a_silence_by_hand_leads_to_no_call(world, agency_id, who):
    world.contacts.silence_person(agency_id, who, by_hand(60))

    assert world.contacts.calls(agency_id, who) == ()


@pytest.mark.parametrize("others", [0, FEW, FEW + 3])
def test_of_many_or_few_people_those_on_the_list_are_found(world, agency_id, who, others):
    contacts = world.contacts
    people = {contacts.reference(one) for one in (who, *(somebody() for _ in range(others)))}
    for person in (contacts.reference(who), contacts.reference(somebody())):
        contacts.protected.put(agency_id, person, "A", NOW)

    assert contacts.protected.among(agency_id, people) == {contacts.reference(who)}
    assert contacts.protected.among(agency_id, set()) == frozenset()


def test_the_list_of_the_protected_is_by_agency_and_keeps_who_put_somebody_there_first(world, agency_id, who):
    person = world.contacts.reference(who)
    world.contacts.protected.put(agency_id, person, "A", NOW)
    world.contacts.protected.put(agency_id, person, "B", after(1))
    found = world.contacts.protected.find(agency_id, person)

    assert (found.author, found.at) == ("A", NOW)
    assert world.contacts.protected.find("another", person) is None
    assert [one for one, _ in world.contacts.protected.of(agency_id)] == [person]
    world.contacts.protected.remove(agency_id, person)
    assert world.contacts.protected.find(agency_id, person) is None
