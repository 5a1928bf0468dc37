"""A few blocked texts are none of our business; a wave of them stops the next ones, which would be paid for too."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.notifications.breaker import Breaker, closed_until, usable
from chalicelib.domain.notifications.wave import (
    FIRST_PAUSE,
    FORGOTTEN,
    LONGEST_PAUSE,
    MOST_BLOCKED,
    PROBE,
    begins,
    blocks,
    gates,
    standing,
    told,
    trying,
)
from tests.factories import NOW, after


def after_receipts(passed, every=timedelta(seconds=5)):
    """Return the waves after receipts in a row, and which of them began a pause."""
    waves, began = {}, []
    for number, one in enumerate(passed):
        next_waves = told(waves, "twilio", one, NOW + number * every)
        began.append(bool(begins(waves, next_waves)))
        waves = next_waves
    return waves, began


@given(st.lists(st.booleans(), max_size=60))
def test_a_wave_begins_with_the_first_receipts_among_which_five_more_were_blocked(passed):
    """By brute force: over the receipts since some instant, blocked ones less the others."""
    _, began = after_receipts(passed)
    excess = [max(passed[start:end].count(False) - passed[start:end].count(True) for start in range(end))
              for end in range(1, len(passed) + 1)]  # fmt: skip
    first = next((place for place, most in enumerate(excess) if most >= MOST_BLOCKED), None)

    assert (began.index(True) if True in began else None) == first


def test_each_provider_has_its_own():
    waves, _ = after_receipts([False] * MOST_BLOCKED)
    other = told(waves, "end_user_messaging", passed=True, at=NOW)

    assert other == waves
    assert blocks(waves, "twilio", after(1))
    assert not blocks(waves, "end_user_messaging", after(1))


def test_texts_that_were_blocked_an_hour_apart_are_no_wave():
    waves, began = after_receipts([False] * 20, every=FORGOTTEN + timedelta(seconds=1))

    assert not any(began)
    assert waves["twilio"].blocked == 1


def test_a_pause_doubles_with_each_try_that_is_blocked():
    waves, _ = after_receipts([False] * MOST_BLOCKED, every=timedelta())
    pauses = [waves["twilio"].until - NOW]
    for _ in range(6):
        at = waves["twilio"].until
        waves = told(trying(waves, "twilio", at), "twilio", passed=False, at=at)
        pauses.append(waves["twilio"].until - at)

    assert pauses[:4] == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE, 8 * FIRST_PAUSE]
    assert set(pauses[4:]) == {LONGEST_PAUSE}


def test_one_text_tries_and_the_others_wait_for_its_receipt():
    waves, _ = after_receipts([False] * MOST_BLOCKED, every=timedelta())
    at = NOW + FIRST_PAUSE
    tried = trying(waves, "twilio", at)

    assert usable(("twilio", "sns"), gates({}, waves, at), at - timedelta(seconds=1)) == ("sns",)
    assert usable(("twilio",), gates({}, waves, at), at) == ("twilio",)
    assert closed_until(("twilio",), gates({}, tried, at), at) == at + PROBE


def test_a_text_that_tried_and_got_through_lets_all_others_go_until_the_next_one_is_blocked():
    waves, _ = after_receipts([False] * MOST_BLOCKED, every=timedelta())
    waves = told(trying(waves, "twilio", after(6)), "twilio", passed=True, at=after(6.1))
    open_again = trying(waves, "twilio", after(6.2))
    blocked = told(open_again, "twilio", passed=False, at=after(6.3))

    assert usable(("twilio",), gates({}, open_again, after(6.2)), after(6.2)) == ("twilio",)
    assert open_again["twilio"].until is None
    assert blocked["twilio"].until == after(6.3) + 2 * FIRST_PAUSE


def test_a_wave_is_over_after_as_many_texts_as_were_blocked():
    waves, _ = after_receipts([False] * MOST_BLOCKED, every=timedelta())
    for minute in range(6, 6 + MOST_BLOCKED):
        assert not blocks(waves, "twilio", after(minute))
        waves = told(trying(waves, "twilio", after(minute)), "twilio", passed=True, at=after(minute))

    assert waves == {}


@given(st.lists(st.booleans(), max_size=40).filter(lambda passed: passed.count(True) < MOST_BLOCKED - 1))
def test_texts_that_were_on_their_way_make_no_pause_longer_or_shorter(on_their_way):
    waves, _ = after_receipts([False] * MOST_BLOCKED, every=timedelta())
    later = waves
    for number, passed in enumerate(on_their_way):
        later = told(later, "twilio", passed=passed, at=NOW + timedelta(seconds=number))

    assert (later["twilio"].until, later["twilio"].opened) == (NOW + FIRST_PAUSE, 1)


@pytest.mark.parametrize(("hours", "over"), [(1, False), (3, True)])
def test_a_wave_of_which_nothing_more_is_heard_ends(hours, over):
    waves, _ = after_receipts([False] * MOST_BLOCKED)

    assert (trying(waves, "twilio", after(60 * hours)) == {}) is over


def test_receipts_of_a_clock_that_is_far_ahead_hold_nothing_for_years():
    waves = {}
    for number in range(MOST_BLOCKED):
        waves = told(waves, "twilio", passed=False, at=NOW + timedelta(days=36_500, minutes=number))

    assert usable(("twilio",), gates({}, waves, after(1)), after(1)) == ("twilio",)
    assert not blocks(waves, "twilio", after(1))
    assert trying(waves, "twilio", after(1))["twilio"].until == after(1) + PROBE


def test_a_failed_call_and_a_wave_both_keep_texts_away():
    waves, _ = after_receipts([False] * MOST_BLOCKED, every=timedelta())
    down = {"twilio": Breaker(5, NOW, after(1), 1), "sns": Breaker(1, NOW)}
    both = gates(down, waves, NOW)

    assert both["twilio"].until == NOW + FIRST_PAUSE
    assert both["sns"] == down["sns"]
    assert gates(down, {}, NOW) == down


def test_a_wave_stands_for_people_until_its_texts_get_through_or_nobody_tried_for_long():
    few, _ = after_receipts([False] * (MOST_BLOCKED - 1))
    wave, _ = after_receipts([False] * MOST_BLOCKED)
    over = told({**wave}, "twilio", True, NOW)
    for _ in range(MOST_BLOCKED - 1):
        over = told(over, "twilio", True, NOW)

    assert standing(few, NOW) == standing(over, NOW) == ()
    assert standing(wave, NOW) == standing(wave, NOW + LONGEST_PAUSE) == ("twilio",)
    assert standing(wave, NOW + LONGEST_PAUSE + FORGOTTEN + timedelta(minutes=1)) == ()
