"""Fifty texts that somebody may write, each of which does something where it is taken for more than text.

The rules below are from the standards that are named, not from the code that is tried.
"""

import re
import unicodedata

MARKUP = ["[/bold]", "[/x]", "[phone]", "[red]blood[/red]", "[link=http://evil.example]x[/link]", "[", "[[", "\\[x]"]
TERMINAL = [
    "\x1b[2J\x1b[H gone",
    "\x1b[31mred\x1b[0m",
    "\x1b]0;title\x07",
    "\x1b]8;;http://evil.example\x1b\\click\x1b]8;;\x1b\\",
    "\x1b]52;c;cm0gLXJm\x07",
    "\x1bP+q544e\x1b\\",
    "\x9b31m",
    "\x9d0;x\x9c",
    "back\x08\x08\x08\x08space",
    "over\rwritten",
    "bell\x07",
    "\x00null\x00",
    "\x7f\x0e\x0f",
]
TURNED = ["\u202eevil\u202c", "\u2066a\u2067b\u2069", "\u200fright", "\u061cx", "user\u202egpj.exe"]
UNSEEN = [
    "z\u200be\u200br\u200bo",
    "\ufeffmark",
    "\u2060\u2063\u00adsoft",
    "\U000e0041\U000e0042tag",
    "\u3164\uffa0",
    "a\u200d\ufe0f\u200db",
]
LINES = ["one\ntwo", "one\r\ntwo", "para\u2028graph", "next\x85line", "\x0b\x0ctab\t", "P26-1\nPHONE\n303-555-0100"]
FORMULAS = [
    "=1+1",
    "\n=1+1",
    "\uff1d1+1",
    "+1",
    "-1+cmd|' /C calc'!A0",
    "@SUM(A1)",
    "\t=1",
    " \u200b=1",
    '"=1',
    "\uff0b1",
    "\x00=1",
]
MATHS = ["A$B_$C", "$\\frac{1}{0$", "\\(x\\) \\[y\\]", "#let x = 1", "*star* _under_ `code`", "a | b", "~~gone~~"]
HTML = [
    "<script>alert(1)</script>",
    "</td><td>",
    '"><img src=x onerror=alert(1)>',
    "&lt;b&gt;",
    "{{ 7*7 }}",
    "{% raw %}",
    "javascript:alert(1)",
]
LINKS = [
    "http://evil.example",
    "www.evil.example",
    "![x](http://evil.example)",
    "# heading",
    "1. first",
    "> quoted",
    "- item",
]
BROKEN = [
    "\ud800",
    "half \udfff",
    "\ufffe\uffff",
    "Z\u0351\u0364\u036b" * 3 + "\u0351" * 60,
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "A" * 400,
]

HORRORS = [*MARKUP, *TERMINAL, *TURNED, *UNSEEN, *LINES, *FORMULAS, *MATHS, *HTML, *LINKS, *BROKEN]
SOUND = [horror for horror in HORRORS if not any("\ud800" <= letter <= "\udfff" for letter in horror)]
"""Those that UTF-8 can write: a store keeps no other."""

ALL = " ".join(f"x{horror}y" for horror in SOUND)

_TURNS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
"""Bidirectional controls by their class in Unicode UAX 9; the marks are these:"""

_MARKS = {"\u200e", "\u200f", "\u061c"}
_KEPT = {"\u200d", "\u200c"}
"""Joiners belong to words of some languages, and to emoji."""


def acts(text: str) -> list[str]:
    """Return what in a text is no text: controls but the line's end, turns, what is unseen, halves, no characters."""
    found = []
    for letter in text:
        kind = unicodedata.category(letter)
        no_character = (ord(letter) & 0xFFFE) == 0xFFFE or 0xFDD0 <= ord(letter) <= 0xFDEF
        unseen = kind == "Cf" and letter not in _KEPT
        turns = unicodedata.bidirectional(letter) in _TURNS or letter in _MARKS
        if (kind == "Cc" and letter != "\n") or kind == "Cs" or kind in {"Zl", "Zp"} or no_character or unseen or turns:
            found.append(f"U+{ord(letter):04X}")
    return sorted(set(found))


def squeezed(text: str) -> str:
    """Return a text without blanks and borders, as a table may break it anywhere."""
    return re.sub(r"[\s│┃║|]+", "", text)


def is_formula(cell: str) -> bool:
    """Tell whether a spreadsheet may work a cell out (OWASP, CSV injection), in wide letters too."""
    seen = "".join(letter for letter in cell if unicodedata.category(letter) not in {"Cc", "Cf"}).lstrip(
        ' \u3000"\ufffd'
    )
    return unicodedata.normalize("NFKC", seen[:1]) in {"=", "+", "-", "@"} or cell[:1] in {"\t", "\r", "\n"}
