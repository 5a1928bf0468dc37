"""Read words, latches and instants of any JSON type: what can only stop a text is never lost for its form."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from chalicelib.domain.incidents.facts import Instant
from chalicelib.domain.incidents.update import Evidence

MOST_WORDS = 101
"""One more than an incident keeps: an update with so many words can't be judged, so its incident tells nobody."""

_LONGEST = 400
_LONGEST_NAME, _LONGEST_ID = 40, 64
_NO_NAME = re.compile("[^ -~]")
_OVERLAP = 80
"""Pieces of a long text share so many characters, so that no phrase is cut in all of them."""

_DATE = re.compile(r"\d{4}-\d\d")
_NOTHING = frozenset(
    {"null", "none", "n/a", "na", "nil", "-", "--", "0", "0.0", "false", "no", "n", "f", "unknown", "{}", "[]"}
)
"""What systems write for an instant that there is none of."""

_YES = frozenset({"true", "t", "yes", "y", "1", "-1", "on", "x"})
_NO = frozenset({"false", "f", "no", "n", "0", "off"})


def evidence(told: Mapping[str, Any]) -> frozenset[Evidence]:
    """Return every word about the incident's nature in an update, whatever its JSON type."""
    found = [Evidence("incident_type", code=piece) for piece in _pieces(told.get("incident_type"))]
    found += [Evidence("incident_type", text=piece) for piece in _pieces(told.get("incident_type_description"))]
    for field in ("type_modifier", "initial_type"):
        found += [Evidence(field, text=piece) for piece in _pieces(told.get(field))]
    found += [Evidence("offenses", code=piece) for piece in _pieces(told.get("offenses"))]
    for name in ("dispositions", "disposition"):
        found += [Evidence("dispositions", text=piece) for piece in _pieces(told.get(name))]
    return frozenset(sorted(set(found))[:MOST_WORDS])


def is_yes(value: object) -> bool:
    """Tell whether a latch was set; a word that is neither yes nor no sets it."""
    return any(text not in _NO for text in _flags(value))


def is_no(value: object) -> bool:
    """Tell whether it was denied that contact is safe; a word that is neither yes nor no denies it."""
    return any(text not in _YES for text in _flags(value))


def instant(value: object, latest: datetime, earliest: datetime) -> datetime | None:
    """Return a plausible instant with an offset, or None; of a list the first one."""
    if isinstance(value, list):
        return next(filter(None, (instant(item, latest, earliest) for item in value)), None)
    try:
        at = msgspec.convert(value, Instant)
    except msgspec.ValidationError:
        return None
    return at.astimezone(UTC) if earliest <= at <= latest else None


def stop(value: object, now: datetime, skew: timedelta, earliest: datetime) -> datetime | None:
    """Return when something ended the waiting, or None where nothing did; an instant that can't be so is now.

    A clock that jumped, a time without a zone or a mere "yes" still says that officers came. A date of another age
    stands for no date at all.
    """
    told = [text for text in texts(value) if text.casefold() not in _NOTHING and _may_be_told(text)]
    known = [instant(text, now + skew, earliest) for text in told]
    if any(known):
        return next(filter(None, known))
    years = [int(text[:4]) for text in told if _DATE.match(text)]
    if not told or (years and all(abs(year - now.year) > 1 for year in years)):
        return None
    return now


def _may_be_told(text: str) -> bool:
    """Tell whether a text may be a time or a yes; any other word is no end of waiting."""
    return any(map(str.isdigit, text)) or text.casefold() in _YES


def name(value: object) -> str | None:
    """Return the name of an incident or a party, or None where there is none.

    What is kept under it can only stop a text. So a number is read as its digits, a name that is too long is cut, and
    characters that no name may have are question marks.
    """
    return _printable(value, _LONGEST_NAME) or None


def id_of(value: object) -> str | None:
    """Return the dispatch system's own key of an incident, read like a name, or None where there is none."""
    return _printable(value, _LONGEST_ID) or None


def _printable(value: object, longest: int) -> str:
    text = next(texts(value), "").encode("ascii", "replace").decode()
    return _NO_NAME.sub("?", text)[:longest].strip()


def texts(value: object) -> Iterator[str]:
    """Yield every single value in a value, as a text."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from texts(item)
    elif value is not None and str(value).strip():
        yield str(value).strip()


def _flags(value: object) -> list[str]:
    return [text.casefold() for text in texts(value)]


def _pieces(value: object) -> Iterator[str]:
    for text in texts(value):
        for start in range(0, max(1, len(text) - _OVERLAP), _LONGEST - _OVERLAP):
            if piece := text[start : start + _LONGEST].strip():
                yield piece
