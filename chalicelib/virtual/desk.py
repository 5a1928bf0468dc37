"""What waits for somebody, and what is recent, in memory."""

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime

from msgspec.structs import replace

from chalicelib.domain.desk.attention import Attention, Cause, Waiting
from chalicelib.domain.desk.recent import ANYTHING, Recent, RecentPage, Wanted, recent_call, recent_message
from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.ports.errors import Conflict


class MemoryAttention:
    """The port `WaitingList`."""

    def __init__(self) -> None:
        self._known: dict[str, dict[tuple[Cause, str], Waiting]] = {}

    def of(self, agency_id: str, causes: Collection[Cause] = ()) -> tuple[Waiting, ...]:
        """Return what waits for somebody, or will."""
        known = self._known.get(agency_id, {})
        return tuple(one for _, one in sorted(known.items()) if not causes or one.cause in causes)

    def note(self, agency_id: str, change: Attention) -> None:
        """Write what begins to wait, and remove what does not any more."""
        known = self._known.setdefault(agency_id, {})
        for one in change.begun:
            before = known.get(one.name)
            known[one.name] = replace(one, taken_by=before.taken_by, taken_at=before.taken_at) if before else one
        for name in change.ended:
            known.pop(name, None)

    def put_right(self, one: Waiting, change: Attention) -> None:
        """Write a change of one entry, or remove it; Conflict."""
        if self._known.get(one.agency_id, {}).get(one.name) != one:
            raise Conflict
        self.note(one.agency_id, change)

    def take(self, one: Waiting, by: str, at: datetime) -> Waiting:
        """Note that somebody has taken it; Conflict."""
        known = self._known.get(one.agency_id, {})
        if one.name not in known or known[one.name].taken_at != one.taken_at:
            raise Conflict
        known[one.name] = known[one.name].take(by, at)
        return known[one.name]


class MemoryRecent:
    """The port `RecentCalls`, over all that is stored; nothing in memory expires."""

    def __init__(self, records: Callable[[], Iterable[IncidentRecord]]) -> None:
        self._records = records

    def of(
        self,
        agency_id: str,
        since: datetime,
        until: datetime,
        *,
        wanted: Wanted = ANYTHING,
        most: int = 50,
        after: str = "",
    ) -> RecentPage:
        """Return a page of what began in a span; `after` counts what was shown before."""
        began = int(after) if after.isdecimal() else 0
        found = [one for one in self.all_of(agency_id, since, until) if wanted.has(one)]
        page = tuple(found[began : began + most])
        return RecentPage(page, str(began + most) if len(page) == most else "")

    def all_of(self, agency_id: str, since: datetime, until: datetime) -> list[Recent]:
        """Return everything that began in a span, the latest first."""
        ours = (one for one in self._all() if one.key.agency_id == agency_id and since <= one.created_at <= until)
        return sorted(ours, key=_place, reverse=True)

    def _all(self) -> Iterator[Recent]:
        for record in self._records():
            if record.created_at:
                yield recent_call(record.incident, record.created_at, record.skipped)
            yield from map(recent_message, record.rows.values())


def _place(one: Recent) -> tuple[datetime, str, str]:
    """Order as the index does: a call before its messages, and these by kind, recipient and ordinal."""
    row = one.notification
    return one.created_at, one.key.incident_number, f"{row.kind}#{row.recipient}#{row.ordinal}" if row else ""
