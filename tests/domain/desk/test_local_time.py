"""A span on the agency's own clock holds all that its two times may mean."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.desk.local_time import BadSpan, Comes, LocalSpan, comes, read_span, typed_time, written

DENVER = ZoneInfo("America/Denver")
USUAL = LocalSpan(datetime(2026, 11, 20, 18, 0, tzinfo=UTC), datetime(2026, 11, 21, 18, 0, tzinfo=UTC))
ZONES = st.sampled_from([DENVER, ZoneInfo("America/New_York"), ZoneInfo("America/Phoenix"), ZoneInfo("Europe/Berlin")])
INSTANTS = st.integers(1_577_836_800, 2_208_988_800).map(lambda at: datetime.fromtimestamp(at, UTC))


def span(since, until, zone=DENVER):
    return read_span(since, until, zone, USUAL)


def test_times_are_on_the_agency_s_clock_and_the_last_minute_is_in():
    found = span("2026-11-20T20:00", "2026-11-21T02:00")

    assert found.since == datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
    assert found.until == datetime(2026, 11, 21, 9, 0, 59, 999999, tzinfo=UTC)


def test_an_hour_that_comes_twice_is_meant_whole():
    found = span("2026-11-01T01:10", "2026-11-01T01:20")

    assert found.since == datetime(2026, 11, 1, 7, 10, tzinfo=UTC)
    assert found.until == datetime(2026, 11, 1, 8, 20, 59, 999999, tzinfo=UTC)


def test_an_hour_that_spring_leaves_out_is_no_gap():
    found = span("2026-03-08T02:30", "2026-03-08T02:40")

    assert found.since <= datetime(2026, 3, 8, 9, 0, tzinfo=UTC) <= found.until


def test_a_day_alone_is_all_of_it():
    found = span("2026-11-01", "2026-11-01")

    assert found.until - found.since == timedelta(hours=25) - timedelta(microseconds=1)
    assert found.is_a_day
    assert not span("2026-11-01", "2026-11-02").is_a_day


def test_what_is_left_out_is_the_usual():
    assert span("", " ") == USUAL


@pytest.mark.parametrize(
    ("since", "until", "field"),
    [
        ("yesterday", "", "since"),
        ("", "2026-13-01T00:00", "until"),
        ("2026-11-21T25:00", "", "since"),
        ("0001-01-01T00:00", "", "since"),
        ("", "9999-12-31T23:59", "until"),
        ("2026-11-21T02:00", "2026-11-20T20:00", "order"),
        ("2026-11-20T20:00; DROP", "", "since"),
    ],
)
def test_what_is_no_time_is_told_by_its_field(since, until, field):
    with pytest.raises(BadSpan, match=f"^{field}$"):
        span(since, until)


@given(INSTANTS, INSTANTS, ZONES)
def test_what_a_page_writes_it_reads_back_with_both_ends_in_it(one, other, zone):
    first, last = sorted((one, other))
    found = span(written(first, zone), written(last, zone), zone)

    assert found.since <= first
    assert last <= found.until
    assert first - found.since <= timedelta(hours=1, minutes=1)


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ("2026-11-01T00:59", Comes.ONCE),
        ("2026-11-01T01:00", Comes.TWICE),
        ("2026-11-01T01:59", Comes.TWICE),
        ("2026-11-01T02:00", Comes.ONCE),
        ("2027-03-14T01:59", Comes.ONCE),
        ("2027-03-14T02:00", Comes.NEVER),
        ("2027-03-14T02:59", Comes.NEVER),
        ("2027-03-14T03:00", Comes.ONCE),
    ],
)
def test_a_time_comes_once_but_for_an_hour_of_autumn_and_one_of_spring(text, how):
    assert comes(typed_time(text), DENVER) is how
    assert comes(typed_time(text), ZoneInfo("America/Phoenix")) is Comes.ONCE


@pytest.mark.parametrize("text", ["", "tomorrow", "2026-99-99T00:00", "2026-11-01T25:00"])
def test_what_is_no_time_has_none(text):
    assert typed_time(text) is None
