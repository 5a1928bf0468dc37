"""Hours in which a person may be texted, in the agency's own time."""

from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Self

from msgspec import Struct

from chalicelib.domain.names import Kind

_AT_ANY_HOUR = frozenset({Kind.ACKNOWLEDGMENT, Kind.DISPATCHED, Kind.DELAY})


class Window(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From one hour of the day to another, the end not included; the same twice means all day."""

    start: time
    end: time

    def __post_init__(self) -> None:
        """Refuse hours of another zone: the agency has its own."""
        if self.start.tzinfo or self.end.tzinfo:
            raise ValueError("hours are in the agency's own time: write 08:00:00, without a zone")

    @classmethod
    def usual(cls, kind: Kind) -> Self:
        """Return the default: who waits for an officer is told at any hour, the rest from 8:00 to 20:00."""
        return cls(start=time(0), end=time(0)) if kind in _AT_ANY_HOUR else cls(start=time(8), end=time(20))

    def opens(self, at: datetime, zone: tzinfo) -> datetime:
        """Return `at` itself where it falls within the hours, else the instant at which they next begin.

        A start that a change of clocks skips begins at the instant that takes its place.
        """
        if self.start == self.end:
            return at
        local = at.astimezone(zone)
        if self._holds(local.time()):
            return at
        days = 0 if local.time() < self.start else 1
        start = datetime.combine(local.date() + timedelta(days=days), self.start, tzinfo=zone)
        return max(start.astimezone(UTC), at)

    def _holds(self, hour: time) -> bool:
        if self.start < self.end:
            return self.start <= hour < self.end
        return hour >= self.start or hour < self.end


ALL_DAY = Window(start=time(0), end=time(0))
