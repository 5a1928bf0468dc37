"""Times as the agency's people read them: on their own clock, with the offset where somebody looks for it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo

from chalicelib.domain.desk.local_time import Comes, comes

_MINUTE, _HOUR = 60, 3600
_WEEK = timedelta(days=6)


class Times:
    """Words for instants, in the agency's zone; UTC on a page that is of no agency."""

    def __init__(self, zone: tzinfo | None, now: datetime, say: Callable[..., str]) -> None:
        self._zone, self._now, self._say = zone or UTC, now, say

    def clock(self, at: datetime) -> str:
        """Return the time of day, with the date where it is not today's."""
        here, today = at.astimezone(self._zone), self._now.astimezone(self._zone)
        hour = self._hour(here)
        return hour if here.date() == today.date() else self._say("time.dated", day=self.day(at), at=hour)

    def second(self, at: datetime) -> str:
        """Return the time of day to the second."""
        return f"{at.astimezone(self._zone):%H:%M:%S}"

    def day(self, at: datetime) -> str:
        """Return the date."""
        return self.date(at.astimezone(self._zone))

    def date(self, here: datetime) -> str:
        """Return the date of a time that is local already."""
        days, months = self._say("time.days").split(), self._say("time.months").split()
        named = {"day": days[here.weekday()], "n": here.day, "month": months[here.month - 1], "year": here.year}
        return self._say("time.date", **named)

    def weekday(self, at: datetime) -> str:
        """Return the time of day with the day of the week; with the date where that is not of the last days."""
        here = at.astimezone(self._zone)
        if abs(self._now - at) >= _WEEK:
            return self._say("time.dated", day=self.day(at), at=self._hour(here))
        return f"{self._say('time.days').split()[here.weekday()]} {self._hour(here)}"

    def exact(self, at: datetime) -> str:
        """Return the date and time to the second, with the offset from UTC."""
        here = at.astimezone(self._zone)
        return f"{here:%Y-%m-%d %H:%M:%S} {here:%z}"

    def ago(self, at: datetime) -> str:
        """Return how long ago an instant was, in its largest unit or two."""
        return self._length("ago", self._now - at)

    def left(self, at: datetime) -> str:
        """Return how long there is until an instant."""
        return self._length("left", at - self._now)

    def _hour(self, here: datetime) -> str:
        """Return the time of day; where it comes twice, with the name of its zone, such as `01:30 MST`."""
        twice = comes(here, self._zone) is Comes.TWICE
        return f"{here:%H:%M %Z}" if twice else f"{here:%H:%M}"

    def _length(self, of: str, length: timedelta) -> str:
        seconds = max(0, int(length.total_seconds()))
        if of == "ago" and seconds < _MINUTE:
            return self._say("time.ago_seconds", n=seconds)
        if seconds < _HOUR:
            return self._say(f"time.{of}_minutes", n=seconds // _MINUTE)
        return self._say(f"time.{of}_hours", h=seconds // _HOUR, m=seconds % _HOUR // _MINUTE)
