"""Pauses, versions and releases as both faces ask for them."""

from types import SimpleNamespace

import pytest
from msgspec.structs import replace

from chalicelib.domain.names import IncidentKey, Kind
from chalicelib.domain.notifications.pause import Pause
from chalicelib.flow.incidents.receive import receive_updates
from chalicelib.insight.settings import in_force
from chalicelib.insight.settings.calls import IN_FORCE, NoVersion, published, side
from chalicelib.virtual.world import MemoryPorts
from tests.factories import NOW, OTHER_PHONE, agency, call, caller


class Stack:
    """The settings' store, as far as pauses and versions go."""

    def __init__(self) -> None:
        self.settings, self.records = self, self
        self.pauses, self.versions, self.notes = (), {1: replace(agency(), version=1, name="Old")}, []

    def conditions(self, agency_id):
        return SimpleNamespace(pauses=self.pauses)

    def pause(self, agency_id, pause):
        self.pauses = (*self.pauses, pause)

    def resume(self, agency_id, of, which):
        self.pauses = tuple(each for each in self.pauses if (each.of, each.which) != (of, which))

    def adopt_tables(self, agency_id):
        self.resume(agency_id, "tables", "old")

    def note(self, agency_id, audit):
        self.notes.append((audit.author, audit.about))

    def agency(self, agency_id):
        return agency()

    def version(self, agency_id, number):
        return self.versions.get(number)

    def publish(self, settings, author, comment, at):
        return replace(settings, version=7, name=f"{settings.name}, {comment}")


def test_a_pause_is_of_one_thing_or_of_everything():
    assert in_force.scope(None, None, None, None) == ("agency", "")
    assert in_force.scope(None, " NOISE* ", None, None) == ("type", "NOISE*")
    assert in_force.scope(None, None, None, Kind.SURVEY) == ("kind", "survey")
    for wrong in ((" ", None, None, None), ("P26-1", "NOISE", None, None)):
        with pytest.raises(in_force.Unfit):
            in_force.scope(*wrong)


def test_a_release_says_first_what_it_ends():
    world = MemoryPorts(agency(), beating=True)
    world.tell_time(NOW)
    told = call("DV", parties={"1": caller(), "2": caller(OTHER_PHONE)}, unsafe_parties=frozenset({"1"}))
    receive_updates([told], "a", agency(), world, NOW)
    key = told.incident_number

    assert _ended(world, key, "sensitive") == ["its silence of 2 phones and emails"]
    assert _ended(world, key, "unsafe", "1") == ["the word that 1 phones and emails are not safe to contact"]
    assert _ended(world, key, "mass_call") == []


def _ended(world, number, what, party=""):
    found = in_force.ended_by(world, IncidentKey("springfield", number), what, party)
    return [line.partition(";")[0].partition(",")[0] for line in found]


def test_only_what_is_paused_can_be_resumed_and_what_stays_is_told():
    stack = Stack()
    in_force.pause(stack, "springfield", ("agency", ""), "R. Lead", "storm", NOW)
    in_force.pause(stack, "springfield", ("type", "NOISE"), "R. Lead", "storm", NOW)

    with pytest.raises(in_force.Unfit, match="nothing is paused as beat 3; still paused: everything, type NOISE"):
        in_force.resume(stack, "springfield", ("beat", "3"))
    assert in_force.still(in_force.resume(stack, "springfield", ("agency", ""))) == "still paused: type NOISE"
    assert in_force.still(in_force.resume(stack, "springfield", ("type", "NOISE"))) == "nothing is paused"


def test_tables_from_a_backup_are_taken_over_with_a_note_of_who_did_it():
    stack = Stack()
    stack.pauses = (Pause(of="tables", which="old", author="tenfour", reason="restored", at=NOW),)

    assert in_force.adopt_tables(stack, "springfield", "R. Lead", NOW) == ()
    assert stack.notes == [("R. Lead", "old")]


def test_an_earlier_version_is_published_as_a_new_one_with_the_reason():
    stack = Stack()

    found = in_force.rollback(stack, "springfield", 1, "R. Lead", "wrong words", NOW)
    assert (found.version, found.name) == (7, "Old, back to 1: wrong words")
    with pytest.raises(NoVersion, match="springfield has no version 3"):
        in_force.rollback(stack, "springfield", 3, "R. Lead", "x", NOW)


def test_settings_are_named_by_number_by_file_or_as_those_in_force():
    assert side("1", Stack(), "springfield").name == "Old"
    assert side(IN_FORCE, Stack(), "springfield") == agency() == published(Stack(), "springfield")
    with pytest.raises(ValueError, match="need a stack, not an extract"):
        side("1", None, None)
    with pytest.raises(OSError, match="nothing"):
        side("nothing.toml", None, None)


@pytest.mark.parametrize(("what", "party"), [("everything", ""), ("unsafe", ""), ("sensitive", "1")])
def test_a_release_that_makes_no_sense_reaches_no_table(what, party):
    with pytest.raises(in_force.Unfit):
        in_force.release(None, IncidentKey("springfield", "P26-1"), what, party, "R. Lead", "x", NOW)
