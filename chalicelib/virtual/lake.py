"""The lake in memory: files by name, days by table and date."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import count

from chalicelib.domain.lake.row import LakeRow
from chalicelib.domain.lake.tables import Day, Landed
from chalicelib.ports.errors import Conflict


class MemoryLake:
    """The port `Lake`."""

    def __init__(self) -> None:
        self._waiting: dict[str, tuple[Landed, Sequence[LakeRow]]] = {}
        self._days: dict[tuple[str, date], Day] = {}
        self._tags = count(1)

    def land(self, name: str, table: str, dt: date, rows: Sequence[LakeRow]) -> None:
        """Write rows for the next compaction."""
        path = f"{table}/{dt}/{name}"
        self._waiting[path] = Landed(path, table, dt), rows

    def land_together(self, name: str, rows: Sequence[LakeRow]) -> None:
        """Write rows of any tables and days for the next compaction."""
        self._waiting[name] = Landed(name), rows

    def landed(self) -> Iterable[Landed]:
        """Return what waits."""
        return [landed for landed, _ in self._waiting.values()]

    def read_landed(self, landed: Landed) -> Sequence[LakeRow]:
        """Read a file that waits."""
        return self._waiting[landed.name][1] if landed.name in self._waiting else ()

    def read_day(self, table: str, dt: date) -> Day:
        """Read a day."""
        return self._days.get((table, dt), Day())

    def tag(self, table: str, dt: date) -> str | None:
        """Return a day's tag."""
        return self.read_day(table, dt).tag

    def write_day(self, table: str, dt: date, day: Day) -> None:
        """Replace a day over the tag that it was read as; Conflict."""
        if self.read_day(table, dt).tag != day.tag:
            raise Conflict
        self._days[table, dt] = Day(day.rows, str(next(self._tags)))

    def days(self) -> Iterable[Day]:
        """Return every day of every table."""
        return self._days.values()

    def forget(self, landed: Sequence[Landed]) -> None:
        """Delete files."""
        for item in landed:
            self._waiting.pop(item.name, None)
