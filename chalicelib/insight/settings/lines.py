"""The difference of two texts, line by line, with the lines around it. Pure."""

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Literal

from msgspec import Struct

AROUND = 2
MOST = 1_000
"""Lines of a difference that are shown: whoever changes more reads the whole text."""

Sign = Literal["+", "-", " ", "…"]


class Line(Struct, frozen=True):
    """One line: added, taken out, the same, or a mark that lines were left out; `number` is its place in its text."""

    sign: Sign
    number: int
    text: str


def differing(before: str, after: str) -> tuple[Line, ...]:
    """Return the lines that differ with those around them, so many at most; none where the texts are the same."""
    if before == after:
        return ()
    was, now = before.split("\n"), after.split("\n")
    lines: list[Line] = []
    for group in SequenceMatcher(None, was, now).get_grouped_opcodes(AROUND):
        if lines:
            lines.append(Line("…", 0, ""))
        for tag, first, last, start, end in group:
            lines += _of(tag, was, now, (first, last, start, end))
        if len(lines) > MOST:
            return (*lines[:MOST], Line("…", 0, ""))
    return tuple(lines)


def _of(tag: str, was: list[str], now: list[str], span: tuple[int, int, int, int]) -> Iterator[Line]:
    first, last, start, end = span
    if tag == "equal":
        yield from (Line(" ", place + 1, now[place]) for place in range(start, end))
        return
    yield from (Line("-", place + 1, was[place]) for place in range(first, last))
    yield from (Line("+", place + 1, now[place]) for place in range(start, end))
