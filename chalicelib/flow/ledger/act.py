"""Do an act with its note, in the order that its kind demands.

An act that widens what is said or shown is noted first, and is not done where it can't be noted. A brake only stops
something: it is done first, whatever state the ledger is in, and noted after.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TypeVar

from msgspec.structs import replace

from chalicelib.domain.ledger.noted import Noted, Unnotable
from chalicelib.domain.ledger.what import BRAKES, What
from chalicelib.ports.errors import NotNoted
from chalicelib.ports.ledger import Note

T = TypeVar("T")


def act_noted(
    what: What, entry: Callable[[], Noted], act: Callable[[], T], note: Note, unnoted: Callable[[Exception], None]
) -> T:
    """Do an act and note it, and return what it returned; NotNoted, Unnotable, and whatever the act raises.

    `entry` makes the entry, so that a brake does not wait for it either. `unnoted` is told that a brake was done and
    its note was not kept.
    """
    return done_first(entry, act, note, unnoted) if what in BRAKES else noted_first(entry, act, note)


def done_first(entry: Callable[[], Noted], act: Callable[[], T], note: Note, unnoted: Callable[[Exception], None]) -> T:
    """Do what only stops something, and note it if that can be."""
    done = act()
    try:
        note(entry())
    except (NotNoted, Unnotable) as problem:
        unnoted(problem)
    return done


def noted_first(entry: Callable[[], Noted], act: Callable[[], T], note: Note) -> T:
    """Note what widens something, and do it only then; NotNoted, Unnotable, and whatever the act raises."""
    return all_noted_first(lambda: (entry(),), act, note)


def all_noted_first(entries: Callable[[], Sequence[Noted]], act: Callable[[], T], note: Note) -> T:
    """Note what widens something by several entries, all or none, and do it only then.

    They are one write: two would take longer, and tell whoever acts that somebody else is told. NotNoted, Unnotable,
    and whatever the act raises.
    """
    noted = tuple(entries())
    note(*noted)
    try:
        return act()
    except Exception:
        with suppress(NotNoted):  # the act's own error is what people must see
            note(*(replace(one, failed=True) for one in noted))
        raise
