"""One value of a payload → one value of an update: texts, codes, yes and no, times."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from chalicelib.inbound.cad.updates import CLOCK_SKEW

OTHERWISE = "*"
"""In a table of codes: any word that is not there."""

LONGEST_TEXT = 400
MOST_KNOWN = 2_000
_YES, _NO = frozenset({"true", "t", "yes", "y", "1", "-1"}), frozenset({"false", "f", "no", "n", "0"})
_DOTNET = re.compile(r"/Date\((-?\d+)(?:[+-]\d{4})?\)/")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
_FIRST_OF_MILLISECONDS = 100_000_000_000
"""Seconds since 1970 reach this in the year 5138; milliseconds did in 1973."""


class Unfit(ValueError):
    """A value that is not what its field needs; the text says what was expected, never what was there."""


def as_text(raw: Any) -> str | None:
    """Return a value as a text on one line, None for a blank; Unfit for what is no single value."""
    if type(raw) is str:
        text = raw.strip()
        return text or None if text.isprintable() else _on_one_line(text)
    if raw is None:
        return None
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, int | UUID):
        return str(raw)
    if isinstance(raw, float | Decimal):
        return str(int(raw)) if raw == raw // 1 else str(raw)
    if isinstance(raw, date | time):
        return raw.isoformat()
    if isinstance(raw, list):
        return as_text(alone(raw))
    raise Unfit("expected one value")


def alone(found: list[Any]) -> Any:
    """Return the first thing that a list says: a path into a list finds one. A list in it says nothing."""
    first = next((item for item in found if item is not None and item != ""), None)
    return None if isinstance(first, list) else first


def _on_one_line(text: str) -> str | None:
    return " ".join(_CONTROLS.sub(" ", text).split()) or None


def as_flag(text: str) -> bool:
    """Return yes or no; Unfit."""
    word = text.lower()
    if word in _YES or word in _NO:
        return word in _YES
    raise Unfit("expected yes or no; a table of codes can say which word is which")


class Codes:
    """A table of a vendor's words; a word is looked up as it stands, then without regard to case."""

    def __init__(self, table: Mapping[str, str]) -> None:
        self._table = {word.casefold(): ours for word, ours in table.items()} | dict(table)
        self._otherwise = table.get(OTHERWISE)

    def __call__(self, text: str) -> str | None:
        """Return our word for theirs, their own where the table has none, None for one that says nothing."""
        found = self._table.get(text)
        if found is None:
            found = self._table.get(text.casefold(), text if self._otherwise is None else self._otherwise)
        return found or None


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
            if first.utcoffset() != second.utcoffset():
                # An hour that comes twice: whoever tells of it live means the later one as soon as that has begun.
                return (second if second.astimezone(UTC) <= now + CLOCK_SKEW else first).astimezone(UTC)
            at = first.astimezone(UTC)
        if text:
            if len(self.known) >= MOST_KNOWN:
                self.known.clear()
            self.known[text] = at
        return at


def _reader(written: str) -> Callable[[str], datetime | None]:
    """Return what reads times of one format; it returns None for a text of another."""
    return {"iso": _iso, "epoch": _epoch, "dotnet": _dotnet}.get(written) or _pattern(written)


def _iso(text: str) -> datetime | None:
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


_DIGITS = {"Y": 4, "m": 2, "d": 2, "H": 2, "I": 2, "M": 2, "S": 2}
_NAMES = {"Y": "year", "m": "month", "d": "day", "H": "hour", "I": "hour", "M": "minute", "S": "second"}


@cache
def _pattern(written: str) -> Callable[[str], datetime | None]:
    """Return what reads a format of `strptime`: by an expression where it is all digits, in a third of the time."""
    directives = re.findall(r"%(.)", written)
    plain = len(set(directives)) == len(directives) and set(directives) <= {*_DIGITS, "p"}
    if not plain or not {"Y", "m", "d"} <= set(directives) or ("I" in directives) != ("p" in directives):
        return lambda text: _strptime(text, written)
    expression = re.escape(written).replace("%p", "([AaPp])[Mm]").replace(r"\ ", r" +")
    for letter, width in _DIGITS.items():
        expression = expression.replace(f"%{letter}", rf"(\d{{{width}}})" if letter == "Y" else rf"(\d{{1,{width}}})")
    match = re.compile(expression).fullmatch
    order = [_NAMES.get(letter, "half") for letter in directives]

    def read(text: str) -> datetime | None:
        found = match(text)
        if found is None:
            return None
        parts = dict(zip(order, found.groups(), strict=True))
        half = parts.pop("half", None)
        try:
            numbers = {name: int(digits) for name, digits in parts.items()}
            if half:
                numbers["hour"] = _on_24_hours(numbers["hour"], half)
            return datetime(**numbers)  # type: ignore[arg-type]  # noqa: DTZ001  the zone comes next
        except ValueError:
            return None

    return read


def _on_24_hours(hour: int, half: str) -> int:
    if not 1 <= hour <= 12:  # noqa: PLR2004  a clock's face
        raise ValueError(hour)
    return hour % 12 + (12 if half in "Pp" else 0)


def _strptime(text: str, written: str) -> datetime | None:
    try:
        return datetime.strptime(text, written)  # noqa: DTZ007  the zone comes next
    except ValueError:
        return None
