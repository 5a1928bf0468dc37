"""Where something stands in a settings file: `tomllib` reads values, but forgets where they were.

The text is known to be TOML; this reads no values, only where each key and each entry of a list begins.
"""

import re
import tomllib
from collections.abc import Mapping

from msgspec import Struct

Path = tuple[str | int, ...]
"""Where a value is in what `tomllib` read: `("incident_types", 2, "codes", 0)`."""

_BLANK = re.compile(r"[ \t]*")
_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_STRING = re.compile(
    r'"""(?s:\\.|[^\\])*?"{3,5}'  # two quotes more than the end may belong to the text
    r"|'''(?s:.)*?'{3,5}"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
)
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BARE_VALUE = re.compile(r"[^,\]}#\n]+")
_DOT = re.compile(r"[ \t]*\.[ \t]*")


class Span(Struct, frozen=True):
    """From where to where a value is written; `start` is where its key begins. Places are counted in characters."""

    start: int
    value: int
    end: int


class Written(Struct, frozen=True):
    """Where each value of a text is written, and where the line of each heading ends, the text's own beginning first.

    `inside` are the values in brackets or braces, whose line they share with others.
    """

    spans: Mapping[Path, Span]
    heads: Mapping[Path, Span]
    inside: frozenset[Path]


def lines(text: str) -> Mapping[Path, int]:
    """Return the line, from 1, on which each table, key and entry begins."""
    return _Reader(text).read()


def spans(text: str) -> Written:
    """Return from where to where each value and heading is written, in a text whose lines end as on Unix."""
    reader = _Reader(text)
    reader.read()
    return Written(reader.spans, reader.heads, frozenset(reader.inside))


def nearest(known: Mapping[Path, int], path: Path) -> int:
    """Return the line of a path, or of the nearest table around it that the file has; the file itself is line 1."""
    while path and path not in known:
        path = path[:-1]
    return known.get(path, 1)


class _Reader:
    """Goes through the text once, noting where things begin."""

    def __init__(self, text: str) -> None:
        self._text = text.replace("\r\n", "\n")
        self._at = 0
        self._line = 1
        self._counted_to = 0
        self._lines: dict[Path, int] = {}
        self._entries: dict[Path, int] = {}
        self._depth = 0
        self.spans: dict[Path, Span] = {}
        self.heads: dict[Path, Span] = {(): Span(0, 0, 0)}
        self.inside: set[Path] = set()

    def read(self) -> Mapping[Path, int]:
        table: Path = ()
        self._skip(_SPACE)
        while self._at < len(self._text):
            if self._text[self._at] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._skip(_SPACE)
        return self._lines

    def _header(self) -> Path:
        """Read `[a.b]` or `[[a.b]]` and return the table that the pairs after it belong to."""
        line, start = self._here(), self._at
        listed = self._text.startswith("[[", self._at)
        self._at += 2 if listed else 1
        keys = self._keys()
        self._at = self._text.index("]", self._at) + (2 if listed else 1)
        path: Path = ()
        for key in keys[:-1]:
            path = self._last_entry((*path, key))
            self._lines.setdefault(path, line)
        path = (*path, keys[-1])
        if not listed:
            self._lines[path] = line
            self.heads[path] = Span(start, start, self._at)
            return path
        self._lines.setdefault(path, line)
        self._entries[path] = self._entries.get(path, -1) + 1
        entry = (*path, self._entries[path])
        self._lines[entry] = line
        self.heads[entry] = Span(start, start, self._at)
        return entry

    def _last_entry(self, path: Path) -> Path:
        return (*path, self._entries[path]) if path in self._entries else path

    def _pair(self, table: Path) -> None:
        """Read `key = value`; the value's own keys and entries are noted too."""
        line, start = self._here(), self._at
        path = table
        for key in self._keys():
            path = (*path, key)
            self._lines.setdefault(path, line)
        self._at = self._text.index("=", self._at) + 1
        self._value(path, start)

    def _keys(self) -> list[str]:
        """Read a key and its dotted parts."""
        found = []
        while True:
            self._skip(_BLANK)
            found.append(_plain(self._skip(_STRING) or self._skip(_BARE_KEY)))
            if not self._skip(_DOT):
                return found

    def _value(self, path: Path, start: int) -> None:
        self._skip(_SPACE)
        begins = self._at
        if self._depth:
            self.inside.add(path)
        self._depth += 1
        self._read_value(path)
        self._depth -= 1
        written = self._text[begins : self._at].rstrip()
        self.spans[path] = Span(start, begins, begins + len(written))

    def _read_value(self, path: Path) -> None:
        opening = self._text[self._at]
        if opening == "[":
            self._list(path)
        elif opening == "{":
            self._inline_table(path)
        elif not self._skip(_STRING):
            self._skip(_BARE_VALUE)

    def _list(self, path: Path) -> None:
        place = 0
        self._at += 1
        while not self._closed("]"):
            self._lines[*path, place] = self._here()
            self._value((*path, place), self._at)
            place += 1

    def _inline_table(self, path: Path) -> None:
        self._at += 1
        while not self._closed("}"):
            self._pair(path)

    def _closed(self, bracket: str) -> bool:
        """Step over a comma, or over the bracket that ends a list or table; tell whether it was the bracket."""
        self._skip(_SPACE)
        if self._text[self._at] == ",":
            self._at += 1
            self._skip(_SPACE)
        ended = self._text[self._at] == bracket
        self._at += ended
        return ended

    def _skip(self, what: re.Pattern[str]) -> str:
        """Step over what matches here and return it."""
        match = what.match(self._text, self._at)
        if match is None:
            return ""
        self._at = match.end()
        return match[0]

    def _here(self) -> int:
        """Return the line of the place that has been reached; each part of the text is counted once."""
        self._line += self._text.count("\n", self._counted_to, self._at)
        self._counted_to = self._at
        return self._line


def _plain(key: str) -> str:
    """Return a key without its quotes."""
    return str(tomllib.loads(f"key = {key}")["key"]) if key[0] in "\"'" else key
