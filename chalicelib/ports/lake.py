"""The lake, as the flows write and read it."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Protocol

from chalicelib.domain.lake.row import LakeRow
from chalicelib.domain.lake.tables import Day, Landed


class Lake(Protocol):
    """Where facts without persons wait, and where analysts find them."""

    def land(self, name: str, table: str, dt: date, rows: Sequence[LakeRow]) -> None:
        """Write rows of one table and day for the next compaction; the same name again takes its place."""

    def land_together(self, name: str, rows: Sequence[LakeRow]) -> None:
        """Write rows of any tables and days for the next compaction, in one file; the same name takes its place."""

    def landed(self) -> Iterable[Landed]:
        """Return what waits for compaction."""

    def read_landed(self, landed: Landed) -> Sequence[LakeRow]:
        """Read a file that waits."""

    def read_day(self, table: str, dt: date) -> Day:
        """Read what analysts see of a day; Damaged."""

    def tag(self, table: str, dt: date) -> str | None:
        """Return the tag of a day's file, even of one that can't be read; None where there is none."""

    def write_day(self, table: str, dt: date, day: Day) -> None:
        """Write a day in one put over the tag that it was read as; Conflict."""

    def forget(self, landed: Sequence[Landed]) -> None:
        """Delete files that are now in their day."""
