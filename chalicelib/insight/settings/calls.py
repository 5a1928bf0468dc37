"""Settings to compare and past calls to compare them on: from files, or from the tables of a stack."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from chalicelib.aws.stores.history import Heard
from chalicelib.domain.desk.draft_week import sample
from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.records import every_call
from chalicelib.insight.records.every_call import Tell
from chalicelib.insight.settings.files import load_settings
from chalicelib.virtual.cases import told_by
from chalicelib.virtual.clock import Told
from chalicelib.virtual.extract import Case, load_map, read_extract
from chalicelib.wiring import Aws

IN_FORCE = "the version in force"


class Begun(Struct, frozen=True):
    """The updates of calls that began in a span, in their order; of so many calls in all."""

    told: list[Told]
    calls: int


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
    return _in_order(every_call.heard(aws, agency_id, at, tell))


def calls_begun(aws: Aws, agency_id: str, since: datetime, until: datetime) -> Begun:
    """Return what a stack has heard and still keeps of the calls that began in a span: of too many, of a sample."""
    began = aws.recent.all_of(agency_id, since, until)
    known = {one.key for one in began if one.notification is None}
    return Begun(_in_order(every_call.heard_of(aws, sample(known))), len(known))


def _in_order(found: Iterable[Heard]) -> list[Told]:
    heard = sorted(found, key=lambda item: (item.at, item.source_id))
    return [Told(item.at, order, update) for order, item in enumerate(heard) for update in item.updates]
