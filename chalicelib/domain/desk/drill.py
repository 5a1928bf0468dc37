"""Drills: pages that only try whether a watcher is reached. Whoever got one enters its code at the desk. Pure.

A drill that is asked for goes with the next sweep, the way a real page goes. What counts is the address: another phone
in the settings was reached by no drill yet. Four digits are soon guessed, so wrong ones are counted: by drill and by
person. A code names no drill, so a wrong one counts against each that it could have been.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.desk.attention import Cause
from chalicelib.domain.lately import lately
from chalicelib.domain.settings.watchers import Watching, short_name

ANSWERED_IN = timedelta(hours=1)
"""How long a code counts: a drill that somebody answers the next morning did not reach them at night."""

MOST_OF_A_DRILL = 5
"""Wrong codes after which a drill counts as not reached."""

MOST_OF_A_PERSON = 10
"""Wrong codes of one person within `ANSWERED_IN`: a new drill gives them no more."""

_CODE = re.compile("[0-9]{4}")


class Drill(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The last drill of an address. `trouble` says why it could not be sent, `by` who entered its code.

    `tries` are wrong codes that were entered while it waited.
    """

    code: str
    asked_at: datetime
    sent_at: datetime | None = None
    trouble: str = ""
    reached_at: datetime | None = None
    by: str = ""
    tries: int = 0

    @property
    def waits(self) -> bool:
        """Tell whether it was asked for and is not sent yet."""
        return self.sent_at is None and not self.trouble

    @property
    def spent(self) -> bool:
        """Tell whether so many wrong codes came that the right one would prove nothing."""
        return self.reached_at is None and self.tries >= MOST_OF_A_DRILL


Drills = Mapping[str, Drill]
"""The last drill of each address, by its short name."""

Tries = Mapping[str, tuple[datetime, ...]]
"""When each person entered a wrong code, by the name that their provider gives them."""


class Entry(StrEnum):
    """What became of a code that somebody entered.

    `spent` is a wrong code that was one too many for a drill, `too_many` any code of somebody who tried too often.
    """

    REACHED = "reached"
    WRONG = "wrong"
    SPENT = "spent"
    TOO_MANY = "too_many"


class Entered(Struct, frozen=True):
    """What became of a code, and the drills and tries once it was entered."""

    what: Entry
    drills: Drills
    tries: Tries


def code_of(chance: bytes) -> str:
    """Return four digits by chance."""
    return f"{int.from_bytes(chance) % 10_000:04}"


def asked(drills: Drills, address: str, code: str, now: datetime) -> Drills:
    """Return the drills with one that is asked for, in the place of the last one of its address."""
    return {**drills, short_name(address): Drill(code=code, asked_at=now)}


def to_send(drills: Drills, watching: Watching) -> Iterator[tuple[str, Drill]]:
    """Yield the addresses to which a drill is to be sent now."""
    for address in addresses(watching):
        drill = drills.get(short_name(address))
        if drill and drill.waits:
            yield address, drill


def entered(drills: Drills, tries: Tries, code: str, by: str, person: str, now: datetime) -> Entered:
    """Return what becomes of a code; `by` is who entered it as people know them, `person` as their provider does.

    What is not four digits is a slip and no try. A code that was entered before counts as it did then.
    """
    tries = {name: kept for name, all_of in tries.items() if (kept := _within(all_of, now))}
    mine = tries.get(person, ())
    if len(mine) >= MOST_OF_A_PERSON:
        return Entered(Entry.TOO_MANY, drills, tries)
    fresh = {name: drill for name, drill in drills.items() if lately(drill.sent_at, ANSWERED_IN, now)}
    found = next((name for name, drill in fresh.items() if drill.code == code and not drill.spent), None)
    if found is not None:
        reached = replace(fresh[found], reached_at=fresh[found].reached_at or now, by=fresh[found].by or by)
        return Entered(Entry.REACHED, {**drills, found: reached}, tries)
    if not _CODE.fullmatch(code):
        return Entered(Entry.WRONG, drills, tries)
    open_now = {name: drill for name, drill in fresh.items() if not (drill.reached_at or drill.spent)}
    tried = {name: replace(drill, tries=drill.tries + 1) for name, drill in open_now.items()}
    what = Entry.SPENT if any(one.spent for one in tried.values()) else Entry.WRONG
    return Entered(what, {**drills, **tried}, {**tries, person: (*mine, now)})


def _within(tries: tuple[datetime, ...], now: datetime) -> tuple[datetime, ...]:
    return tuple(at for at in tries if lately(at, ANSWERED_IN, now))


def addresses(watching: Watching) -> tuple[str, ...]:
    """Return every address that may be paged, each once."""
    return tuple(dict.fromkeys(each for cause in Cause if cause in watching for each in watching[cause].addresses))
