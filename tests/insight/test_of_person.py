"""Acts about a person that take two: what they end is what stands, and each has its own words in the ledger."""

import pytest

from chalicelib.domain.approval import Author
from chalicelib.domain.people.contact import OptOutScope
from chalicelib.insight.approval.of_person import KINDS, NothingToEnd, act_of_person, propose_of_person
from chalicelib.insight.ledger.line import ACTS, of_entry
from chalicelib.virtual.world import MemoryPorts
from tests.factories import NOW, PHONE, after, agency

FIRST = Author("desk:id.example:first", "Dana Ruiz")


@pytest.fixture
def aws():
    return MemoryPorts(agency())


def act(aws, what):
    return act_of_person(
        "springfield", what, aws.contacts.reference(PHONE), "a complaint", form="1", dated="2026-01-02"
    )


@pytest.mark.parametrize("what", KINDS)
def test_what_does_not_stand_can_t_be_ended(aws, what):
    with pytest.raises(NothingToEnd):
        propose_of_person(aws, act(aws, what), FIRST, "a complaint", NOW)


@pytest.mark.parametrize("what", KINDS)
def test_each_has_a_word_of_its_own_in_the_ledger(what):
    assert what in ACTS


def test_an_entry_names_the_person_by_the_short_code_alone(aws):
    aws.contacts.opt_out("springfield", PHONE, OptOutScope.ALL, NOW, "STOP", "reply")
    propose_of_person(aws, act(aws, "opt_in"), FIRST, "a complaint", after(1))
    (entry,) = aws.ledger.since("springfield", NOW)
    line = of_entry(entry)

    assert line.about == f"person {aws.contacts.reference(PHONE).keyed_hash[:12]}"
    assert "5550123" not in str(line)


def test_the_same_act_waits_once_and_another_state_is_another_act(aws):
    aws.contacts.opt_out("springfield", PHONE, OptOutScope.SURVEYS, NOW, "no", "reply")
    first, again = (propose_of_person(aws, act(aws, "opt_in"), FIRST, "a complaint", after(at)) for at in (1, 2))
    aws.contacts.opt_out("springfield", PHONE, OptOutScope.ALL, after(3), "STOP", "reply")
    other = propose_of_person(aws, act(aws, "opt_in"), FIRST, "a complaint", after(4))

    assert first == again
    assert other.act != first.act


def test_what_was_seen_and_has_changed_is_not_proposed(aws):
    aws.contacts.opt_out("springfield", PHONE, OptOutScope.SURVEYS, NOW, "no", "reply")

    assert propose_of_person(aws, act(aws, "opt_in"), FIRST, "a complaint", after(1), seen="all None") is None
    assert aws.ledger.since("springfield", NOW) == ()
