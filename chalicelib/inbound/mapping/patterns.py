r"""Patterns that can't take long: proved by their parsed form, and refused where that is no proof.

The engine of the standard library tries one way after another. So the ways are counted that a pattern may have on the
longest text: a repeat has as many as it may be long, unless what follows it can't be in it. Repeats multiply, and a
repeat of something with several ways has powers of them. Each way may then read as far as the next repeat goes. RE2
would need no such count, but it would be a library of its own in each Lambda, and it reads `\w` and look-aheads
otherwise than mappings that are in use.
"""

import re
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from chalicelib.inbound.mapping.values import LONGEST_TEXT

MOST_STEPS = 200_000
"""The most characters that a pattern may read: a few milliseconds."""

_ANYTHING = "Anna Invented of 1 Invented Rd says that he is back: 303-555-0123 until 10 pm, thanks."
"""A text in which anything may stand."""

_parse: Any = import_module("re._parser").parse
_CATEGORIES = {"DIGIT": r"\d", "NOT_DIGIT": r"\D", "SPACE": r"\s", "NOT_SPACE": r"\S", "WORD": r"\w", "NOT_WORD": r"\W"}
_REPEATS = frozenset({"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"})
_ONE_CHARACTER = frozenset({"LITERAL", "NOT_LITERAL", "IN", "ANY"})
_ONE_WAY = _ONE_CHARACTER | {"AT", "GROUPREF", "CATEGORY", "RANGE"}

Node = tuple[Any, Any]


def takes_long(pattern: str, longest: int = LONGEST_TEXT, *, at_start: bool = False) -> bool:
    """Tell whether nobody can prove that a pattern ends soon on each text; re.error where it is none."""
    return steps(pattern, longest, at_start=at_start) > MOST_STEPS


def picks_all(pattern: str) -> bool:
    """Tell whether a pattern with one group picks most of a text in which anything may stand."""
    found = re.search(pattern, _ANYTHING)
    return found is not None and len(found[1] or "") > len(_ANYTHING) / 2


def steps(pattern: str, longest: int = LONGEST_TEXT, *, at_start: bool = False) -> int:
    """Return how many characters a pattern may read on the longest text; re.error where it is none.

    `at_start` says that it is tried where a text begins, and nowhere else.
    """
    nodes = _flat(_parse(pattern))
    begins = nodes and str(nodes[0][0]) == "AT" and "BEGINNING" in str(nodes[0][1])
    return _Count(longest).steps(nodes, 1 if at_start or begins else longest)


def _flat(nodes: Any) -> list[Node]:
    """Return the nodes of a sequence, with those of its groups in their place."""
    found: list[Node] = []
    for name, value in nodes:
        found += _flat(value[-1]) if str(name) == "SUBPATTERN" else [(name, value)]
    return found


class _Count:
    """Counts for texts of bounded length."""

    def __init__(self, longest: int) -> None:
        self._longest = longest

    def steps(self, nodes: Sequence[Node], ways: int, *, last: bool = True) -> int:
        """Return how many characters a sequence may read that begins in so many ways."""
        total = most = ways
        for place, node in enumerate(nodes):
            after = nodes[place + 1] if place + 1 < len(nodes) else None
            most = max(most, total * self._reads(node))
            total *= self._node(node, after, last=last)
        return max(most, total)

    def _reads(self, node: Node) -> int:
        """Return how many characters a node may read in one way: a text is read once, but for what looks ahead in it.

        What is in an atomic group is tried in all its ways once, and never again.
        """
        name, value = str(node[0]), node[1]
        if name == "ATOMIC_GROUP":
            return self.steps(_flat(value), 1, last=False)
        if name in ("ASSERT", "ASSERT_NOT"):
            looked = _flat(value[1])
            one = all(str(each[0]) in _ONE_WAY for each in looked)
            return 1 if one else max(self._longest, self.steps(looked, 1))
        if name == "BRANCH":
            return max(self._longest, sum(self.steps(_flat(branch), 1, last=False) for branch in value[1]))
        if name not in _REPEATS:
            return 1 if name in _ONE_WAY else self._longest
        repeated = _flat(value[2])
        known = len(repeated) if all(str(each[0]) in _ONE_WAY for each in repeated) else self._longest
        ahead = max((self._reads(each) for each in repeated if str(each[0]).startswith("ASSERT")), default=1)
        return min(int(value[1]) * known, self._longest) * ahead

    def _sequence(self, nodes: Sequence[Node], *, last: bool) -> int:
        total = 1
        for place, node in enumerate(nodes):
            after = nodes[place + 1] if place + 1 < len(nodes) else None
            total = min(total * self._node(node, after, last=last), MOST_STEPS + 1)
        return total

    def _node(self, node: Node, after: Node | None, *, last: bool) -> int:
        name, value = str(node[0]), node[1]
        if name in _ONE_WAY or name == "ATOMIC_GROUP":
            return 1
        if name in _REPEATS:
            return self._repeat(name, value, after, last=last)
        if name == "BRANCH":
            return sum(self._sequence(_flat(branch), last=False) for branch in value[1])
        if name in ("ASSERT", "ASSERT_NOT"):
            return self._sequence(_flat(value[1]), last=False)
        return MOST_STEPS + 1

    def _repeat(self, name: str, value: tuple[int, int, Any], after: Node | None, *, last: bool) -> int:
        least, most, repeated = value[0], min(int(value[1]), self._longest), _flat(value[2])
        if len(repeated) == 1 and str(repeated[0][0]) in _ONE_CHARACTER:
            ends = name == "POSSESSIVE_REPEAT" or (after is None and last) or _can_not_be_in(after, repeated[0])
            return 1 if ends else max(1, most - least + 1)
        if any(str(each[0]) == "ATOMIC_GROUP" for each in repeated):
            return MOST_STEPS + 1  # it would be tried anew each time
        inner, total = self._sequence(repeated, last=False), 0
        for times in range(least, most + 1):
            total += inner**times if inner < MOST_STEPS else MOST_STEPS
            if total > MOST_STEPS:
                break
        return max(1, total)


def _can_not_be_in(after: Node | None, repeated: Node) -> bool:
    """Tell whether what follows a repeat is one character that is not repeated: then the repeat has one end."""
    if after is None or str(after[0]) != "LITERAL":
        return False
    character = chr(after[1])
    return not any(_has(repeated, each) for each in {character, *character.lower(), *character.upper()})


def _has(node: Node, character: str) -> bool:
    name, value = str(node[0]), node[1]
    if name == "LITERAL":
        return character in {chr(value), chr(value).lower(), chr(value).upper()}
    if name == "NOT_LITERAL":
        return character != chr(value)
    if name == "RANGE":
        return any(value[0] <= ord(each) <= value[1] for each in {character, *character.lower(), *character.upper()})
    if name == "CATEGORY":
        return re.fullmatch(_CATEGORIES[str(value).removeprefix("CATEGORY_")], character) is not None
    if name == "IN":
        negated = str(value[0][0]) == "NEGATE"
        return any(_has(each, character) for each in value[negated:]) != negated
    return True
