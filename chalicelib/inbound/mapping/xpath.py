"""The XPath of the standard library, and `[not(Type)]`: elements that have no such element in them."""

import re
from collections.abc import Callable
from xml.etree.ElementTree import Element

from chalicelib.inbound.mapping.file import InvalidMapping

Find = Callable[[Element], list[Element]]
"""Element → all elements at a path below it, in their order."""

_WITHOUT = re.compile(r"\[\s*not\(\s*([\w-]+)\s*\)\s*\]")
_PLACE = re.compile(r"\[\s*(?:\d|last|position)")
_SAMPLE = Element("record")


def finder(path: str) -> Find:
    """Return what finds the elements at a path; InvalidMapping."""
    first, *others = _WITHOUT.split(path)
    for each in (first, *map(_below, others[1::2])):
        _try(each, path)
    if not others:
        return lambda record: record.findall(path)
    if any(_PLACE.match(after) for after in others[1::2]):
        raise InvalidMapping(f"{path!r} is no path of the XPath that is understood here: a place behind `not`")
    steps = [(without, _below(after)) for without, after in zip(others[::2], others[1::2], strict=True)]

    def find(record: Element) -> list[Element]:
        found = record.findall(first)
        for without, after in steps:
            kept = [each for each in found if each.find(without) is None]
            found = list(dict.fromkeys(below for each in kept for below in each.findall(after)))
        return found

    return find


def _below(rest: str) -> str:
    """Return what follows a condition as a path from the elements that fulfil it."""
    return f".{rest}" if rest.startswith(("//", "[")) or not rest else rest.removeprefix("/")


def _try(path: str, whole: str) -> None:
    try:
        _SAMPLE.findall(path)
    except (SyntaxError, KeyError, TypeError, ValueError) as problem:
        raise InvalidMapping(f"{whole!r} is no path of the XPath that is understood here: {problem}") from problem
