"""The budget limits texts, and those that matter most go first."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.names import Kind
from chalicelib.domain.settings.budget import BETWEEN_KINDS, SHARES, Budget, Spent, spend
from tests.factories import NOW

DENVER = ZoneInfo("America/Denver")
MINUTE = timedelta(minutes=1)
ORDER = [Kind.ACKNOWLEDGMENT, Kind.DELAY, Kind.DISPATCHED, Kind.OUTCOME, Kind.CASE_NUMBER, Kind.SURVEY]
kinds = st.sampled_from(ORDER)
budgets = st.builds(
    Budget,
    messages_per_minute=st.integers(0, 30),
    segments_per_day=st.integers(0, 200),
    dollars_per_month=st.integers(0, 6),
)


def asked(budget, kind, times, at=NOW, spent=Spent(), segments=1):
    """Return how many of so many texts may go at once, what they come to, and until when the first that can't waits."""
    for sent in range(times):
        after = spend(spent, budget, kind, segments, at, DENVER)
        if isinstance(after, datetime):
            return sent, spent, after
        spent = after
    return times, spent, None


def test_each_kind_has_its_place_and_a_smaller_share_than_the_one_before():
    assert list(SHARES) == ORDER
    assert set(SHARES) == set(Kind)
    assert SHARES[Kind.ACKNOWLEDGMENT] == 100
    assert all(more > less for more, less in pairwise(SHARES.values()))


def test_over_a_minutes_messages_the_next_minute_is_waited_for():
    sent, _, until = asked(Budget(messages_per_minute=10), Kind.ACKNOWLEDGMENT, 11, NOW + timedelta(seconds=20))

    assert (sent, until) == (10, NOW + MINUTE)


def test_over_a_days_segments_the_agencys_own_midnight_is_waited_for():
    sent, _, until = asked(Budget(segments_per_day=10), Kind.ACKNOWLEDGMENT, 9, segments=2)

    assert (sent, until) == (5, datetime(2026, 11, 22, 7, tzinfo=UTC))


def test_over_a_months_dollars_the_agencys_own_first_of_the_month_is_waited_for():
    sent, _, until = asked(Budget(dollars_per_month=1, segment_price="0.1"), Kind.ACKNOWLEDGMENT, 11)

    assert (sent, until) == (10, datetime(2026, 12, 1, 7, tzinfo=UTC))


def test_midnight_is_found_where_the_clocks_change_and_where_the_year_does():
    full = Spent(at=NOW, month=100, day=100)
    fall_back = datetime(2026, 11, 1, 18, tzinfo=UTC)
    new_year = datetime(2026, 12, 31, 18, tzinfo=UTC)
    day, month = Budget(segments_per_day=1), Budget(dollars_per_month=1, segment_price="0.1")

    spent = Spent(at=fall_back, day=100)
    assert spend(spent, day, Kind.ACKNOWLEDGMENT, 1, fall_back, DENVER) == datetime(2026, 11, 2, 7, tzinfo=UTC)
    spent = Spent(at=new_year, month=full.month)
    assert spend(spent, month, Kind.ACKNOWLEDGMENT, 1, new_year, DENVER) == datetime(2027, 1, 1, 7, tzinfo=UTC)


@pytest.mark.parametrize("later", [MINUTE, timedelta(days=1), timedelta(days=31)])
def test_a_new_period_begins_at_nothing(later):
    budget = Budget(messages_per_minute=10, segments_per_day=10, dollars_per_month=1, segment_price="0.1")
    limited = {
        MINUTE: Budget(messages_per_minute=10),
        timedelta(days=1): Budget(segments_per_day=10),
        timedelta(days=31): budget,
    }[later]
    _, spent, _ = asked(limited, Kind.ACKNOWLEDGMENT, 10)

    assert asked(limited, Kind.ACKNOWLEDGMENT, 11, NOW + later, spent)[0] == 10


def test_without_a_limit_nothing_waits():
    assert not Budget().limited
    assert asked(Budget(), Kind.SURVEY, 1000)[0] == 1000


def test_what_a_lesser_kind_may_not_use_is_there_for_the_kinds_before_it():
    budget = Budget(messages_per_minute=100)
    spent, went = Spent(), []
    for kind in reversed(ORDER):
        sent, spent, until = asked(budget, kind, 1000, spent=spent)
        went.append(sent)
        assert until == NOW + MINUTE + BETWEEN_KINDS * ORDER.index(kind)

    assert went == [60, 15, 10, 5, 5, 5]


def test_however_small_a_limit_is_no_kind_is_shut_out_by_it():
    assert asked(Budget(messages_per_minute=1), Kind.SURVEY, 2)[0] == 1


def test_a_clock_that_is_behind_forgets_nothing():
    budget = Budget(messages_per_minute=1)
    _, spent, _ = asked(budget, Kind.ACKNOWLEDGMENT, 1)

    assert isinstance(spend(spent, budget, Kind.ACKNOWLEDGMENT, 1, NOW - timedelta(seconds=3), DENVER), datetime)
    assert spend(spent, Budget(segments_per_day=9), Kind.DELAY, 1, NOW - MINUTE, DENVER).at == NOW


@given(budgets, st.lists(st.tuples(kinds, st.integers(1, 3), st.integers(0, 40_000)), max_size=80))
def test_no_period_ever_has_more_than_its_limit(budget, texts):
    spent, now, went = Spent(), NOW, []
    for kind, segments, pause in texts:
        now += timedelta(seconds=pause)
        after = spend(spent, budget, kind, segments, now, DENVER)
        if isinstance(after, datetime):
            assert after > now
        else:
            spent = after
            went.append((now, segments))

    def most(period, weigh):
        sums = {}
        for at, segments in went:
            sums[period(at)] = sums.get(period(at), 0) + weigh(segments)
        return max(sums.values(), default=0)

    limits = (
        (budget.messages_per_minute, most(lambda at: at.replace(second=0), lambda _: 1)),
        (budget.segments_per_day, most(lambda at: at.astimezone(DENVER).date(), int)),
        (budget.segments_per_month, most(lambda at: at.astimezone(DENVER).strftime("%Y-%m"), int)),
    )
    assert all(used <= limit for limit, used in limits if limit)


@given(budgets, kinds, kinds, st.integers(0, 60))
def test_what_a_lesser_kind_may_do_a_greater_one_may_too(budget, one, other, before):
    greater, lesser = sorted((one, other), key=ORDER.index)
    _, spent, _ = asked(budget, Kind.ACKNOWLEDGMENT, before)

    if isinstance(spend(spent, budget, lesser, 1, NOW, DENVER), Spent):
        assert isinstance(spend(spent, budget, greater, 1, NOW, DENVER), Spent)
