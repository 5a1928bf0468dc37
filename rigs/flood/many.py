"""All floods, on as many cores as there are; the longest ones begin first."""

import os
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

from rigs.city.emulator import emulator, free_port
from rigs.flood.floods import DUE, FloodLine, answer_flood, receipt_flood, storm, worst_minute
from rigs.logged import logged_to
from tenfour.common.paths import BUILD

Flood = Callable[[str, int], list[FloodLine]]
"""A flood over the AWS at an address, of so many."""

ANSWERS, RECEIPTS, STORM, OPEN = 10_000, 25_000, 3_000, (250, 2_500, 25_000)
_LEAST_OPEN = 2 * DUE


def floods(share: float) -> list[tuple[Flood, int]]:
    """Return the floods and how many each is, this share of it, in the order of the table.

    Open incidents always grow tenfold.
    """
    least = max(_LEAST_OPEN, int(OPEN[0] * share))
    times = [many // OPEN[0] for many in OPEN if share == 1 or many < OPEN[-1]]
    return [
        *((worst_minute, least * grown) for grown in times),
        (receipt_flood, int(RECEIPTS * share)),
        (answer_flood, int(ANSWERS * share)),
        (storm, int(STORM * share)),
    ]


def run(share: float, jobs: int | None) -> Iterator[tuple[int, list[FloodLine]]]:
    """Run the floods in processes of their own; yield each one's place in the table and its lines, as it ends."""
    wanted = floods(share)
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        longest_first = sorted(range(len(wanted)), key=lambda place: wanted[place][1], reverse=True)
        begun = {pool.submit(_alone, *wanted[place]): place for place in longest_first}
        for done in as_completed(begun):
            yield begun[done], done.result()


def _alone(flood: Flood, many: int) -> list[FloodLine]:
    """Run a flood over an emulator of its own; nobody reads what a hundred thousand calls log."""
    BUILD.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory(dir=BUILD, prefix="flood-") as state,
        emulator(Path(state), free_port(), {}) as aws,
        Path(os.devnull).open("w") as nowhere,
        logged_to(nowhere),
    ):
        return flood(aws, many)


def grown(lines: list[FloodLine]) -> list[str]:
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
