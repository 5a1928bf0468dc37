"""Which tables these really are: DynamoDB gives each an id, and one that is restored gets another.

Names don't tell: the usual way back is to restore under the name that the stack knows.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from pynamodb.connection import Connection

LOOK_EVERY = timedelta(minutes=5)
"""Restoring takes longer, whatever the size: nobody can run through it with the ids of before."""


class TableIds:
    """The ids of our tables by what they are for, as of the last minutes."""

    def __init__(self, connection: Connection, names: Mapping[str, str], clock: Callable[[], datetime]) -> None:
        self._connection, self._names, self._clock = connection, names, clock
        self._known: tuple[datetime, dict[str, str]] | None = None

    def __call__(self) -> dict[str, str]:
        """Return each table's id."""
        at = self._clock()
        if self._known is None or at - self._known[0] > LOOK_EVERY:
            describe = self._connection.client.describe_table
            self._known = at, {use: describe(TableName=name)["Table"]["TableId"] for use, name in self._names.items()}
        return self._known[1]
