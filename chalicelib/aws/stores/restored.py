"""Which tables these really are: DynamoDB gives each an id, and one that is restored gets another.

Names don't tell: the usual way back is to restore under the name that the stack knows.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from pynamodb.connection import Connection

from chalicelib.aws.cached import Cached

LOOK_EVERY = timedelta(minutes=5)
"""Restoring takes longer, whatever the size: nobody can run through it with the ids of before."""


class TableIds:
    """The ids of our tables by what they are for, as of the last minutes."""

    def __init__(self, connection: Connection, names: Mapping[str, str], clock: Callable[[], datetime]) -> None:
        self._connection, self._names = connection, names
        self._known: Cached[None, dict[str, str]] = Cached(clock, LOOK_EVERY)

    def __call__(self) -> dict[str, str]:
        """Return each table's id."""
        return self._known.get(None, self._describe)

    def _describe(self) -> dict[str, str]:
        describe = self._connection.client.describe_table
        return {use: describe(TableName=name)["Table"]["TableId"] for use, name in self._names.items()}
