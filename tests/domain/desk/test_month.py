"""A month on an agency's own calendar."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from chalicelib.domain.desk.month import month_after, month_before, read_month, span_of

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("2026-10", date(2026, 10, 1)),
        ("2026-11", date(2026, 11, 1)),
        ("", date(2026, 11, 1)),
        ("2026-12", date(2026, 11, 1)),
        ("2026-13", date(2026, 11, 1)),
        ("0001-01", date(2026, 11, 1)),
        ("2026-10-05", date(2026, 11, 1)),
        ("x", date(2026, 11, 1)),
    ],
)
def test_what_is_no_month_or_is_to_come_is_this_month(text, first):
    assert read_month(text, TODAY) == first


def test_months_follow_each_other_over_a_year_s_end():
    assert month_after(date(2026, 12, 1)) == date(2027, 1, 1)
    assert month_before(date(2027, 1, 1)) == date(2026, 12, 1)
    assert month_after(date(2027, 1, 1)) == date(2027, 2, 1)


def test_a_month_begins_and_ends_at_midnight_where_the_agency_is():
    start, end = span_of(date(2026, 11, 1), ZoneInfo("America/Denver"))

    assert start == datetime(2026, 11, 1, 6, tzinfo=UTC)
    assert end == datetime(2026, 12, 1, 7, tzinfo=UTC)
