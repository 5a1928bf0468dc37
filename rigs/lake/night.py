"""Measure an agency's night over a lake: what the desk's jobs ask, read and keep, and what a second opening asks.

The jobs are asked for and worked on by the desk's own functions, one after the other as from its queue. Athena is a
server that speaks its protocol over DuckDB, in this process, so each call to it is counted where it would be billed.
Athena bills the bytes of the files that a query reads. The lake's files are gzipped JSON, which has no columns apart:
a query reads its partitions' files whole. That is counted here by itself, from the SQL and the files, beside what the
server reports.
"""

import re
import time
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import boto3
import sqlglot
from botocore.config import Config
from msgspec import Struct
from sqlglot import exp

from chalicelib.domain.desk.jobs import JobKind, Work, as_work
from chalicelib.domain.lake.tables import TABLES
from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.desk.jobs import work_on
from chalicelib.insight.figures.athena import COMMENTS, Athena
from chalicelib.insight.figures.queries import views
from chalicelib.insight.results import nightly
from chalicelib.insight.results.job import last_day, name_of, quarter_of, read
from chalicelib.virtual.jobs import MemoryJobs
from chalicelib.wiring import Aws
from rigs.city import athena as server
from rigs.city.serve import address, bound_socket, serving
from tenfour.figures.local import LocalLake

WORKGROUP, DATABASE = "tenfour", "lake"
_BETWEEN = re.compile(r"dt BETWEEN '(\d{4}-\d\d-\d\d)' AND '(\d{4}-\d\d-\d\d)'")


class Night(Struct, frozen=True, kw_only=True):
    """A night's jobs of one kind: how many questions, bytes and calls to Athena they took, and the bytes they kept.

    `scanned` is what the server reports, `files` what the SQL and the files say. `first` is after how many seconds the
    first job was done, `seconds` how long all of them took.
    """

    kind: JobKind
    jobs: int
    questions: int
    scanned: int
    files: int
    calls: Mapping[str, int]
    kept: int
    first: float
    seconds: float


class Opened(Struct, frozen=True):
    """A second opening: the calls to Athena, the reads of what is kept, and the seconds they took."""

    asked: int
    reads: int
    seconds: float


class _Settings:
    """The settings of one agency."""

    def __init__(self, agency: Agency) -> None:
        self._agency = agency

    def agencies(self) -> tuple[str, ...]:
        return (self._agency.agency_id,)

    def agency(self, _agency_id: str) -> Agency:
        return self._agency


class _Jobs(MemoryJobs):
    """Jobs in memory that count how often they are read."""

    reads = 0

    def find(self, agency_id: str, name: str) -> Any:
        self.reads += 1
        return super().find(agency_id, name)

    def results(self, agency_id: str, name: str) -> Mapping[str, str]:
        self.reads += 1
        return super().results(agency_id, name)


class World:
    """What the desk's jobs need, and nothing else: settings, jobs, a queue, and Athena."""

    def __init__(self, agency: Agency, now: datetime, source: Athena) -> None:
        self.settings, self.jobs, self.lake_source = _Settings(agency), _Jobs(lambda: now), source
        self.queue: deque[Work] = deque()

    def leave_work(self, work: Work) -> None:
        """Leave a chunk for the worker."""
        self.queue.append(work)


def night_of(agency: Agency, lake: Path, now: datetime) -> tuple[list[Night], Opened]:
    """Count an agency's night over a lake in a folder, then ask for the same night again and open its Results."""
    with _athena(LocalLake(lake)) as (asked, client, calls):
        world = World(agency, now, Athena(client, WORKGROUP, DATABASE, sleep=lambda _: time.sleep(0.01)))
        aws = cast("Aws", world)
        if not nightly.ask_due(aws, now):
            raise ValueError(f"at {now} it is not the hour of the night at {agency.agency_id}")
        works = {kind: [work for work in world.queue if _kind(world, work) == kind] for kind in ("results", "report")}
        nights = [_worked(world, kind, works[kind], asked, calls, lake, now) for kind in works]
        return nights, _opened(world, agency, now, calls)


