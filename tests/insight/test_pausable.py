"""Only types and beats that there are can be paused, and the nearest is named."""

from types import SimpleNamespace

import pytest
from msgspec.structs import replace

from chalicelib.domain.desk.recent import recent_call
from chalicelib.domain.settings.incident_types import City
from chalicelib.insight.settings import in_force
from chalicelib.insight.settings.pausable import exists
from tenfour.commands.settings_pause import _lifts
from tests.factories import NOW, agency, call, incident

OURS = agency(
    cities=(City(beats=("61*", "702"), name="Larkspur", short_name="Larkspur"),),
    code_list={"TOW": "Towed vehicle"},
    never_types=frozenset({"VIP*"}),
)
CALLS = [incident(call("415-LOUD", beat="311")), incident(call(incident_type=None, beat=None))]
HEARD = [recent_call(each, NOW, ()) for each in CALLS]


def stack(since=NOW):
    """Return a stack that has heard of some calls."""
    recent = SimpleNamespace(all_of=lambda agency_id, first, last: HEARD)
    return SimpleNamespace(recent=recent, searchable=SimpleNamespace(since=lambda agency_id: since))


@pytest.mark.parametrize("which", ["NOISE", "THEFT", "TOW", "DV", "VIP-1", "VIP*", "NOI*", "415*", "415-LOUD"])
def test_a_type_of_the_settings_or_of_a_call_can_be_paused(which):
    assert exists("type", which, OURS, HEARD) == (True, ())


@pytest.mark.parametrize("which", ["702", "612", "61*", "311", "3*"])
def test_a_beat_of_the_settings_or_of_a_call_can_be_paused(which):
    assert exists("beat", which, OURS, HEARD) == (True, ())


@pytest.mark.parametrize(
    ("of", "which", "nearest"),
    [
        ("type", "NOISEE", "NOISE"), ("type", "THEF", "THEFT"), ("type", "415-LOUDD", "415-LOUD"),
        ("beat", "703", "702"), ("beat", "0311", "311"),
    ],
)  # fmt: skip
def test_the_nearest_is_named_instead_of_what_is_not_there(of, which, nearest):
    there, near = exists(of, which, OURS, HEARD)

    assert not there
    assert near[0] == nearest


def test_calls_are_not_looked_through_for_what_the_settings_name():
    def never():
        raise AssertionError("looked through")
        yield

    assert exists("type", "NOISE", OURS, never()) == (True, ())


def test_a_pause_of_nothing_is_refused_and_says_what_was_meant():
    world = stack()

    with pytest.raises(in_force.Unfit, match=r"no type NOISEE: .*; did you mean NOISE\?"):
        in_force.must_exist(world, OURS, ("type", "NOISEE"), NOW)
    with pytest.raises(in_force.Unfit, match=r"no beat 999: .*; nothing is called nearly so"):
        in_force.must_exist(world, replace(OURS, cities=()), ("beat", "999"), NOW)


def test_the_brake_is_not_refused_where_calls_are_not_in_the_index_yet():
    assert in_force.must_exist(stack(since=None), OURS, ("beat", "999"), NOW) is None


@pytest.mark.parametrize("scope", [("agency", ""), ("incident", "P26-9"), ("kind", "survey"), ("type", "NOISE")])
def test_everything_else_is_paused_as_it_is_asked(scope):
    assert in_force.must_exist(stack(), OURS, scope, NOW) is None


def test_the_command_that_lifts_a_pause_is_the_one_to_type():
    assert _lifts(("agency", ""), None, None) == "tenfour settings resume"
    assert _lifts(("type", "NOI*"), None, "larkspur") == "tenfour settings resume --type 'NOI*' --agency larkspur"
