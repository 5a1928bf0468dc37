"""A month on an agency's own calendar, as an address names it. Pure."""

from datetime import date, datetime, time, timedelta, tzinfo

_A_MONTH_ON = timedelta(days=32)


def read_month(text: str, today: date) -> date:
    """Return the first day of a month written as YYYY-MM; that of today for anything else, and for what is to come."""
    this = today.replace(day=1)
    try:
        named = date.fromisoformat(f"{text}-01")
    except ValueError:
        return this
    return named if date.min + _A_MONTH_ON < named <= this else this


def month_before(first: date) -> date:
    """Return the first day of the month before."""
    return (first - timedelta(days=1)).replace(day=1)


def month_after(first: date) -> date:
    """Return the first day of the month after."""
    return (first + _A_MONTH_ON).replace(day=1)


def span_of(first: date, zone: tzinfo) -> tuple[datetime, datetime]:
    """Return the instants at which a month begins and ends where the agency is."""
    start, end = (datetime.combine(day, time(), zone) for day in (first, month_after(first)))
    return start, end
