"""Repair what real systems send for our types: blanks for "nothing", halves of characters."""

import re
from typing import Any

import msgspec
from msgspec import Raw

_BLANK = re.compile(rb':\s*"\s*"')
_REQUIRED = frozenset({"incident_number", "as_of", "party_id"})
_ESCAPES = re.compile(
    rb"(\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|\\u[dD][89a-fA-F][0-9a-fA-F]{2}"
)


def without_half_characters(body: bytes) -> bytes:
    """Return JSON in which half of a surrogate pair is a control character, so that its field alone is refused."""
    return _ESCAPES.sub(lambda match: match[1] or rb"\u0000", body)


def without_blanks(raw: Raw) -> Raw:
    """Return an update in which a blank text, of a time or a role as well, takes back what was said."""
    if not _BLANK.search(raw):
        return raw
    return Raw(msgspec.json.encode(_nulls(msgspec.json.decode(raw))))


def _nulls(value: Any) -> Any:
    if isinstance(value, list):
        return [_nulls(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: None if isinstance(item, str) and not item.strip() and name not in _REQUIRED else _nulls(item)
        for name, item in value.items()
    }
