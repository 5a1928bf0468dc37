"""Say in plain words why a file is not TOML: the line, the mistake, and a hint."""

import re
from pathlib import Path as File
from tomllib import TOMLDecodeError

from chalicelib.insight.settings.finding import Found

_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")

_MEANT = (
    (r"[“”„]", "the quotes are curly, as word processors make them", 'write straight quotes: "'),
    (r"=\s*(True|False|TRUE|FALSE|Yes|No|yes|no)\b", "not a value of TOML", "write true or false, in small letters"),
    (r"=\s*\d{1,2}:\d\d\s*([,}#]|$)", "an hour without seconds", "write 08:00:00"),
    (r"=\s*\d+[smhd]\b", "a duration without quotes", 'write it in quotes: "30m"'),
    (r"=\s*0\d+\s*$", "a number can't begin with 0", "leave the 0 out, or write the number in quotes"),
    (r"^\s*[^=#]*=\s*(#|$)", "a name without a value", 'write name = "value", or take the line out'),
    (r'=\s*"[^"]*\\', "a single backslash", r"write it twice: \\"),
    (r'=\s*"[^"]*$', "a text that does not end", 'write " at the end of the text'),
    (r"=\s*'[^']*$", "a text that does not end", "write ' at the end of the text"),
    (r"=\s*[A-Za-z]", "a text without quotes", 'write it in quotes: "live"'),
    (r"=\s*\{.*,\s*\}", "a comma before the closing }", "take the comma out"),
)
"""Common mistakes: a pattern that finds the line, the message, and the hint."""

_SAID = (
    ("Cannot overwrite a value", "the same name stands twice", "keep one of the two"),
    ("Cannot declare", "the same [table] stands twice", "put both parts under one heading"),
    ("Unclosed array", "a list that does not end, or a comma that is missing before this line", "look for [ without ]"),
    ("Expected ']", "a heading that does not end", "write [name] for a table, [[name]] for an entry of a list"),
    ("Expected newline", "more than one thing on a line", "put each setting on a line of its own"),
    ("Expected '='", "a name without a value", 'write name = "value"; names have no blanks, or are in quotes'),
    ("Invalid statement", "not a setting", 'write name = "value", [table], or # before a comment'),
    ("Unterminated string", "a text that does not end", 'look for """ that is opened and not closed'),
)
"""The beginnings of what `tomllib` says, in our words."""


def not_toml(file: File, text: str, problem: TOMLDecodeError | RecursionError) -> Found:
    """Return what is wrong with a text that is not TOML."""
    written = text.rstrip().splitlines() or [""]
    place = _PLACE.search(str(problem))
    line = min(int(place[1]) if place and place[1] else len(written), len(written))
    message, hint = _explain(str(problem), written[line - 1])
    return Found(file=file, line=line, field="", severity="error", message=f"not TOML: {message}", hint=hint)


def not_text(file: File, content: bytes, problem: UnicodeDecodeError) -> Found:
    """Return what is wrong with a file that is not UTF-8."""
    return Found(
        file=file,
        line=content.count(b"\n", 0, problem.start) + 1,
        field="",
        severity="error",
        message="not TOML: a character that is not UTF-8",
        hint="save the file as UTF-8",
    )


def _explain(said: str, line: str) -> tuple[str, str]:
    """Return what `tomllib` said in plain words, and a hint; its own words where we have no better ones."""
    doubled = said.startswith("Cannot")
    for looks, message, hint in () if doubled else _MEANT:
        if re.search(looks, line):
            return message, hint
    for begins, message, hint in _SAID:
        if said.startswith(begins):
            return message, hint
    plain = _PLACE.sub("", said)
    return plain[:1].lower() + plain[1:], "docs/agency/settings.md shows how settings are written"
