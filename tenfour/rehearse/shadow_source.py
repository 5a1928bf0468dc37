"""Where a shadow report's incidents come from: a city's past, a city that does not exist, or the deployed stack."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from botocore.exceptions import BotoCoreError
from msgspec import Struct
from msgspec.structs import replace
from rich.console import Console

from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.domain.settings.agency import Agency
from chalicelib.inbound.settings import InvalidSettings
from chalicelib.insight.review.files import load_settings
from chalicelib.virtual.cases import told_by
from chalicelib.virtual.city import VirtualCity
from chalicelib.virtual.extract import Case, InvalidMap, Unreadable, load_map, read_extract
from chalicelib.virtual.town.calls import generate
from tenfour.common.paths import AGENCIES
from tenfour.common.reach import UNREACHABLE, reach, which_agency
from tenfour.common.terminal import progress

SEED = 104
WEEK = timedelta(days=7)
MONDAY = datetime(2026, 11, 2)  # noqa: DTZ001  midnight in the agency's own time
"""A generated week is always this one, so that its report is always the same."""


class BadChoice(ValueError):
    """Options that do not go together, or lack one."""


UNUSABLE = (BadChoice, InvalidMap, InvalidSettings, OSError, *UNREACHABLE)
"""What ends the command with one line: wrong files and options, and an account that can't be reached."""


class Choice(Struct, frozen=True, kw_only=True):
    """Where the incidents are to come from, as the options say it."""

    file: Path | None = None
    columns: Path | None = None
    calls: int | None = None
    settings: Path | None = None
    stack: Path | None = None
    agency: str | None = None


class Source(Struct, frozen=True):
    """An agency, its incidents, and the rows of a file that could not be read."""

    agency: Agency
    records: Iterable[IncidentRecord]
    unreadable: Sequence[Unreadable] = ()


def find(choice: Choice, console: Console) -> Source:
    """Return the incidents of the one source that was chosen; one of UNUSABLE."""
    if sum(1 for each in (choice.file, choice.calls, choice.stack or choice.agency) if each) > 1:
        raise BadChoice("--from, --generate and a stack (--stack, --agency) are three sources: choose one")
    if bool(choice.file) != bool(choice.columns):
        raise BadChoice("--from and --columns go together: a file, and the map of its columns")
    if choice.file and choice.columns:
        return from_extract(choice.file, choice.columns, choice.settings, console)
    if choice.calls:
        return from_nowhere(choice.calls, choice.settings or AGENCIES / "demo.toml", console)
    if choice.settings:
        raise BadChoice("--settings goes with --from or --generate: a stack has its own")
    try:
        return from_tables(choice.stack, choice.agency)
    except BotoCoreError as problem:
        raise BadChoice(
            f"no AWS account can be reached ({problem}); --from, --generate and --stack need none"
        ) from None


def from_extract(file: Path, columns: Path, settings: Path | None, console: Console) -> Source:
    """Replay a city's extract in shadow; InvalidMap, InvalidSettings."""
    mapping = load_map(columns)
    agency = _in_shadow(settings or columns.parent / mapping.settings)
    items = list(read_extract(file, mapping))
    cases = [item for item in items if isinstance(item, Case)]
    unreadable = [item for item in items if isinstance(item, Unreadable)]
    return _played(cases, agency, unreadable, console)


def from_nowhere(incidents: int, settings: Path, console: Console) -> Source:
    """Play a generated week in shadow; InvalidSettings."""
    agency = _in_shadow(settings)
    cases = generate(SEED, incidents, MONDAY.replace(tzinfo=agency.zone), WEEK, speed=1)
    return _played(cases, agency, (), console)


def from_tables(stack: Path | None, agency_id: str | None) -> Source:
    """Read what a deployed stack has decided; NoStack, CityFailed, NoAgency."""
    aws = reach(stack)
    agency = which_agency(aws, stack, agency_id)
    return Source(agency, aws.incidents.records(agency.agency_id))


def _in_shadow(path: Path) -> Agency:
    return replace(load_settings(path), mode="shadow")


def _played(cases: Iterable[Case], agency: Agency, unreadable: Sequence[Unreadable], console: Console) -> Source:
    told, rejected = told_by(cases, agency)
    city = VirtualCity(agency)
    with progress(console) as bar:
        task = bar.add_task(f"{agency.name}, in shadow", total=len(told))
        for _ in city.play(told):
            bar.advance(task)
    return Source(agency, city.records(), (*unreadable, *rejected))
