"""What has landed joins the days that it belongs to, one object a table and day.

Crash-safe by order: the day is replaced in one conditional put, and only then are the files that it
took in deleted. Whatever stops in between is merged again, to the same rows.
"""

from collections import defaultdict
from datetime import date

from chalicelib.domain.lake.tables import Day, Landed, newest
from chalicelib.ports.errors import Busy, Conflict
from chalicelib.ports.lake import Lake

MOST_TRIES = 5


def compact_landing(lake: Lake) -> int:
    """Merge everything that has landed; return how many files were taken in.

    What goes wrong with one day does not keep the others out, but is raised in the end.
    """
    groups: dict[tuple[str, date], list[Landed]] = defaultdict(list)
    for landed in lake.landed():
        groups[landed.table, landed.dt].append(landed)
    problems = []
    for (table, dt), files in sorted(groups.items()):
        try:
            _merge_into_day(lake, table, dt, files)
            lake.forget(files)
        except Exception as problem:  # noqa: BLE001  one day's trouble is not the others'
            problems.append(problem)
    if problems:
        raise problems[0]
    return sum(map(len, groups.values()))


def _merge_into_day(lake: Lake, table: str, dt: date, files: list[Landed]) -> None:
    fresh = [row for landed in files for row in lake.read_landed(landed)]
    for _ in range(MOST_TRIES):
        day = lake.read_day(table, dt)
        rows = tuple(newest((*day.rows, *fresh)))
        if rows == day.rows:
            return
        try:
            lake.write_day(table, dt, Day(rows, day.tag))
        except Conflict:
            continue
        return
    raise Busy(f"{table} {dt}")
