"""Count the SMS segments of a text; carriers bill by segment.

GSM 03.38 (3GPP TS 23.038): 160 septets in one segment, 153 in each of several. One character outside its alphabet
turns the whole text into UCS-2: 70 code units in one segment, 67 in each of several.
"""

from collections.abc import Iterable
from math import ceil

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€\f")
_ALPHABET = _BASIC | _EXTENDED

GSM7_SIZES, UCS2_SIZES = (160, 153), (70, 67)
"""The sizes of a single segment, and of each of several: in septets, and in code units."""


def outside_gsm7(text: str) -> list[str]:
    """Return the characters, in order, that turn the text into UCS-2."""
    return [character for character in text if character not in _ALPHABET]


def segment_count(text: str) -> int:
    """Return how many segments a carrier bills for the text; an empty one takes one."""
    letters = set(text)
    if letters <= _BASIC:  # most texts, each character a septet
        one, each = GSM7_SIZES
        return 1 if len(text) <= one else ceil(len(text) / each)
    if not letters <= _ALPHABET:
        return _parts((len(character.encode("utf-16-be")) // 2 for character in text), *UCS2_SIZES)
    return _parts((2 if character in _EXTENDED else 1 for character in text), *GSM7_SIZES)


def _parts(widths: Iterable[int], one: int, each: int) -> int:
    """Count the segments that hold the characters; a character of two units is never split between two segments."""
    units = list(widths)
    if sum(units) <= one:
        return 1
    parts, used = 1, 0
    for width in units:
        if used + width > each:
            parts, used = parts + 1, 0
        used += width
    return parts
