"""The lake in a folder, laid out as in S3: for a year that is made up here, and for copies."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from chalicelib.aws.lake import (
    LANDING,
    day_key,
    landing_key,
    pack,
    pack_together,
    read_landing_key,
    together_key,
    unpack,
    unpack_landed,
)
from chalicelib.domain.lake.row import LakeRow
from chalicelib.domain.lake.tables import Day, Landed
from chalicelib.ports.errors import Conflict


class FolderLake:
    """The port `Lake` over a folder. One process at a time: a tag is compared, then the file is renamed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def land(self, name: str, table: str, dt: date, rows: Sequence[LakeRow]) -> None:
        """Write rows where compaction finds them."""
        self._write(landing_key(name, table, dt), pack(rows))

    def land_together(self, name: str, rows: Sequence[LakeRow]) -> None:
        """Write rows of any tables and days where compaction finds them."""
        self._write(together_key(name), pack_together(rows))

    def landed(self) -> Iterator[Landed]:
        """Return what waits."""
        for path in sorted((self._folder / LANDING).rglob("*.json.gz")):
            landed = read_landing_key(path.relative_to(self._folder).as_posix())
            if landed:
                yield landed

    def read_landed(self, landed: Landed) -> Sequence[LakeRow]:
        """Read a file that waits."""
        return unpack_landed(self._read(landed.name), landed)

    def read_day(self, table: str, dt: date) -> Day:
        """Read a day and its tag."""
        body = self._read(day_key(table, dt))
        return Day(tuple(unpack(body, table)), _tag(body))

    def tag(self, table: str, dt: date) -> str | None:
        """Return the tag of a day, whatever it holds."""
        return _tag(self._read(day_key(table, dt)))

    def write_day(self, table: str, dt: date, day: Day) -> None:
        """Replace a day over the tag that it was read as; Conflict."""
        if self.tag(table, dt) != day.tag:
            raise Conflict
        self._write(day_key(table, dt), pack(day.rows))

    def forget(self, landed: Sequence[Landed]) -> None:
        """Delete files."""
        for item in landed:
            (self._folder / item.name).unlink(missing_ok=True)

    def _read(self, key: str) -> bytes:
        path = self._folder / key
        return path.read_bytes() if path.exists() else b""

    def _write(self, key: str, body: bytes) -> None:
        path = self._folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch = path.with_suffix(".new")
        scratch.write_bytes(body)
        scratch.rename(path)


def _tag(body: bytes) -> str | None:
    return hashlib.sha256(body).hexdigest() if body else None
