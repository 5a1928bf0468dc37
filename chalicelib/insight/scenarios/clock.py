"""Times as scenarios write them: `30m` after the start, or `2026-11-22 08:00` by the agency's clocks."""

import re
from datetime import UTC, datetime, timedelta, tzinfo

from msgspec import Struct

_UNITS = {"d": 86400, "h": 3600, "m": 60, "s": 1}
_OFFSET = re.compile(r"(-?)((?:\d{1,6}[smhd])+)")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)?")

_FIRST_YEAR, _LAST_YEAR = 1970, 2999


class NoTime(ValueError):
    """A text that is no time."""


class Clock(Struct, frozen=True):
    """The agency's clock, and when the scenario starts."""

    start: datetime
    zone: tzinfo

    @classmethod
    def starting(cls, text: str, zone: tzinfo) -> "Clock":
        """Return the clock of a scenario that starts then; NoTime."""
        return cls(_by_the_clock(text, zone), zone)

    def read(self, text: str) -> datetime:
        """Return an instant in UTC; NoTime."""
        match = _OFFSET.fullmatch(text)
        if match is None:
            return _by_the_clock(text, self.zone)
        seconds = sum(int(part[:-1]) * _UNITS[part[-1]] for part in re.findall(r"\d+[smhd]", match[2]))
        try:
            return _playable(text, self.start + timedelta(seconds=-seconds if match[1] else seconds))
        except OverflowError as problem:
            raise NoTime(f"{text!r} is no time: {problem}") from problem

    def reads(self, text: str) -> bool:
        """Tell whether a text is a time at all."""
        return bool(_OFFSET.fullmatch(text) or _INSTANT.fullmatch(text))

    def write(self, at: datetime) -> str:
        """Write an instant in both ways: `2026-11-21 11:30 (30m)`."""
        local = at.astimezone(self.zone)
        return f"{local:%Y-%m-%d %H:%M}{f':{local:%S}' if local.second else ''} ({_offset(at - self.start)})"


def _by_the_clock(text: str, zone: tzinfo) -> datetime:
    if not _INSTANT.fullmatch(text):
        raise NoTime(f'{text!r} is no time; write "30m" after the start, or "2026-11-22 08:00"')
    try:
        found = datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError) as problem:
        raise NoTime(f"{text!r} is no time: {problem}") from problem
    return _playable(text, found)


def _playable(text: str, at: datetime) -> datetime:
    """Return an instant around which retention, in years, can be reckoned; NoTime."""
    if not _FIRST_YEAR <= at.year <= _LAST_YEAR:
        raise NoTime(f"{text!r} is no time: a scenario is of the years {_FIRST_YEAR} to {_LAST_YEAR}")
    return at


def _offset(passed: timedelta) -> str:
    seconds = abs(round(passed.total_seconds()))
    parts = []
    for unit, length in _UNITS.items():
        number, seconds = divmod(seconds, length)
        if number:
            parts.append(f"{number}{unit}")
    sign = "-" if passed < timedelta(0) else ""
    return sign + ("".join(parts) or "0m")