def _worked(
    world: World,
    kind: str,
    works: list[Work],
    asked: dict[str, server.Execution],
    calls: "Counter[str]",
    lake: Path,
    now: datetime,
) -> Night:
    known, before, began, first = set(asked), Counter(calls), time.monotonic(), 0.0
    for work in works:
        became = work_on(cast("Aws", world), as_work(work), 1)
        if became != "done":
            raise ValueError(f"{work}: {became}")
        progress = world.jobs.find(work.agency_id, work.job)
        if not first and progress.state(now) == "done":
            first = time.monotonic() - began
    mine = [one for name, one in asked.items() if name not in known]
    names = {work.job for work in works}
    kept = (world.jobs.results(works[0].agency_id, name) for name in names)
    return Night(
        kind=cast("JobKind", kind),
        jobs=len(names),
        questions=len(mine),
        scanned=sum(one.answer.result().scanned for one in mine),
        files=sum(files_read(one.sql, lake) for one in mine),
        calls=calls - before,
        kept=sum(len(text.encode()) for results in kept for text in results.values()),
        first=first,
        seconds=time.monotonic() - began,
    )


def _opened(world: World, agency: Agency, now: datetime, calls: "Counter[str]") -> Opened:
    """Ask for the same night, and read the running quarter's Results as their page does."""
    asked, began = calls.total(), time.monotonic()
    world.queue.clear()
    nightly.ask_due(cast("Aws", world), now)
    if world.queue:
        raise ValueError("what was counted is counted again")
    world.jobs.reads = 0
    name = name_of(agency, quarter_of(last_day(agency, now)), now)
    world.jobs.find(agency.agency_id, name)
    read(world.jobs.results(agency.agency_id, name))
    return Opened(calls.total() - asked, world.jobs.reads, time.monotonic() - began)


def files_read(sql: str, lake: Path) -> int:
    """Return the bytes of the files that a query reads: each table that it names, in the partitions that it names."""
    found = _BETWEEN.findall(sql)
    first, last = min(one for one, _ in found), max(one for _, one in found)
    return sum(many * _bytes(lake / table, first, last) for table, many in _tables(sql).items())


def _bytes(table: Path, first: str, last: str) -> int:
    days = (day for day in table.glob("dt=*") if first <= day.name.removeprefix("dt=") <= last)
    return sum(path.stat().st_size for day in days for path in day.glob("*.json.gz"))


def _tables(sql: str) -> "Counter[str]":
    """Return how often each table of the lake is named, in views too."""
    named: Counter[str] = Counter()
    known = views()
    for one in sqlglot.parse_one(sql, read="athena").find_all(exp.Table):
        if one.name in TABLES:
            named[one.name] += 1
        elif one.name in known:
            named += _tables(known[one.name].sql)
    return named


def _kind(world: World, work: Work) -> str:
    return str(world.jobs.find(work.agency_id, work.job).job.kind)


@contextmanager
def _athena(lake: LocalLake) -> Iterator[tuple[dict[str, server.Execution], Any, "Counter[str]"]]:
    """Serve a lake as Athena; yield what was asked, a client, and its calls by operation."""
    made, held, calls = server.Athena(lake.query, [WORKGROUP, WORKGROUP + COMMENTS]), bound_socket(0), Counter[str]()
    with serving(made.app(), held):
        client = boto3.client(
            "athena",
            region_name="us-west-2",
            endpoint_url=address(held),
            aws_access_key_id="a",
            aws_secret_access_key="b",  # noqa: S106  the server here asks for none
            config=Config(retries={"total_max_attempts": 1}, read_timeout=900),
        )
        client.meta.events.register("before-call.athena", lambda model, **_: calls.update([model.name]))
        yield made.executions, client, calls
