"""Whoever is killed while a legal hold is put on or lifted can do it again, and nothing stays held for ever."""

import pytest
from msgspec.structs import replace

from chalicelib.domain.incidents.legal_hold import ITSELF, LegalHold
from chalicelib.domain.surveys.alert import alert
from chalicelib.insight.records.hold import NotHeld, hold_incident, hold_person, hold_person_partly
from chalicelib.insight.records.subject import find_person
from tests.factories import NOW, PHONE, caller
from tests.web.desk.world import DeskWorld, key, story

HOLD = LegalHold(author="C. Clerk", reason="subpoena 26-1", at=NOW)
NUMBERS = ("P26-1", "P26-2", "P26-3")


class Killed(BaseException):
    """The function is stopped, as by its time-out: nothing catches it."""


class Killing:
    """A port that stops the function after so many calls of any of its kind."""

    def __init__(self, port, left) -> None:
        self._port, self._left = port, left

    def __getattr__(self, name):
        of_port = getattr(self._port, name)

        def called(*given, **more):
            if not self._left[0]:
                raise Killed
            self._left[0] -= 1
            return of_port(*given, **more)

        return called if callable(of_port) else of_port


@pytest.fixture
def world():
    made = DeskWorld()
    for number in NUMBERS:
        story(made, number, parties={"1": caller(PHONE)})
    return made


def killed_after(world, calls, act):
    """Do something, and be killed after so many calls of the ports that write; return whether it came so far."""
    left, kept = [calls], {name: getattr(world, name) for name in ("settings", "records", "incidents", "surveys")}
    for name, port in kept.items():
        setattr(world, name, Killing(port, left))
    try:
        act()
    except Killed:
        return True
    finally:
        for name, port in kept.items():
            setattr(world, name, port)
    return False


def legal_holds(world):
    return [name for number in NUMBERS for name in world.incidents.load(key(number)).incident.legal_holds]


def someone(world):
    return find_person(world, world.city.agency, PHONE)


def test_a_persons_hold_that_was_lifted_in_part_is_lifted_by_doing_it_again(world):
    calls = 0
    while True:
        hold_person(world, someone(world), HOLD, world.now)
        assert len(legal_holds(world)) == len(NUMBERS)
        broke_off = killed_after(world, calls, lambda: hold_person(world, someone(world), None, world.now))
        if not broke_off:
            break
        hold_person(world, someone(world), None, world.now)
        assert not legal_holds(world), calls
        assert not world.settings.holds("springfield"), calls
        calls += 1
    assert calls > len(NUMBERS)


def test_an_incidents_hold_that_was_lifted_in_part_is_lifted_by_doing_it_again(world):
    calls = 0
    while True:
        hold_incident(world, key("P26-1"), HOLD, world.now)
        if not killed_after(world, calls, lambda: hold_incident(world, key("P26-1"), None, world.now)):
            break
        hold_incident(world, key("P26-1"), None, world.now)
        assert not legal_holds(world), calls
        assert not world.settings.holds("springfield"), calls
        calls += 1
    with pytest.raises(NotHeld):
        hold_incident(world, key("P26-1"), None, world.now)


def test_a_hold_that_is_being_lifted_holds_nothing_new_and_still_keeps_the_person_from_being_erased(world):
    person = someone(world)
    hold_person(world, person, HOLD, world.now)
    assert killed_after(world, 4, lambda: hold_person(world, person, None, world.now))

    assert not world.settings.held("springfield").get(person.keyed_hash)
    assert world.settings.holds("springfield")[person.keyed_hash].lifted_at == world.now
    story(world, "P26-9", parties={"1": caller(PHONE)})
    assert not world.incidents.load(key("P26-9")).incident.legal_holds


def test_who_holds_a_person_again_while_somebody_lifts_their_hold_keeps_it(world):
    person = someone(world)
    hold_person(world, person, HOLD, world.now)
    killed_after(world, 4, lambda: hold_person(world, person, None, world.now))

    hold_person_partly(world, person, HOLD, world.now, len(NUMBERS))

    assert world.settings.held("springfield")[person.keyed_hash] == HOLD
    assert legal_holds(world) == [person.keyed_hash] * len(NUMBERS)


@pytest.mark.parametrize("after", range(len(NUMBERS)))
def test_who_holds_a_person_again_while_another_function_goes_on_to_lift_keeps_all_their_calls(world, after):
    """Both run: what is lifted after the new hold would expire under it."""
    person, again = someone(world), replace(HOLD, at=world.now)
    hold_person(world, person, HOLD, world.now)
    keep_rest, calls = world.records.keep_rest, []
    world.settings.held = lambda _agency_id: {}  # as other functions know it for a minute

    def held_meanwhile(*given):
        keep_rest(*given)
        calls.append(given)
        if len(calls) == after + 1:
            hold_person_partly(world, person, again, world.now, len(NUMBERS))

    world.records.keep_rest = held_meanwhile
    hold_person(world, person, None, world.now)

    assert world.settings.holds("springfield")[person.keyed_hash] == again
    assert legal_holds(world) == [person.keyed_hash] * len(NUMBERS)


def test_an_alert_about_a_text_that_no_call_knows_is_held_with_its_person(world):
    person = someone(world)
    one = alert("springfield", "SM1", "He has a gun", "", world.now, person.keyed_hash)
    other = alert("springfield", "SM2", "He has a gun", "", world.now, "somebody else")
    for each in (one, other):
        world.follow_ups.keep(each, world.now)
    hold_person_partly(world, person, HOLD, world.now, 1)
    held = [world.follow_ups._until[each.agency_id, each.desk, each.id] for each in (one, other)]
    hold_person(world, person, None, world.now)

    assert held == [None, world.now]
    assert world.follow_ups._until["springfield", one.desk, one.id] == world.now + person.agency.retention.surveys


def test_lifting_the_hold_of_an_incident_leaves_those_of_its_people(world):
    person = someone(world)
    hold_person(world, person, HOLD, world.now)
    hold_incident(world, key("P26-1"), HOLD, world.now)

    hold_incident(world, key("P26-1"), None, world.now)

    assert ITSELF not in legal_holds(world)
    assert len(legal_holds(world)) == len(NUMBERS)
    with pytest.raises(NotHeld):
        hold_incident(world, key("P26-1"), None, world.now)
