"""A week of local days, a sample that is the same each time, and the sum of days."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.desk.draft_week import (
    DAYS,
    MOST_EXAMPLES,
    Count,
    Day,
    Example,
    Told,
    days_before,
    sample,
    span_of_day,
    sum_of,
    varied,
)
from chalicelib.domain.names import IncidentKey

DENVER = ZoneInfo("America/Denver")
KEYS = [IncidentKey("springfield", f"P26-{number}") for number in range(40)]


def test_the_week_is_the_last_whole_days_on_the_agency_s_own_clock():
    days = days_before(datetime(2026, 11, 21, 3, 0, tzinfo=UTC), DENVER)  # the evening of the 20th there

    assert (len(days), days[0], days[-1]) == (DAYS, date(2026, 11, 13), date(2026, 11, 19))


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 11, 1), 25), (date(2026, 3, 8), 23), (date(2026, 7, 1), 24)])
def test_days_follow_each_other_without_a_gap_also_where_clocks_change(day, hours):
    span, following = span_of_day(day, DENVER), span_of_day(day + timedelta(days=1), DENVER)

    assert following.since - span.since == timedelta(hours=hours)
    assert following.since - span.until == timedelta(microseconds=1)
    assert {at.astimezone(DENVER).date() for at in (span.since, span.until)} == {day}


@given(st.permutations(KEYS), st.integers(0, 50))
def test_a_sample_is_the_same_in_any_order_and_what_is_in_it_stays_when_others_go(keys, most):
    found = sample(keys, most)

    assert found == sample(KEYS, most)
    assert sample(found, most) == found
    assert set(sample(KEYS, most // 2)) <= set(found)


def example(number, kind="delay", change="appears"):
    return Example(
        incident_number=f"P26-{number}",
        called=f"P26-{number}",
        incident_type="NOISE",
        kind=kind,
        change=change,
        before=Told(reason="quiet_hours"),
        after=Told(),
    )


def test_days_add_up_and_of_many_examples_those_of_other_kinds_come_first():
    count = Count(incident_type="NOISE", kind="delay", change="appears", messages=2)
    day = Day(played=3, calls=9, sent_before=1, sent_after=3, counts=(count,), examples=tuple(map(example, range(20))))
    other = Day(played=1, calls=1, sent_before=2, sent_after=2, examples=(example(50, "survey"), example(51, "survey")))
    week = sum_of([day, other, day])

    assert (week.played, week.calls, week.sent_before, week.sent_after) == (7, 19, 4, 8)
    assert week.counts == {("NOISE", "delay", "appears"): 4}
    assert week.by_kind() == {("delay", "appears"): 4}
    assert len(week.examples) == MOST_EXAMPLES
    assert [one.kind for one in week.examples[:2]] == ["delay", "survey"]
    assert sum_of([]).counts == {}


@given(st.lists(st.integers(0, 5)))
def test_what_is_varied_is_the_same_things_and_begins_with_one_of_each(items):
    found, names = [*varied(items, abs)], len(set(items))

    assert sorted(found) == sorted(items)
    assert len(set(found[:names])) == names
