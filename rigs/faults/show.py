"""Show what faults came to, as one table of 80 columns."""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import zip_longest

from rich.table import Table

from rigs.faults.judge import FATES, Verdict
from rigs.faults.many import Found
from rigs.faults.rules import HOLD
from tenfour.common.screen import Screen

MOST_TOLD = 10
_WAYS = {"response:abort": "done, answer lost or cut", "reset": "connection reset"}
STEPS = ("receive", "deliver", "record_receipt", "record_reply", "sweep", "export", "compact")
COUNTED = (*STEPS, "killed", "failed", "dead letters", "put aside")


def show(found: Found, took: float, console: Screen) -> None:
    """Print the table, and before it what should not be."""
    for wrong in found.wrong[:MOST_TOLD]:
        console.print(f"WRONG {wrong}", style="bold red")
    both = found.calm.incidents + found.stormy.incidents
    broken = f"{sum(found.injected.values()):,} of {found.requests:,} calls broken"
    title = f"{both:,} incidents in {took:,.0f} s; {broken}"
    table = Table(title=title, title_justify="left", title_style="bold", box=None, padding=(0, 1, 0, 0))
    table.add_column("what became of them", width=27, no_wrap=True)
    table.add_column("calm", width=6, justify="right")
    table.add_column("faults", width=7, justify="right")
    table.add_column("injected", width=28, no_wrap=True)
    table.add_column("times", width=6, justify="right")
    for left, right in zip_longest(_verdicts(found), _injected(found), fillvalue=("", "", "")):
        table.add_row(*left, *right[:2])
    console.print(table)


def _verdicts(found: Found) -> Iterator[tuple[str, str, str]]:
    def of(name: str, figure: Callable[[Verdict], int]) -> tuple[str, str, str]:
        return name, f"{figure(found.calm):,}", f"{figure(found.stormy):,}"

    yield of("incidents", lambda side: side.incidents)
    yield of("texts and emails due", lambda side: side.due)
    for fate, words in FATES.items():
        yield of(f"  {words}", lambda side, fate=fate: side.fates[fate])  # type: ignore[misc]
    yield of("rows, all finished", lambda side: side.rows)
    yield of("rows in the lake, equal", lambda side: side.lake_rows)
    yield of("wrong", lambda side: len(side.wrong))
    for name in COUNTED:
        yield of(name, lambda side, name=name: side.counted[name])  # type: ignore[misc]


def _injected(found: Found) -> Iterator[tuple[str, str]]:
    by_service: Counter[str] = Counter()
    by_way: Counter[str] = Counter()
    for (service, way), times in found.injected.items():
        by_service[service] += times
        by_way[_short(way)] += times
    yield from ((name, f"{times:,}") for name, times in by_service.most_common())
    yield "", ""
    yield from ((name, f"{times:,}") for name, times in by_way.most_common())


def _short(way: str) -> str:
    """Return what a fault is called here; microburst names errors by their codes."""
    if way.startswith("latency:"):
        return "done after we gave up" if way == f"latency:{HOLD}ms" else "slow"
    return {**_WAYS, f"timeout:{HOLD}ms": "no answer, and not done"}.get(way, way).removeprefix("error:")[:28]
