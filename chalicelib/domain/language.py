"""The languages in which people are written to."""

import re
from collections.abc import Container, Iterator
from typing import Annotated, Literal, get_args

from msgspec import Meta

from chalicelib.domain.languages import NAMES, Language

__all__ = ["AnyLanguage", "Language", "accepted_among", "accepted_language", "choose_language", "direction"]

AnyLanguage = Annotated[str, Meta(pattern=r"^[a-z]{2,3}$")]
"""A language that a page can be read in, by its code (ISO 639): one of ours, or one of the agency's own."""

_FROM_RIGHT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ks", "ku", "nqo", "ps", "sd", "syr", "ug", "ur", "yi"})


def accepted_language(header: str) -> Language:
    """Return the first of our languages that a browser's Accept-Language names, by weight; English if none is."""
    return next((language for tag in _accepted(header) for language in get_args(Language) if tag == language), "en")


def accepted_among(header: str, languages: Container[str]) -> str | None:
    """Return the first language that a browser's Accept-Language names and a page can be read in, or None."""
    return next((tag for tag in _accepted(header) if tag in languages), None)


def direction(language: str) -> Literal["ltr", "rtl"]:
    """Return where a language's lines begin."""
    return "rtl" if language in _FROM_RIGHT else "ltr"


def _accepted(header: str) -> Iterator[str]:
    weighed = []
    for place, part in enumerate(header.split(",")[:20]):
        tag, _, weight = part.partition(";")
        number = re.fullmatch(r"\s*q=([01](?:\.\d{0,3})?)\s*", weight)
        weighed.append((-(float(number[1]) if number else 1.0), place, tag.strip().lower().partition("-")[0]))
    return (tag for weight, _, tag in sorted(weighed) if weight)


def choose_language(told: str | None, spoken: tuple[Language, ...]) -> Language:
    """Return the language for somebody whose own was told as `es`, `es-MX` or `Spanish`: the first if none is it."""
    word = (told or "").strip().lower().replace("_", "-").partition("-")[0]
    asked = NAMES.get(word)
    return next((language for language in spoken if language == asked), spoken[0])
