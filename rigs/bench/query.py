"""Measure what a quarter's report reads, alone and after years: days are partitions, so it is the same."""

import tempfile
from datetime import date
from pathlib import Path

from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.figures.gather import gather
from chalicelib.insight.figures.quarter import Quarter
from rigs.lake.made_up import Habits, MadeUpCity
from rigs.lake.measure import SEED, fill
from tenfour.figures.folder import FolderLake
from tenfour.figures.local import LocalLake

QUARTER = Quarter(2026, 3)
EARLIER = (2023, 2024)
SMALL, DAYS = Habits(calls_a_day=2, answers=0.9), 21


def query_bytes(agency: Agency) -> tuple[int, int]:
    """Return the bytes that a small city's report reads with a lake of its quarter alone, and with others before it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _live(agency, QUARTER.year, folder)
        short = _scanned(agency, folder)
        for year in EARLIER:
            _live(agency, year, folder)
        return short, _scanned(agency, folder)


def _live(agency: Agency, year: int, folder: Path) -> None:
    first = date(year, 7, 1)
    fill(MadeUpCity(agency, SEED + year, first, SMALL), first, DAYS, FolderLake(folder))


def _scanned(agency: Agency, folder: Path) -> int:
    lake = LocalLake(folder / "lake")
    return gather(lake, agency.agency_id, QUARTER, QUARTER.last).scanned
