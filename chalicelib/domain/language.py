"""The languages in which people are written to."""

from collections.abc import Mapping
from typing import Literal

Language = Literal["en", "es"]

_NAMES: Mapping[str, Language] = {"spanish": "es", "espanol": "es", "español": "es", "english": "en"}


def choose_language(told: str | None, spoken: tuple[Language, ...]) -> Language:
    """Return the language for somebody whose own was told as `es`, `es-MX` or `Spanish`: the first if none is it."""
    word = (told or "").strip().lower()
    asked = _NAMES.get(word, word[:2])
    return next((language for language in spoken if language == asked), spoken[0])
