"""The safety floor's words as sets: what an entry of `sensitive` says, in any order and in any field.

Each word of a phrase becomes a set of words that may stand for it. `~` at a word's end stays: it is any ending.
"""

from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path

from rigs.words.files import Book, Placed, WrongFile
from rigs.words.notation import read
from rigs.words.say import Choice, Item, Letters

WordSet = tuple[str, ...]
Rule = tuple[WordSet, ...]
"""A rule needs a word of each of its sets."""

_UNSAID = {r"\d*": ""}
"""Digits before or after a word are passed over when a text is read."""


def rules(book: Book, placed: Placed) -> tuple[Rule, ...]:
    """Return the rules of one entry; WrongFile names a phrase that is more than words."""
    if placed.entry.regex:
        raise WrongFile(f"{placed.file}: sensitive: {placed.entry.regex}: say words, they are read in any order")
    found: dict[Rule, None] = {}
    singles: dict[str, None] = {}
    for phrase in placed.entry.phrases:
        try:
            told = list(_rules(read(phrase, book.lists)))
        except ValueError as problem:
            raise WrongFile(f"{placed.file}: sensitive: {phrase}: {problem}") from problem
        for rule in told:
            if len(rule) == 1:
                singles.update(dict.fromkeys(rule[0]))
            else:
                found[rule] = None
    return (*([(tuple(singles),)] if singles else []), *found)


def _rules(choice: Choice) -> Iterator[Rule]:
    for way in choice.ways:
        needed = [_said(item) for item in way if item.least]
        for spoken in product(*map(_alternatives, needed)):
            yield tuple(words for several in spoken for words in several)


def _alternatives(spellings: tuple[str, ...]) -> Iterator[Rule]:
    """Yield the single words of an item as one set, and each of its phrases alone."""
    single = tuple(each for each in spellings if " " not in each)
    if single:
        yield (single,)
    yield from (tuple((word,) for word in each.split()) for each in spellings if " " in each)


def _said(item: Item) -> tuple[str, ...]:
    parts = [_spellings(part) for part in item.parts]
    return tuple(dict.fromkeys(" ".join("".join(each).split()) for each in product(*parts)))


def _spellings(part: Letters | Choice) -> tuple[str, ...]:
    if isinstance(part, Choice):
        return tuple(text for way in part.ways for text in _way(way))
    if part.source == r"\w*":
        return ("~",)
    if part.source in _UNSAID:
        return (_UNSAID[part.source],)
    if not part.spelled:
        raise ValueError(f"{part.source} can't be spelled out")
    return part.spelled


def _way(items: Sequence[Item]) -> Iterator[str]:
    options = [(*_said(item), *(() if item.least else ("",))) for item in items]
    for each in product(*options):
        yield " ".join(" ".join(each).split())


def families(books: Sequence[Book]) -> dict[str, list[Rule]]:
    """Return the rules of each family, in all languages together."""
    found: dict[str, list[Rule]] = {}
    for book in books:
        for placed in book.placed:
            if placed.meaning == "sensitive":
                found.setdefault(placed.entry.family, []).extend(rules(book, placed))
    return found


def singles(book: Book) -> dict[str, Path]:
    """Return the words that are sensitive by themselves as they are, and the file that says so."""
    said = (
        (rule[0], placed)
        for placed in book.placed
        if placed.meaning == "sensitive"
        for rule in rules(book, placed)
        if len(rule) == 1
    )
    return {word: placed.file for words, placed in said for word in words}


def module(books: Sequence[Book]) -> str:
    """Return the source of the module of the floor's words, after its first lines."""
    lines = ["FLOOR = {"]
    for family, told in families(books).items():
        lines += [f'    "{family}": """', *(" + ".join(map(" ".join, rule)) for rule in told), '""",']
    return "\n".join(
        [*lines, "}", '"""For each family its rules, one a line: a word of each of the sets that `+` joins."""', ""]
    )
