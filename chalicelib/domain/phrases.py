"""Phrases that people say, by meaning, as patterns over plain words: lower case, no accents, one space between.

The modules `phrases_LANGUAGE` and `phrases_table` are built from chalicelib/words/phrases by `make words`. A
pattern is compiled when it is first used: all of them take 100 ms, which no function pays at its start.
"""

import re
from collections.abc import Iterable
from functools import cache
from importlib import import_module
from types import ModuleType

from chalicelib.domain.phrases_table import LANGUAGES

USUAL = ("en", "es")
"""People here write these two, whatever language they were asked in."""

_NEVER = "(?!)"


def read_in(language: str | None) -> tuple[str, ...]:
    """Return the languages in which a text is read if its writer was asked in one, or nobody knows in which."""
    return USUAL if language in (*USUAL, None) or language not in LANGUAGES else (*USUAL, language)


def source(meaning: str, languages: Iterable[str] = LANGUAGES) -> str:
    """Return a regular expression for all that has a meaning in some languages."""
    told = (each for language in languages for each in _book(language).PATTERNS.get(meaning, ()))
    return "|".join(told) or _NEVER


@cache
def whole(meaning: str, languages: tuple[str, ...] = LANGUAGES) -> re.Pattern[str]:
    """Return a pattern for a whole text of some meaning."""
    return re.compile(source(meaning, languages))


@cache
def found(meaning: str, languages: tuple[str, ...] = LANGUAGES) -> re.Pattern[str]:
    """Return a pattern that finds a meaning as whole words in a text."""
    return re.compile(as_words(source(meaning, languages)))


def as_words(pattern: str) -> str:
    """Return a regular expression that matches another only where words begin and end."""
    return rf"\b(?:{pattern})(?!\w)"


@cache
def families(meaning: str) -> dict[str, str]:
    """Return a regular expression for each family of a meaning, in every language."""
    keys = (key for language in LANGUAGES for key in _book(language).PATTERNS if key.startswith(f"{meaning}: "))
    return {key.partition(": ")[2]: source(key) for key in dict.fromkeys(keys)}


@cache
def words(name: str, languages: tuple[str, ...] = USUAL) -> frozenset[str]:
    """Return single words that some languages have under a name."""
    return frozenset(word for language in languages for word in _book(language).WORDS.get(name, "").split())


@cache
def numbers(languages: tuple[str, ...] = USUAL) -> dict[str, int]:
    """Return the words for the numbers of the scale."""
    return {word: number for language in languages for word, number in _book(language).NUMBERS.items()}


@cache
def marks(languages: tuple[str, ...] = USUAL) -> dict[str, int]:
    """Return the phrases that stand for a mark when they are all that a reply or its first clause says."""
    return {phrase: mark for language in languages for phrase, mark in _book(language).MARKS.items()}


def _book(language: str) -> ModuleType:
    """Return the module of a language; only those that somebody asks for are loaded."""
    return import_module(f"chalicelib.domain.phrases_{language}")
