"""What it means that an incident vanishes from a list that is complete.

`closed` is told as a closing. `secret` is told as `do_not_contact`, which holds for good. `unknown` is told as
`transferred_to: unknown`: it stops every text, and is taken back when the incident is there again.
"""

from datetime import datetime, timedelta
from typing import Any, Literal

from msgspec import Struct

Gone = Literal["", "closed", "secret", "unknown"]

_MOMENT = timedelta(milliseconds=1)
_FARTHEST_AHEAD = timedelta(minutes=4)
_ENDS = ("closed_at", "cancelled_at")
_FIELDS: dict[Gone, str] = {"closed": "closed_at", "unknown": "transferred_to"}

MANY = 5
"""So many incidents, if they are more than half of all, do not vanish at once: the list is broken, or was reloaded."""


class Told(Struct, frozen=True):
    """What was last told of an incident: its names, when it was so, what of it a vanishing would tell."""

    names: dict[str, Any]
    as_of: datetime
    closed: bool = False
    facts: dict[str, Any] = {}


def told_of(update: dict[str, Any]) -> Told | None:
    """Return what an update tells of its incident; None where it names none."""
    names = {name: update[name] for name in ("incident_id", "incident_number") if update.get(name)}
    as_of = update.get("as_of")
    if not names or not isinstance(as_of, datetime) or as_of.tzinfo is None:
        return None
    facts = {name: update[name] for name in _FIELDS.values() if update.get(name) is not None}
    return Told(names, as_of, any(update.get(name) is not None for name in _ENDS), facts)


def vanished(told: Told, gone: Gone, now: datetime) -> dict[str, Any] | None:
    """Return the update for an incident that vanished; None where there is nothing to tell."""
    if not gone or (gone == "closed" and told.closed):
        return None
    what: dict[str, tuple[str, Any]] = {
        "closed": ("closed_at", now),
        "secret": ("do_not_contact", True),
        "unknown": ("transferred_to", "unknown"),
    }
    field, value = what[gone]
    return {**told.names, "as_of": _after(told.as_of, now), field: value}


def returned(told: Told, gone: Gone, vanished_at: datetime, now: datetime) -> dict[str, Any] | None:
    """Return the update for an incident that is there again, as `told` says; None where nothing is taken back."""
    field = _FIELDS.get(gone)
    if field is None:
        return None
    return {**told.names, "as_of": _after(max(told.as_of, vanished_at), now), field: told.facts.get(field)}


def too_many(missing: int, tracked: int) -> bool:
    """Tell whether more incidents vanished at once than do so by themselves."""
    return missing >= MANY and missing * 2 > tracked


def _after(last: datetime, now: datetime) -> datetime:
    """Return a time that counts after what was told before, though the CAD's clock is a little ahead of ours."""
    return last + _MOMENT if now <= last <= now + _FARTHEST_AHEAD else now
