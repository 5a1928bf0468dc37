"""Read settings that a newer release published, after a roll-back: fields that this release does not know are left out.

Settings files refuse unknown fields, since one is most likely misspelt. Published settings were read by the release
that published them. If this one refused them, a roll-back would stop every text of the agency.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import msgspec

from chalicelib.aws.document import decode, plain

T = TypeVar("T")

_UNKNOWN = re.compile(r"Object contains unknown field `(?P<name>[^`]*)`(?: - at `\$(?P<path>[^`]*)`)?")
"""How msgspec names a field that a type does not have, and where."""

_STEP = re.compile(r"\[(?P<place>\d+|\.\.\.)\]|\.(?P<field>\w+)")
_MOST = 500


def decode_known(document: str | None, kind: type[T], leave_out: Callable[[str], None]) -> T:
    """Read a document without the fields that its type does not have, each of which is told; ValidationError."""
    try:
        return decode(document, kind)
    except msgspec.ValidationError:
        return _without_unknown(msgspec.json.decode(plain(document or "")), kind, leave_out)


def _without_unknown(raw: Any, kind: type[T], leave_out: Callable[[str], None]) -> T:
    for _ in range(_MOST):
        try:
            return decode(msgspec.json.encode(raw).decode(), kind)
        except msgspec.ValidationError as problem:
            found = _UNKNOWN.fullmatch(str(problem))
            if found is None:
                raise
            path = found["path"] or ""
            leave_out(f"settings{path}.{found['name']}")
            for holder in _holders(raw, [step["field"] or step["place"] for step in _STEP.finditer(path)]):
                holder.pop(found["name"], None)
    raise msgspec.ValidationError("more unknown fields than a release adds")


def _holders(value: Any, steps: list[str]) -> Iterable[dict[str, Any]]:
    """Return the objects at a path; `...` is every value of a mapping."""
    if not steps:
        return [value] if isinstance(value, dict) else []
    if steps[0] == "...":
        below = value.values() if isinstance(value, dict) else value
        return [holder for one in below for holder in _holders(one, steps[1:])]
    below = value[int(steps[0])] if isinstance(value, list) else value[steps[0]]
    return _holders(below, steps[1:])
