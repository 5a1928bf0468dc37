"""What was lately, by clocks that jump both ways: no clock that was ahead keeps anything quiet for long."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.desk.attention import TAKEN_FOR, Cause, Waiting
from chalicelib.domain.desk.paging import GROUPED, PagingBook, due_pages
from chalicelib.domain.desk.session import FRESH, WIDEST, Session, fresh, standing
from chalicelib.domain.lately import SKEW, lately
from chalicelib.domain.people.reply import HOUR, Answered, Intent, may_answer, recent
from tests.domain.desk.test_paging import COMMANDER, DENVER, EVERYTHING, FIRST, MINUTE, SECOND

NOW = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)
minutes = st.integers(-3000, 3000).map(lambda count: count * MINUTE)
AHEAD = st.integers(3, 3000).map(lambda count: count * MINUTE)
"""Further than two right clocks differ."""


@given(minutes, st.integers(1, 300).map(lambda count: count * MINUTE))
def test_it_is_what_lies_less_than_the_span_back_or_a_skew_ahead(back, span):
    assert lately(NOW - back, span, NOW) == (-SKEW <= back < span)
    assert not lately(None, span, NOW)


@given(st.lists(minutes, min_size=1, max_size=30), st.sampled_from([Cause.HELD, Cause.DANGER, Cause.FEED]), minutes)
def test_whatever_clocks_did_before_a_watcher_hears_within_a_quarter_of_an_hour(jumps, cause, since):
    """Sweeps at instants of a clock that jumps both ways; once it is right, first and second are both paged in time.

    A page from a clock that was ahead by no more than two clocks may differ counts: it adds as much to the quarter.
    """
    things = [Waiting(agency_id="springfield", cause=cause, about="1", since=NOW + since)]
    book = PagingBook()
    for jump in jumps:
        _, book = due_pages(things, book, EVERYTHING, NOW + jump, DENVER)
    anew = Waiting(agency_id="springfield", cause=cause, about="new", since=NOW)
    seen = set()
    for minute in range((2 * GROUPED + SKEW) // MINUTE + 1):
        pages, book = due_pages([*things, anew], book, EVERYTHING, NOW + minute * MINUTE, DENVER)
        seen |= {page.address for page in pages}
        assert all(page.since <= NOW + minute * MINUTE for page in pages)
        if minute == (GROUPED + SKEW) // MINUTE:
            assert FIRST in seen

    assert {FIRST, SECOND} <= seen
    assert cause is not Cause.DANGER or COMMANDER in seen


@given(AHEAD)
def test_what_a_clock_that_was_ahead_wrote_is_not_taken_nor_hidden(ahead):
    one = Waiting(agency_id="springfield", cause=Cause.DANGER, since=NOW + ahead).take("desk …", NOW + ahead)

    assert one.waits(NOW)
    assert not one.taken(NOW)
    assert one.take("desk …", NOW - TAKEN_FOR + MINUTE).taken(NOW)
    assert one.take("desk …", NOW + MINUTE).taken(NOW)


@given(AHEAD)
def test_a_session_of_a_clock_that_was_ahead_is_no_longer_open_or_fresh_than_any_other(ahead):
    def session(**more):
        return Session(**{"hash": "h", "issuer": "i", "subject": "s", "began_at": NOW, "acted_at": NOW, **more})

    assert standing(session(acted_at=NOW + ahead), WIDEST, NOW) == "locked"
    assert standing(session(began_at=NOW + ahead), WIDEST, NOW) == "ended"
    assert not fresh(session(signed_in_at=NOW + ahead), NOW)
    assert fresh(session(signed_in_at=NOW - FRESH + MINUTE), NOW)


@given(st.lists(minutes, max_size=12))
@pytest.mark.parametrize("asked", [Intent.HELP, Intent.DANGER, Intent.STOP])
def test_answers_of_a_clock_that_was_ahead_keep_nobody_without_an_answer(asked, past):
    """The oracle counts those within an hour, in either order: texts come out of order."""
    answered = [Answered(asked, NOW + at) for at in past]
    near = [at for at in past if abs(at) < HOUR]

    assert len(recent(answered, NOW)) == len(near)
    if not near:
        assert may_answer(asked, answered, NOW)
