"""A phone is its person's where a code that went there is entered in time; nobody can try all the codes."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.domain.desk.own_phone import (
    COUNTS_FOR,
    MOST_KEPT,
    MOST_TRIES,
    Entry,
    OwnPhone,
    code_of,
    entered,
    hashed,
    with_text,
)

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
SECRET, SESSION = b"secret", "5e55" * 16
RIGHT, WRONG = "123456", "000000"
codes = st.sampled_from([RIGHT, WRONG, "654321", "12345", "", "１２３４５６"])


def asked(at=NOW, code=RIGHT, **more):
    lock = hashed(SECRET, SESSION, "c1", code)
    return OwnPhone(**{"phone": "+13035550123", "code": "c1", "code_hash": lock, "asked_at": at} | more)


def enter(known, typed, at=NOW):
    return entered(known, typed, SECRET, SESSION, at)


def play(known, typed, at=NOW):
    """Return what each code was, and the phone after all of them."""
    told = []
    for code in typed:
        found = enter(known, code, at)
        known = found.after
        told.append(found.what)
    return told, known


def test_the_right_code_counts_at_the_last_try_and_not_after_it():
    told, known = play(asked(), [WRONG] * (MOST_TRIES - 1) + [RIGHT])

    assert told == [Entry.WRONG] * (MOST_TRIES - 1) + [Entry.RIGHT]
    assert (known.proven_at, known.code_hash) == (NOW, "")
    assert not known.open(NOW)


def test_the_last_wrong_code_says_that_it_was_the_last():
    told, _ = play(asked(), [WRONG] * MOST_TRIES + [RIGHT])

    assert told[MOST_TRIES - 1 :] == [Entry.SPENT, Entry.SPENT]


def test_a_code_counts_for_ten_minutes():
    assert enter(asked(), RIGHT, NOW + COUNTS_FOR - timedelta(seconds=1)).what is Entry.RIGHT
    late = enter(asked(), RIGHT, NOW + COUNTS_FOR)
    assert late.what is Entry.LATE
    assert late.after.tries == 0
    assert enter(asked(), RIGHT, NOW - timedelta(hours=1)).what is Entry.LATE


def test_what_is_not_six_digits_is_a_slip_and_no_try():
    for slip in ("", "12345", "1234567", "１２３４５６", "12345a", "123456\n"):
        found = enter(asked(), slip)
        assert (found.what, found.after) == (Entry.WRONG, asked())


def test_a_code_is_good_in_its_own_session_and_for_the_text_that_brought_it():
    elsewhere = entered(asked(), RIGHT, SECRET, "07be" * 16, NOW)
    newer = enter(replace(asked(), code="c2"), RIGHT)

    assert (elsewhere.what, newer.what) == (Entry.WRONG, Entry.WRONG)


def test_nobody_enters_a_code_that_was_not_sent_or_that_was_entered():
    assert enter(None, RIGHT).what is Entry.NONE
    assert enter(enter(asked(), RIGHT).after, RIGHT).what is Entry.NONE


@given(st.lists(codes, max_size=12), st.integers(-1, 12))
def test_no_sequence_of_codes_proves_a_phone_but_the_right_one_in_time_within_the_tries(typed, minutes):
    at = NOW + timedelta(minutes=minutes)
    told, known = play(asked(), typed, at)
    in_time = minutes < COUNTS_FOR / timedelta(minutes=1)
    tried = [code for code in typed if code in (RIGHT, WRONG, "654321")] if in_time else []
    wrong = tried.index(RIGHT) if RIGHT in tried else len(tried)

    assert known.tries == min(wrong, MOST_TRIES)
    assert (known.proven_at is not None) == (RIGHT in tried and wrong < MOST_TRIES)
    assert told.count(Entry.RIGHT) == (known.proven_at is not None)


@given(st.binary(min_size=16, max_size=16))
def test_codes_are_six_digits_and_what_is_kept_does_not_hold_them(chance):
    code = code_of(chance)

    assert len(code) == 6
    assert code.isdecimal()
    assert code not in repr(asked(code=code)).replace(hashed(SECRET, SESSION, "c1", code), "")
    assert enter(asked(code=code), code).what is Entry.RIGHT


def test_a_phone_is_shown_by_its_last_digits_and_the_last_tests_are_known():
    known = asked()
    for number in range(MOST_KEPT + 3):
        known = with_text(known, f"t{number}")

    assert known.shown == "…0123"
    assert known.texts == tuple(f"t{number}" for number in range(3, MOST_KEPT + 3))
