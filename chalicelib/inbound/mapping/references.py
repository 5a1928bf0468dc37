"""References between the parts of a document: each is replaced by what it means, in a tree of bounded size."""

import copy
from typing import Any

from chalicelib.inbound.cad.read_updates import Malformed
from chalicelib.inbound.mapping.file import References

DEEPEST = 200
DEEPEST_REFERENCE = 8
"""References in parts that references mean are followed so many times."""

MOST_PARTS = 200_000
"""Objects and lists of a record after all references are replaced."""


def resolve(record: Any, references: References) -> Any:
    """Return a record with the part that is meant in the place of each reference; Malformed where it grows too large.

    A part is never put into itself: there, and too deep, the reference stays.
    """
    known, used = _named(record, references)
    return _Tree(known, references).of(record, 0, 0, frozenset()) if used else record


def _named(record: Any, references: References) -> tuple[dict[str, Any], bool]:
    """Return the parts that have a name, and whether any reference names one; Malformed."""
    known: dict[str, Any] = {}
    named = set[str]()
    waiting: list[tuple[Any, int]] = [(record, 0)]
    while waiting:
        part, depth = waiting.pop()
        if depth > DEEPEST:
            raise Malformed(f"the body is deeper than {DEEPEST} objects")
        if isinstance(part, dict):
            reference = _reference(part, references)
            if reference is not None:
                named |= {reference, reference.removeprefix("#")}
            elif isinstance(name := part.get(references.id), str):
                known[name] = part
        inner = part.values() if isinstance(part, dict) else part
        waiting += [(value, depth + 1) for value in inner if isinstance(value, dict | list)]
    return known, not named.isdisjoint(known)


def _reference(part: dict[str, Any], references: References) -> str | None:
    name = part.get(references.ref) if len(part) == 1 else None
    return name if isinstance(name, str) else None


class _Tree:
    def __init__(self, known: dict[str, Any], references: References) -> None:
        self._known, self._references = known, references
        self._count = 0

    def of(self, part: Any, depth: int, followed: int, within: frozenset[str]) -> Any:
        """Return a part with its references replaced; `within` are the names of the parts around it."""
        self._count += 1
        if self._count > MOST_PARTS or depth > DEEPEST:
            raise Malformed(f"references make the body larger than {MOST_PARTS:,} parts, or deeper than {DEEPEST}")
        if isinstance(part, list):
            return [self._value(item, depth, followed, within) for item in part]
        name = self._known_as(_reference(part, self._references))
        if name is not None and name not in within and followed < DEEPEST_REFERENCE:
            return self.of(self._known[name], depth + 1, followed + 1, within)
        own = part.get(self._references.id)
        within = within | {own} if isinstance(own, str) else within
        replaced = {key: self._value(value, depth, followed, within) for key, value in part.items()}
        if type(part) is dict:
            return replaced
        kept = copy.copy(part)  # an object that notes what it is asked for
        kept.update(replaced)
        return kept

    def _known_as(self, name: str | None) -> str | None:
        """Return the name of the part that is meant, None where there is none; `#` may stand before a name."""
        return next((each for each in (name, (name or "").removeprefix("#")) if each in self._known), None)

    def _value(self, value: Any, depth: int, followed: int, within: frozenset[str]) -> Any:
        return self.of(value, depth + 1, followed, within) if isinstance(value, dict | list) else value
