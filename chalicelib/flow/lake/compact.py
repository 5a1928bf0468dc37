"""Compact the lake: merge new files into the days that they belong to, one object for each table and day.

A crash loses nothing: each day is replaced in one conditional put, and only then are the merged files deleted. Files
that a crash leaves behind are merged again, which gives the same rows. So is a file one of whose days can't be read:
it waits until that day is whole again, and its other days have it already.
"""

from collections import defaultdict
from datetime import date

from chalicelib.domain.lake.row import LakeRow
from chalicelib.domain.lake.tables import Day, Landed, newest, table_of
from chalicelib.ports.errors import Busy, Conflict
from chalicelib.ports.lake import Lake

MOST_TRIES = 5
MOST_FILES = 200
"""Files whose rows are in memory together; a city lands some forty in a quarter of an hour."""


def compact_landing(lake: Lake) -> int:
    """Merge all new files; return how many were merged.

    An error in one file or day does not stop the others, but is raised in the end.
    """
    waiting = list(lake.landed())
    starts = range(0, len(waiting), MOST_FILES)
    problems = [problem for start in starts for problem in _merge(lake, waiting[start : start + MOST_FILES])]
    if problems:
        raise problems[0]
    return len(waiting)


def _merge(lake: Lake, files: list[Landed]) -> list[Exception]:
    """Merge files into their days, and delete those that are whole in them; return what went wrong."""
    fresh: dict[tuple[str, date], list[LakeRow]] = defaultdict(list)
    sources: dict[tuple[str, date], set[str]] = defaultdict(set)
    left, problems = set[str](), list[Exception]()
    for landed in files:
        try:
            rows = lake.read_landed(landed)
        except Exception as problem:  # noqa: BLE001  one file's error must not stop the others
            problems.append(problem)
            left.add(landed.name)
            continue
        for row in rows:
            fresh[table_of(row), row.dt].append(row)
            sources[table_of(row), row.dt].add(landed.name)
    for (table, dt), added in sorted(fresh.items(), key=lambda item: item[0]):
        try:
            _merge_into_day(lake, table, dt, added)
        except Exception as problem:  # noqa: BLE001  one day's error must not stop the others
            problems.append(problem)
            left |= sources[table, dt]
    lake.forget([landed for landed in files if landed.name not in left])
    return problems


def _merge_into_day(lake: Lake, table: str, dt: date, fresh: list[LakeRow]) -> None:
    for _ in range(MOST_TRIES):
        day = lake.read_day(table, dt)
        rows = tuple(newest((*day.rows, *fresh)))
        # An earlier run merged these rows, and stopped before it deleted their files.
        if rows == day.rows:
            return
        try:
            lake.write_day(table, dt, Day(rows, day.tag))
        except Conflict:
            continue
        return
    raise Busy(f"{table} {dt}")
