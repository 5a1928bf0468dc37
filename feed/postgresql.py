"""Times of PostgreSQL that no calendar of ours holds, such as `infinity`: read as an end of ours, not as a failure."""

from datetime import UTC, datetime
from typing import Any

from psycopg import DataError
from psycopg.types.datetime import TimestampLoader, TimestamptzLoader


def read_far_times(connection: Any, _record: Any) -> None:
    """Let a connection read all times: its driver's own readers refuse the whole page for one of them."""
    connection.adapters.register_loader("timestamp", _Timestamp)
    connection.adapters.register_loader("timestamptz", _Timestamptz)


class _Timestamp(TimestampLoader):
    def load(self, data: Any) -> datetime:
        """Return a time without an offset."""
        try:
            return super().load(data)
        except DataError:
            return _end(bytes(data))


class _Timestamptz(TimestamptzLoader):
    def load(self, data: Any) -> datetime:
        """Return a time with an offset."""
        try:
            return super().load(data)
        except (DataError, OverflowError):
            return _end(bytes(data)).replace(tzinfo=UTC)


def _end(written: bytes) -> datetime:
    return datetime.min if written.startswith(b"-") or written.endswith(b"BC") else datetime.max  # noqa: DTZ901
