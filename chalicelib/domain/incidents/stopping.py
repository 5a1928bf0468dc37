"""Tell which of two values of a field, both told of the same instant, stops a text."""

from chalicelib.domain.incidents.facts import Link
from chalicelib.domain.phones import Phone

_STOPPING: dict[str, frozenset[object]] = {
    "response_mode": frozenset({"phone", "online", "none"}),
    "origin": frozenset({"officer_initiated"}),
    "exercise": frozenset({True}),
    "role": frozenset({"witness"}),
}
_ANY = frozenset({"transferred_to"})
"""Every value of these fields stops a text."""

_TELLING: dict[str, frozenset[object]] = {"contact_kind": frozenset({"personal"})}


def rank(field: str, value: object) -> int:
    """Return 1 for a value that stops a text which another value of the field, or none, would not, else 0."""
    if value is None:
        return 0
    if isinstance(value, Link):
        return int(value.relation != "related")
    if isinstance(value, Phone):
        return int(value.number is None)
    if field in _TELLING:
        return int(value not in _TELLING[field])
    return int(field in _ANY or (field in _STOPPING and value in _STOPPING[field]))
