"""Lines of one table of measurements: a figure, its baseline, and how many times the baseline it is."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from rigs.bench.beside import Measured
from rigs.bench.deciding import BESIDE, THEIRS, Cost
from rigs.bench.starts import EMPTY, MOST, Start
from rigs.cost.bill import thousand_incidents
from rigs.meter import Used
from rigs.simulate.many import percentile

BARE = "the same calls, bare, with boto3's clients"
BARE_ON_OURS = "the same calls, bare, with the clients of ours"


class Figure(Struct, frozen=True, kw_only=True):
    """One line: what was measured, beside what, and the ratio; `most` is the aim, of the ratio or of the figure."""

    what: str
    measured: str
    beside: str = ""
    that: str = ""
    ratio: float | None = None
    most: str = ""


def of_deciding(costs: Sequence[Cost]) -> Iterator[Figure]:
    """Yield what reading, merging, planning and mapping take."""
    took = {cost.name: cost.microseconds for cost in costs}
    for name, other in BESIDE.items():
        most = "8" if other == THEIRS else ""
        yield _beside(name, took[name], other, took[other], "µs", most)


def of_handlers(handlers: Sequence[Measured]) -> Iterator[Figure]:
    """Yield each handler's CPU beside that of two bare ones, and the calls that all of them make."""
    for one in handlers:
        yield _beside(one.name, one.ours, BARE, one.bare, "µs", "" if "survey" in one.name else "1.5")
    for one in handlers:
        yield _beside(f"{one.name}, on our clients", one.ours, BARE_ON_OURS, one.bare_on_ours, "µs", "")
    for one in handlers:
        ours, bare, _ = one.functions
        yield _beside(f"{one.name}: functions", ours, BARE, bare, "called", "")
    for one in handlers:
        yield Figure(what=f"{one.name}: calls", measured=f"{one.calls.total()}")


def of_starts(starts: Sequence[Start], what: str = "cold start", most: str = f"{MOST:g}") -> Iterator[Figure]:
    """Yield what importing each function takes beside an empty one, the slowest first."""
    empty = next(start.milliseconds for start in starts if start.handler == EMPTY)
    others = [start for start in starts if start.handler != EMPTY]
    for start in sorted(others, key=lambda start: -start.milliseconds):
        yield _beside(f"{what}: {start.handler}", start.milliseconds, EMPTY, empty, "ms", most)


def of_incident(used: Mapping[str, Used]) -> Iterator[Figure]:
    """Yield what one incident with six webhooks, three messages and one answer uses at AWS."""
    yield Figure(what="one incident: calls to AWS", measured=f"{sum(one.calls.total() for one in used.values())}")
    yield Figure(what="one incident: write units", measured=f"{sum(one.write_units for one in used.values()):g}")
    yield Figure(what="one incident: read units", measured=f"{sum(one.read_units for one in used.values()):g}")
    dollars = sum(line.dollars for line in thousand_incidents(used))
    yield Figure(what="a thousand incidents: AWS", measured=f"${dollars:.4f}", most="$0.10")


def of_timers(healthy: Counter[int], unhinted: Counter[int]) -> Iterator[Figure]:
    """Yield how late timers are on the virtual clock; counts are of tenths of a second."""
    for name, found, most in (("timers, p99 late", healthy, "3 s"), ("timers without hints, p99", unhinted, "75 s")):
        yield Figure(what=name, measured=f"{percentile(found, 0.99):.1f} s", most=most)


def of_pages(pages: Mapping[str, int]) -> Iterator[Figure]:
    """Yield what a page weighs, whole."""
    for name, weight in pages.items():
        yield Figure(what=name, measured=f"{weight / 1024:.1f} KB", most="30 KB")


def of_query(short: int, long: int) -> Iterator[Figure]:
    """Yield the bytes that a quarter's report reads, alone and with years more in the lake."""
    yield _beside("a report, 2 years more in the lake", long, "the same, its year alone", short, "bytes", "1")


def _beside(what: str, figure: float, beside: str, other: float, unit: str, most: str) -> Figure:
    return Figure(
        what=what,
        measured=f"{figure:,.0f} {unit}",
        beside=beside,
        that=f"{other:,.0f} {unit}",
        ratio=figure / other,
        most=most,
    )
