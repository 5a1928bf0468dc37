from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.duration import LONGEST, Duration
from chalicelib.domain.names import Kind
from chalicelib.domain.settings.hours import Window

DENVER = ZoneInfo("America/Denver")
DAY = Window(start=time(8), end=time(20))
times = st.times().map(lambda at: at.replace(microsecond=0))
instants = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001


def local(text):
    return datetime.fromisoformat(text).replace(tzinfo=DENVER)


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-11-21 08:00", "2026-11-21 08:00"),
        ("2026-11-21 19:59:59", "2026-11-21 19:59:59"),
        ("2026-11-21 20:00", "2026-11-22 08:00"),
        ("2026-11-21 03:00", "2026-11-21 08:00"),
        # Clocks go back on 1 November and forward on 8 March: 8:00 is 8:00.
        ("2026-10-31 21:00", "2026-11-01 08:00"),
        ("2026-03-07 21:00", "2026-03-08 08:00"),
    ],
)
def test_a_window_opens_at_its_hour_in_the_agencys_time(now, opens):
    assert DAY.opens(local(now), DENVER) == local(opens)


def test_a_window_may_span_midnight():
    night = Window(start=time(20), end=time(8))

    assert night.opens(local("2026-11-21 23:00"), DENVER) == local("2026-11-21 23:00")
    assert night.opens(local("2026-11-21 12:00"), DENVER) == local("2026-11-21 20:00")


def test_an_hour_that_a_change_of_clocks_skips_begins_when_the_clocks_have_changed():
    window = Window(start=time(2, 30), end=time(4))

    assert window.opens(local("2026-03-08 01:00"), DENVER).astimezone(DENVER) == local("2026-03-08 03:30")


@given(times, times, instants)
def test_what_opens_is_never_before_now_nor_two_days_off(start, end, now):
    opens = Window(start=start, end=end).opens(now, DENVER)

    assert now <= opens <= now + timedelta(days=2)


def test_who_waits_for_an_officer_is_told_at_any_hour():
    midnight = local("2026-11-21 00:30")

    assert Window.usual(Kind.DELAY).opens(midnight, DENVER) == midnight
    assert Window.usual(Kind.SURVEY).opens(midnight, DENVER) == local("2026-11-21 08:00")
    assert Window.usual(Kind.SURVEY).opens(local("2026-11-21 20:00"), DENVER) == local("2026-11-22 08:00")


@given(st.integers(0, LONGEST.days), st.sampled_from("smhd"))
def test_a_duration_is_read_back_as_it_is_written(number, unit):
    duration = Duration.parse(f"{number}{unit}")

    assert Duration.parse(str(duration)) == duration


@pytest.mark.parametrize("text", ["", "30", "m", "3661d", "1.5h", "-3m", "30 m", "P1D", 30, None])
def test_anything_else_is_no_duration(text):
    with pytest.raises(ValueError, match="expected a duration"):
        Duration.parse(text)


def test_the_longest_is_a_duration_too():
    assert Duration.parse(f"{LONGEST.days}d") == LONGEST


@pytest.mark.parametrize(
    "zoned", [{"start": time(8, tzinfo=UTC), "end": time(20)}, {"start": time(8), "end": time(20, tzinfo=UTC)}]
)
def test_hours_of_another_zone_are_refused(zoned):
    with pytest.raises(ValueError, match="without a zone"):
        Window(**zoned)
