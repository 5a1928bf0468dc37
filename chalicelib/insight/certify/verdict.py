"""The word of a check: right, wrong, or not seen."""

from collections.abc import Callable, Iterable
from typing import Literal

from msgspec import Struct

from chalicelib.insight.certify.read import Run

State = Literal["right", "wrong", "not_seen"]
MOST_SHOWN = 5


class Verdict(Struct, frozen=True):
    """A check's word: what is wrong, request by request, and what else people may want to know."""

    state: State
    findings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class Check(Struct, frozen=True, kw_only=True):
    """One rule: its name, in a few words; what it means for people; and what shows it where it was not seen."""

    name: str
    rule: str
    people: str
    show: str
    look: Callable[[Run], Verdict]


def verdict(findings: Iterable[str], seen: object, notes: Iterable[str] = ()) -> Verdict:
    """Return wrong where anything was found, else right where there was anything to look at."""
    found, told = tuple(dict.fromkeys(findings)), tuple(dict.fromkeys(notes))
    if found:
        return Verdict("wrong", found, told)
    return Verdict("right" if seen else "not_seen", (), told)
