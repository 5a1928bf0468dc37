"""A parameter that looks like a check never stores anything: docs/vendor/webhook-reference.md."""

import pytest

from chalicelib.boundary import answering
from chalicelib.web.webhooks import hear, receive
from tests.fuzz.doors import is_described, request, signed
from tests.web.test_check import AT, World, checked

UPDATE = {"incident_number": "P26-1", "as_of": AT, "incident_type": "NOISE"}
BODY = b'{"updates": [{"incident_number": "P26-1", "as_of": "%s"}]}' % AT.encode()


def posted(world, **query):
    return answering(receive)("springfield", "cad", request("POST", BODY, signed(BODY, None), query), world)


@pytest.mark.parametrize("name", ["check", "Check", "CHECK", "cHeCk"])
def test_a_check_is_one_in_any_letters(name):
    world = World()

    answer = posted(world, **{name: "1"})

    assert (answer.status_code, answer.body["stored"]) == (200, False)
    assert world.stored() == world.before


@pytest.mark.parametrize("value", ["yes", "true", "", "0", "on", "2"])
@pytest.mark.parametrize("name", ["check", "Check"])
def test_a_check_with_another_value_stores_nothing(name, value):
    world = World()

    answer = posted(world, **{name: value})

    assert (answer.status_code, answer.body["error"]) == (400, "check: expected 1")
    assert world.stored() == world.before


LIKE = [
    *("checks", "check_only", "checkonly", "do-check", "isCheck", "chek", "chk"),
    *("dry_run", "dryRun", "DRY-RUN", "dry", "noop", "no_op", "nostore", "try", "simulate", "preview", "sandbox"),
    *("validate", "validation", "valid_only", "verify", "test", "Test", "is_test", "test_mode", "testing"),
]


@pytest.mark.parametrize("name", LIKE)
def test_what_looks_like_a_check_is_refused_by_its_name(name):
    world = World()

    answer = posted(world, **{name: "1"})

    assert (answer.status_code, answer.body["error"].partition(":")[0]) == (400, name.lower())
    assert is_described(receive, "POST", answer)
    assert world.stored() == world.before


@pytest.mark.parametrize("name", ["source", "checksum", "country", "latest", "code", "v", "contest", "retry"])
def test_another_name_says_nothing(name):
    world = World()

    assert posted(world, **{name: "1"}).status_code == 202
    assert world.stored() != world.before


@pytest.mark.parametrize("name", ["check", "dry_run"])
def test_a_check_of_a_heartbeat_is_no_sign_of_life(name):
    world = World()

    answer = answering(hear)("springfield", request("POST", b"{}", signed(b"{}", None), {name: "1"}), world)

    assert answer.status_code == 400
    assert world.stored() == world.before


def test_the_check_itself_is_as_before():
    assert checked(UPDATE).body["would_answer"] == 202
