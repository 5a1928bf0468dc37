"""Measure the lake on a made-up city: what years of it cost to export and compact, and a quarter of them to report.

Filling works as Lambda does: batches land, compaction merges, days are replaced. The report is then made twice, over
the last year alone and over all of them: it must read as much either way.
So are the jobs of the night after, whose results the desk keeps.
"""

import resource
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from datetime import time as hour
from pathlib import Path

from msgspec import Struct
from rich.table import Table

from chalicelib.domain.lake.row import LakeRow
from chalicelib.domain.lake.tables import TABLES
from chalicelib.domain.settings.agency import Agency
from chalicelib.flow.lake.compact import compact_landing
from chalicelib.flow.lake.export import land_rows
from chalicelib.insight.figures.compose import compose
from chalicelib.insight.figures.gather import gather
from chalicelib.insight.figures.quarter import Quarter
from chalicelib.insight.figures.source import Result
from chalicelib.insight.results import nightly
from chalicelib.insight.results.job import CHUNKS, counted
from chalicelib.ports.lake import Lake
from rigs.lake.made_up import Habits, Happens, MadeUpCity
from rigs.lake.night import night_of
from tenfour.common.screen import Screen
from tenfour.figures.folder import FolderLake
from tenfour.figures.local import LocalLake
from tenfour.figures.report import rendered

SEED = 104
BATCH = 100
"""The size of the stream's batches, as in app.py."""

COMPACTIONS_A_DAY = 4
_MB = 1e6


LONG_AFTER = date(9999, 1, 1)
"""A day on which each month is settled, so that all of it is counted."""


class Meter:
    """A lake that counts the questions that it is asked, and the bytes that it reads."""

    def __init__(self, lake: LocalLake) -> None:
        self._lake, self.questions, self.scanned = lake, 0, 0

    def query(self, sql: str) -> Result:
        """Run a query."""
        found = self._lake.query(sql)
        self.questions, self.scanned = self.questions + 1, self.scanned + found.scanned
        return found

    def queries(self, sqls: Sequence[str]) -> Sequence[Result]:
        """Run several queries."""
        return [self.query(sql) for sql in sqls]


class Step(Struct, frozen=True):
    """One step: its name, its duration, the process's peak memory so far, and how much it handled."""

    what: str
    seconds: float
    peak: int
    size: str


def years_until(year: int, years: int) -> list[tuple[date, date]]:
    """Return so many years, each from October to the end of a September, the last one's of that year."""
    return [(date(end - 1, 10, 1), date(end, 10, 1)) for end in range(year - years + 1, year + 1)]


def measure(
    agency: Agency, periods: Sequence[tuple[date, date]], habits: Habits, folder: Path, console: Screen
) -> list[Step]:
    """Fill a lake period by period; report the last quarter over the last year and over all of it."""
    steps: list[Step] = []
    city = MadeUpCity(agency, SEED, periods[0][0], habits)
    for first, end in periods:
        with _step(f"export and compact {first} to {end}", steps) as told:
            exported = fill(city, first, (end - first).days, FolderLake(folder))
            told(f"{exported:,} rows exported")
    last = periods[-1][1] - timedelta(days=1)
    steps += night_after(agency, last, folder / "lake")
    steps += compare(agency, Quarter(last.year, (last.month + 2) // 3), folder)
    console.print(shown(steps))
    return steps


def night_after(agency: Agency, last: date, lake: Path) -> list[Step]:
    """Let the desk count Results and make the report in the night after a day, and open Results again."""
    at = datetime.combine(last + timedelta(days=1), hour(nightly.HOUR, 1), agency.zone)
    nights, opened = night_of(agency, lake, at)
    steps = [
        Step(
            f"jobs of a night: {one.jobs} of {one.kind}",
            one.seconds,
            _peak(),
            f"{one.questions} questions, {one.scanned:,} bytes read and {one.files:,} in their files,"
            f" {one.kept:,} kept, the first after {one.first:.0f} s",
        )
        for one in nights
    ]
    again = f"{opened.asked} calls to Athena, {opened.reads} reads of what is kept"
    return [*steps, Step("open Results again", opened.seconds, _peak(), again)]


def compare(agency: Agency, quarter: Quarter, folder: Path) -> list[Step]:
    """Report a quarter over the year that ends with it, and over all that a folder has."""
    steps: list[Step] = []
    whole, year = folder / "lake", folder / "last-year"
    _only_since(quarter.year_before - timedelta(days=7), whole, year)
    for lake in (year, whole):
        with _step(f"report {quarter.name} over {lake.name}", steps) as told:
            figures = gather(LocalLake(lake), agency.agency_id, quarter, LONG_AFTER)
            rendered(compose(figures, agency, "en", quarter.last), "html")
            told(f"{figures.scanned:,} bytes read of {size(lake):,}")
        with _step(f"count results of {quarter.name} over {lake.name}", steps) as told:
            source = Meter(LocalLake(lake))
            kept = [counted(source, agency.agency_id, quarter, LONG_AFTER, chunk) for chunk in CHUNKS]
            read, bytes_kept = f"{source.questions} questions, {source.scanned:,} bytes read", sum(map(len, kept))
            told(f"{read}, {bytes_kept:,} kept")
    return steps


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


def size(lake: Path) -> int:
    """Return how many bytes a lake's files have."""
    return sum(path.stat().st_size for path in lake.glob("*/dt=*/*.json.gz"))


def shown(steps: Iterable[Step]) -> Table:
    """Return what was measured as a table."""
    table = Table("what", "seconds", "peak MB", "how much", title="measured", title_justify="left")
    for step in steps:
        table.add_row(step.what, f"{step.seconds:.0f}", f"{step.peak / _MB:.0f}", step.size)
    return table


@contextmanager
def _step(what: str, steps: list[Step]) -> Iterator[Callable[[str], None]]:
    """Measure what is done inside; whoever does it says how much it was."""
    began, much = time.monotonic(), list[str]()
    yield much.append
    steps.append(Step(what, time.monotonic() - began, _peak(), " ".join(much)))


def _peak() -> int:
    """Return the process's peak memory so far, in bytes; Linux counts in KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _export(happened: list[Happens], name: str, lake: Lake, batch: int) -> int:
    return sum(
        land_rows(_rows(happened[start : start + batch]), f"{name}-{start}", lake)
        for start in range(0, len(happened), batch)
    )


def _rows(happened: Iterable[Happens]) -> Iterable[LakeRow]:
    return (row for one in happened for row in one.rows)


def _only_since(first: date, whole: Path, part: Path) -> None:
    """Make a lake of the days since one of another lake's, by links."""
    for table in TABLES:
        (part / table).mkdir(parents=True, exist_ok=True)
        for day in sorted((whole / table).glob("dt=*")):
            link = part / table / day.name
            if day.name >= f"dt={first}" and not link.exists():
                link.symlink_to(day.resolve(), target_is_directory=True)
