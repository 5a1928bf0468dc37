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

_parse: Any = import_module("re._parser").parse
_CATEGORIES = {"DIGIT": r"\d", "NOT_DIGIT": r"\D", "SPACE": r"\s", "NOT_SPACE": r"\S", "WORD": r"\w", "NOT_WORD": r"\W"}
_REPEATS = frozenset({"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"})
_ONE_CHARACTER = frozenset({"LITERAL", "NOT_LITERAL", "IN", "ANY"})
_ONE_WAY = _ONE_CHARACTER | {"AT", "GROUPREF", "CATEGORY", "RANGE"}

Node = tuple[Any, Any]


def takes_long(pattern: str) -> bool:
    """Tell whether nobody can prove that a pattern ends soon on each text; re.error where it is none."""
    return steps(pattern) > MOST_STEPS


def steps(pattern: str) -> int:
    """Return how many characters a pattern may read on the longest text; re.error where it is none."""
    nodes = _flat(_parse(pattern))
    total = 1 if nodes and str(nodes[0][0]) == "AT" and "BEGINNING" in str(nodes[0][1]) else LONGEST_TEXT
    most = total
    for place, node in enumerate(nodes):
        after = nodes[place + 1] if place + 1 < len(nodes) else None
        most = max(most, total * _reads(node))
        total *= _node(node, after, last=True)
    return max(most, total)


def _reads(node: Node) -> int:
    """Return how many characters a node may read in one way: a text is read once, but for what looks ahead in it."""
    name, value = str(node[0]), node[1]
    if name in ("ASSERT", "ASSERT_NOT"):
        return LONGEST_TEXT if any(str(each[0]) not in _ONE_WAY for each in _flat(value[1])) else 1
    if name not in _REPEATS:
        return 1 if name in _ONE_WAY else LONGEST_TEXT
    repeated = _flat(value[2])
    known = len(repeated) if all(str(each[0]) in _ONE_WAY for each in repeated) else LONGEST_TEXT
    ahead = max((_reads(each) for each in repeated if str(each[0]).startswith("ASSERT")), default=1)
    return min(int(value[1]) * known, LONGEST_TEXT) * ahead


def _flat(nodes: Any) -> list[Node]:
    """Return the nodes of a sequence, with those of its groups in their place."""
    found: list[Node] = []
    for name, value in nodes:
        found += _flat(value[-1]) if str(name) == "SUBPATTERN" else [(name, value)]
    return found


def _sequence(nodes: Sequence[Node], *, last: bool) -> int:
    total = 1
    for place, node in enumerate(nodes):
        after = nodes[place + 1] if place + 1 < len(nodes) else None
        total = min(total * _node(node, after, last=last), MOST_STEPS + 1)
    return total


def _node(node: Node, after: Node | None, *, last: bool) -> int:
    name, value = str(node[0]), node[1]
    if name in _ONE_WAY:
        return 1
    if name in _REPEATS:
        return _repeat(name, value, after, last=last)
    if name == "BRANCH":
        return sum(_sequence(_flat(branch), last=False) for branch in value[1])
    if name in ("ASSERT", "ASSERT_NOT"):
        return _sequence(_flat(value[1]), last=False)
    if name == "ATOMIC_GROUP":
        return _sequence(_flat(value), last=False)
    return MOST_STEPS + 1


def _repeat(name: str, value: tuple[int, int, Any], after: Node | None, *, last: bool) -> int:
    least, most, repeated = value[0], min(int(value[1]), LONGEST_TEXT), _flat(value[2])
    if len(repeated) == 1 and str(repeated[0][0]) in _ONE_CHARACTER:
        ends = name == "POSSESSIVE_REPEAT" or (after is None and last) or _can_not_be_in(after, repeated[0])
        return 1 if ends else max(1, most - least + 1)
    inner, total = _sequence(repeated, last=False), 0
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
