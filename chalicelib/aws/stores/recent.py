"""The index of what is recent: its attributes on each item, and reading it, the latest first.

A call or a message stands in the part of the day on which it began, so all of one call that began that day is together.
The index lags by a moment, and DynamoDB takes up to two days to remove what has expired: that is left out here.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, time
from heapq import merge
from typing import Any

from chalicelib.aws.tables import INCIDENT, IncidentItem, incident_key, instant, notification_key, read_instant
from chalicelib.domain.desk.recent import (
    ANYTHING,
    SHARDS,
    Recent,
    RecentPage,
    Wanted,
    days_back,
    shard_of,
)
from chalicelib.domain.names import NotificationKey

MOST_READ, MOST_DAYS = 1000, 31
"""Entries that one page reads to find those that are wanted, and days that it looks through."""

_LATER_THAN_ALL = "~"
"""Sorts behind every instant."""


def at_place(pk: str, one: Recent) -> dict[str, Any]:
    """Return the attributes by which an item is in the index: a message's kind is in its name."""
    told = {
        "day": _part(one.key.agency_id, one.created_at.astimezone(UTC).date(), shard_of(pk)),
        "began": f"{instant(one.created_at)}#{one.key.incident_number}",
        "state": one.state,
        "reason": one.reason,
        "incident_type": one.incident_type,
        "beat": one.beat,
    }
    return {name: value for name, value in told.items() if value}


class RecentTable:
    """What began lately, of one agency at a time."""

    def __init__(self, items: type[IncidentItem], clock: Callable[[], datetime]) -> None:
        self._items, self._clock = items, clock

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
        """Return a page of what began in a span, the latest first, `since` and `until` included.

        It reads four parts of each day that it comes to, and of each no more than it may show. What began with one
        webhook is never parted. A page ends after `MOST_READ` entries or `MOST_DAYS` days, with what it has by then.
        """
        below = after or f"{instant(until)}{_LATER_THAN_ALL}"
        if below < instant(since):  # a place of another list
            return RecentPage(())
        found, read, last = list[Recent](), 0, ""
        for number, day in enumerate(days_back(since, min(until, _began(below, until)))):
            if number == MOST_DAYS:
                return RecentPage(tuple(found), f"{instant(datetime.combine(day, time.max, UTC))}{_LATER_THAN_ALL}")
            for place, one in self._day(agency_id, day, instant(since), below, most):
                if place != last and (len(found) >= most or read >= MOST_READ):
                    return RecentPage(tuple(found), last)
                read, last = read + 1, place
                if one is not None and wanted.has(one):
                    found.append(one)
        return RecentPage(tuple(found))

    def all_of(self, agency_id: str, since: datetime, until: datetime) -> Iterator[Recent]:
        """Yield everything that began in a span, the latest first: as many reads as there is to show."""
        below = f"{instant(until)}{_LATER_THAN_ALL}"
        for day in days_back(since, until):
            yield from (one for _, one in self._day(agency_id, day, instant(since), below, None) if one is not None)

    def _day(
        self, agency_id: str, day: date, since: str, below: str, most: int | None
    ) -> Iterator[tuple[str, Recent | None]]:
        """Yield a day's entries with their places, the latest first; None for one that has expired."""
        parts = (self._part(_part(agency_id, day, shard), since, below, most) for shard in range(SHARDS))
        for item in merge(*parts, key=lambda item: item.began or "", reverse=True):
            yield item.began or "", self._read(item)

    def _part(self, part: str, since: str, below: str, most: int | None) -> Iterator[IncidentItem]:
        """Yield the entries of a part; each call of DynamoDB brings as many as a page may show."""
        between = self._items.began.between(since, below)
        found = self._items.recent.query(part, between, scan_index_forward=False, page_size=most and most + 1)
        return (item for item in found if item.began != below)

    def _read(self, item: IncidentItem) -> Recent | None:
        if item.expires is not None and item.expires <= self._clock():
            return None
        return read_recent(item)


def read_recent(item: IncidentItem) -> Recent | None:
    """Return what an item's attributes in the index say; None for a kind that another release knows."""
    notification: NotificationKey | None = None
    if item.sk != INCIDENT:
        with suppress(ValueError):
            notification = notification_key(item.pk, item.sk)
        if notification is None:
            return None
    return Recent(
        key=incident_key(item.pk),
        notification=notification,
        created_at=read_instant((item.began or "").split("#", 1)[0]),
        state=item.state or "",
        reason=item.reason or "",
        incident_type=item.incident_type or "",
        beat=item.beat or "",
    )


def _part(agency_id: str, day: date, shard: int) -> str:
    return f"{agency_id}#{day.isoformat()}#{shard}"


def _began(place: str, until: datetime) -> datetime:
    """Return the instant of a place, at which a page goes on."""
    try:
        return read_instant(place.split("#", 1)[0].rstrip(_LATER_THAN_ALL))
    except ValueError:
        return until
