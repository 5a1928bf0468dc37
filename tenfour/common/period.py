"""Days and periods as people type them."""

from datetime import date


def period(first: str | None, last: str | None, today: date) -> tuple[date, date]:
    """Read a period, by default the last 90 days; ValueError."""
    ends = day_of("--to", last) if last else today
    begins = day_of("--from", first) if first else date.fromordinal(ends.toordinal() - 89)
    if begins > ends:
        raise ValueError(f"--from {begins} is after --to {ends}")
    return begins, ends


def day_of(name: str, text: str) -> date:
    """Read a day; ValueError says which option was wrong."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{name}: {text!r} is no day such as 2026-11-21") from None
