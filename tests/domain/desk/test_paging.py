"""Whoever watches is paged at once, again, and then the next of them; a storm is one page, and danger stands first."""

from collections import defaultdict
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.aws.document import decode, encode
from chalicelib.domain.desk.attention import TAKEN_FOR, Cause, Waiting
from chalicelib.domain.desk.paging import AGAIN, DANGER_AGAIN, GROUPED, PagingBook, due_pages
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.hours import Window
from chalicelib.domain.settings.watchers import NEVER_PAGES, Watchers, watchers_problems
from tests.factories import agency

FIRST, SECOND, COMMANDER = "+13035550140", "+13035550141", "+13035550142"
WATCHED = Watchers(first=FIRST, second=SECOND, commander=COMMANDER)
EVERYTHING = {cause: WATCHED for cause in Cause if cause not in NEVER_PAGES}
DENVER = ZoneInfo("America/Denver")
START = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
"""2 am in Denver."""

MINUTE = timedelta(minutes=1)


def waits(cause=Cause.DANGER, about="1", since=START, **more):
    return Waiting(agency_id="springfield", cause=cause, about=about, since=since, **more)


def played(waiting, minutes, watching=EVERYTHING, every=1):
    """Return the pages of so many minutes of sweeps, as minute, address and counts; `waiting` is told the minute."""
    book, told = PagingBook(), []
    for minute in range(0, minutes + 1, every):
        now = START + minute * MINUTE
        pages, book = due_pages(waiting(minute), book, watching, now, DENVER)
        told += [(minute, page.address, dict(page.counts)) for page in pages]
    return told


def test_danger_climbs_to_the_commander_in_ten_minutes_and_stays_there():
    told = [(minute, address) for minute, address, _ in played(lambda _: [waits()], 30)]

    assert told == [(0, FIRST), (2, FIRST), (5, SECOND), (10, COMMANDER), (20, COMMANDER), (30, COMMANDER)]
    assert timedelta(minutes=10) == DANGER_AGAIN


