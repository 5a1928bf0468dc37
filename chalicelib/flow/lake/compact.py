"""Compact the lake: merge new files into the days that they belong to, one object for each table and day.

A crash loses nothing: each day is replaced in one conditional put, and only then are the merged files deleted. Files
that a crash leaves behind are merged again, which gives the same rows.
"""

from collections import defaultdict
from datetime import date

from chalicelib.domain.lake.tables import Day, Landed, newest
from chalicelib.ports.errors import Busy, Conflict
from chalicelib.ports.lake import Lake

MOST_TRIES = 5


def compact_landing(lake: Lake) -> int:
    """Merge all new files; return how many were merged.

    An error in one day does not stop the others, but is raised in the end.
    """
    groups: dict[tuple[str, date], list[Landed]] = defaultdict(list)
    for landed in lake.landed():
        groups[landed.table, landed.dt].append(landed)
    problems = []
    for (table, dt), files in sorted(groups.items()):
        try:
            _merge_into_day(lake, table, dt, files)
            lake.forget(files)
        except Exception as problem:  # noqa: BLE001  one day's error must not stop the others
            problems.append(problem)
    if problems:
        raise problems[0]
    return sum(map(len, groups.values()))


def _merge_into_day(lake: Lake, table: str, dt: date, files: list[Landed]) -> None:
    fresh = [row for landed in files for row in lake.read_landed(landed)]
    for _ in range(MOST_TRIES):
        day = lake.read_day(table, dt)
        rows = tuple(newest((*day.rows, *fresh)))
        # An earlier run merged these files, and stopped before it deleted them.
        if rows == day.rows:
            return
        try:
            lake.write_day(table, dt, Day(rows, day.tag))
        except Conflict:
            continue
        return
    raise Busy(f"{table} {dt}")
