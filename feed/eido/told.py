"""What `tenfour feed status` says of a subscription."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from feed.place import Place


class Connection(Struct, frozen=True):
    """Since when there is one, until when the subscription lasts, and since when nothing is known for sure."""

    connected_since: datetime | None = None
    subscribed_until: datetime | None = None
    silent_since: datetime | None = None


def connection(place: Place, *, alive: bool, skew: timedelta) -> Connection:
    """Return the connection as it was noted, by this machine's clock; a feed that does not run has none, and is silent.

    `skew` is how far the clock of the address is ahead of it.
    """
    noted = (_instant(place.note(name)) for name in Connection.__struct_fields__)
    found = Connection(*(at - skew if at else None for at in noted))
    if alive or found == Connection():
        return found
    return Connection(silent_since=found.silent_since or _instant(place.note("alive_at")))


def rows_of(found: Connection) -> Iterator[tuple[str, str]]:
    """Yield the lines about a connection; none for a feed that has no subscription."""
    if found.connected_since:
        until = f"subscribed until {_said(found.subscribed_until)}" if found.subscribed_until else "not subscribed yet"
        yield "connected", f"since {_said(found.connected_since)}, {until}"
    if found.silent_since:
        yield "silent", f"since {_said(found.silent_since)}: no heartbeat until the full state is read"


def _said(at: datetime) -> str:
    return f"{at.astimezone():%m-%d %H:%M:%S}"


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(UTC) if text else None
