"""The languages in which people are written to."""

from typing import Literal

Language = Literal["en", "es"]

_NAMES: dict[str, Language] = {
    **dict.fromkeys(("en", "eng", "english"), "en"),
    **dict.fromkeys(("es", "spa", "esp", "spanish", "espanol", "español", "castellano"), "es"),
}


def choose_language(told: str | None, spoken: tuple[Language, ...]) -> Language:
    """Return the language for somebody whose own was told as `es`, `es-MX` or `Spanish`: the first if none is it."""
    word = (told or "").strip().lower().replace("_", "-").partition("-")[0]
    asked = _NAMES.get(word)
    return next((language for language in spoken if language == asked), spoken[0])
