"""The languages in which people are written to."""

import re
from typing import Literal, get_args

Language = Literal["en", "es"]

_NAMES: dict[str, Language] = {
    **dict.fromkeys(("en", "eng", "english"), "en"),
    **dict.fromkeys(("es", "spa", "esp", "spanish", "espanol", "español", "castellano"), "es"),
}


def accepted_language(header: str) -> Language:
    """Return the first of our languages that a browser's Accept-Language names, by weight; English if none is."""
    weighed = []
    for place, part in enumerate(header.split(",")[:20]):
        tag, _, weight = part.partition(";")
        number = re.fullmatch(r"\s*q=([01](?:\.\d{0,3})?)\s*", weight)
        weighed.append((-(float(number[1]) if number else 1.0), place, tag.strip().lower()[:2]))
    known = (tag for weight, _, tag in sorted(weighed) if weight)
    return next((language for tag in known for language in get_args(Language) if tag == language), "en")


def choose_language(told: str | None, spoken: tuple[Language, ...]) -> Language:
    """Return the language for somebody whose own was told as `es`, `es-MX` or `Spanish`: the first if none is it."""
    word = (told or "").strip().lower().replace("_", "-").partition("-")[0]
    asked = _NAMES.get(word)
    return next((language for language in spoken if language == asked), spoken[0])