@pytest.mark.parametrize("cause", sorted(EVERYTHING.keys() - {Cause.DANGER}))
def test_anything_else_climbs_to_the_second(cause):
    told = [(minute, address) for minute, address, _ in played(lambda _: [waits(cause)], 4 * 60 + 15)]

    assert told == [(0, FIRST), (15, SECOND), (15 + AGAIN // MINUTE, SECOND)]


def test_what_somebody_took_pages_nobody_and_begins_anew_once_it_is_open_again():
    taken = waits().take("desk …", START + MINUTE)

    told = [(minute, address) for minute, address, _ in played(lambda m: [taken if m >= 1 else waits()], 16)]

    open_again = (MINUTE + TAKEN_FOR) // MINUTE
    assert told == [(0, FIRST), (open_again, FIRST), (open_again + 2, FIRST), (open_again + 5, SECOND)]


def test_what_ends_pages_nobody_any_more():
    assert [minute for minute, *_ in played(lambda m: [waits()] if m < 4 else [], 60)] == [0, 2]


def test_values_that_nobody_judged_never_page():
    assert played(lambda _: [waits(Cause.UNJUDGED)], 60, {**EVERYTHING, Cause.UNJUDGED: WATCHED}) == []
    assert list(watchers_problems({Cause.UNJUDGED: WATCHED}))


def test_a_storm_is_one_page_of_danger_and_one_of_all_else():
    held = [waits(Cause.HELD, f"P26-{n}") for n in range(40)]
    dangers = [waits(Cause.DANGER, f"alerts#{n}", incident_number=f"P26-{n}") for n in range(3)]
    late = [waits(Cause.FOLLOW_UP, f"supervisors#{n}") for n in range(500)]

    told = played(lambda _: [*late, *held, *dangers], 1)

    assert told == [
        (0, FIRST, {Cause.DANGER: 3}),
        (0, FIRST, {Cause.HELD: 40, Cause.FOLLOW_UP: 500}),
    ]


def test_one_frightened_person_is_one_climb_however_often_they_write():
    texts = [waits(Cause.DANGER, f"alerts#{n}", START + n * MINUTE, incident_number="P26-1") for n in range(9)]

    told = played(lambda minute: texts[: minute + 1], 9)

    assert [(minute, address) for minute, address, _ in told] == [(0, FIRST), (2, FIRST), (5, SECOND)]


def test_held_calls_that_trickle_in_are_a_page_in_a_quarter_of_an_hour():
    trickle = [waits(Cause.HELD, f"P26-{n}", START + n * MINUTE) for n in range(60)]

    told = played(lambda minute: trickle[: minute + 1], 60)

    by_address = defaultdict(list)
    for minute, address, _ in told:
        by_address[address].append(minute)
    for minutes in by_address.values():
        assert all(b - a >= GROUPED // MINUTE for a, b in pairwise(minutes))
    assert sum(counts[Cause.HELD] for _, address, counts in told if address == FIRST) == len(trickle)


def test_outside_of_the_first_one_s_hours_the_second_is_paged_at_once():
    by_day = Watchers(first=FIRST, second=SECOND, hours=Window(start=time(7), end=time(23)))

    assert [address for _, address, _ in played(lambda _: [waits(Cause.HELD)], 0, {Cause.HELD: by_day})] == [SECOND]


def test_of_an_allegation_professional_standards_are_paged_and_nobody_else_even_of_a_count():
    late = waits(Cause.FOLLOW_UP, "standards#a", detail="standards")
    usual = waits(Cause.FOLLOW_UP, "supervisors#b", detail="supervisors")
    for mailbox in ("psb@pd.example", FIRST, ""):
        pages, _ = due_pages([late, usual], PagingBook(), EVERYTHING, START, DENVER, mailbox)
        told = [(page.address, dict(page.counts), page.beyond) for page in pages]
        theirs = [(mailbox, {Cause.FOLLOW_UP: 1}, ())] if mailbox else []
        assert sorted(told) == sorted([(FIRST, {Cause.FOLLOW_UP: 1}, (SECOND, COMMANDER)), *theirs])


def test_an_allegation_that_nobody_takes_pages_standards_again_and_again():
    late, book, told = waits(Cause.FOLLOW_UP, "standards#a", detail="standards"), PagingBook(), []
    for minute in range(5 * 60):
        pages, book = due_pages([late], book, EVERYTHING, START + minute * MINUTE, DENVER, "psb@pd.example")
        told += [(minute, page.address) for page in pages]

    assert {address for _, address in told} == {"psb@pd.example"}
    assert len(told) == 3


def test_nobody_is_paged_of_what_nobody_watches():
    assert played(lambda _: [waits(cause) for cause in Cause], 60, {}) == []


@given(
    since=st.lists(st.tuples(st.sampled_from(sorted(EVERYTHING)), st.integers(0, 90)), max_size=12),
    missed=st.sets(st.integers(0, 120)),
)
def test_whatever_waits_long_enough_has_climbed_to_its_second_however_many_sweeps_are_missed(since, missed):
    """The oracle counts from the entries alone: each that is 15 minutes and a group old was told to both."""
    things = [waits(cause, str(n), START + minutes * MINUTE) for n, (cause, minutes) in enumerate(since)]
    book, seen = PagingBook(), defaultdict(set)
    for minute in (m for m in range(151) if m not in missed):
        now = START + minute * MINUTE
        pages, book = due_pages([one for one in things if one.since <= now], book, EVERYTHING, now, DENVER)
        for page in pages:
            for cause, _ in page.counts:
                seen[cause].add(page.address)

    for cause in {one.cause for one in things}:
        assert {FIRST, SECOND} <= seen[cause]


@given(st.lists(st.integers(0, 40), min_size=1, max_size=8), st.integers(0, 300))
def test_an_unwatched_night_pages_nobody_more_often_than_each_minute_and_forgets_what_ended(starts, minutes):
    things = [waits(Cause.HELD, str(n), START + start * MINUTE) for n, start in enumerate(starts)]
    now = START + timedelta(minutes=40 + minutes)

    _, book = due_pages(things, PagingBook(), EVERYTHING, now, DENVER)
    _, after = due_pages([], book, EVERYTHING, now + timedelta(hours=1), DENVER)

    assert len(book.climbs) == len(things)
    assert after == PagingBook()


@pytest.mark.parametrize("address", ["303-555-0140", "+1 303 555 0140", "desk", "a@b", "a b@c.org", ""])
def test_an_address_that_can_t_be_paged_is_refused_by_its_field(address):
    with pytest.raises(ValueError, match=r"watchers\.held\.(first|second)"):
        agency(watchers={Cause.HELD: Watchers(first=address, second=SECOND)})


def test_watchers_are_read_as_they_were_published():
    ours = agency(watchers={Cause.DANGER: WATCHED, Cause.HELD: Watchers(first=FIRST, second=SECOND)})

    assert decode(encode(ours), Agency).watchers == ours.watchers
