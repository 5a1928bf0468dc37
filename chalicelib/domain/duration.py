"""Durations as people write them in a settings file: 20s, 30m, 18h, 90d."""

import re
from datetime import timedelta
from typing import Any, Self

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


LONGEST = timedelta(days=3660)
"""Ten years: beyond it, dates end before durations do."""


class Duration(timedelta):
    """A length of time that is read and written as a whole number and a unit."""

    @classmethod
    def parse(cls, text: object) -> Self:
        """Read `30m`; ValueError for anything but a whole number and one of s, m, h, d."""
        match = re.fullmatch(r"(\d{1,6})([smhd])", text) if isinstance(text, str) else None
        if match is None:
            raise ValueError(f"expected a duration such as 20s, 30m, 18h or 90d, got {text!r}")
        length = cls(seconds=int(match[1]) * _UNITS[match[2]])
        if length > LONGEST:
            raise ValueError(f"expected a duration of at most {LONGEST.days}d, got {text!r}")
        return length

    def __str__(self) -> str:
        """Write it in the largest unit that keeps it whole."""
        seconds = int(self.total_seconds())
        unit = next((unit for unit in "dhm" if seconds and seconds % _UNITS[unit] == 0), "s")
        return f"{seconds // _UNITS[unit]}{unit}"


def decode_duration(kind: type, value: object) -> Any:
    """Decode for msgspec, which knows every other type that we use."""
    if kind is Duration:
        return Duration.parse(value)
    raise NotImplementedError(kind)


def encode_duration(value: object) -> str:
    """Encode for msgspec what `decode_duration` reads."""
    if isinstance(value, Duration):
        return str(value)
    raise NotImplementedError(type(value))
