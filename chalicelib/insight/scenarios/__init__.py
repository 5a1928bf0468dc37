"""Scenarios: stories of calls, written as data and played over the real flows (`docs/agency/scenarios.md`).

An agency is played as if it were live: what it wants to know in shadow is what will go once it is. A
scenario's own settings may say otherwise.
"""

from pathlib import Path

from msgspec import Struct

from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.scenarios.judge import judge
from chalicelib.insight.scenarios.play import play
from chalicelib.insight.scenarios.read import InvalidScenario, Sheet, read_scenario, read_text
from chalicelib.insight.scenarios.settings import settings_of

NOT_A_SCENARIO = "agency.toml"
"""An agency's settings may lie beside its scenarios under this name."""


class Failure(Struct, frozen=True):
    """One scenario that does not go as it says; `name` is its title."""

    file: str
    name: str
    message: str


def run_folder(folder: Path, agency: Agency) -> list[Failure]:
    """Play each scenario of a folder by an agency's settings; return those that fail, in the order of their files."""
    try:
        files = scenario_files(folder)
    except OSError as problem:
        return [Failure(str(folder), "", f"the folder can't be read: {problem.strerror}")]
    if not files:
        return [Failure(str(folder), "", "there are no scenarios: no file ends with .toml")]
    return [failure for file in files if (failure := run_file(file, agency))]


def scenario_files(folder: Path) -> list[Path]:
    """Return the scenarios of a folder; OSError."""
    files = (path for path in folder.iterdir() if path.suffix == ".toml" and path.name != NOT_A_SCENARIO)
    return sorted(files)


def run_file(file: Path, agency: Agency) -> Failure | None:
    """Play one scenario; return how it fails, or None."""
    title = ""
    try:
        sheet = read_scenario(file)
        title = sheet.scenario.title
        message = _judged(sheet, agency)
    except InvalidScenario as problem:
        message = str(problem)
    except OSError as problem:
        message = f"the file can't be read: {problem.strerror}"
    return Failure(file.name, title, message) if message else None


def run_sheet(text: str, agency: Agency) -> str:
    """Play the text of one scenario; return how it fails, with the story, or ""."""
    try:
        return _judged(read_text(text), agency)
    except InvalidScenario as problem:
        return str(problem)


def _judged(sheet: Sheet, agency: Agency) -> str:
    return judge(sheet, play(sheet, settings_of(sheet, agency)))
