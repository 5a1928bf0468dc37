"""Words as dispatch systems write them: joined, without vowels, with digits, with a lost letter. All in linear time."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import pairwise, product

from msgspec import Struct

from chalicelib.domain.repair import repaired
from chalicelib.domain.text import plain_words

_CAMEL = re.compile("(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_LOST = re.compile("[?\ufffd]+")
_DAMAGED = re.compile("[A-Za-z?\ufffd]*[?\ufffd][A-Za-z?\ufffd]*")
_MAY_BE = ("a", "e", "i", "o", "u", "n", "")
"""The Spanish letters that have an accent, and none."""

_MOST_LOST = 2
_VOWELS = frozenset("aeiou")
_LETTERS = re.compile("[a-z]{2,}|[0-9]{2,}")
_SHORT = 5
"""Two words of so many letters at most may be one that was separated: MIS-PER, D/V."""

_ENDINGS = ("x", "xx", "p", "r", "rp", "ip", "jo", "v", "nv", "c", "j", "d", "w")
"""Ends of codes: in progress, report, just occurred, violent, cold, with a weapon."""

_SHORTEST = 3
"""A word with such an end has so many letters at least, and a skeleton one more."""

_SKELETON = 4
_ENOUGH_ALONE, _ENOUGH_ON_ONE_SIDE = 6, 5
"""A word of so many letters is found inside any other, or beside a known one; a shorter one needs one on each side."""

_NEAR = {5: 2, 4: 2, 3: 3, 2: 3}
"""So long is a word at least that makes one of some length beside it stand alone."""


def tokens(text: str) -> Iterator[str]:
    """Yield the plain words of a text, those between its capitals, and those that a damaged word may have been."""
    plain = plain_words(text)
    yield plain
    told = repaired(text)
    parted = plain_words(_CAMEL.sub(" ", told))
    if parted != plain:
        yield parted
    if "?" in told or "\ufffd" in told:
        for word in _DAMAGED.findall(told):
            yield from _undamaged(word)


def _undamaged(word: str) -> Iterator[str]:
    parts = _LOST.split(word)
    if len(parts) <= _MOST_LOST + 1:
        for letters in product(_MAY_BE, repeat=len(parts) - 1):
            yield plain_words(parts[0] + "".join(map("".join, zip(letters, parts[1:], strict=True))))


def whole_words(words: list[str]) -> Iterator[str]:
    """Yield each word, and its letters and its digits alone."""
    for word in words:
        yield word
        if not word.isalpha():
            yield from _LETTERS.findall(word)


def separated(words: list[str]) -> Iterator[str]:
    """Yield words that may have been separated: single letters in a row, and two short words."""
    yield from ("".join(run.split()) for run in re.findall(r"(?:\b\w )+\w\b", " ".join(words)))
    for one, two in pairwise(words):
        if len(one) <= _SHORT and len(two) <= _SHORT:
            yield one + two


class Lexicon(Struct, frozen=True):
    """Words to look for inside others: the floor's, whether each may have any ending, and usual ones beside them."""

    words: Mapping[str, bool]
    beside: frozenset[str]
    lengths: tuple[int, ...]
    skeletons: Mapping[str, tuple[str, ...]]


def lexicon(words: Mapping[str, bool], beside: Iterable[str]) -> Lexicon:
    """Arrange words for look-ups."""
    skeletons: dict[str, list[str]] = {}
    for word in words:
        bones = skeleton(word)
        if len(bones) >= _SKELETON:
            skeletons.setdefault(bones[:_SKELETON], []).append(word)
    usual = frozenset(beside)
    lengths = sorted({len(word) for word in (*words, *usual)} - {1})
    return Lexicon(words, usual, tuple(lengths), {key: tuple(each) for key, each in skeletons.items()})


@lru_cache(maxsize=8192)
def skeleton(word: str) -> str:
    """Return a word's first letter and its other consonants, each once in a row."""
    told = word[:1]
    for letter in word[1:]:
        if letter not in _VOWELS and letter != told[-1]:
            told += letter
    return told


def shortened(word: str, known: Lexicon) -> Iterator[str]:
    """Yield the words of which a word may be short: one without vowels, or a code with a usual end."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST and word[: -len(ending)] in known.words:
            yield word[: -len(ending)]
    inside = sum(letter in _VOWELS for letter in word[1:])
    if inside > 1 or len(skeleton(word)) < _SKELETON + inside:
        return
    for full in known.skeletons.get(skeleton(word)[:_SKELETON], ()):
        if _is_short_for(word, full, known.words[full]):
            yield full


def _is_short_for(word: str, full: str, any_ending: bool) -> bool:
    """Tell whether a word is another without some of its vowels and doubled letters."""
    place = dropped = 0
    for position, letter in enumerate(word):
        while place < len(full) and full[place] != letter and _may_drop(full, place):
            place, dropped = place + 1, dropped + 1
        if place == len(full):
            return any_ending and bool(dropped)
        if full[place] == letter:
            place += 1
        elif not position or letter != word[position - 1]:
            return False
    return bool(dropped) and len(skeleton(full[place:])) <= _MOST_LOST


def _may_drop(full: str, place: int) -> bool:
    return place > 0 and (full[place] in _VOWELS or full[place] == full[place - 1])


def joined_parts(word: str, known: Lexicon) -> Iterator[str]:
    """Yield the words of the floor inside a word that is several, joined: `familyfight`, `manwithgun`."""
    spans = [
        (start, start + length, word[start : start + length])
        for length in known.lengths
        for start in range(len(word) - length + 1)
        if word[start : start + length] in known.words or word[start : start + length] in known.beside
    ]
    near = {least: _neighbours(spans, len(word), least) for least in _NEAR.values()}
    for start, end, part in spans:
        if part in known.words and _stands_alone(part, start, end, near):
            yield part


def _neighbours(spans: list[tuple[int, int, str]], length: int, least: int) -> tuple[set[int], set[int]]:
    """Return where known words of at least some length begin, and where they end; the word's own ends count."""
    near = [(start, end) for start, end, part in spans if len(part) >= least]
    return {start for start, _ in near} | {length}, {end for _, end in near} | {0}


def _stands_alone(part: str, start: int, end: int, near: Mapping[int, tuple[set[int], set[int]]]) -> bool:
    """Tell whether a part is a word of its own: it is long, or what it touches is known."""
    if len(part) >= _ENOUGH_ALONE:
        return True
    bare = len(part) == _SKELETON and not _VOWELS.intersection(part[1:])
    starts, ends = near[_NEAR[_SHORTEST if bare else len(part)]]
    if bare or len(part) == _ENOUGH_ON_ONE_SIDE:
        return end in starts or 0 < start in ends
    return start in ends and end in starts
