"""The watch over a feed: what an hour was used to, what it learns, and what it does not forget."""

from datetime import timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.domain.incidents.feed_health import (
    AHEAD,
    FEWEST,
    HALF_AS_MUCH_AGAIN,
    HOURS,
    LATE,
    LEARNING,
    SHORTEST,
    UNLEARNED,
    WINDOW,
    FeedBook,
    FeedHeard,
    FeedTrouble,
    Tally,
    hour_of_week,
    limit,
    tally_of,
    watch,
)
from tests.factories import NOW, after, agency, call, update

MINUTE = timedelta(minutes=1)
LONG_AGO = NOW - LEARNING
TALLIES = st.builds(Tally, *[st.integers(0, 500)] * len(Tally.__struct_fields__))
GAPS = st.lists(st.integers(1, 20 * 60), min_size=1, max_size=12)


def book(**changes):
    return replace(FeedBook(since=LONG_AGO, tallied_at=NOW), **changes)


def heard(minutes_ago=0, at=NOW, **changes):
    told_at = at - timedelta(minutes=minutes_ago)
    return replace(FeedHeard(heard_at=told_at, told_at=told_at), **changes)


def minute_by_minute(kept, told_at, start, minutes):
    """Watch a feed that says nothing from an instant on; return the book and every trouble."""
    found = []
    for step in range(1, minutes + 1):
        kept, troubles = watch(kept, FeedHeard(told_at, told_at), start + step * MINUTE)
        found += [(step, trouble) for trouble in troubles]
    return kept, found


def test_a_silence_longer_than_the_hour_ever_saw_is_told_each_minute_while_it_lasts():
    kept = book(longest={hour_of_week(NOW): 20})

    _, found = minute_by_minute(kept, NOW, NOW, 25)

    assert found == [(step, FeedTrouble.SILENT) for step in range(21, 26)]


def test_the_hours_beside_it_count_too():
    at = hour_of_week(NOW)
    kept = book(longest={at: 20, (at + 1) % HOURS: 40, (at + 2) % HOURS: 300})

    assert limit(kept, NOW) == timedelta(minutes=40)


def test_what_is_still_being_learned_is_silent_only_after_hours():
    fresh = FeedBook(since=NOW, tallied_at=NOW)

    assert watch(fresh, heard(UNLEARNED / MINUTE), NOW)[1] == ()
    assert watch(fresh, heard(UNLEARNED / MINUTE + 1), NOW)[1] == (FeedTrouble.SILENT,)
    assert watch(None, heard(5), NOW)[1] == ()


def test_nothing_is_silence_within_a_quarter_of_an_hour():
    assert watch(book(), heard(SHORTEST / MINUTE), NOW)[1] == ()
    assert watch(book(), heard(SHORTEST / MINUTE + 1), NOW)[1] == (FeedTrouble.SILENT,)


@given(GAPS)
def test_a_silence_that_was_no_trouble_is_none_when_it_comes_again(gaps):
    """A second look at the same hour is no news."""
    kept, longest = book(longest=dict.fromkeys(range(HOURS), 24 * 60)), 0
    for gap in gaps:
        kept, found = watch(kept, heard(gap), NOW)
        assert found == ()
        longest = max(longest, gap)

    assert limit(kept, NOW) >= longest * MINUTE


@given(st.integers(16, 600), st.integers(1, 3000))
def test_one_outage_teaches_at_most_half_as_much_again(usual, outage):
    kept = book(longest=dict.fromkeys(range(HOURS), usual))
    start = after(-outage)
    silent, _ = watch(kept, heard(outage), NOW)
    resumed, _ = watch(silent, FeedHeard(NOW, NOW), after(1))

    assert resumed.silent_since is None
    assert max(resumed.longest.values()) * MINUTE <= usual * MINUTE * HALF_AS_MUCH_AGAIN + MINUTE
    if outage > usual:
        assert silent.silent_since == start
        assert max(resumed.longest.values()) > usual


@given(GAPS, TALLIES)
@example([16, 9], Tally())  # the second gap is longer than what ended the silence
def test_looking_twice_at_the_same_changes_nothing(gaps, tally):
    kept = book()
    for gap in gaps:
        seen = heard(gap, tally=tally)
        once, first = watch(kept, seen, NOW)
        again, second = watch(once, seen, NOW)
        assert (again, second) == (once, first)
        kept = once


@given(GAPS)
def test_what_was_learned_of_an_hour_never_shrinks(gaps):
    kept, at = book(), NOW
    for gap in gaps:
        at += timedelta(minutes=gap)
        before = kept.longest
        kept, _ = watch(kept, heard(gap, at), at)
        assert all(kept.longest.get(hour, 0) >= minutes for hour, minutes in before.items())


