"""`tenfour settings publish, history, rollback, pause, resume, release`: settings where they are in force."""

import getpass
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeVar, get_args

import typer
from rich.console import Console
from rich.table import Table

from chalicelib.aws.stores.settings import NumberTaken
from chalicelib.domain.incidents.release import Releasable
from chalicelib.domain.names import IncidentKey, Kind
from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.review.calls import NoVersion
from chalicelib.insight.review.check import check
from chalicelib.insight.settings import in_force
from chalicelib.ports.errors import Busy, Conflict
from chalicelib.wiring import Aws, now
from tenfour.common.options import AgencyId, AsJson, Stack
from tenfour.common.reach import UNREACHABLE, at_home, reach, read_stack, which_agency
from tenfour.common.terminal import BAD_INPUT, refuse

Author = Annotated[str, typer.Option(help="Who does it.", default_factory=getpass.getuser, show_default="you")]
Reason = Annotated[str, typer.Option(help="Why; it is kept.")]
OnlyIncident = Annotated[str | None, typer.Option(help="Only this incident.")]
OnlyType = Annotated[str | None, typer.Option("--type", help="Only this incident type, or a pattern.")]
OnlyBeat = Annotated[str | None, typer.Option(help="Only this beat, or a pattern.")]
OnlyKind = Annotated[Kind | None, typer.Option(help="Only this kind of notification.")]

T = TypeVar("T")


def publish(
    file: Annotated[Path, typer.Argument(help="The agency's settings, TOML.")],
    comment: Annotated[str, typer.Option(help="The changes in short; it is kept.")],
    author: Author,
    stack: Stack = None,
) -> None:
    """Make a file's settings the ones in force within a minute, as a version that never changes."""
    checked = check(file)
    if checked.agency is None or checked.errors:
        print(checked, file=sys.stderr)
        raise typer.Exit(BAD_INPUT)
    settings, aws = checked.agency, _aws(stack)
    if stack:  # a local city's survey links lead to itself
        settings = at_home(settings, read_stack(stack))
    published = _written(lambda: aws.settings.publish(settings, author, comment, now()))
    print(f"{published.agency_id}: version {published.version}, {published.mode}; in force within 60 seconds")


def history(stack: Stack = None, agency: AgencyId = None, as_json: AsJson = False) -> None:
    """List every published version, newest first."""
    aws, agency_id = reached(stack, agency)
    versions = list(aws.settings.history(agency_id))
    if as_json:
        listed = [
            {"version": item.agency.version, "at": item.at.isoformat(), "author": item.author, "comment": item.comment}
            for item in versions
        ]
        print(json.dumps(listed, ensure_ascii=False, indent=1))
        return
    table = Table("version", "published", "by", "mode", "comment", title_justify="left")
    for item in versions:
        at = item.at.astimezone(item.agency.zone).strftime("%Y-%m-%d %H:%M")
        table.add_row(str(item.agency.version), at, item.author, item.agency.mode, item.comment)
    Console(highlight=False).print(table)


def rollback(
    version: Annotated[int, typer.Argument(min=1, help="The version to return to.")],
    comment: Annotated[str, typer.Option(help="Why; it is kept.")],
    author: Author,
    stack: Stack = None,
    agency: AgencyId = None,
) -> None:
    """Publish an earlier version again, as a new one: nothing is taken out of the history."""
    aws, agency_id = reached(stack, agency)
    published = _written(lambda: in_force.rollback(aws, agency_id, version, author, comment, now()))
    print(f"{agency_id}: version {published.version} is what version {version} was; in force within 60 seconds")


def pause(
    author: Author,
    reason: Annotated[str, typer.Option(help="Why; it is kept.")] = "",
    incident: OnlyIncident = None,
    type_: OnlyType = None,
    beat: OnlyBeat = None,
    kind: OnlyKind = None,
    stack: Stack = None,
    agency: AgencyId = None,
) -> None:
    """Hold all that would be sent, from the next second on, until it is resumed."""
    paused = _written(lambda: in_force.scope(incident, type_, beat, kind))
    aws, agency_id = reached(stack, agency)
    _written(lambda: in_force.pause(aws, agency_id, paused, author, reason, now()))
    print(f"paused: {in_force.words_of(*paused)}; `tenfour settings resume` lifts it")


def resume(
    author: Author,
    incident: OnlyIncident = None,
    type_: OnlyType = None,
    beat: OnlyBeat = None,
    kind: OnlyKind = None,
    restored: Annotated[bool, typer.Option("--restored", help="That of tables restored from a backup.")] = False,
    stack: Stack = None,
    agency: AgencyId = None,
) -> None:
    """Lift a pause: what waited goes within a minute, unless it has expired."""
    paused = _written(lambda: in_force.scope(incident, type_, beat, kind))
    aws, agency_id = reached(stack, agency)
    if restored:
        rest = _written(lambda: in_force.adopt_tables(aws, agency_id, author, now()))
        print(f"the tables are taken as they are; {in_force.still(rest)}")
        return
    rest = _written(lambda: in_force.resume(aws, agency_id, paused))
    print(f"resumed: {in_force.words_of(*paused)}; {in_force.still(rest)}")


def release(
    incident: Annotated[str, typer.Argument(help="The incident's number.")],
    what: Annotated[str, typer.Option(help=" | ".join(get_args(Releasable)))],
    reason: Reason,
    author: Author,
    party: Annotated[str, typer.Option(help="The party, where it is an unsafe one.")] = "",
    stack: Stack = None,
    agency: AgencyId = None,
) -> None:
    """Let go, for one incident, what the safety rules hold back; it stays in the incident's story."""
    aws, agency_id = reached(stack, agency)
    key = IncidentKey(agency_id, incident)
    try:
        _written(lambda: in_force.release(aws, key, what, party, author, reason, now()))
    except (LookupError, Busy) as problem:
        refuse(str(problem) or "others are writing to this incident; try again")
    print(f"released: {what} of {incident}")


def _aws(stack: Path | None) -> Aws:
    try:
        return reach(stack)
    except UNREACHABLE as problem:
        refuse(problem)


def reached(stack: Path | None, agency: str | None) -> tuple[Aws, str]:
    """Return the stack and the agency that are meant, or refuse."""
    aws, ours = reached_agency(stack, agency)
    return aws, ours.agency_id


def reached_agency(stack: Path | None, agency: str | None) -> tuple[Aws, Agency]:
    """Return the stack and the agency as it is published, or refuse."""
    aws = _aws(stack)
    try:
        return aws, which_agency(aws, stack, agency)
    except UNREACHABLE as problem:
        refuse(problem)


def _written(write: Callable[[], T]) -> T:
    try:
        return write()
    except (NumberTaken, in_force.Unfit, NoVersion, *UNREACHABLE) as problem:
        refuse(problem)
    except Conflict:
        refuse("somebody else wrote at the same moment; look at what is there, and try again")
