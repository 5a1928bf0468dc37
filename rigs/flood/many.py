"""All floods, on as many cores as there are; the longest ones begin first."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from rigs.flood.floods import DUE, Line, answer_flood, receipt_flood, storm, worst_minute
from rigs.logged import logged_to

ANSWERS, RECEIPTS, STORM, OPEN = 10_000, 25_000, 3_000, (250, 2_500, 25_000)
_LEAST_OPEN = 2 * DUE


def floods(share: float) -> list[Callable[[], list[Line]]]:
    """Return the floods, this share of each, in the order of the table; open incidents always grow tenfold."""
    least = max(_LEAST_OPEN, int(OPEN[0] * share))
    times = [many // OPEN[0] for many in OPEN if share == 1 or many < OPEN[-1]]
    return [
        *(partial(worst_minute, least * grown) for grown in times),
        partial(receipt_flood, int(RECEIPTS * share)),
        partial(answer_flood, int(ANSWERS * share)),
        partial(storm, int(STORM * share)),
    ]


def run(share: float, jobs: int | None) -> Iterator[tuple[int, list[Line]]]:
    """Run the floods in processes of their own; yield each one's place in the table and its lines, as it ends."""
    wanted = floods(share)
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        longest_first = sorted(range(len(wanted)), key=lambda place: wanted[place].args[0], reverse=True)  # type: ignore[attr-defined]
        begun = {pool.submit(_quietly, wanted[place]): place for place in longest_first}
        for done in as_completed(begun):
            yield begun[done], done.result()


def _quietly(flood: Callable[[], list[Line]]) -> list[Line]:
    """Run a flood; nobody reads what a hundred thousand calls log."""
    with Path(os.devnull).open("w") as nowhere, logged_to(nowhere):
        return flood()


def grown(lines: list[Line]) -> list[str]:
    """Return the steps of a minute that cost more, each time that they are done, when more incidents are open."""
    first: dict[str, tuple[float, ...]] = {}
    found = []
    for line in lines:
        if line.flood.endswith(" open"):
            used = line.used
            calls = {
                call: made for call, made in used.calls.items() if call != "GetItem"
            }  # settings are read by the minute
            each = tuple(round(amount / used.times, 9) for amount in (sum(calls.values()), used.read_units))
            if first.setdefault(line.step, each) != each:
                found.append(f"{line.step}: {each} with {line.flood}, {first[line.step]} with fewer")
    return found
