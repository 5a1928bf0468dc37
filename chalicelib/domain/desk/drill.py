"""Drills: pages that only try whether a watcher is reached. Whoever got one enters its code at the desk. Pure.

A drill that is asked for goes with the next sweep, the way a real page goes. What counts is the address: another phone
in the settings was reached by no drill yet.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.desk.attention import Cause
from chalicelib.domain.settings.watchers import Watching, short_name

ANSWERED_IN = timedelta(hours=1)
"""How long a code counts: a drill that somebody answers the next morning did not reach them at night."""


class Drill(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The last drill of an address. `trouble` says why it could not be sent, `by` who entered its code."""

    code: str
    asked_at: datetime
    sent_at: datetime | None = None
    trouble: str = ""
    reached_at: datetime | None = None
    by: str = ""

    @property
    def waits(self) -> bool:
        """Tell whether it was asked for and is not sent yet."""
        return self.sent_at is None and not self.trouble


Drills = Mapping[str, Drill]
"""The last drill of each address, by its short name."""


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


def answered(drills: Drills, code: str, by: str, now: datetime) -> Drills | None:
    """Return the drills once somebody entered a code; None where no drill that is on its way has it."""
    for name, drill in drills.items():
        fresh = drill.sent_at is not None and now - drill.sent_at <= ANSWERED_IN
        if fresh and drill.code == code and not drill.reached_at:
            return {**drills, name: replace(drill, reached_at=now, by=by)}
    return None


def addresses(watching: Watching) -> tuple[str, ...]:
    """Return every address that may be paged, each once."""
    return tuple(dict.fromkeys(each for cause in Cause if cause in watching for each in watching[cause].addresses))
