"""The text of settings as somebody wrote it, with its comments and its order. Pure."""

import hashlib

from msgspec.structs import replace

from chalicelib.domain.harmless import as_text
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.judgements import Judgements

MOST_TEXT = 128 * 1024
"""Bytes of one text. Compressed and written as base64 it stays below the 400 KB of an item, whatever it holds."""

_TAB = " " * 4


def text_digest(text: str) -> str:
    """Return the name of a text: another text has another. 256 bits, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def as_typed(text: str) -> str:
    """Return a text as a form of the desk keeps it: lines end as on Unix, and a tab is four blanks."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", _TAB)


def unseen_line(text: str) -> int:
    """Return the first line that holds a character which nobody sees, or 0: who reviews a text must see all of it."""
    if as_text(text) == text:
        return 0
    lines = text.split("\n")
    return next((number for number, line in enumerate(lines, 1) if as_text(line) != line), len(lines))


def alike(one: Agency, other: Agency) -> bool:
    """Tell whether settings say the same but for their version and their judgements."""
    return _bare(one) == _bare(other)


def _bare(agency: Agency) -> Agency:
    return replace(agency, version=0, judgements=Judgements())
