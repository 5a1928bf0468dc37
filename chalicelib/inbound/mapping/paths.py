"""Paths into a payload, compiled once: JMESPath in JSON, XPath in XML, a column's name in rows.

JMESPath is botocore's own, so it costs no start-up. XPath is the part of it that the standard library speaks, and a
little more (see `xpath`), with `/@name` at the end for an attribute: lxml alone would double the package, and
elementpath its start-up.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree.ElementTree import Element

import jmespath
from jmespath.exceptions import JMESPathError
from jmespath.visitor import Options, TreeInterpreter

from chalicelib.inbound.mapping.everywhere import EVERYWHERE, holds_objects, with_last
from chalicelib.inbound.mapping.file import FLAT, Format, InvalidMapping, inside
from chalicelib.inbound.mapping.json_value import value_inside
from chalicelib.inbound.mapping.values import Unfit
from chalicelib.inbound.mapping.xpath import finder

One = Callable[[Any], Any]
"""Record → the first value at a path, None where there is none."""

Many = Callable[[Any], list[Any]]
"""Record → all values at a path, in their order."""

_PLAIN = re.compile(r"[A-Za-z_]\w*")
_ATTRIBUTE = re.compile(r"(?:(.*?)/)?@([\w.-]+)")


class _Plain(TreeInterpreter):  # type: ignore[misc]
    """JMESPath as it is, but for objects written as texts: they would be everything that is in them."""

    def visit_function_expression(self, node: Any, value: Any) -> Any:
        """Return what a function makes of its arguments."""
        if node["value"] == "to_string" and holds_objects(self.visit(node["children"][0], value)):
            return None
        return super().visit_function_expression(node, value)


_INTERPRETER = _Plain(Options())
"""One for all paths: the library would make one for each search, which takes as long as the search."""


def one(path: str, kind: Format) -> One:
    """Return what finds the first value at a path; InvalidMapping."""
    if inside(path)[1]:
        find = many(path, kind)
        return lambda record: next((found for found in find(record) if found is not None), None)
    if kind in FLAT:
        return _of_object(path)
    return _one_of_xml(path) if kind == "xml" else _search(path)


def many(path: str, kind: Format) -> Many:
    """Return what finds all values at a path; InvalidMapping."""
    outer, inner = inside(path)
    if inner:
        return _inside(many(outer, kind), many(inner, "json"))
    if kind == "xml":
        return _all_of_xml(path)
    search = one(path, kind)

    def find(record: Any) -> list[Any]:
        found = search(record)
        return found if isinstance(found, list) else [] if found is None else [found]

    return find


def every(path: str, kind: Format, *, words: bool = False) -> Many:
    """Return what finds all that is at a path, through lists and parts that the path does not name; InvalidMapping.

    Of `words`, a text that stands where the path expects an object counts as what it leads to. What it finds may be
    lists of lists. Unfit where a function of the path is given another type.
    """
    outer, inner = inside(path)
    if inner:
        return _inside(every(outer, kind), every(inner, "json", words=words), words=words)
    if kind in FLAT:
        return many(path, kind)
    if kind == "json":
        search = _search(path, EVERYWHERE, words=words)
        return lambda record: [search(record)]
    bare, attribute = _split(path)
    if attribute:
        return many(path, kind)
    find = finder(bare)
    return lambda record: [text for found in find(record) for text in _texts_below(found)]


def things(path: str, kind: Format) -> Many:
    """Return what finds all that stands at a path: values, and of XML elements as they are; InvalidMapping."""
    if kind != "xml" or inside(path)[1]:
        return many(path, kind)
    bare, attribute = _split(path)
    return many(path, kind) if attribute else finder(bare)


def elements(path: str, kind: Format) -> Many:
    """Return what finds the records, parts or parties at a path; InvalidMapping.

    A text that should be JSON and is none stands for itself beside others, so that it does not cost them.
    """
    outer, inner = inside(path)
    if inner:
        return _where_it_can_be_read(_inside(many(outer, kind), many(inner, "json"), words=True))
    if kind != "xml":
        return many(path, kind)
    return finder(_relative(path))


def _inside(outer: Many, inner: Many, *, words: bool = False) -> Many:
    """Return what finds values in the JSON that stands in texts; of `words`, a text that is no JSON is one itself."""

    def find(record: Any) -> list[Any]:
        there: list[Any] = []
        for text in _flat(outer(record)):
            try:
                value = value_inside(text)
            except Unfit:
                if not words:
                    raise
                there.append(text)
                continue
            there += [] if value is None else inner(value)
        return there

    return find


def _flat(found: list[Any]) -> Iterator[Any]:
    for item in found:
        if isinstance(item, list):
            yield from _flat(item)
        else:
            yield item


def _where_it_can_be_read(find: Many) -> Many:
    def found(record: Any) -> list[Any]:
        try:
            there = find(record)
        except Unfit:
            return []
        return there if any(isinstance(each, dict | list) for each in there) else []

    return found


def _of_object(name: str) -> One:
    return lambda record: record.get(name) if isinstance(record, dict) else None


def _search(path: str, interpreter: TreeInterpreter = _INTERPRETER, *, words: bool = False) -> One:
    strict = interpreter is EVERYWHERE
    if _PLAIN.fullmatch(path) and not strict:
        return _of_object(path)
    try:
        parsed = jmespath.compile(path).parsed
        tree = with_last(parsed) if words else parsed
    except JMESPathError as problem:
        raise InvalidMapping(f"{path!r} is no JMESPath: {' '.join(str(problem).split())}") from problem

    def search(record: Any) -> Any:
        try:
            return interpreter.visit(tree, record)
        except (JMESPathError, ArithmeticError, LookupError, TypeError, ValueError) as problem:
            if strict:
                raise Unfit("its path can't be followed here") from problem
            return None  # a function is given another type: nothing is there

    return search


def _one_of_xml(path: str) -> One:
    path, attribute = _split(path)
    if attribute:
        find = _all_of_xml(f"{path}/@{attribute}")
        return lambda record: next(iter(find(record)), None)

    elements_at = finder(path)

    def first(record: Element) -> str | None:
        found = next(iter(elements_at(record)), None)
        return None if found is None else _text(found)

    return first


def _text(element: Element) -> str | None:
    """Return an element's text, with that of elements in between; nothing of one that only holds others."""
    if not len(element):
        return element.text
    own = element.text or any(child.tail for child in element)
    return "".join(element.itertext()) if own else None


def _texts_below(element: Element) -> Iterator[str]:
    """Yield an element's text, or those of the elements that it holds."""
    text = _text(element)
    if text is not None:
        yield text
        if len(element):  # `FAMILY<br/>FIGHT` is two words, `dis<b>turb</b>ance` is one: nobody can tell
            yield " ".join(" ".join(element.itertext()).split())
        return
    for child in element:
        yield from _texts_below(child)


def _all_of_xml(path: str) -> Many:
    path, attribute = _split(path)
    find_elements = finder(path)
    if attribute:
        return lambda record: [text for found in find_elements(record) if (text := found.get(attribute)) is not None]
    return lambda record: [_text(found) for found in find_elements(record)]


def _split(path: str) -> tuple[str, str]:
    """Return the path of an element and the name of its attribute, blank where its text is meant."""
    match = _ATTRIBUTE.fullmatch(path)
    bare = _relative((match[1] or ".") if match else path.removesuffix("/text()"))
    finder(bare)
    return bare, match[2] if match else ""


def _relative(path: str) -> str:
    return f".{path}" if path.startswith("//") else path.removeprefix("/")
