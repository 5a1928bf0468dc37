"""A provider that is down is left alone, tried with one message, and called again once it is back."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.carriers.failures import CONNECT, READ
from chalicelib.domain.notifications.breaker import (
    FIRST_PAUSE,
    IN_A_ROW,
    LONGEST_PAUSE,
    MOST_FAILURES,
    PROBE,
    Breaker,
    closed_until,
    heard,
    usable,
)
from tests.factories import NOW

SECOND = timedelta(seconds=1)
NAMES = ("first", "second")


def failing(times, start=NOW, breaker=Breaker()):
    """Return the breaker after failures a second apart, and when the last of them was."""
    for n in range(times):
        breaker = breaker.after_failure(start + n * SECOND)
    return breaker, start + (times - 1) * SECOND


def test_a_few_failures_do_not_stop_anything():
    breaker, at = failing(MOST_FAILURES - 1)

    assert breaker.waits_until(at) is None
    assert not breaker.tries


def test_failures_in_a_row_open_it():
    breaker, at = failing(MOST_FAILURES)

    assert breaker.waits_until(at) == at + FIRST_PAUSE


def test_failures_far_apart_are_not_in_a_row():
    breaker = Breaker()
    for n in range(3 * MOST_FAILURES):
        breaker = breaker.after_failure(NOW + n * (IN_A_ROW + SECOND))

    assert breaker.failures == 1


def test_after_the_pause_one_message_tries_and_the_others_wait_longer_than_it_can_take():
    breaker, at = failing(MOST_FAILURES)
    back = at + FIRST_PAUSE

    assert usable(NAMES, {"first": breaker}, back) == NAMES
    assert usable(NAMES, {"first": breaker.trying(back)}, back) == ("second",)
    assert timedelta(seconds=CONNECT + READ) < PROBE


def test_a_provider_that_is_tried_is_called_first_or_not_at_all():
    breaker, at = failing(MOST_FAILURES)

    assert usable(NAMES, {"second": breaker}, at + FIRST_PAUSE) == ("first",)


def test_each_failed_try_doubles_the_pause_up_to_a_bound():
    breaker, at = failing(MOST_FAILURES)
    pauses = []
    for _ in range(2000):  # nearly three days, as many as a provider may be down
        at = breaker.until
        breaker = breaker.trying(at).after_failure(at)
        pauses.append(breaker.until - at)

    assert pauses == [2 * FIRST_PAUSE, *[LONGEST_PAUSE] * 1999]


def test_an_answer_forgets_all_of_it():
    breaker, at = failing(MOST_FAILURES)

    assert heard({"first": breaker}, {"first": True}, at + FIRST_PAUSE) == {}


def test_a_failure_is_its_providers_own():
    breakers = heard({}, {"first": False, "second": True}, NOW)

    assert breakers == {"first": Breaker(1, NOW)}


def test_where_all_wait_the_first_to_come_back_is_waited_for():
    one, at = failing(MOST_FAILURES)
    other, later = failing(MOST_FAILURES, at + 9 * SECOND)
    breakers = {"first": other, "second": one}

    assert closed_until(NAMES, breakers, later) == one.until
    assert closed_until(NAMES, {"first": other}, later) is None
    assert closed_until((), {}, later) is None


@given(st.lists(st.tuples(st.floats(0, 600), st.booleans()), max_size=60))
def test_a_provider_that_is_down_is_never_hammered_and_always_tried_again(story):
    breakers, now, called = {}, NOW, []
    for pause, down in story:
        now += timedelta(seconds=pause)
        if "first" in usable(NAMES, breakers, now):
            called.append((now, down))
            breakers = heard(breakers, {"first": not down}, now)
        waits = breakers.get("first", Breaker()).waits_until(now)
        assert waits is None or waits - now <= LONGEST_PAUSE

    for place, (later, _) in enumerate(called[MOST_FAILURES:], MOST_FAILURES):
        before = called[place - MOST_FAILURES : place]
        together = all(then - at <= IN_A_ROW for (at, _), (then, _) in pairwise(before))
        if together and all(down for _, down in before):
            assert later - before[-1][0] >= FIRST_PAUSE
