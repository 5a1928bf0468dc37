"""Change which tables a list in a text of settings has, and their order; all else stays as it is. Pure.

An entry goes with the comment lines right above it. Empty lines, and comments that stand apart, stay where they are. So
an entry that moves and moves back leaves the same text, as does one that is added and taken out again. Each result is
read again before it is returned, as in `edit`.
"""

import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.insight.settings.edit import (
    Text,
    Unwritable,
    as_key,
    as_value,
    edit,
    parsed,
    says,
    value_at,
    with_line,
    with_value,
)
from chalicelib.insight.settings.locate import Path

_NAMES = ("id", "codes", "name")
"""What tells an entry from the others of its list: of a question, a type of call and a city."""


def with_entry(text: str, path: Path, entry: Mapping[str, Any]) -> str:
    """Return a text in which a list of tables has one more at its end. Unwritable, TOMLDecodeError."""
    now = parsed(text)
    known = value_at(now.data, path) or []
    if not isinstance(known, list):
        raise Unwritable(path)
    entries = [*known, dict(entry)]
    if path in now.at.spans:
        return edit(text, path, entries)
    heading = ".".join(as_key(str(key)) for key in path)
    block = f"\n[[{heading}]]\n" + "".join(f"{as_key(key)} = {as_value(part)}\n" for key, part in entry.items())
    last = (*path, len(known) - 1)
    below = [now.own(last)[-1][1]] if last in now.at.heads and now.own(last) else []
    for at in (*(now.line(span)[1] for span in below), len(text)):
        changed = with_line(text, at, block)
        if says(changed, with_value(now.data, path, entries)):
            return changed
    raise Unwritable(path)


def without_entry(text: str, path: Path, place: int) -> str:
    """Return a text in which a list of tables lacks the entry at a place. Unwritable, TOMLDecodeError."""
    now = parsed(text)
    entries = _listed(now, path)
    rest = [one for number, one in enumerate(entries) if number != place] or None
    if len(entries) == len(rest or ()) or path in now.at.spans:
        return edit(text, path, rest)
    start, end = _block(now, (*path, place))
    gap = text[:start].endswith("\n\n")
    changed = text[: start - gap] + text[end + 1 :]
    if not says(changed, with_value(now.data, path, rest)):
        raise Unwritable(path)
    return changed


def ordered(text: str, path: Path, order: Sequence[int]) -> str:
    """Return a text in which a list of tables has its entries in another order: the places where they stand now.

    Unwritable, TOMLDecodeError.
    """
    now = parsed(text)
    entries = _listed(now, path)
    blocks = [_block(now, (*path, place)) for place in range(len(entries))]
    changed, at = "", 0
    for (start, end), place in zip(blocks, order, strict=True):
        first, last = blocks[place]
        changed, at = changed + text[at:start] + text[first:last], end
    changed += text[at:]
    if not says(changed, with_value(now.data, path, [entries[place] for place in order])):
        raise Unwritable(path)
    return changed


def aligned(origin: str, data: Mapping[str, Any], path: Path) -> str:
    """Return the text that a draft was made from, with its entries in the places that they have in `data` now.

    A setting of an entry that moved is put back as it stood in that entry, not as in the one that was at its place.
    "" where the entry of a path was not there.
    """
    for many, place in enumerate(path):
        if isinstance(place, int) and origin:
            origin = _aligned(origin, value_at(data, path[:many]), path[:many], place)
    return origin


def _aligned(origin: str, now: Any, path: Path, place: int) -> str:
    try:
        before = value_at(tomllib.loads(origin), path)
    except tomllib.TOMLDecodeError:
        return ""
    if not isinstance(before, list) or not isinstance(now, list):
        return origin
    was, names = list(map(_name, before)), list(map(_name, now))
    order = _order(was, names)
    if place >= len(order):
        return ""
    if was[order[place]] != names[place] and (was[order[place]] in names or names[place] in was):
        return ""
    try:
        return origin if order == sorted(order) else ordered(origin, path, order)
    except Unwritable:
        return ""


def _order(was: list[str], names: list[str]) -> list[int]:
    """Return the place in `was` of what belongs at each place of it: what has the same name now, else what is left."""
    left, order = list(range(len(was))), dict[int, int]()
    for place, name in enumerate(names[: len(was)]):
        found = next((each for each in left if was[each] == name), None)
        if found is not None:
            order[place] = found
            left.remove(found)
    for place in (each for each in range(len(was)) if each not in order):
        order[place] = place if place in left else left[0]
        left.remove(order[place])
    return [order[place] for place in range(len(was))]


def _name(entry: Any) -> str:
    known = (repr(entry[key]) for key in _NAMES if key in entry) if isinstance(entry, dict) else iter(())
    return next(known, "")


def _listed(now: Text, path: Path) -> list[Any]:
    entries = value_at(now.data, path)
    if not isinstance(entries, list):
        raise Unwritable(path)
    return entries


def _block(now: Text, path: Path) -> tuple[int, int]:
    """Return from where to where an entry is written: its value in a list, else its lines without the last line's end.

    Unwritable for one that is written in neither way.
    """
    if path in now.at.spans:
        return now.at.spans[path].value, now.at.spans[path].end
    if path not in now.at.heads:
        raise Unwritable(path)
    known = (*now.at.heads.items(), *now.at.spans.items())
    end = now.text.find("\n", max(span.end for each, span in known if each[: len(path)] == path))
    return _with_comments(now.text, now.at.heads[path].start), len(now.text) if end < 0 else end


def _with_comments(text: str, start: int) -> int:
    """Return where the comment lines right above a line begin, or the line itself."""
    start = text.rfind("\n", 0, start) + 1
    while start:
        above = text.rfind("\n", 0, start - 1) + 1
        if not text[above:start].lstrip().startswith("#"):
            break
        start = above
    return start
