"""What PostgreSQL's driver would refuse: times that no calendar of ours holds, and texts that are no UTF-8.

A time such as `infinity` is read as an end of our calendar. A database whose encoding is SQL_ASCII keeps whatever bytes
it is given; those that can't be read stand as U+FFFD, which the safety floor reads as a word that it does not know.
"""

from datetime import UTC, datetime
from typing import Any

from psycopg import DataError
from psycopg.adapt import Loader
from psycopg.types.datetime import TimestampLoader, TimestamptzLoader


def read_far_times(connection: Any, _record: Any) -> None:
    """Let a connection read all times: its driver's own readers refuse the whole page for one of them."""
    connection.adapters.register_loader("timestamp", _Timestamp)
    connection.adapters.register_loader("timestamptz", _Timestamptz)


class Damaged(str):
    """A text of which some bytes could not be read."""

    __slots__ = ()


def read_texts(connection: Any, encoding: str) -> None:
    """Let a connection to such a database read all texts: those that are no UTF-8 by another encoding, if one is known.

    Of it the driver would return bytes, and SQLAlchemy fails at the first of them.
    """
    if connection.pgconn.parameter_status(b"client_encoding") != b"SQL_ASCII":
        return

    class Text(Loader):
        def load(self, data: Any) -> str:
            return _decoded(bytes(data), encoding)

    for name in ("text", "varchar", "bpchar", "name", '"char"'):
        connection.adapters.register_loader(name, Text)
    connection.adapters.register_loader(0, Text)  # types that the driver does not know, such as citext


def _decoded(data: bytes, encoding: str) -> str:
    for known in ("utf-8", encoding):
        try:
            return data.decode(known or "utf-8")
        except UnicodeDecodeError:
            continue
    return Damaged(data.decode(errors="replace"))


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
