"""One value of a payload → an instant: the formats that vendors write, the zone, the hour that comes twice."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.inbound.cad.rejected import CLOCK_SKEW
from chalicelib.inbound.mapping.file import InvalidMapping
from chalicelib.inbound.mapping.values import Unfit, alone, as_text

MOST_KNOWN = 2_000
_DOTNET = re.compile(r"/Date\((-?\d+)(?:[+-]\d{4})?\)/")
_FIRST_OF_MILLISECONDS = 100_000_000_000
"""Seconds since 1970 reach this in the year 5138; milliseconds did in 1973."""

_SAMPLE = datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC)


class Instants:
    """Times as a vendor writes them: formats in the order of trying, and the zone of those without an offset."""

    def __init__(self, formats: tuple[str, ...], zone: str, blank: frozenset[str] = frozenset()) -> None:
        self._zone = ZoneInfo(zone) if zone else None
        self._readers = [_reader(written) for written in formats]
        self._expected, self._blank = " or ".join(formats), blank
        self.known: dict[str, datetime] = {}

    def __call__(self, raw: Any, now: datetime) -> datetime | None:
        """Return the instant, None for a blank; Unfit."""
        if isinstance(raw, list):
            raw = alone(raw)
        if isinstance(raw, datetime):
            return self._placed("", raw, now)
        text = as_text(raw)
        if text is None or text.casefold() in self._blank:
            return None
        for read in self._readers:
            at = read(text)
            if at is not None:
                return self._placed(raw if type(raw) is str else "", at, now)
        raise Unfit(f"expected a time as {self._expected}")

    def _placed(self, text: str, at: datetime, now: datetime) -> datetime:
        """Return a time as an instant. Each text is read once: the next snapshot of a call repeats all but one time."""
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
        return None  # seconds or milliseconds since 1970: `fromisoformat` reads 1790121500000 as the year 1790
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _epoch(text: str) -> datetime | None:
    """Read seconds or milliseconds since 1970, which their size tells apart."""
    try:
        number = float(text)
        seconds = number / 1000 if abs(number) >= _FIRST_OF_MILLISECONDS else number
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    except (ValueError, OverflowError):
        return None


def _dotnet(text: str) -> datetime | None:
    match = _DOTNET.fullmatch(text)
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(match[1])) if match else None


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
