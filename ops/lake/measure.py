"""Fill a lake with a made-up city's days as Lambda would: batches land, compaction merges, days are replaced."""

from collections.abc import Iterable
from datetime import date, timedelta

from chalicelib.domain.lake import LakeRow
from chalicelib.flow.compact import compact_landing
from chalicelib.flow.export import land_rows
from chalicelib.ports import Lake
from ops.lake.made_up import Happens, MadeUpCity

BATCH = 100
"""What a stream hands out at once, as in app.py."""

COMPACTIONS_A_DAY = 4


def fill(city: MadeUpCity, first: date, days: int, lake: Lake, batch: int = BATCH) -> int:
    """Export and compact so many days; return how many rows were exported."""
    exported = 0
    for day in (first + timedelta(days=n) for n in range(days)):
        happened = city.day(day)
        each = max(1, -(-len(happened) // COMPACTIONS_A_DAY))
        for part in range(0, len(happened), each):
            exported += _export(happened[part : part + each], f"{day}-{part}", lake, batch)
            compact_landing(lake)
    return exported


def _export(happened: list[Happens], name: str, lake: Lake, batch: int) -> int:
    return sum(
        land_rows(_rows(happened[start : start + batch]), f"{name}-{start}", lake)
        for start in range(0, len(happened), batch)
    )


def _rows(happened: Iterable[Happens]) -> Iterable[LakeRow]:
    return (row for one in happened for row in one.rows)
