"""The words of the safety floor: which families a text, or all texts of an incident together, speak of.

The words are read in any order, since dispatch systems turn them round and spread them over fields. Words that are
joined, cut at a field's end, without vowels, or with a lost letter are read too. Each step is a look-up of a piece of
a word in a table: the time grows with the length of a text and with nothing else. A phrase that is dull although a
word in it is not, such as a dead animal, is taken out first.
"""

from collections.abc import Iterator
from functools import cache, lru_cache
from importlib import import_module

from msgspec import Struct

from chalicelib.domain.notifications.spelling import (
    Lexicon,
    joined_parts,
    lexicon,
    separated,
    shortened,
    tokens,
    whole_words,
)
from chalicelib.domain.phrases import found
from chalicelib.domain.phrases import words as listed
from chalicelib.domain.text import plain_words

_SHORTEST_CUT, _SURE_CUT = 4, 5
"""The last word of a text may be cut: so many letters are enough beside other words, and so many alone."""

_LIMITS = frozenset({8, 10, 12, 15, 16, 18, 20, 24, 25, 30, 32, 40, 50, 60, 64, 80, 100})
"""Lengths at which fields of dispatch systems end: there the shorter cut is enough alone too."""

Sets = dict[int, str]
"""The sets of words of which a text has one, by number, with the word that it has."""


class Finding(Struct, frozen=True):
    """What makes a text sensitive: its family, and the words that say so."""

    family: str
    words: str
    sets: frozenset[int]


class Table(Struct, frozen=True, kw_only=True):
    """The floor's words, arranged for look-ups: sets by exact word, by beginning, and by what a cut leaves."""

    exact: dict[str, tuple[int, ...]]
    stems: dict[str, tuple[int, ...]]
    cut: dict[str, tuple[int, ...]]
    at_limit: dict[str, tuple[int, ...]]
    rules: tuple[tuple[str, frozenset[int]], ...]
    of_set: dict[int, tuple[int, ...]]


@cache
def table() -> Table:
    """Arrange the floor's words once, when they are first needed."""
    told: dict[str, str] = import_module("chalicelib.domain.phrases_floor").FLOOR
    numbers: dict[str, int] = {}
    rules = tuple(
        (family, frozenset(numbers.setdefault(words, len(numbers)) for words in rule.split(" + ")))
        for family, lines in told.items()
        for rule in lines.split("\n")
        if rule
    )
    alone = {number for _, rule in rules for number in rule if len(rule) == 1}
    by_kind: dict[str, dict[str, set[int]]] = {"exact": {}, "stems": {}, "cut": {}, "at_limit": {}}
    for words, number in numbers.items():
        for word in words.split():
            for kind, key in _keys(word, alone=number in alone):
                by_kind[kind].setdefault(key, set()).add(number)
    of_set: dict[int, list[int]] = {}
    for place, (_, rule) in enumerate(rules):
        for number in rule:
            of_set.setdefault(number, []).append(place)
    frozen = {kind: {key: tuple(sorted(each)) for key, each in keys.items()} for kind, keys in by_kind.items()}
    return Table(**frozen, rules=rules, of_set={number: tuple(places) for number, places in of_set.items()})


def _keys(word: str, *, alone: bool) -> Iterator[tuple[str, str]]:
    bare = word.rstrip("~")
    yield "exact" if bare == word else "stems", bare
    for end in range(_SHORTEST_CUT, len(bare)):
        yield "cut" if not alone or end >= min(_SURE_CUT, len(bare) - 1) else "at_limit", bare[:end]


def first(*texts: str) -> Finding | None:
    """Return the first family that texts of one field speak of, or None."""
    return next(findings(sets_in(*texts)), None)


def findings(sets: Sets) -> Iterator[Finding]:
    """Yield each family that sets of words make up."""
    told = table()
    for place in sorted({place for number in sets for place in told.of_set.get(number, ())}):
        family, rule = told.rules[place]
        if rule <= sets.keys():
            yield Finding(family, " ".join(dict.fromkeys(sets[number] for number in sorted(rule))), rule)


@lru_cache(maxsize=8192)
def sets_in(*texts: str) -> Sets:
    """Return the sets of which some texts have a word: those of a code, its description and its meaning."""
    sets: Sets = {}
    for text in texts:
        for number, word in _sets_of(text):
            sets.setdefault(number, word)
    return sets


def spoken(text: str) -> tuple[str, ...]:
    """Return the words of a text to people that are sensitive by themselves."""
    told = table()
    by_themselves = {number for _, rule in told.rules if len(rule) == 1 for number in rule}
    return tuple(word for word in plain_words(text).split() if by_themselves.intersection(_known(word)))


def _sets_of(text: str) -> Iterator[tuple[int, str]]:
    for sequence in tokens(text):
        told = list(_read(sequence, len(text) in _LIMITS))
        if told and found("dull").search(sequence):
            told = list(_read(found("dull").sub(" , ", sequence), len(text) in _LIMITS))
        yield from told


def _read(sequence: str, at_limit: bool) -> Iterator[tuple[int, str]]:
    words = sequence.split()
    for word in whole_words(words):
        for number in (*_known(word), *_guessed(word)):
            yield number, word
    for word in separated(words):
        for number in _known(word):
            yield number, word
    last = words[-1] if words else ""
    if last not in _usual() and last not in table().exact:
        for number in (*table().cut.get(last, ()), *(table().at_limit.get(last, ()) if at_limit else ())):
            yield number, last


@lru_cache(maxsize=8192)
def _known(word: str) -> tuple[int, ...]:
    """Return the sets that have a word, as it is or by its beginning."""
    told = table()
    beginnings = (number for end in range(2, len(word) + 1) for number in told.stems.get(word[:end], ()))
    return (*told.exact.get(word, ()), *beginnings)


@lru_cache(maxsize=8192)
def _guessed(word: str) -> tuple[int, ...]:
    """Return the sets of a word that is shortened, or several words joined."""
    told, usual = table(), _lexicon()
    if word in _usual() or word in told.exact:
        return ()
    names = {*shortened(word, usual), *joined_parts(word, usual)}
    return tuple(number for name in names for number in (*told.exact.get(name, ()), *told.stems.get(name, ())))


@cache
def _usual() -> frozenset[str]:
    """Return words that are whole, although they begin as one of the floor's does."""
    return listed("joined") | listed("whole")


@cache
def _lexicon() -> Lexicon:
    told = table()
    return lexicon({**dict.fromkeys(told.exact, False), **dict.fromkeys(told.stems, True)}, listed("joined"))
