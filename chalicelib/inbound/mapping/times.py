"""One value of a payload → an instant: the formats that vendors write, the zone, the hour that comes twice."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.inbound.cad.rejected import CLOCK_SKEW
from chalicelib.inbound.mapping.file import InvalidMapping
from chalicelib.inbound.mapping.no_times import is_no_time, says_no_time
from chalicelib.inbound.mapping.values import Unfit, alone, as_text

MOST_KNOWN = 2_000
_DOTNET = re.compile(r"/Date\((-?[0-9]+)(?:[+-][0-9]{4})?\)/")
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?(e\+?[0-9][0-9]?)?", re.IGNORECASE)
_OURS = range(2000, 2100)
"""The years of our times. A number that one format reads as another year may be meant for the next format."""

_OTHER_YEARS = "expected a time of the years 2000 to 2099"
_SECONDS_OF_2000, _SECONDS_OF_2100 = 946_684_800, 4_102_444_800
_PARTS_OF_A_SECOND = (1, 1_000, 1_000_000)
"""Seconds, milliseconds and microseconds since 1970 of the years 2000 to 2099 have no number in common."""

_SAMPLE = datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC)


class Instants:
    """Times as a vendor writes them: formats in the order of trying, and the zone of those without an offset."""

    def __init__(self, formats: tuple[str, ...], zone: str, blank: frozenset[str] = frozenset()) -> None:
        self._zone = ZoneInfo(zone) if zone else None
        self._readers = [_reader(written) for written in formats]
        self._expected, self._blank = " or ".join(formats), blank
        self.known: dict[str, datetime] = {}

    def __call__(self, raw: Any, now: datetime) -> datetime | None:
        """Return the instant, None for a blank or for what stands for no time; Unfit."""
        if isinstance(raw, list):
            raw = alone(raw)
        if isinstance(raw, datetime):
            if is_no_time(raw):
                return None
            if raw.year not in _OURS:
                raise Unfit(_OTHER_YEARS)
            return self._placed("", raw, now)
        text = as_text(raw)
        if text is None or text.casefold() in self._blank:
            return None
        expected = f"expected a time as {self._expected}"
        for read in self._readers:
            at = read(text)
            if at is not None and at.year in _OURS:
                return self._placed(raw if type(raw) is str else "", at, now)
            if at is not None and is_no_time(at):
                return None
            expected = expected if at is None else _OTHER_YEARS
        if says_no_time(text):
            return None
        raise Unfit(expected)

    def _placed(self, text: str, at: datetime, now: datetime) -> datetime:
        """Return a time as an instant.

        Each text is read once: the next snapshot of a call repeats all but one time. Only a text of the hour that comes
        twice is read anew each time, since it means another instant later.
        """
        if at.tzinfo is None:
            if self._zone is None:
                raise Unfit("expected a time with an offset; `time_zone` says where the others are")
            first = at.replace(tzinfo=self._zone)
            second = first.replace(fold=1)
            back = first.astimezone(UTC).astimezone(self._zone)
            skipped = back.replace(tzinfo=None) != at.replace(fold=0)
            # An hour that does not exist is read as the clock went on: 02:05 as 03:05 (PEP 495, fold=0).
            if first.utcoffset() != second.utcoffset() and not skipped:
                # An hour that comes twice: whoever tells of it live means the later one as soon as that has begun.
                return (second if second.astimezone(UTC) <= now + CLOCK_SKEW else first).astimezone(UTC)
            at = first.astimezone(UTC)
        if text:
            if len(self.known) >= MOST_KNOWN:
                self.known.clear()
            self.known[text] = at
        return at


def _reader(written: str) -> Callable[[str], datetime | None]:
    """Return what reads times of one format, which itself returns None for a text of another; InvalidMapping."""
    return {"iso": _iso, "epoch": _epoch, "dotnet": _dotnet}.get(written) or _strptime(written)


def _iso(text: str) -> datetime | None:
    if text.isdigit():
        return None  # a number since 1970, or a day: `fromisoformat` reads 1790121500000 as the year 1790
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _epoch(text: str) -> datetime | None:
    """Read seconds, milliseconds or microseconds since 1970, which their size tells apart.

    A number outside the years 2000 to 2099 is none of them: `20261129` is a day, for another format to read.
    """
    number = float(text) if _NUMBER.fullmatch(text) else 0.0
    for part in _PARTS_OF_A_SECOND:
        if _SECONDS_OF_2000 <= number / part < _SECONDS_OF_2100:
            return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=number / part)
    return None


def _dotnet(text: str) -> datetime | None:
    match = _DOTNET.fullmatch(text)
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(match[1])) if match else None
    except OverflowError:
        return None


def _strptime(written: str) -> Callable[[str], datetime | None]:
    _try(written)

    def read(text: str) -> datetime | None:
        try:
            return datetime.strptime(text, written)  # noqa: DTZ007  the zone comes next
        except ValueError:
            return None

    return read


def _try(written: str) -> None:
    """Write a day as a format says and read it back; InvalidMapping where that is no longer the day."""
    try:
        day = datetime.strptime(_SAMPLE.strftime(written), written).date()  # noqa: DTZ007  only its day counts
    except ValueError as problem:
        raise InvalidMapping(f"dates: {written!r} is no format of a time: {problem}") from problem
    if day != _SAMPLE.date():
        raise InvalidMapping(f"dates: {written!r} does not say the day, the month and the year")
