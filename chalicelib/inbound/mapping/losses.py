"""Find where a mapping could lose a word about an incident's nature: nobody can judge a word that never comes."""

import re
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import jmespath

from chalicelib.inbound.mapping.file import FLAT, Mapping, Source, as_conditions, as_paths, as_source, inside
from chalicelib.inbound.mapping.nature import NATURE
from chalicelib.inbound.mapping.values import OTHERWISE, Unfit, as_flag

_parse: Any = import_module("re._parser").parse
_CHOOSING = frozenset(
    {"filter_projection", "slice", "or_expression", "and_expression", "not_expression", "comparator", "condition"}
)
_KEEPING = frozenset({"join", "to_array", "to_string", "values"})
"""Functions of JMESPath that leave no word out."""

_STOPS = {"juvenile": True, "do_not_contact": True, "safe_to_contact": False}
"""What each latch says to stop a text: any other word for it must be written out."""

_BRACKETS = re.compile(r"\s*\|\s*\[[^\[\]]*\]|\[[^\[\]]*\]")


def losses(mapping: Mapping) -> tuple[str, ...]:
    """Return what could lose a word, each beginning with its field; nothing for a mapping that loses none."""
    return tuple(dict.fromkeys(_losses(mapping)))


def _losses(mapping: Mapping) -> Iterator[str]:
    for name, stops in _STOPS.items():
        other = mapping.codes.get(name, {}).get(OTHERWISE)
        if other is not None and _lets_go(other, stops):
            yield f'codes.{name}."*": a word that no line names would let a text go: write a line for each word'
    named = list(_about_nature(mapping))
    yield from _passed_over(mapping, named)
    kinds = {where: mapping.format_within(mapping.parts if where.startswith("parts") else {}) for where, _, _ in named}
    whole = {_bare(path) for where, _, source in named for path in _whole_paths(source, kinds[where])}
    elsewhere = Counter(_bare(path) for path in _places(mapping))
    for where, name, source in named:
        if OTHERWISE in mapping.codes.get(name, {}):
            yield f'codes.{name}."*": a word that no line names would become another: write a line for each word'
        if name == "dispositions":
            continue  # how a call ended: a code may be picked out of a remark
        paths = (*as_paths(source.from_), *source.join)
        yield from _left_out_by_when(where, source, whole, elsewhere)
        beside = all(_bare(path) in whole for path in paths)
        if source.pick and not keeps_all(source.pick) and not beside:
            yield (
                f"{where}.pick: the words that it leaves out would be lost: map the same path whole, too, for example "
                "as incident_type_description"
            )
        for path in paths:
            if chooses(path, kinds[where]) and _bare(path) not in whole:
                yield f"{where}: {path!r} takes some of several: add the path to all of them, or list paths one by one"


def _passed_over(mapping: Mapping, named: list[tuple[str, str, Source]]) -> Iterator[str]:
    """Yield where a call would be passed over for a word that a later message may change."""
    judged = {_bare(path): where for where, _, source in named for path in (*as_paths(source.from_), *source.join)}
    for key, told in (("only", mapping.only), ("skip", mapping.skip)):
        for path in (path for each in as_conditions(told) for path in each):
            if _bare(path) in judged:
                yield (
                    f"{key}: {path!r} is {judged[_bare(path)]}: when that word changes, the call would be passed over, "
                    "and the new word lost"
                )


def _left_out_by_when(where: str, source: Source, whole: set[str], elsewhere: Counter[str]) -> Iterator[str]:
    """Yield where a condition leaves a word out, and the mapping does not say that the place then holds another thing.

    It says so by reading the same place for another field, or by asking in another condition what stands there.
    """
    key, so = ("when", "does not hold") if source.when else ("unless", "holds")
    for path in (*as_paths(source.from_), *source.join) if source.when or source.unless else ():
        known = _bare(path) in whole or elsewhere[_bare(path)] > 1 or set(source.when) == {path}
        if not known:
            yield (
                f"{where}.{key}: where it {so}, a word at {path!r} would be lost: map the same path without "
                f"`{key}`, too, for example as incident_type_description"
            )


def _places(mapping: Mapping) -> Iterator[str]:
    """Yield each place that a field reads or asks for, again for each field."""
    for _, _, block in mapping.blocks():
        for spec in block.values():
            yield from dict.fromkeys(as_source(spec).paths)


def _lets_go(word: str, stops: bool) -> bool:
    """Tell whether a word of ours for a latch stops nothing; one that is neither yes nor no stops all the same."""
    try:
        return not word or as_flag(word) is not stops
    except Unfit:
        return False


def _about_nature(mapping: Mapping) -> Iterator[tuple[str, str, Source]]:
    for block, _, fields in mapping.blocks():
        if block in ("fields", "parts", "replay.at_first"):
            for name in fields.keys() & NATURE:
                yield f"{block}.{name}", name, as_source(fields[name])


def _whole_paths(source: Source, kind: str) -> Iterator[str]:
    if not (source.when or source.unless) and (not source.pick or keeps_all(source.pick)):
        yield from (path for path in (*as_paths(source.from_), *source.join) if not chooses(path, kind))


def chooses(path: str, kind: str) -> bool:
    """Tell whether a path leaves something out of what it leads to: by a condition, a place, or a choice."""
    outer, inner = inside(path)
    if inner:
        return chooses(outer, kind) or chooses(inner, "json")
    if kind in FLAT:
        return False
    return "[" in path if kind == "xml" else _chooses(jmespath.compile(path).parsed, first=True)


def _chooses(node: dict[str, Any], *, first: bool = False) -> bool:
    kind, children = node["type"], node.get("children", [])
    if kind in _CHOOSING or (kind == "index" and not first):
        return True
    if kind == "function_expression" and node["value"] not in _KEEPING:
        return True
    if kind == "index_expression":  # `[1]` of the record itself is a column
        of_record = first and children[0]["type"] == "identity"
        return _chooses(children[0], first=first) or any(_chooses(each, first=of_record) for each in children[1:])
    return any(_chooses(each, first=first and place == 0) for place, each in enumerate(children))


def _bare(path: str) -> str:
    """Return a path without what chooses; lists are gone through, whether or not it names them."""
    return _BRACKETS.sub("", path).removesuffix("/text()").removeprefix(".").lstrip("/")


def keeps_all(pattern: str) -> bool:
    """Tell whether a pattern leaves out nothing but letters that it names itself: `^Type: (.*)$`."""
    nodes = [(str(name), value) for name, value in _parse(pattern)]
    begins, ends = nodes[:1] == [("AT", nodes[0][1])] and "BEGINNING" in str(nodes[0][1]), nodes[-1][0] == "AT"
    inner = nodes[begins : len(nodes) - ends]
    groups = [value for name, value in inner if name == "SUBPATTERN"]
    fixed = all(name in ("LITERAL", "SUBPATTERN") for name, _ in inner)
    after = inner[-1][0] != "SUBPATTERN"
    return begins and fixed and len(groups) == 1 and (ends or not after) and _is_anything(groups[0][-1])


def _is_anything(nodes: Any) -> bool:
    """Tell whether a group takes any text: `.*` or `.+`, greedy."""
    return (
        len(nodes) == 1
        and str(nodes[0][0]) == "MAX_REPEAT"
        and str(nodes[0][1][2][0][0]) == "ANY"
        and (nodes[0][1][0] <= 1 and "MAXREPEAT" in str(nodes[0][1][1]))
    )
