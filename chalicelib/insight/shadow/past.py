"""The incidents of a shadow report: a city's past, a week that never was, or the decisions of a deployed stack."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.records.every_call import Tell, records
from chalicelib.insight.shadow.count import count
from chalicelib.insight.shadow.rehearse import floors
from chalicelib.insight.shadow.report import ShadowReport
from chalicelib.virtual.cases import told_by
from chalicelib.virtual.clock import Told, VirtualCity
from chalicelib.virtual.extract import Case, Unreadable, load_map, read_extract
from chalicelib.virtual.town.calls import generate
from chalicelib.wiring import Aws

SEED = 104
WEEK = timedelta(days=7)
MONDAY = datetime(2026, 11, 2)  # noqa: DTZ001  midnight in the agency's own time
"""A generated week is always this one, so that its report is always the same."""


class Past(Struct, frozen=True):
    """An agency in shadow, the updates to play, and the rows of a file that could not be read."""

    agency: Agency
    told: Sequence[Told]
    unreadable: Sequence[Unreadable] = ()


class Decided(Struct, frozen=True):
    """An agency, its incidents with their decisions, and the rows of a file that could not be read."""

    agency: Agency
    records: Iterable[IncidentRecord]
    unreadable: Sequence[Unreadable] = ()


def from_extract(file: Path, columns: Path, settings: Path | None) -> Past:
    """Read a city's extract, to be played in shadow; OSError, InvalidMap, InvalidSettings."""
    from chalicelib.insight.settings.files import load_settings  # of files alone: the desk and a stack read none

    mapping = load_map(columns)
    agency = load_settings(settings or columns.parent / mapping.settings)
    items = list(read_extract(file, mapping))
    unreadable = [item for item in items if isinstance(item, Unreadable)]
    return _past([item for item in items if isinstance(item, Case)], agency, unreadable)


def from_nowhere(incidents: int, agency: Agency) -> Past:
    """Return a generated week, to be played in shadow."""
    return _past(generate(SEED, incidents, MONDAY.replace(tzinfo=agency.zone), WEEK, speed=1), agency)


def from_tables(aws: Aws, agency: Agency, at: datetime, tell: Tell) -> Decided:
    """Read what a deployed stack has decided; `tell` hears of a scan."""
    return Decided(agency, records(aws, agency.agency_id, at, tell))


def played(past: Past, watch: Callable[[], None]) -> Decided:
    """Play the updates through the flows; `watch` hears of each."""
    city = VirtualCity(past.agency)
    for _ in city.play(past.told):
        watch()
    return Decided(past.agency, city.records(), past.unreadable)


def report(decided: Decided, day: date | None, price: float) -> ShadowReport:
    """Count what would have been sent, and why the rest not; of one day of the agency's, or of all."""
    return count(decided.records, decided.agency, floors, day, price)


def _past(cases: Iterable[Case], agency: Agency, unreadable: Sequence[Unreadable] = ()) -> Past:
    in_shadow = replace(agency, mode="shadow")
    told, rejected = told_by(cases, in_shadow)
    return Past(in_shadow, told, (*unreadable, *rejected))
