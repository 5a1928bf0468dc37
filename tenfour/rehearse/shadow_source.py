"""The options of a shadow report: incidents of a city's past, of a made-up city, or of the deployed stack."""

from pathlib import Path

from msgspec import Struct

from chalicelib.inbound.settings import InvalidSettings
from chalicelib.insight.settings.files import load_settings
from chalicelib.insight.shadow.past import Decided, Past, from_extract, from_nowhere, from_tables, played
from chalicelib.virtual.extract import InvalidMap
from chalicelib.wiring import now
from tenfour.common.errors import CityFailed
from tenfour.common.paths import AGENCIES
from tenfour.common.reach import UNREACHABLE, reach, which_agency
from tenfour.common.screen import Screen, warn
from tenfour.common.terminal import progress


class BadChoice(ValueError):
    """Options that do not go together, or lack one."""


UNUSABLE = (BadChoice, InvalidMap, InvalidSettings, OSError, *UNREACHABLE)
"""These errors end the command with one line: wrong files and options, and an account that can't be reached."""


class Choice(Struct, frozen=True, kw_only=True):
    """The options that say where the incidents are to come from."""

    file: Path | None = None
    columns: Path | None = None
    calls: int | None = None
    settings: Path | None = None
    stack: Path | None = None
    agency: str | None = None


def find(choice: Choice, console: Screen) -> Decided:
    """Return the incidents of the one source that was chosen; one of UNUSABLE."""
    if sum(1 for each in (choice.file, choice.calls, choice.stack or choice.agency) if each) > 1:
        raise BadChoice("--from, --generate and a stack (--stack, --agency) are three sources: choose one")
    if bool(choice.file) != bool(choice.columns):
        raise BadChoice("--from and --columns go together: a file, and the map of its columns")
    if choice.file and choice.columns:
        return _played(from_extract(choice.file, choice.columns, choice.settings), console)
    if choice.calls:
        agency = load_settings(choice.settings or AGENCIES / "demo.toml")
        return _played(from_nowhere(choice.calls, agency), console)
    if choice.settings:
        raise BadChoice("--settings goes with --from or --generate: a stack has its own")
    try:
        aws = reach(choice.stack)
        return from_tables(aws, which_agency(aws, choice.stack, choice.agency), now(), warn)
    except CityFailed as problem:
        raise BadChoice(f"{problem}; --from and --generate need no account") from None


def _played(past: Past, console: Screen) -> Decided:
    with progress(console) as bar:
        task = bar.add_task(f"{past.agency.name}, in shadow", total=len(past.told))
        return played(past, lambda: bar.advance(task))
