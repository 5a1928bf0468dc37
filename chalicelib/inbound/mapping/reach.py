"""What a path may not reach: people's names and places, and values that nobody has named.

A mapping says by name what is sent. A wildcard, `values(…)` or the record itself would send whatever a vendor adds
there later, such as an address. So each path of a field ends in a name, and that name is none of a person's or of a
place's. Times are told from all else by their form: a wildcard may find them, but not below a person.
"""

import re
from collections.abc import Iterator
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError

PERSON = re.compile(
    r"caller|complainant|person|victim|witness|suspect|contact|subject|reporting[ _-]?party|owner|driver|patient",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"(?<!mail)(?<!mail[ _-])address|street|latitude|longitude|coordinate|apartment|intersection|geo[ _-]?loc"
    r"|licen[cs]e[ _-]?(?:plate|no|num)|(?<!al)location$",
    re.IGNORECASE,
)
_FREE_TEXT = re.compile(r"narrative|comment|remark", re.IGNORECASE)
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_PLACE_WORDS = frozenset(
    {"addr", "lat", "lon", "lng", "gps", "plate", "licence", "license", "vin", "apt", "zip", "postal"}
)
_FREE_WORDS = frozenset({"note", "notes"})
_BESIDE = re.compile(r"\[[^\[\]]*[=<>][^\[\]]*\]|\[-?\d+\]|[\w-]+\s*:")
"""Conditions and places in a path, and names that it gives: no steps to a value."""

_OPEN, _CURRENT, _PLACE_IN = "*", "@", "[]"
"""Where a path may end otherwise than in a name: in any value, in what it begins with, or at a place in that."""

_ONTO_ALL = frozenset({"values", "merge", "items", "zip"})
_YES_OR_NO = frozenset({"contains", "starts_with", "ends_with", "length", "type", "keys"})


def is_place(name: str) -> bool:
    """Tell whether a name is that of a place or of a vehicle's plate."""
    words = [word.lower() for word in _WORDS.findall(name)]
    return bool(_PLACE.search(name)) or not _PLACE_WORDS.isdisjoint(words) or name.lower() == "long"


def is_free_text(name: str) -> bool:
    """Tell whether a name is that of a text in which anything may stand, also of people."""
    return bool(_FREE_TEXT.search(name)) or any(word.lower() in _FREE_WORDS for word in _WORDS.findall(name))


def ends(path: str, kind: str) -> frozenset[str]:
    """Return the names in which a path ends; `*`, `@` or `[]` where it ends in none."""
    *outer, last = re.split(r"\s+>>\s+", path)
    if outer:
        return ends(last, "json")
    if kind == "json":
        try:
            return _ends(jmespath.compile(path).parsed)
        except JMESPathError:
            return frozenset()  # said elsewhere
    if kind == "xml":
        last = re.sub(r"\[[^\]]*\]", "", path).removesuffix("/text()").rpartition("/")[2].removeprefix("@")
        return frozenset({_OPEN if last == "*" else _CURRENT if last in ("", ".", "..") else last})
    return frozenset({path})


def names_in(path: str, kind: str) -> frozenset[str]:
    """Return all names in a path."""
    return frozenset(re.findall(r"[\w-]+", path)) if kind in ("json", "xml") else frozenset({path})


def reaches_too_far(
    path: str, kind: str, *, time: bool, picked: bool, email: bool, person: bool, own: bool = False
) -> str:
    """Return why a path may not be a field's, or a blank text.

    `time` says that the field is a time, `email` that it is an email's address, and `person` that it is a party's;
    `own` says that the path begins in that party. `picked` says that only a part is sent, and nothing where it has
    another form.
    """
    last = ends(path, kind)
    if not last.isdisjoint({_OPEN, _CURRENT}):
        onto_all = _CURRENT in last or "@" in path or path.startswith("*")
        people = any(PERSON.search(name) or is_place(name) for name in names_in(path, kind))
        if not time or people or onto_all:
            return "it ends in no name: write a path for each value that is meant"
        return ""
    if not email and any(map(is_place, last)):
        return "places and plates are not sent"
    if not picked and any(map(is_free_text, last)):
        return "free texts such as narratives and comments are not sent; `pick` takes a part of one"
    if any(map(_is_name, last)) and _is_somebody_s(path, own=own):
        return "names, social security numbers and dates of birth are not sent"
    if not person and any(_is_a_person(name) for name in last):
        return "it is a person's: write a path for each value that is meant"
    return ""


def _is_name(name: str) -> bool:
    return name.strip("_- ").lower() in ("name", "names")


def _is_somebody_s(path: str, *, own: bool) -> bool:
    """Tell whether what is called a name is a person's: of a unit or a disposition it may be sent."""
    words = re.findall(r"[\w-]+", _BESIDE.sub("", path))
    named = [place for place, word in enumerate(words) if _is_name(word)]
    return any(_is_a_person(words[place - 1]) if place else own for place in named)


def _is_a_person(name: str) -> bool:
    """Tell whether a name is that of a whole person, not of a value that a person has."""
    bare = re.sub(r"(?:s|info|information|data|details?|component|reference)$", "", name.lower().strip("_- "))
    return PERSON.fullmatch(bare) is not None


def _ends(node: dict[str, Any]) -> frozenset[str]:
    return frozenset(_each_end(node))


def _each_end(node: dict[str, Any]) -> Iterator[str]:
    kind, children = node["type"], node.get("children", [])
    if kind == "field":
        yield node["value"]
    elif kind in ("identity", "current"):
        yield _CURRENT
    elif kind == "value_projection":
        right = _ends(children[1])
        yield from (_OPEN if name in (_CURRENT, _PLACE_IN) else name for name in right)
    elif kind in ("projection", "filter_projection", "pipe", "subexpression"):
        yield from _behind(children[0], children[1])
    elif kind == "index_expression":
        left = _ends(children[0])
        yield from (_PLACE_IN if name == _CURRENT else name for name in left)
    elif kind == "flatten":
        yield from _ends(children[0])
    elif kind == "function_expression":
        yield from _of_function(node["value"], children)
    elif kind in ("or_expression", "and_expression", "multi_select_list", "multi_select_dict", "key_val_pair"):
        for child in children:
            yield from _ends(child)


def _behind(left: dict[str, Any], right: dict[str, Any]) -> Iterator[str]:
    """Yield where the right side of a path ends: where the left one does, if it only chooses among that."""
    for name in _ends(right):
        if name in (_CURRENT, _PLACE_IN):
            yield from _ends(left)
        else:
            yield name


def _of_function(name: str, arguments: list[dict[str, Any]]) -> Iterator[str]:
    if name in _ONTO_ALL:
        yield _OPEN
    elif name not in _YES_OR_NO:
        for argument in arguments:
            yield from _ends(argument)
