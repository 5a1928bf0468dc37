"""What is recent: calls and their messages by the instant at which each began, without the persons. Pure.

Each is in the index under its agency, its day in UTC and one of four shards. A call's entry says what is known of it
now. A message's entry has the call's type and beat as they were when the message was last decided on.
"""

import zlib
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from msgspec import Struct

from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.names import IncidentKey, Kind, NotificationKey
from chalicelib.domain.notifications.notification import Notification
from chalicelib.domain.notifications.plan import Skipped

SHARDS = 4
"""Parts of a day's index. A day of one agency may take 4,000 writes a second: 1,000 for each part."""


class Recent(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A call, or a message about it where `notification` is set.

    `state` and `reason` are the message's. Of a call, `state` is `open`, `closed` or `cancelled`, and `reason` is why
    nothing at all is sent about it, or "".
    """

    key: IncidentKey
    notification: NotificationKey | None = None
    created_at: datetime
    state: str = ""
    reason: str = ""
    incident_type: str = ""
    beat: str = ""

    @property
    def kind(self) -> Kind | None:
        """Return the message's kind; None for a call."""
        return self.notification.kind if self.notification else None


class RecentPage(Struct, frozen=True):
    """What was found, the latest first; `after` asks for what comes next, and is "" at the end.

    A page may be short, or empty, and not be the last: it reads only so much.
    """

    found: tuple[Recent, ...]
    after: str = ""


class CallOf(NamedTuple):
    """A call on which an address ever was, by the incident's key, and when it began."""

    created_at: datetime
    incident_number: str


class Wanted(Struct, frozen=True, kw_only=True):
    """What somebody looks for; what is None counts for nothing. `kind` is `call`, or a kind of message."""

    kind: str | None = None
    state: str | None = None
    reason: str | None = None
    incident_type: str | None = None
    beat: str | None = None

    def has(self, one: Recent) -> bool:
        """Tell whether it is looked for."""
        known = (
            (self.kind, one.kind or "call"),
            (self.state, one.state),
            (self.reason, one.reason),
            (self.incident_type, one.incident_type),
            (self.beat, one.beat),
        )
        return all(wanted is None or wanted == found for wanted, found in known)


ANYTHING = Wanted()


def recent_call(incident: Incident, created_at: datetime, skipped: Iterable[Skipped]) -> Recent:
    """Return how a call stands in the index."""
    facts = incident.facts
    barred = {(one.reason, one.recipient) for one in skipped}
    reasons = [reason for reason, recipient in barred if not recipient]
    return Recent(
        key=incident.key,
        created_at=created_at,
        state="cancelled" if facts.cancelled_at else "closed" if facts.closed_at else "open",
        reason=reasons[0] if len(barred) == len(reasons) == 1 else "",
        incident_type=facts.incident_type or "",
        beat=facts.beat or "",
    )


def recent_message(row: Notification) -> Recent:
    """Return how a message stands in the index."""
    return Recent(
        key=row.key.incident,
        notification=row.key,
        created_at=row.created_at,
        state=row.state,
        reason=row.reason,
        incident_type=row.incident_type,
        beat=row.beat,
    )


def shard_of(place: str) -> int:
    """Return the part of a day's index for all of one call."""
    return zlib.crc32(place.encode()) % SHARDS


def days_back(since: datetime, until: datetime) -> Iterator[date]:
    """Yield the days in UTC that a span touches, the latest first."""
    day, first = until.astimezone(UTC).date(), since.astimezone(UTC).date()
    while day >= first:
        yield day
        day -= timedelta(days=1)
