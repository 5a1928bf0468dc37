"""The words by which names in comments are found: Faker's names of many countries, and a spelling checker's words.

A word counts as ordinary if people use it often. One that is a name too, such as `brown`, must be very usual.
"""

import importlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from chalicelib import words
from chalicelib.domain.surveys.name_words import Lexicon, folded

_COUNTRIES = (
    "en_US", "en_GB", "es_MX", "es_ES", "es_CO", "en_IN", "en_PK", "vi_VN", "pt_BR", "fr_FR", "de_DE", "it_IT",
)  # fmt: skip
_LANGUAGES = ("en", "es")
_USED, _MORE_WORD_THAN_NAME = 200, 100_000
"""Times that a word is in the dictionaries' sources."""


@cache
def lexicon() -> Lexicon:
    """Return the names and the ordinary words; it takes two seconds, so only what reads comments asks for it."""
    from spellchecker import SpellChecker

    names, ordinary = frozenset(_names()), set[str]()
    ordinary |= frozenset(_ours()) - names
    for language in _LANGUAGES:
        for word, times in SpellChecker(language=language).word_frequency.items():
            known = folded(word)
            if times >= (_MORE_WORD_THAN_NAME if known in names else _USED):
                ordinary.add(known)
    return Lexicon(names, frozenset(ordinary))


def _ours() -> Iterator[str]:
    """Yield the words of our own texts and phrases: the Spanish dictionary lacks many forms of verbs."""
    for path in Path(words.__file__).parent.rglob("*.toml"):
        yield from map(folded, re.findall(r"[^\W\d_]+", path.read_text(encoding="utf-8")))


def _names() -> Iterator[str]:
    for country in _COUNTRIES:
        people = importlib.import_module(f"faker.providers.person.{country}").Provider
        for name in (*people.first_names, *people.last_names):
            yield from (folded(part) for part in (*name.split(), *re.findall(r"[^\W\d_]+", name)))
