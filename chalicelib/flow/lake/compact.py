"""Compact the lake: merge new files into the days that they belong to, one object for each table and day.

A crash loses nothing: each day is replaced in one conditional put, and only then are the merged files deleted. Files
that a crash leaves behind are merged again, which gives the same rows. So is a file one of whose days can't be read,
or one of whose lines: it waits until somebody can, and the days of the other lines have them already.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from chalicelib.domain.lake.row import LakeRow
from chalicelib.domain.lake.tables import APART, Day, Landed, newest, table_of
from chalicelib.ports.errors import Busy, Conflict, PartlyRead
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
    sources: dict[tuple[str, date], dict[Landed, set[str]]] = defaultdict(lambda: defaultdict(set))
    left, problems = set[str](), list[Exception]()
    for landed in files:
        rows, problem = _read(lake, landed)
        if problem:
            problems.append(problem)
            left.add(landed.name)
        for row in rows:
            fresh[table_of(row), row.dt].append(row)
            sources[table_of(row), row.dt][landed].add(row.id)
    for (table, dt), added in sorted(fresh.items(), key=lambda item: item[0]):
        try:
            _merge_into_day(lake, table, dt, added)
            if table in APART:
                _take_erased_out(lake, table, dt, sources[table, dt])
        except Exception as error:  # noqa: BLE001  one day's error must not stop the others
            problems.append(error)
            left |= {landed.name for landed in sources[table, dt]}
    lake.forget([landed for landed in files if landed.name not in left])
    return problems


def _read(lake: Lake, landed: Landed) -> tuple[Sequence[LakeRow], Exception | None]:
    """Return the rows of a file, and what kept all or some of it from being read."""
    try:
        return lake.read_landed(landed), None
    except PartlyRead as part:
        return part.rows, part
    except Exception as problem:  # noqa: BLE001  one file's error must not stop the others
        return (), problem


def _take_erased_out(lake: Lake, table: str, dt: date, read: Mapping[Landed, set[str]]) -> None:
    """Take out of a day what an erasure took out of files after we had read them.

    The erasure looks at the files first and then at the day. So either it finds the rows in the day, or we find here
    that they are not in the files any more. A file that is not there was merged by somebody else, and says nothing.
    """
    missing = {landed.name: ids - {row.id for row in lake.read_landed(landed)} for landed, ids in read.items()}
    if not any(missing.values()):
        return
    there = {landed.name for landed in lake.landed()}
    erased = {row_id for name, ids in missing.items() if name in there for row_id in ids}
    _change_day(lake, table, dt, lambda rows: tuple(row for row in rows if row.id not in erased))


def _merge_into_day(lake: Lake, table: str, dt: date, fresh: list[LakeRow]) -> None:
    """Merge rows into a day; Busy."""
    # An earlier run may have merged these rows, and stopped before it deleted their files.
    _change_day(lake, table, dt, lambda rows: tuple(newest((*rows, *fresh))))


def _change_day(lake: Lake, table: str, dt: date, change: Callable[[tuple[LakeRow, ...]], tuple[LakeRow, ...]]) -> None:
    """Write a day changed, unless the change changes nothing; Busy."""
    for _ in range(MOST_TRIES):
        day = lake.read_day(table, dt)
        rows = change(day.rows)
        if rows == day.rows:
            return
        try:
            lake.write_day(table, dt, Day(rows, day.tag))
        except Conflict:
            continue
        return
    raise Busy(f"{table} {dt}")
