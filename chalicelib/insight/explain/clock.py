"""Times as the agency's people read them: in its own zone, and how long after the call."""

from datetime import datetime, timedelta, tzinfo

from msgspec import Struct

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


class Clock(Struct, frozen=True):
    """The agency's zone, and the instant that everything is counted from."""

    zone: tzinfo
    since: datetime | None = None

    def day(self, at: datetime) -> str:
        """Return the date, such as `Sat 21 Nov 2026`."""
        return f"{at.astimezone(self.zone):%a %-d %b %Y}"

    def time(self, at: datetime) -> str:
        """Return the time of day."""
        return f"{at.astimezone(self.zone):%H:%M:%S}"

    def near(self, at: datetime, to: datetime) -> str:
        """Return the time of day, with the date where it is not that of the other instant."""
        here, there = at.astimezone(self.zone), to.astimezone(self.zone)
        if here.date() == there.date():
            return self.time(at)
        return f"{here:%a %-d %b %H:%M:%S}" if here.year == there.year else f"{here:%-d %b %Y %H:%M:%S}"

    def after(self, at: datetime) -> str:
        """Return how long after the call was received, such as `+12m`; nothing where that is not known."""
        return "" if self.since is None else f"{'-' if at < self.since else '+'}{span(abs(at - self.since))}"


def span(length: timedelta) -> str:
    """Return a length of time in its one or two largest units, such as `45s`, `12m`, `2h05m` or `3d4h`."""
    seconds = int(length.total_seconds())
    if seconds < _MINUTE:
        return f"{seconds}s"
    if seconds < _HOUR:
        return f"{seconds // _MINUTE}m"
    if seconds < _DAY:
        return f"{seconds // _HOUR}h{seconds % _HOUR // _MINUTE:02}m"
    return f"{seconds // _DAY}d{seconds % _DAY // _HOUR}h"
