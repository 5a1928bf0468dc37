"""Pauses in force: one is put on or lifted, and tables from a backup are taken over."""

from datetime import datetime

from chalicelib.aws.stores.on_request import Audit
from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.pause import Pause, PauseOf
from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.settings.pausable import exists
from chalicelib.wiring import Aws

Scope = tuple[PauseOf, str]
"""The extent of a pause: the kind of thing, and which one."""


class Unfit(ValueError):
    """The request can't be carried out as it stands; the text says why."""


def scope(incident: str | None, incident_type: str | None, beat: str | None, kind: Kind | None) -> Scope:
    """Return the one thing that is named, or the whole agency where nothing is; Unfit."""
    given: list[tuple[PauseOf, str | None]] = [
        ("incident", incident),
        ("type", incident_type),
        ("beat", beat),
        ("kind", kind),
    ]
    named = [(of, which.strip()) for of, which in given if which is not None]
    if any(not which for _, which in named):
        raise Unfit("a blank names nothing; to name nothing at all means everything")
    if len(named) > 1:
        raise Unfit("a pause is of one incident, type, beat or kind; pause twice to pause both")
    return named[0] if named else ("agency", "")


def must_exist(aws: Aws, agency: Agency, paused: Scope) -> None:
    """Check that a type or beat is one that there is, in the settings or among the calls; Unfit, with the nearest."""
    of, which = paused
    if of not in ("type", "beat"):
        return
    heard = (record.incident for record in aws.incidents.records(agency.agency_id))
    there, near = exists(of, which, agency, heard)
    if not there:
        instead = f"did you mean {' or '.join(near)}?" if near else "nothing is called nearly so"
        raise Unfit(f"no {of} {which}: neither the settings nor any call has it; {instead}")


def words_of(of: str, which: str) -> str:
    """Return what a pause is of, in words."""
    return f"{of} {which}" if which else "everything"


def pause(aws: Aws, agency_id: str, paused: Scope, author: str, reason: str, at: datetime) -> None:
    """Hold what would be sent, from the next second on, until it is resumed; Conflict."""
    of, which = paused
    aws.settings.pause(agency_id, Pause(of=of, which=which, author=author, reason=reason, at=at))


def resume(aws: Aws, agency_id: str, paused: Scope) -> tuple[Pause, ...]:
    """Lift a pause, and return those that stay; Unfit where there is no such pause, Conflict."""
    standing = aws.settings.conditions(agency_id).pauses
    if paused not in {(item.of, item.which) for item in standing}:
        raise Unfit(f"nothing is paused as {words_of(*paused)}; {still(standing)}")
    aws.settings.resume(agency_id, *paused)
    return aws.settings.conditions(agency_id).pauses


def adopt_tables(aws: Aws, agency_id: str, author: str, at: datetime) -> tuple[Pause, ...]:
    """Take tables that were restored from a backup as they are, and return the pauses that stay; Conflict."""
    tables = next((item.which for item in aws.settings.conditions(agency_id).pauses if item.of == "tables"), "")
    noted = Audit(at=at, author=author, reason="restored", what="took over", about=tables or "no table")
    aws.settings.adopt_tables(agency_id)
    aws.records.note(agency_id, noted)
    return aws.settings.conditions(agency_id).pauses


def still(pauses: tuple[Pause, ...]) -> str:
    """Return the pauses that stand, in words."""
    return (
        f"still paused: {', '.join(words_of(item.of, item.which) for item in pauses)}"
        if pauses
        else "nothing is paused"
    )
