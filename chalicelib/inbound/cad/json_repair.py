"""Repair what real systems send for our types: blanks for "nothing", half characters, names that are there twice."""

import json
import re
from functools import cache
from typing import Any

import msgspec
from msgspec import Raw

_BLANK = re.compile(rb':\s*"\s*"|"officer_ids"\s*:\s*null')
_REQUIRED = frozenset({"as_of", "party_id", "unit"})
_ESCAPES = re.compile(
    rb"(\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|\\u[dD][89a-fA-F][0-9a-fA-F]{2}"
)


def without_half_characters(body: bytes) -> bytes:
    """Return JSON in which half of a surrogate pair is a control character, so that its field alone is refused."""
    return _ESCAPES.sub(lambda match: match[1] or rb"\u0000", body)


def without_blanks(raw: Raw) -> Raw:
    """Return an update in which a blank text, of a time or a role as well, takes back what was said.

    A unit of which nobody is named has no list of officers: a null there is what a program writes for an absent list.
    """
    if not _BLANK.search(raw):
        return raw
    return Raw(msgspec.json.encode(_nulls(msgspec.json.decode(raw))))


def _nulls(value: Any) -> Any:
    if isinstance(value, list):
        return [_nulls(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: None if _is_blank(item) and name not in _REQUIRED else _nulls(item)
        for name, item in value.items()
        if not (name == "officer_ids" and (item is None or _is_blank(item)))
    }


def _is_blank(value: Any) -> bool:
    return isinstance(value, str) and not value.strip()


def is_utf8(raw: Raw) -> bool:
    """Tell whether an update is written in UTF-8, as JSON must be."""
    try:
        bytes(raw).decode()
    except UnicodeDecodeError:
        return False
    return True


def in_utf8(raw: Raw) -> Raw:
    """Return an update in UTF-8: letters of another encoding are read as Windows writes them in the west."""
    return raw if is_utf8(raw) else Raw(bytes(raw).decode("windows-1252", errors="replace").encode())


def with_every_value(raw: Raw) -> Any:
    """Return a value in which a name that an object has several times has the list of all its values; ValueError."""
    return json.loads(bytes(in_utf8(raw)), object_pairs_hook=_listed)


def said_twice(raw: Raw, names: tuple[str, ...]) -> str | None:
    """Return one of the names that an object has more than once, or None: readers of JSON keep only the last value."""
    written, seen = bytes(raw), set[str]()
    if all(written.count(quoted) <= 1 for quoted in _quoted(names)):
        return None
    pairs = json.loads(written, object_pairs_hook=lambda found: found)
    for name, _ in pairs:
        if name in seen and name in names:
            return str(name)
        seen.add(name)
    return None


def any_said_twice(written: bytes) -> bool:
    """Tell whether any object has a name more than once; ValueError."""
    found = False

    def look(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal found
        told = dict(pairs)
        found = found or len(told) < len(pairs)
        return told

    json.loads(written, object_pairs_hook=look)
    return found


@cache
def _quoted(names: tuple[str, ...]) -> tuple[bytes, ...]:
    return tuple(f'"{name}"'.encode() for name in names)


def _listed(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    told: dict[str, list[Any]] = {}
    for name, value in pairs:
        told.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in told.items()}
