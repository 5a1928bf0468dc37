"""A drill has few tries, and so has a person: nobody can try all the codes."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.desk.drill import (
    ANSWERED_IN,
    MOST_OF_A_DRILL,
    MOST_OF_A_PERSON,
    Drill,
    Entry,
    asked,
    entered,
)

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def sent(code="1234", at=NOW, **more):
    return Drill(code=code, asked_at=at, sent_at=at, **more)


def play(drills, codes, person="ann", tries=None, at=NOW):
    """Return what became of each code, and the drills and tries after all of them."""
    tries, told = tries or {}, []
    for code in codes:
        found = entered(drills, tries, code, person.title(), person, at)
        drills, tries = found.drills, found.tries
        told.append(found.what)
    return told, drills, tries


def test_the_last_wrong_code_spends_the_drill_and_the_right_one_comes_too_late():
    told, drills, _ = play({"a": sent()}, ["0000"] * MOST_OF_A_DRILL + ["1234"])

    assert told[: MOST_OF_A_DRILL - 1] == [Entry.WRONG] * (MOST_OF_A_DRILL - 1)
    assert told[MOST_OF_A_DRILL - 1] is Entry.SPENT
    assert told[MOST_OF_A_DRILL] is Entry.WRONG
    assert drills["a"].spent
    assert drills["a"].reached_at is None


def test_the_right_code_counts_at_the_last_try():
    told, drills, _ = play({"a": sent()}, ["0000"] * (MOST_OF_A_DRILL - 1) + ["1234"])

    assert told[-1] is Entry.REACHED
    assert (drills["a"].reached_at, drills["a"].by) == (NOW, "Ann")


def test_a_new_drill_has_its_own_tries_and_gives_its_person_no_more():
    told, tries = [], {}
    for number in range(4):
        drills = {"a": sent(f"123{number}")}
        more, _, tries = play(drills, ["0000"] * MOST_OF_A_DRILL, tries=tries)
        told += more
    late, drills, _ = play({"a": sent()}, ["1234"], tries=tries)
    other, _, _ = play(drills, ["1234"], "ben", tries=tries)
    after_it, _, _ = play({"a": sent(at=NOW + ANSWERED_IN)}, ["1234"], tries=tries, at=NOW + ANSWERED_IN)

    assert told.count(Entry.TOO_MANY) == 4 * MOST_OF_A_DRILL - MOST_OF_A_PERSON
    assert late == [Entry.TOO_MANY]
    assert other == after_it == [Entry.REACHED]


def test_many_people_together_have_no_more_tries_at_a_drill_than_one():
    drills = {"a": sent()}
    for number in range(20):
        _, drills, _ = play(drills, ["0000"], f"person {number}")

    assert drills["a"].tries == MOST_OF_A_DRILL


def test_a_slip_is_no_try_and_neither_is_the_same_press_twice():
    told, drills, tries = play({"a": sent()}, ["", "123", "12345", "１２３４", "1234", "1234"])

    assert told == [Entry.WRONG] * 4 + [Entry.REACHED] * 2
    assert not tries
    assert drills["a"].tries == 0


def test_a_drill_that_is_asked_for_anew_begins_anew():
    _, drills, _ = play({"a": sent()}, ["0000"] * MOST_OF_A_DRILL)

    assert all(not one.spent for name, one in asked(drills, "+13035550140", "1234", NOW).items() if name != "a")


@given(st.lists(st.tuples(st.sampled_from(["ann", "ben"]), st.integers(-3000, 3000)), max_size=60))
def test_tries_of_a_clock_that_was_ahead_keep_nobody_waiting(steps):
    """The oracle counts the tries of the last hour, and those that two right clocks could have written."""
    drills, tries = {"a": sent()}, {}
    for person, minutes in steps:
        found = entered(drills, tries, "0000", person, person, NOW + minutes * timedelta(minutes=1))
        drills, tries = found.drills, found.tries

    for person, all_of in tries.items():
        counted = [at for at in all_of if timedelta(minutes=-2) <= NOW - at < timedelta(hours=1)]
        what = entered({"a": sent()}, tries, "1234", person, person, NOW).what
        assert what is (Entry.TOO_MANY if len(counted) >= MOST_OF_A_PERSON else Entry.REACHED)
        assert len(all_of) <= MOST_OF_A_PERSON
