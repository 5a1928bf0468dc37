"""What staff do with a follow-up."""

import pytest

from chalicelib.domain.surveys.follow_up import Because, Desk, FollowUp, newest
from chalicelib.domain.surveys.seen_to import NEED_NUMBER, OUTCOMES, WORDS, Outcome, closed, is_late, taken
from tests.factories import NOW, after

ONE = FollowUp(
    id="ab12",
    agency_id="springfield",
    desk=Desk.SUPERVISORS,
    because=Because.CONTACT,
    raised_at=NOW,
    due_at=after(60),
    comments=("call me",),
)


def test_it_is_late_from_its_time_on_until_somebody_sees_to_it():
    assert not is_late(ONE, after(60))
    assert is_late(ONE, after(61))
    assert not is_late(closed(ONE, Outcome.SPOKE, "", "Dana", after(30)), after(61))


def test_whoever_takes_it_has_it_and_a_new_answer_leaves_it_with_them():
    theirs = taken(ONE, "Dana", after(1))
    more = newest(FollowUp(**{**{n: getattr(ONE, n) for n in ONE.__struct_fields__}, "comments": ("now",)}), theirs)

    assert (theirs.owner, theirs.owned_at) == ("Dana", after(1))
    assert (more.owner, more.owned_at, more.comments) == ("Dana", after(1), ("now",))


def test_its_note_is_an_outcome_of_the_list_and_a_number():
    one = closed(ONE, Outcome.HANDED_ON, "26-104", "Dana", after(30))

    assert (one.outcome, one.note) == ("handed_on", "handed it on, 26-104")
    assert (one.answered_by, one.answered_at) == ("Dana", after(30))


@pytest.mark.parametrize("desk", OUTCOMES)
def test_each_desk_can_say_that_it_reached_somebody_or_not(desk):
    assert {Outcome.SPOKE, Outcome.NOT_REACHED} <= {*OUTCOMES[desk]}


def test_each_outcome_has_words_and_a_desk():
    assert WORDS.keys() == set(Outcome)
    assert {each for outcomes in OUTCOMES.values() for each in outcomes} == set(Outcome)
    assert set(Outcome) > NEED_NUMBER