def test_a_feed_that_beats_is_silent_when_the_beat_stops_although_no_call_is_missed():
    quiet = dict.fromkeys(range(HOURS), 300)
    beating, _ = watch(book(longest=quiet), heard(60, heard_at=NOW), NOW)
    assert beating.beat_at == NOW

    assert watch(beating, heard(65, after(5), heard_at=NOW), after(5))[1] == ()
    assert watch(beating, heard(66, after(6), heard_at=NOW), after(6))[1] == (FeedTrouble.SILENT,)


def test_a_vendor_who_sends_no_heartbeats_any_more_is_let_be_after_two_days():
    quiet = dict.fromkeys(range(HOURS), 300)
    kept = book(longest=quiet, beat_at=NOW)

    assert watch(kept, heard(20, after(60 * 49)), after(60 * 49))[1] == ()


@pytest.mark.parametrize(
    ("trouble", "wrong"),
    [
        (FeedTrouble.REJECTED, {"updates": 40, "rejected": FEWEST}),
        (FeedTrouble.LATE, {"updates": 2 * FEWEST, "late": FEWEST}),
        (FeedTrouble.AHEAD, {"updates": 2 * FEWEST, "ahead": FEWEST}),
        (FeedTrouble.UNKNOWN_TYPES, {"updates": 20, "typed": 20, "unlisted": FEWEST}),
    ],
)
def test_a_window_full_of_what_should_not_be_is_told(trouble, wrong):
    before = Tally(updates=1000, typed=900, unlisted=180, rejected=30)
    kept = book(tally=before, usual=20)

    assert watch(kept, heard(tally=before.plus(Tally(**wrong))), NOW)[1] == (trouble,)
    for name in set(wrong) - {"updates", "typed"}:
        fewer = Tally(**{**wrong, name: FEWEST - 1})
        assert watch(kept, heard(tally=before.plus(fewer)), NOW)[1] == ()
    mostly_right = Tally(**{**wrong, "updates": 900, "typed": 900})
    assert watch(kept, heard(tally=before.plus(mostly_right)), NOW)[1] == ()


def test_types_that_were_always_unlisted_are_usual():
    kept = book(usual=70)

    assert watch(kept, heard(tally=Tally(updates=50, typed=50, unlisted=45)), NOW)[1] == ()


@given(st.lists(TALLIES, min_size=1, max_size=10))
def test_a_window_is_counted_once_and_what_is_usual_moves_slowly(tallies):
    kept, total, at = book(tallied_at=NOW), Tally(), NOW
    for tally in tallies:
        at += WINDOW
        total, usual = total.plus(tally), kept.usual
        kept, _ = watch(kept, heard(at=at, tally=total), at)
        assert kept.usual is None or usual is None or abs(kept.usual - usual) <= 1
        assert set(watch(kept, heard(at=at, tally=total), at)[1]) <= {FeedTrouble.UNKNOWN_TYPES}

    assert kept.tally == total


def test_renamed_codes_are_one_trouble_since_one_moment_until_updates_deny_it():
    """Nobody is helped by a trouble that comes and goes with each quarter of an hour."""
    kept, total, began = book(usual=10), Tally(), None
    for minute in range(60):
        total = total.plus(Tally(updates=2, typed=2, unlisted=2))
        kept, troubles = watch(kept, heard(at=after(minute), tally=total), after(minute))
        began = began or kept.unlisted_since
        if began:
            assert (troubles, kept.unlisted_since) == ((FeedTrouble.UNKNOWN_TYPES,), began)
    assert kept.unlisted == 100

    for minute in range(60, 90):
        total = total.plus(Tally(updates=2, typed=2))
        kept, troubles = watch(kept, heard(at=after(minute), tally=total), after(minute))
    assert (troubles, kept.unlisted_since) == ((), None)


@given(TALLIES, TALLIES)
def test_counts_add_up_and_a_restored_table_counts_nothing_backwards(one, other):
    assert one.plus(other).since(one) == other
    assert Tally() == one.since(one.plus(other))


def test_a_webhook_is_counted_by_what_it_says():
    ours = agency(never_types=frozenset({"TOW*"}), code_list={"415N": "Noise at night"})
    told = [
        call("NOISE"),
        call("DV"),
        call("TOWING"),
        call("415n"),
        call("SHINY NEW"),
        update(NOW - LATE - MINUTE),
        update(NOW - LATE),
        update(NOW + AHEAD + MINUTE),
        update(NOW + AHEAD),
    ]

    assert tally_of(told, 3, ours, NOW) == Tally(updates=9, rejected=3, typed=5, unlisted=1, late=1, ahead=1)
