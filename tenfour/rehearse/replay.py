"""`tenfour replay`: read the extract, play it, count."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.replay.outcome import IncidentLine, as_json_lines, line
from chalicelib.insight.settings.files import load_settings
from chalicelib.virtual.cases import told_by
from chalicelib.virtual.clock import VirtualCity
from chalicelib.virtual.extract import Case, Map, Unreadable, load_map, read_extract
from tenfour.common.reach import read_stack
from tenfour.common.screen import Screen
from tenfour.common.terminal import progress
from tenfour.rehearse.replay_live import Comparison, compare, hurried, replay_live, spread
from tenfour.rehearse.replay_show import show

_STARTS_IN = timedelta(seconds=70)
"""Settings take a minute to be known everywhere; the first call comes after that."""


def replay(
    file: Path,
    columns: Path,
    live: Path | None,
    speed: float,
    over: timedelta,
    limit: int | None,
    json: Path | None,
    console: Screen,
) -> bool:
    """Replay a file and print the outcome; return False where a live replay differs without a reason."""
    mapping = load_map(columns)
    agency = _settings(columns, mapping)
    cases, unreadable = _read(file, mapping, limit)
    comparison = None
    if live:
        stack = read_stack(live)
        agency = hurried(agency, stack.agency_id, speed)
        cases = spread(cases, datetime.now(UTC) + _STARTS_IN, over, speed)
        last = max(case.messages[-1].at for case in cases) - datetime.now(UTC)
        console.print(
            f"The last update is due in {last / timedelta(minutes=1):,.0f} minutes; times are divided by {speed:g}."
        )
        lines = replay_live(cases, agency, stack, console)
        comparison = compare(cases, agency, lines)
    else:
        lines, rejected = _replay_virtually(cases, agency, console)
        unreadable += rejected
    if json:
        json.write_bytes(as_json_lines(lines))
    show(console, lines, unreadable)
    if comparison:
        _show_comparison(console, comparison)
    return comparison is None or not comparison.different


def _settings(columns: Path, mapping: Map) -> Agency:
    return load_settings(columns.parent / mapping.settings)


def _read(file: Path, mapping: Map, limit: int | None) -> tuple[list[Case], list[Unreadable]]:
    items = list(read_extract(file, mapping))
    cases = [item for item in items if isinstance(item, Case)]
    return list(islice(cases, limit)), [item for item in items if isinstance(item, Unreadable)]


def _replay_virtually(
    cases: Sequence[Case], agency: Agency, console: Screen
) -> tuple[list[IncidentLine], list[Unreadable]]:
    told, rejected = told_by(cases, agency)
    with progress(console) as bar:
        task = bar.add_task(agency.name, total=len(told))
        city = VirtualCity(agency)
        for _ in city.play(told):
            bar.advance(task)
    return [line(record) for record in city.records()], rejected


def _show_comparison(console: Screen, comparison: Comparison) -> None:
    console.print(f"{len(comparison.same):,} incidents as on the virtual clock.")
    for name, numbers in (
        ("nearer to a threshold than the clock is exact", comparison.within_jitter),
        ("different", comparison.different),
    ):
        if numbers:
            console.print(f"{len(numbers):,} {name}: {', '.join(numbers)}")
