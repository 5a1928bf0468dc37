"""Words of a comment that are blacked out before it is published.

A decision keeps a mask, not the words: it has an `x` for each character that nobody may read, and a dot for each other.
So the words stay in the one table that few may read, and are gone with it.
"""

import re
from collections.abc import Iterable
from itertools import groupby

from msgspec import Struct

BLACK = "█"
_HIDDEN, _SHOWN = "x", "."
_LETTER, _DIGIT = r"[^\W\d_]", r"\d"


class NotThere(ValueError):
    """A word that is to be blacked out is not in the comment; the text is the word."""


def mask_of(comment: str, words: Iterable[str]) -> str:
    """Return the mask that blacks out words or phrases wherever they are; "" for none; NotThere."""
    mask = [_SHOWN] * len(comment)
    for word in words:
        places = [match.span() for match in _whole(word).finditer(comment)] if word.strip() else []
        if not places:
            raise NotThere(word)
        for start, end in places:
            mask[start:end] = _HIDDEN * (end - start)
    return "".join(mask) if _HIDDEN in mask else ""


def blacked_out(comment: str, mask: str) -> str:
    """Return a comment as it may be published."""
    return (
        "".join(BLACK if hidden == _HIDDEN else letter for letter, hidden in zip(comment, mask, strict=True))
        if mask
        else comment
    )


def _whole(phrase: str) -> re.Pattern[str]:
    """Return a pattern of a phrase as whole words, in whatever case and with whatever blanks it is written.

    A word ends where digits or a line begin, as `name_words` finds it: people type `Ruiz2` and `2nd Ruiz_`.
    """
    words = phrase.split()
    pattern = r"\s+".join(map(re.escape, words))
    return re.compile(rf"(?<!{_like(words[0][0])}){pattern}(?!{_like(words[-1][-1])})", re.IGNORECASE)


def _like(letter: str) -> str:
    """Return what would go on with a word that begins or ends so."""
    return next((kind for kind in (_LETTER, _DIGIT) if re.match(kind, letter)), r"\w")


def is_blacked_out(word: str, comment: str, mask: str) -> bool:
    """Tell whether a word of a comment is blacked out wherever it is."""
    return bool(mask) and all(
        black == _HIDDEN for each, black in zip(mask_of(comment, (word,)), mask, strict=True) if each == _HIDDEN
    )


class Piece(Struct, frozen=True):
    """A part of a comment: its words, or bars in their place; `marked` where it may name somebody."""

    words: str
    marked: bool


def pieces(comment: str, mask: str, marked: Iterable[str]) -> tuple[Piece, ...]:
    """Return a comment in parts, as it reads with a mask, with some of its words marked."""
    marks = mask_of(comment, marked) or _SHOWN * len(comment)
    read = zip(blacked_out(comment, mask), marks, strict=True)
    parts = groupby(read, key=lambda each: each[1] == _HIDDEN and each[0] != BLACK)
    return tuple(Piece("".join(letter for letter, _ in part), found) for found, part in parts)
