"""JMESPath as functions, made once from the tree that the library's own parser gives.

Its interpreter looks up a method by name at every step of every record; these take a fifth of the time. What is
not here, functions above all, is left to the interpreter: the library stays the judge of what an expression means.
"""

from collections.abc import Callable
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError
from jmespath.visitor import Options, TreeInterpreter

Find = Callable[[Any], Any]
Node = dict[str, Any]

_INTERPRETER = TreeInterpreter(Options())


def compiled(expression: str) -> Find:
    """Return what searches a value, None where a function is given another type; JMESPathError: no expression."""
    find = _made(jmespath.compile(expression).parsed)
    if "(" not in expression:
        return find

    def search(value: Any) -> Any:
        try:
            return find(value)
        except JMESPathError:
            return None

    return search


def _made(node: Node) -> Find:
    make = _MAKERS.get(node["type"])
    return make(node) if make else lambda value: _INTERPRETER.visit(node, value)


def _children(node: Node) -> list[Find]:
    return [_made(child) for child in node["children"]]


def _field(node: Node) -> Find:
    name = node["value"]
    return lambda value: value.get(name) if isinstance(value, dict) else None


def _index(node: Node) -> Find:
    place = node["value"]

    def find(value: Any) -> Any:
        if not isinstance(value, list):
            return None
        return value[place] if -len(value) <= place < len(value) else None

    return find


def _names(node: Node) -> list[str] | None:
    """Return the names of a path that has nothing else, None for any other."""
    if node["type"] == "field":
        return [node["value"]]
    below = [_names(child) for child in node["children"]] if node["type"] == "subexpression" else [None]
    return None if None in below else [name for names in below for name in names or ()]


def _steps(node: Node) -> Find:
    names, steps = _names(node), _children(node)
    if names:
        return _walk(names)

    def find(value: Any) -> Any:
        for step in steps:
            value = step(value)
        return value

    return find


def _walk(names: list[str]) -> Find:
    first, *rest = names

    def find(value: Any) -> Any:
        value = value.get(first) if isinstance(value, dict) else None
        for name in rest:
            if not isinstance(value, dict):
                return None
            value = value.get(name)
        return value

    return find


def _projection(node: Node) -> Find:
    base, each = _children(node)

    def find(value: Any) -> Any:
        items = base(value)
        return [found for item in items if (found := each(item)) is not None] if isinstance(items, list) else None

    return find


def _filter(node: Node) -> Find:
    base, each = _children(node)[:2]
    holds = _truth(node["children"][2])

    def find(value: Any) -> Any:
        items = base(value)
        if not isinstance(items, list):
            return None
        return [found for item in items if holds(item) and (found := each(item)) is not None]

    return find


def _truth(node: Node) -> Find:
    """Return whether a condition holds; one that compares one place with words, or with several, in one step."""
    words = _words(node)
    if words:
        place, known = _made(words[0][0]), {word for _, word in words}
        if all(other == words[0][0] for other, _ in words):
            return lambda value: isinstance(found := place(value), str) and found in known
    holds = _made(node)
    return lambda value: not _false(holds(value))


def _words(node: Node) -> list[tuple[Node, str]]:
    """Return what is compared with which words, where a condition is nothing else; else nothing."""
    if node["type"] == "or_expression":
        each = [_words(child) for child in node["children"]]
        return [pair for pairs in each for pair in pairs] if all(each) else []
    if node["type"] == "comparator" and node["value"] == "eq":
        place, word = node["children"]
        if place["type"] != "literal" and word["type"] == "literal" and isinstance(word["value"], str):
            return [(place, word["value"])]
    return []


def _flatten(node: Node) -> Find:
    (base,) = _children(node)

    def find(value: Any) -> Any:
        items = base(value)
        if not isinstance(items, list):
            return None
        return [inner for item in items for inner in (item if isinstance(item, list) else (item,))]

    return find


def _or(node: Node) -> Find:
    first, second = _children(node)
    return lambda value: second(value) if _false(found := first(value)) else found


def _and(node: Node) -> Find:
    first, second = _children(node)
    return lambda value: found if _false(found := first(value)) else second(value)


def _not(node: Node) -> Find:
    (inner,) = _children(node)
    return lambda value: _false(inner(value))


def _equal(node: Node) -> Find:
    """Return a comparison with a text, which is all that need be fast; any other is the interpreter's."""
    literal = [child["value"] for child in node["children"] if child["type"] == "literal"]
    if node["value"] not in ("eq", "ne") or len(literal) != 1 or not isinstance(literal[0], str):
        return lambda value: _INTERPRETER.visit(node, value)
    word = literal[0]
    (find,) = [_made(child) for child in node["children"] if child["type"] != "literal"]
    if node["value"] == "eq":
        return lambda value: bool(find(value) == word)
    return lambda value: bool(find(value) != word)


def _function(node: Node) -> Find:
    """Return a look into a list that stands in the expression; every other function is the interpreter's."""
    name, arguments = node["value"], node["children"]
    if name == "contains" and arguments[0]["type"] == "literal" and isinstance(arguments[0]["value"], list):
        known, sought = arguments[0]["value"], _made(arguments[1])
        return lambda value: sought(value) in known
    return lambda value: _INTERPRETER.visit(node, value)


def _literal(node: Node) -> Find:
    found = node["value"]
    return lambda _value: found


def _itself(_node: Node) -> Find:
    return lambda value: value


def _false(value: Any) -> bool:
    """Tell what counts as no in JMESPath: nothing, and what is empty; a zero is something."""
    return value is None or value is False or (isinstance(value, str | list | dict) and not value)


_MAKERS: dict[str, Callable[[Node], Find]] = {
    "field": _field,
    "index": _index,
    "subexpression": _steps,
    "index_expression": _steps,
    "pipe": _steps,
    "projection": _projection,
    "filter_projection": _filter,
    "flatten": _flatten,
    "or_expression": _or,
    "and_expression": _and,
    "not_expression": _not,
    "comparator": _equal,
    "function_expression": _function,
    "literal": _literal,
    "current": _itself,
    "identity": _itself,
}
