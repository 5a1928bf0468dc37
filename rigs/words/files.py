"""The files of phrases: one folder a language, each with tables named by meaning."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from rigs.words.meanings import FAMILIES, MARKS, MEANINGS, WORDS
from rigs.words.notation import Lists, NotReadable, read, read_lists
from rigs.words.say import source, spelled_out

MOST = 64
"""So many phrases an entry may spell out to be known at once."""

_IN_REGEX = re.compile(r"\{([a-z_]+)\}")


class WrongFile(Exception):
    """A file of phrases that can't be used, and why."""


class Entry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Phrases of one meaning, with texts that must be read so, and texts that must not.

    A `regex` stands for what the notation can't say, and `why` says what that is.
    """

    say: str | tuple[str, ...] = ()
    regex: str = ""
    why: str = ""
    family: str = ""
    source: str = ""
    examples: tuple[str, ...] = ()
    counter_examples: tuple[str, ...] = ()

    @property
    def phrases(self) -> tuple[str, ...]:
        """Return what is said, phrase by phrase."""
        return (self.say,) if isinstance(self.say, str) else self.say


class Placed(Struct, frozen=True):
    """An entry, its meaning, and the file that it is from."""

    meaning: str
    entry: Entry
    file: Path


class Book(Struct, frozen=True):
    """All that is said in one language; its `name` in English, and `names` by which systems call it."""

    language: str
    lists: Lists
    placed: tuple[Placed, ...]
    words: Mapping[str, tuple[str, ...]]
    name: str = ""
    names: tuple[str, ...] = ()


def books(folder: Path) -> tuple[Book, ...]:
    """Read every language of a folder; WrongFile says what is wrong with one."""
    return tuple(_book(path) for path in sorted(folder.iterdir()) if path.is_dir())


def sources(book: Book, placed: Placed) -> tuple[str, ...]:
    """Return the regular expressions of an entry."""
    if placed.entry.regex:
        return (_IN_REGEX.sub(lambda match: f"(?:{source(book.lists[match[1]])})", placed.entry.regex),)
    return tuple(source(read(phrase, book.lists)) for phrase in placed.entry.phrases)


def exact(book: Book, placed: Placed) -> Iterator[str]:
    """Yield what an entry says word by word, as far as its phrases end."""
    for phrase in placed.entry.phrases:
        yield from spelled_out(read(phrase, book.lists), MOST)


def _book(folder: Path) -> Book:
    told = {path: _toml(path) for path in sorted(folder.glob("*.toml"))}
    lists: dict[str, str] = {}
    words: dict[str, tuple[str, ...]] = {}
    for path, tables in told.items():
        for name, phrase in tables.pop("lists", {}).items():
            if name in lists:
                raise WrongFile(f"{path}: the language has a list {name} already")
            lists[name] = phrase
        for name, text in tables.pop("words", {}).items():
            _known(path, name, WORDS)
            words[name] = tuple(text.split())
    name = next(filter(None, [tables.pop("name", "") for tables in told.values()]), folder.name)
    names = tuple(each for tables in told.values() for each in tables.pop("names", ()))
    placed = tuple(each for path, tables in told.items() for each in _placed(path, tables))
    return _checked(Book(folder.name, _lists(folder, lists), placed, words, name, names))


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as problem:
        raise WrongFile(f"{path}: {problem}") from problem


def _known(path: Path, name: str, names: frozenset[str]) -> None:
    if name not in names:
        raise WrongFile(f"{path}: there is no {name}; there are {', '.join(sorted(names))}")


def _lists(folder: Path, written: Mapping[str, str]) -> Lists:
    try:
        return read_lists(written)
    except NotReadable as problem:
        raise WrongFile(f"{folder}: {problem}") from problem


def _placed(path: Path, tables: dict[str, Any]) -> Iterator[Placed]:
    for meaning, entries in tables.items():
        _known(path, meaning, MEANINGS)
        try:
            told = msgspec.convert(entries, tuple[Entry, ...])
        except msgspec.ValidationError as problem:
            raise WrongFile(f"{path}: {meaning}: {problem}") from problem
        yield from (Placed(meaning, entry, path) for entry in told)


def _checked(book: Book) -> Book:
    for placed in book.placed:
        problem = _problem(book, placed)
        if problem:
            raise WrongFile(f"{placed.file}: {placed.meaning}: {problem}")
    return book


def _problem(book: Book, placed: Placed) -> str:
    """Return what is wrong with an entry, or nothing."""
    entry = placed.entry
    if bool(entry.phrases) is bool(entry.regex):
        return "has either phrases to say or a regex"
    if entry.regex and not entry.why:
        return f"does not say why {entry.regex} is a regex"
    if bool(entry.family) is not (placed.meaning in FAMILIES):
        return "has a family if it is sensitive or guarded, and only then"
    try:
        sources(book, placed)
        endless = placed.meaning in MARKS and [p for p in entry.phrases if not spelled_out(read(p, book.lists), MOST)]
    except (NotReadable, KeyError) as problem:
        return str(problem)
    return f"{endless[0]} can't be spelled out" if endless else ""
