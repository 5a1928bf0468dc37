"""The notation of phrases: plain words, what may stand for another, and what may be left out.

    (a|b)      one of these               texts?     the letter before may be missing
    [a|b]      may be left out            noo+       the letter before may be repeated
    (a|b)+     once or more               opt-out    together or apart
    [a|b]*     any number of times        threat~    any ending of a word
    {list}     a list of the language     #dv        any digits, or none
    {0..4}     so many words of any kind  _          any one word

Spaces are set as a reader would: `no [more] texts` is "no texts" and "no more texts".
"""

import re
from collections.abc import Iterator, Mapping

from rigs.words.say import Choice, Item, Letters, inside

_TOKEN = re.compile(r"\{(\d)\.\.(\d)\}|\{([a-z_]+)\}|([a-z0-9])|([\[\](|)?*+ ~#_-])")


class NotReadable(ValueError):
    """A phrase that is not in the notation."""


Lists = Mapping[str, Choice]


class _Reader:
    """Reads one phrase from left to right."""

    def __init__(self, phrase: str, lists: Lists) -> None:
        self._phrase, self._lists = phrase, lists
        self._tokens = list(_tokens(phrase))
        self._place = 0

    def whole(self) -> Choice:
        choice = self._choice()
        if self._place < len(self._tokens):
            raise NotReadable(f"{self._phrase}: nothing opens the {self._next()}")
        return choice

    def _next(self) -> str:
        return self._tokens[self._place][0] if self._place < len(self._tokens) else ""

    def _take(self) -> re.Match[str]:
        self._place += 1
        return self._tokens[self._place - 1]

    def _choice(self) -> Choice:
        ways = [self._way()]
        while self._next() == "|":
            self._take()
            ways.append(self._way())
        return Choice(tuple(ways))

    def _way(self) -> tuple[Item, ...]:
        items = []
        while self._next() not in ("", "|", ")", "]"):
            if self._next() == " ":
                self._take()
            else:
                items.append(self._item())
        if not items:
            raise NotReadable(f"{self._phrase}: nothing is said between two marks")
        return tuple(items)

    def _item(self) -> Item:
        parts: list[Item] = []
        while self._next() not in ("", "|", ")", "]", " "):
            parts.append(self._part())
        if len(parts) == 1:
            return parts[0]
        return Item(tuple(part for one in parts for part in inside(one)))

    def _part(self) -> Item:
        token = self._take()
        if token[1]:
            return Item((Letters(r"\w+"),), int(token[1]), int(token[2]))
        if token[3]:
            return _listed(self._list(token[3]))
        if token[0] in ("(", "["):
            return self._group(token[0])
        if token[4]:
            return Item((self._letter(token[4]),))
        if token[0] in _SIGNS:
            return Item((_SIGNS[token[0]],))
        raise NotReadable(f"{self._phrase}: {token[0]} is out of place")

    def _letter(self, letter: str) -> Letters:
        if self._next() not in ("?", "+"):
            return Letters(letter, (letter,))
        sign = self._take()[0]
        return Letters(letter + sign, (letter, "") if sign == "?" else ())

    def _group(self, opening: str) -> Item:
        inner = self._choice()
        closing = {"(": ")", "[": "]"}[opening]
        if self._next() != closing:
            raise NotReadable(f"{self._phrase}: {opening} has no {closing}")
        self._take()
        least = 1 if opening == "(" else 0
        again = {"(": "+", "[": "*"}[opening]
        if self._next() != again:
            return Item((inner,), least)
        self._take()
        return Item((inner,), least, None)

    def _list(self, name: str) -> Choice:
        if name not in self._lists:
            raise NotReadable(f"{self._phrase}: there is no list {name}")
        return self._lists[name]


_SIGNS = {"#": Letters(r"\d*"), "~": Letters(r"\w*"), "_": Letters(r"\w+"), "-": Letters(" ?", (" ", ""))}


def read(phrase: str, lists: Lists) -> Choice:
    """Read a phrase; NotReadable says what is wrong with it."""
    return _Reader(phrase, lists).whole()


def read_lists(written: Mapping[str, str]) -> Lists:
    """Read a language's lists; one may use those that stand before it."""
    lists: dict[str, Choice] = {}
    for name, phrase in written.items():
        lists[name] = read(phrase, lists)
    return lists


def _tokens(phrase: str) -> Iterator[re.Match[str]]:
    place = 0
    while place < len(phrase):
        token = _TOKEN.match(phrase, place)
        if token is None:
            raise NotReadable(f"{phrase}: {phrase[place]!r} is not of the notation")
        yield token
        place = token.end()


def _listed(choice: Choice) -> Item:
    """Return a list as an item; one that may be left out as a whole stays such."""
    (items, *others) = choice.ways
    if not others and len(items) == 1:
        return items[0]
    return Item((choice,), int(all(any(item.least for item in way) for way in choice.ways)))
