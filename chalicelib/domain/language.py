"""The languages in which people are written to."""

from typing import Annotated, Literal

from msgspec import Meta

from chalicelib.domain.languages import NAMES, Language

__all__ = ["AnyLanguage", "Language", "choose_language", "direction"]

AnyLanguage = Annotated[str, Meta(pattern=r"^[a-z]{2,3}$")]
"""A language that a page can be read in, by its code (ISO 639): one of ours, or one of the agency's own."""

_FROM_RIGHT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ks", "ku", "nqo", "ps", "sd", "syr", "ug", "ur", "yi"})


def direction(language: str) -> Literal["ltr", "rtl"]:
    """Return where a language's lines begin."""
    return "rtl" if language in _FROM_RIGHT else "ltr"


def choose_language(told: str | None, spoken: tuple[Language, ...]) -> Language:
    """Return the language for somebody whose own was told as `es`, `es-MX` or `Spanish`: the first if none is it."""
    word = (told or "").strip().lower().replace("_", "-").partition("-")[0]
    asked = NAMES.get(word)
    return next((language for language in spoken if language == asked), spoken[0])
