"""Days and periods as people type them."""

from datetime import date

from chalicelib.insight.figures import ask


def period(first: str | None, last: str | None, today: date) -> tuple[date, date]:
    """Read a period, by default the last 90 days; ValueError."""
    begins, ends = day_of("--from", first) if first else None, day_of("--to", last) if last else None
    try:
        return ask.period(begins, ends, today)
    except ask.BadPeriod as problem:
        raise ValueError(f"--from {problem}") from None


def day_of(name: str, text: str) -> date:
    """Read a day; ValueError says which option was wrong."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{name}: {text!r} is no day such as 2026-11-21") from None
