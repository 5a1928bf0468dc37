"""Plain words: how a text is compared, and whether it can be read at all."""

import re
import unicodedata
from functools import lru_cache

from chalicelib.domain.repair import repaired

_SEPARATORS = re.compile("[^\\w\ufffd]+|_+")
_NOT_PLAIN = re.compile("[^a-z0-9]+")
_LETTERS = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "\u0131": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"})
_LOST = re.compile("\ufffd|\\?(?=[^\\W\\d_])|(?<!\\w)\\?{2,}(?!\\w)")
"""A letter that became a replacement character or a question mark; whole words become several."""

_SIGNS = re.compile("[°©®¶\u2190-\u21ff\u2116\u25a0-\u25ff\u2713-\u2718]")
"""Signs that stand between words and say nothing."""


@lru_cache(maxsize=8192)
def normal(text: str) -> str:
    """Return the form in which values are compared exactly: small letters, no accents, one space for separators.

    Escapes and mojibake are undone first. Letters of other scripts stay, and so does a value without any letter.
    """
    bare = _bare(text)
    marks = "".join(bare.split())
    return " ".join(_SEPARATORS.sub(" ", bare).split()) or (marks if marks == text else normal(marks))


@lru_cache(maxsize=8192)
def plain_words(text: str) -> str:
    """Return the words alone: small letters a to z and digits, no accents, one space for all else."""
    return _NOT_PLAIN.sub(" ", _bare(text)).strip()


@lru_cache(maxsize=8192)
def readable(text: str) -> bool:
    """Tell whether each letter of a text is known: Latin letters, digits and marks, none of them lost."""
    told = repaired(text)
    return not _LOST.search(told) and ((told.isascii() and told.isprintable()) or all(map(_is_known, told)))


def _bare(text: str) -> str:
    told = repaired(text)
    if not told.isascii():
        told = unicodedata.normalize("NFKD", told)
        told = "".join(each for each in told if not unicodedata.combining(each))
    return told.casefold().translate(_LETTERS) if not told.isascii() else told.lower()


def _is_known(character: str) -> bool:
    if character.isascii():
        return character.isprintable() or character.isspace()
    kind = unicodedata.category(character)
    if kind[0] == "L":
        return unicodedata.name(character, "").startswith("LATIN")
    return kind[0] in "PZ" or kind in {"Sc", "Sk", "Sm", "Mn"} or bool(_SIGNS.match(character)) or character.isspace()
