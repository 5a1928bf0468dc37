"""Days of the ledger as people write them, on the agency's clock."""

from datetime import date, datetime, time, timedelta, tzinfo

INCLUDED = timedelta(microseconds=1)
"""What is taken from the end of a day, since ranges of the ledger include their ends."""


def midnight(day: str, zone: tzinfo, *, after: int = 0) -> datetime:
    """Return when a day begins that is written as 2026-11-01, or one so many days later; ValueError."""
    try:
        return datetime.combine(date.fromisoformat(day) + timedelta(days=after), time(), zone)
    except (ValueError, OverflowError) as problem:
        raise ValueError(f"{day!r} is no day such as 2026-11-01") from problem


def first_moment(day: str, zone: tzinfo) -> datetime:
    """Return the first instant of a day; ValueError."""
    return midnight(day, zone)


def last_moment(day: str, zone: tzinfo) -> datetime:
    """Return the last instant of a day; ValueError."""
    return midnight(day, zone, after=1) - INCLUDED
