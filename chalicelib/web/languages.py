"""The language of a page, by what a browser says that its reader knows."""

import re
from collections.abc import Container, Iterator
from typing import get_args

from chalicelib.domain.language import Language


def accepted_language(header: str) -> Language:
    """Return the first of our languages that a browser's Accept-Language names, by weight; English if none is."""
    return next((language for tag in _accepted(header) for language in get_args(Language) if tag == language), "en")


def accepted_among(header: str, languages: Container[str]) -> str | None:
    """Return the first language that a browser's Accept-Language names and a page can be read in, or None."""
    return next((tag for tag in _accepted(header) if tag in languages), None)


def _accepted(header: str) -> Iterator[str]:
    weighed = []
    for place, part in enumerate(header.split(",")[:20]):
        tag, _, weight = part.partition(";")
        number = re.fullmatch(r"\s*q=([01](?:\.\d{0,3})?)\s*", weight)
        weighed.append((-(float(number[1]) if number else 1.0), place, tag.strip().lower().partition("-")[0]))
    return (tag for weight, _, tag in sorted(weighed) if weight)
