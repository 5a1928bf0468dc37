"""The brake: what can be held, how many texts that is now, and what would go once it is lifted."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from msgspec import Struct

from chalicelib.domain.desk.recent import Recent
from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.notification import State
from chalicelib.domain.notifications.pause import Pause, PauseOf
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.incident_types import matches
from chalicelib.insight.settings.pausable import in_settings
from chalicelib.wiring import Aws

LONGEST_WAIT = timedelta(hours=24)
MOST = 1000
MOST_CALLS = 50
"""Calls that are read to see whether their texts are too old."""


class Going(Struct, frozen=True, kw_only=True):
    """What would become of the texts that a pause holds: each kind with those that would go and those too old.

    `looked_at` counts the calls that were read; `more` tells that others wait too.
    """

    kinds: tuple[tuple[str, int, int], ...]
    looked_at: int
    more: bool


class Day(Struct, frozen=True):
    """The entries of the last day in the index, and whether there are more than were read."""

    found: tuple[Recent, ...]
    more: bool


def read_day(aws: Aws, agency_id: str, at: datetime) -> Day:
    """Read what the last day brought."""
    page = aws.recent.of(agency_id, at - LONGEST_WAIT, at, most=MOST)
    return Day(page.found, bool(page.after))


def pausable(agency: Agency, found: Iterable[Recent]) -> Mapping[PauseOf, tuple[str, ...]]:
    """Return what can be paused by itself: kinds, and the types and beats of the settings and of what is given."""
    entries = tuple(found)
    types = {*in_settings("type", agency), *(one.incident_type for one in entries)} - {""}
    beats = {*in_settings("beat", agency), *(one.beat for one in entries)} - {""}
    return {"kind": tuple(Kind), "type": tuple(sorted(types)), "beat": tuple(sorted(beats))}


def held_by(of: str, which: str, found: Iterable[Recent], keys: Collection[str] = ()) -> int:
    """Count the texts that wait now and that a pause would hold; `keys` are those of the calls that `which` names."""
    waits = (one for one in found if one.kind is not None and one.state == State.SCHEDULED)
    return sum(one.key.incident_number in keys if of == "incident" else _is_of(of, which, one) for one in waits)


def going(aws: Aws, agency_id: str, pauses: tuple[Pause, ...], at: datetime) -> Going:
    """Return what would go if these pauses were lifted, by the index and the calls that it names, so many at most."""
    day = read_day(aws, agency_id, at)
    waits = [one for one in day.found if one.notification and one.reason == Reason.PAUSED]
    keys = list(dict.fromkeys(one.key for one in waits if one.state == State.SCHEDULED))
    goes: Counter[str] = Counter()
    stale: Counter[str] = Counter()
    for key in keys[:MOST_CALLS]:
        record = aws.incidents.load(key)
        for row in record.rows.values():
            held = any(pause.holds(row.key.kind, record.incident) for pause in pauses)
            if held and row.state is State.SCHEDULED and row.reason == Reason.PAUSED:
                (stale if row.expires_at <= at else goes)[row.key.kind] += 1
    kinds = tuple((kind.value, goes[kind], stale[kind]) for kind in Kind if goes[kind] or stale[kind])
    return Going(kinds=kinds, looked_at=min(len(keys), MOST_CALLS), more=day.more or len(keys) > MOST_CALLS)


def _is_of(of: str, which: str, one: Recent) -> bool:
    match of:
        case "agency":
            return True
        case "kind":
            return one.kind == which
        case "type":
            return bool(one.incident_type) and matches((which,), one.incident_type)
        case "beat":
            return bool(one.beat) and matches((which,), one.beat)
    return False
