"""One value of a payload → one value of an update: texts, codes, yes and no."""

import math
import re
from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from typing import Any
from uuid import UUID

OTHERWISE = "*"
"""In a table of codes: any word that is not there."""

LONGEST_TEXT = 400
_YES, _NO = frozenset({"true", "t", "yes", "y", "1", "-1"}), frozenset({"false", "f", "no", "n", "0"})
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")


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
        return str(int(raw)) if math.isfinite(raw) and raw == raw // 1 else str(raw)
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


class CodeList:
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
