"""People's words, made harmless for each place where somebody reads them: there, text is text.

A terminal, a page, a picture, an email and a file all begin here. What is kept is never changed: only what is shown.
"""

import json
import re
import unicodedata

_BLANK = " "
"""Stands where something was that no text has: a command to a terminal, or half a character."""

_UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff"
    "\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Characters that show nothing, hide others, or turn the order of what follows (Unicode UAX 9, UTR 36)."""

_NO_CHARACTERS = "\ufdd0-\ufdef" + "".join(
    chr(plane + last) for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF)
)
_COMMANDS = f"\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff{_NO_CHARACTERS}"
"""Control characters (ESC among them), halves of characters, and what is no character: XML 1.0 refuses them too."""

_JOINS = "\u200c\u200d\ufe00-\ufe0f"
"""They are part of Persian words and of emoji; after a plain letter, and many together, they only hide something."""

_ACCENTS = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
"""No language puts five upon one letter. A hundred of them cover the lines above."""

# Compiled where they are first needed, and kept by `re`: together they take 3 ms, and plain words need none of them.
_LINE = "\r\n|[\r\x85\u2028\u2029]"
_DROPPED = f"[{_UNSEEN}]"
_COMMAND = f"[{_COMMANDS}]"
_JOINED = f"(?<![^\x00-\x7f])[{_JOINS}]+|(?<=[{_JOINS}]{{2}})[{_JOINS}]+"
_PILED = f"([{_ACCENTS}]{{4}})[{_ACCENTS}]+"
_NOT_IN_JSON = f"[{_UNSEEN}\x7f-\x9f\u2028\u2029\ud800-\udfff{_NO_CHARACTERS}]"
_IN_FRONT = f"^[\\s'\"{_UNSEEN}{_JOINS}{_COMMANDS}]+"
_FORMULA = ("=", "+", "-", "@", "\u2212")
_TABS = ("\t", "\r", "\n")
_MARKDOWN = r"[\\`*_\[\]|#~$<>{}]|&(?=[#\w])|:(?=//)|(?<=[Ww])\.|(?<=\S)@(?=\S)"
_LEADS = r"(?m)^(?P<gap>\s*)(?P<mark>[-+=]|\d+(?=[.)]))"


def as_text(words: str) -> str:
    """Return words that do nothing but say something; lines stay lines."""
    if words.isascii() and words.isprintable():
        return words
    told = re.sub(_DROPPED, "", re.sub(_LINE, "\n", words).replace("\t", " "))
    return re.sub(_JOINED, "", re.sub(_PILED, r"\1", re.sub(_COMMAND, _BLANK, told)))


def as_line(words: str) -> str:
    """Return words in one line: nothing in them can look like a line of ours."""
    return " ".join(as_text(words).split())


def as_filled(value: object) -> object:
    """Return what a template is filled with: text made harmless, anything else as it is."""
    return as_text(value) if type(value) is str else value


def as_cell(cell: object) -> str:
    """Return a cell of a file that people open in a spreadsheet; a number stays one."""
    if cell is None:
        return ""
    return str(cell) if isinstance(cell, int | float) else guarded(as_text(str(cell)))


def guarded(words: str) -> str:
    """Return words that no spreadsheet takes for a formula (OWASP, CSV injection), and `as_meant` reads again.

    A spreadsheet may pass over blanks and quotes in front, and takes the wide signs of East Asia for the narrow ones.
    """
    first = unicodedata.normalize("NFKC", re.sub(_IN_FRONT, "", words, count=1)[:1])
    return f"'{words}" if first in _FORMULA or words[:1] in _TABS else words


def as_meant(cell: str) -> str:
    """Return the words that `guarded` wrote into a cell."""
    return cell[1:] if cell[:1] == "'" and guarded(cell[1:]) == cell else cell


def as_markdown(words: str) -> str:
    """Return one line in which nothing is a mark of Markdown's, a link, a formula or a tag."""
    told = re.sub(_MARKDOWN, r"\\\g<0>", as_line(words))
    return re.sub(_LEADS, _led, told)


def as_json(document: str) -> str:
    """Return JSON that says the same, with what is unseen or a command written as its number."""
    return re.sub(_NOT_IN_JSON, _number, document)


def _number(found: re.Match[str]) -> str:
    return json.dumps(found[0])[1:-1]


def _led(found: re.Match[str]) -> str:
    return f"{found['gap']}\\{found['mark']}" if found["mark"] in "-+=" else f"{found['gap']}{found['mark']}\\"
