"""Settings to compare and past calls to compare them on: from files, or from the tables of a stack."""

from datetime import datetime
from pathlib import Path

from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.records import every_call
from chalicelib.insight.records.every_call import Tell
from chalicelib.insight.settings.files import load_settings
from chalicelib.virtual.cases import told_by
from chalicelib.virtual.clock import Told
from chalicelib.virtual.extract import Case, load_map, read_extract
from chalicelib.wiring import Aws

IN_FORCE = "the version in force"


class NoVersion(LookupError):
    """There is no published version of that number."""


def published(aws: Aws, agency_id: str, version: int | None = None) -> Agency:
    """Return a published version of the settings, or the one in force; NoVersion."""
    found = aws.settings.agency(agency_id) if version is None else aws.settings.version(agency_id, version)
    if found is None:
        raise NoVersion(f"{agency_id} has no version {IN_FORCE if version is None else version}")
    return found


def side(word: str, aws: Aws | None, agency_id: str | None) -> Agency:
    """Return settings named by a file or by a published version's number, or those in force.

    NoVersion, InvalidSettings, OSError; ValueError where published settings are named without a stack.
    """
    if word != IN_FORCE and not word.isdigit():
        return load_settings(Path(word))
    if aws is None or agency_id is None:
        raise ValueError(f"{word}: published settings need a stack, not an extract")
    return published(aws, agency_id, None if word == IN_FORCE else int(word))


def calls_of_extract(file: Path, columns: Path, agency: Agency) -> list[Told]:
    """Return the updates of a city's past calls; OSError, InvalidMap."""
    cases = [item for item in read_extract(file, load_map(columns)) if isinstance(item, Case)]
    return told_by(cases, agency)[0]


def calls_heard(aws: Aws, agency_id: str, at: datetime, tell: Tell) -> list[Told]:
    """Return the updates that a stack has heard and still keeps, in their order; `tell` hears of a scan."""
    heard = sorted(every_call.heard(aws, agency_id, at, tell), key=lambda item: (item.at, item.source_id))
    return [Told(item.at, order, update) for order, item in enumerate(heard) for update in item.updates]
