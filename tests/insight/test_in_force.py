"""Pauses and versions as both faces ask for them."""

from types import SimpleNamespace

import pytest
from msgspec.structs import replace

from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.pause import Pause
from chalicelib.insight.settings import in_force
from chalicelib.insight.settings.calls import IN_FORCE, published, side
from chalicelib.virtual.ledger import MemoryLedger
from tests.factories import NOW, agency


class Stack:
    """The settings' store, as far as pauses and versions go."""

    def __init__(self) -> None:
        self.settings, self.records, self.ledger = self, self, MemoryLedger()
        self.pauses, self.versions, self.notes = (), {1: replace(agency(), version=1, name="Old")}, []

    def conditions(self, agency_id):
        return SimpleNamespace(pauses=self.pauses)

    def pause(self, agency_id, pause):
        self.pauses = (*self.pauses, pause)

    def resume(self, agency_id, of, which, at=None):
        self.pauses = tuple(each for each in self.pauses if (each.of, each.which) != (of, which))
        return True

    def adopt_tables(self, agency_id):
        self.resume(agency_id, "tables", "old")

    def note(self, agency_id, audit):
        self.notes.append((audit.author, audit.about))

    def agency(self, agency_id, at_least=0):
        return agency()

    def version(self, agency_id, number):
        return self.versions.get(number)


def test_a_pause_is_of_one_thing_or_of_everything():
    assert in_force.scope(None, None, None, None) == ("agency", "")
    assert in_force.scope(None, " NOISE* ", None, None) == ("type", "NOISE*")
    assert in_force.scope(None, None, None, Kind.SURVEY) == ("kind", "survey")
    for wrong in ((" ", None, None, None), ("P26-1", "NOISE", None, None)):
        with pytest.raises(in_force.Unfit):
            in_force.scope(*wrong)


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
    assert [(one.what, one.by) for one in stack.ledger.notes] == [("took_over", "R. Lead")]
    assert stack.notes == [("R. Lead", "old")]


def test_settings_are_named_by_number_by_file_or_as_those_in_force():
    assert side("1", Stack(), "springfield").name == "Old"
    assert side(IN_FORCE, Stack(), "springfield") == agency() == published(Stack(), "springfield")
    with pytest.raises(ValueError, match="need a stack, not an extract"):
        side("1", None, None)
    with pytest.raises(OSError, match="nothing"):
        side("nothing.toml", None, None)
