"""Labels of charts: how wide they are, where they break, and how many of them fit."""

import textwrap
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.ft2font import FT2Font

SIZE = 10
"""In points, of which an inch has 72."""

_INCH = 72
LINE = 0.168
"""The height of a line of a label, in inches."""

_APART = 0.09
"""So far labels beside each other stay from each other."""


def readable(text: str) -> str:
    """Return a text with a question mark for each letter that the font lacks; control characters are blanks."""
    font = _font()
    plain = (letter if letter.isprintable() else " " for letter in text)
    return "".join(letter if font.get_char_index(ord(letter)) else "?" for letter in plain)


def wide(text: str) -> float:
    """Return the width of a text in inches."""
    font = _font()
    font.set_text(text)
    return float(font.get_width_height()[0]) / 64 / _INCH  # FreeType counts in 64ths


def wrapped(text: str, room: float) -> list[str]:
    """Return a text in lines that are not wider than some inches; words that are too long are broken."""
    text = readable(text)
    for letters in range(max(1, len(text)), 0, -1):
        lines = textwrap.wrap(text, letters)
        if all(wide(line) <= room for line in lines):
            return lines or [""]
    return [text]


def every(labels: Sequence[str], room: float) -> list[int]:
    """Return which labels fit side by side with so many inches each: the last, and each so many before it."""
    widest = max(map(wide, labels)) + _APART
    step = max(1, -(-widest // room))
    return list(range(len(labels) - 1, -1, -int(step)))[::-1]


def evenly(labels: Sequence[str], room: float) -> list[int]:
    """Return which labels of a whole, as the hours of a day, fit with so many inches each: equally far apart."""
    steps = (step for step in range(1, len(labels) + 1) if len(labels) % step == 0)
    step = next(step for step in steps if step == len(labels) or step * room >= max(map(wide, labels)) + _APART)
    return list(range(0, len(labels), step))


@cache
def _font() -> "FT2Font":
    from matplotlib.font_manager import FontProperties, findfont
    from matplotlib.ft2font import FT2Font

    # A font of its own: matplotlib changes the size of those that it shares.
    font = FT2Font(findfont(FontProperties(family="DejaVu Sans")))
    font.set_size(SIZE, _INCH)
    return font
