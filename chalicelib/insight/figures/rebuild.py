"""Write a day of the lake again from the tables: for a file that was lost or damaged.

Nothing is taken away: a row that the tables do not have any more stays if the file can be read. So a scan
that misses what is written meanwhile loses nothing either.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day

from msgspec import Struct

from chalicelib.domain.lake.row import LakeRow
from chalicelib.domain.lake.rows import Changed
from chalicelib.domain.lake.tables import Day, newest, table_of
from chalicelib.domain.settings.agency import Agency
from chalicelib.flow.lake.export import rows_of
from chalicelib.insight.figures.columns import OF_SURVEYS
from chalicelib.ports.errors import Busy, Conflict, Damaged
from chalicelib.ports.lake import Lake
from chalicelib.ports.settings import Settings

MOST_TRIES = 5
_KEPT_AS = {"updates": "history"} | dict.fromkeys(OF_SURVEYS, "surveys")
"""Under which of `retention`'s names a table's rows are kept; the others as incidents are."""


class TooLate(ValueError):
    """The tables have forgotten a part of that day."""


class Rebuilt(Struct, frozen=True, kw_only=True):
    """A table's day: rows from the tables, rows that only the lake had, and whether its file was damaged."""

    table: str
    rows: int
    only_here: int
    damaged: bool


def check(day: date, tables: Iterable[str], agencies: Iterable[Agency], now: datetime) -> None:
    """Refuse a day whose rows may have gone from the tables, or that has not begun; TooLate."""
    begins = datetime.combine(day, time_of_day(), UTC)
    if begins > now:
        raise TooLate(f"{day} has not begun")
    for agency in agencies:
        for table in tables:
            kept = kept_for(table, agency)
            if begins + kept <= now:
                raise TooLate(
                    f"{day} is past the {kept.days} days for which {agency.agency_id} keeps {table} in the tables: "
                    "the lake has the only copy"
                )


def kept_for(table: str, agency: Agency) -> timedelta:
    """Return how long what a table's rows are made of stays in the tables."""
    kept: timedelta = getattr(agency.retention, _KEPT_AS.get(table, "incidents"))
    return kept


def rebuild(
    day: date, tables: Iterable[str], changes: Iterable[Changed], lake: Lake, settings: Settings
) -> list[Rebuilt]:
    """Write the day of each table again from what the tables hold; Busy where somebody keeps writing it."""
    found: dict[str, list[LakeRow]] = {table: [] for table in tables}
    for changed in changes:
        for row in rows_of(changed, settings):
            if row.dt == day and table_of(row) in found:
                found[table_of(row)].append(row)
    return [_put_back(table, day, rows, lake) for table, rows in found.items()]


def _put_back(table: str, day: date, rows: list[LakeRow], lake: Lake) -> Rebuilt:
    for _ in range(MOST_TRIES):
        tag = lake.tag(table, day)
        known, damaged = _known(table, day, lake)
        merged = tuple(newest((*rows, *known)))
        try:
            if merged or tag:
                lake.write_day(table, day, Day(merged, tag))
        except Conflict:
            continue
        only_here = len({row.id for row in known} - {row.id for row in rows})
        return Rebuilt(table=table, rows=len(rows), only_here=only_here, damaged=damaged)
    raise Busy(f"{table} {day}: compaction keeps writing it; try again in a minute")


def _known(table: str, day: date, lake: Lake) -> tuple[tuple[LakeRow, ...], bool]:
    try:
        return lake.read_day(table, day).rows, False
    except Damaged:
        return (), True
