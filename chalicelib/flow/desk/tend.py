"""Tend what waits for somebody: each minute, after the sweep, write what only time tells and empty what has ended.

It takes three reads for each agency, one more where conversations are on, and a write where something began or ended.
What a crash left behind is put right a minute later. What has a moment of its own is written there: held calls, alerts
and follow-ups. A call that many callers hold is looked at again every ten minutes, by one more read: its texts end one
by one, and some at once.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import reduce

from chalicelib.domain.desk.attention import CALM, Attention, Waiting, applied, changed
from chalicelib.domain.desk.by_time import BY_TIME, OVERDUE, by_time
from chalicelib.domain.desk.held import held, is_looked_at_again
from chalicelib.domain.incidents.feed_health import watch
from chalicelib.domain.names import IncidentKey
from chalicelib.flow.apart import apart
from chalicelib.flow.incidents.awaited import beside_its_leader
from chalicelib.flow.incidents.settings_of import settings_of
from chalicelib.ports.errors import Conflict
from chalicelib.ports.world import Ports

MOST_UNREAD = 1000
"""Replies that are counted: in a storm there are more."""


Seen = dict[str, tuple[Waiting, ...]]
"""What waits, by agency."""


def tend_attention(ports: Ports, now: datetime, seen: Seen | None = None) -> None:
    """Bring each agency's list up to date; ExceptionGroup of those where that failed.

    `seen` takes what waits at each of the others now: whoever pages people of it need not read it again.
    """
    due: defaultdict[str, list[datetime]] = defaultdict(list)
    for key, at in ports.incidents.due(now - OVERDUE):
        due[key.agency_id].append(at)
    kept = {} if seen is None else seen

    def tend(agency_id: str) -> None:
        kept[agency_id] = _tend(agency_id, due[agency_id], ports, now)

    apart(ports.settings.agencies(), tend)


def _tend(agency_id: str, due: Sequence[datetime], ports: Ports, now: datetime) -> tuple[Waiting, ...]:
    heard, book = ports.settings.feed(agency_id)
    after, troubles = watch(book, heard, now) if heard.told_at else (book, ())
    breakers = ports.settings.conditions(agency_id).breakers
    found = by_time(agency_id, troubles, heard.heard_at, breakers, due, now, after, _unread(agency_id, ports))
    known = ports.attention.of(agency_id)
    change = changed((one for one in known if one.cause in BY_TIME), found)
    if change:
        ports.attention.note(agency_id, change)
    waits = applied(known, change)
    again = {one.about: one for one in known if is_looked_at_again(one, now)}
    changes: list[Attention] = []
    apart(again, lambda about: changes.append(_look_again(again[about], ports, now)))
    return reduce(applied, changes, waits)


def _look_again(one: Waiting, ports: Ports, now: datetime) -> Attention:
    """Hold an entry against what is stored, which is read after it, and return how it was put right.

    Where somebody wrote it since, theirs counts.
    """
    record = ports.incidents.load(IncidentKey(one.agency_id, one.about))
    agency = settings_of(record, ports)
    judged, _ = beside_its_leader(record.incident, ports)
    if agency is None or judged.awaited is not None:
        return CALM
    waits = held(judged, record.rows, agency, now)
    change = changed([one], [waits] if waits else [])
    if change:
        try:
            ports.attention.put_right(one, change)
        except Conflict:
            return CALM
    return change


def _unread(agency_id: str, ports: Ports) -> list[datetime]:
    """Return from when on each reply waits that nobody has seen; none where nobody watches."""
    agency = ports.settings.agency(agency_id)
    if agency is None or not agency.converses:
        return []
    return [one.since for one in ports.conversations.unread(agency_id, MOST_UNREAD)]
