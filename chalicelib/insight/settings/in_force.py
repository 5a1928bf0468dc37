"""Pauses in force: one is put on or lifted, and tables from a backup are taken over."""

from datetime import datetime, timedelta

from pynamodb.exceptions import PynamoDBException

from chalicelib.aws.stores.on_request import Audit
from chalicelib.domain.ledger.noted import Noted
from chalicelib.domain.ledger.what import What, Why
from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.pause import Pause, PauseOf
from chalicelib.domain.settings.agency import Agency
from chalicelib.flow.ledger.act import noted_first
from chalicelib.insight.settings.pausable import exists
from chalicelib.ports.errors import Unreadable
from chalicelib.wiring import Aws

LATELY = timedelta(days=31)
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


def must_exist(aws: Aws, agency: Agency, paused: Scope, at: datetime) -> None:
    """Check that a type or beat is one that there is, in the settings or on a call of a month; Unfit, with the nearest.

    The brake needs no index: where not all calls are in it, anything can be paused.
    """
    of, which = paused
    if of not in ("type", "beat") or aws.searchable.since(agency.agency_id) is None:
        return
    heard = aws.recent.all_of(agency.agency_id, at - LATELY, at)
    there, near = exists(of, which, agency, heard)
    if not there:
        instead = f"did you mean {' or '.join(near)}?" if near else "nothing is called nearly so"
        raise Unfit(f"no {of} {which}: neither the settings nor any call of {LATELY.days} days has it; {instead}")


def is_unheard(aws: Aws, agency: Agency, paused: Scope) -> bool:
    """Tell whether a pause is of a call of which nobody told yet; not where that can't be read, since it is a brake."""
    from chalicelib.insight.records.subject import bearing_name

    of, which = paused
    if of != "incident":
        return False
    try:
        return not bearing_name(aws, agency, which)
    except (Unreadable, PynamoDBException):
        return False


def words_of(of: str, which: str) -> str:
    """Return what a pause is of, in words."""
    return f"{of} {which}" if which else "everything"


def pause(aws: Aws, agency_id: str, paused: Scope, author: str, reason: str, at: datetime) -> None:
    """Hold what would be sent, from the next second on, until it is resumed; Conflict."""
    of, which = paused
    aws.settings.pause(agency_id, Pause(of=of, which=which, author=author, reason=reason, at=at))


def resume(aws: Aws, agency_id: str, paused: Scope, at: datetime | None = None) -> tuple[Pause, ...]:
    """Lift a pause, and return those that stay; Unfit where there is no such pause, Conflict.

    `at` is when the pause was put on that somebody saw: another one of the same, by somebody else, stays.
    """
    standing = aws.settings.conditions(agency_id).pauses
    if paused not in {(item.of, item.which) for item in standing}:
        raise Unfit(f"nothing is paused as {words_of(*paused)}; {still(standing)}")
    if not aws.settings.resume(agency_id, *paused, at):
        raise Unfit(f"somebody else has lifted the pause of {words_of(*paused)} meanwhile")
    return aws.settings.conditions(agency_id).pauses


def adopt_tables(aws: Aws, agency_id: str, author: str, at: datetime) -> tuple[Pause, ...]:
    """Take tables that were restored from a backup as they are, and return the pauses that stay; Conflict, NotNoted."""
    tables = next((item.which for item in aws.settings.conditions(agency_id).pauses if item.of == "tables"), "")
    noted = Audit(at=at, author=author, reason="restored", what="took over", about=tables or "no table")
    entry = Noted(at=at, agency_id=agency_id, by=author, what=What.TOOK_OVER, reason=Why.OUTAGE)
    noted_first(lambda: entry, lambda: aws.settings.adopt_tables(agency_id), aws.ledger.note)
    aws.records.note(agency_id, noted)
    return aws.settings.conditions(agency_id).pauses


def still(pauses: tuple[Pause, ...]) -> str:
    """Return the pauses that stand, in words."""
    return (
        f"still paused: {', '.join(words_of(item.of, item.which) for item in pauses)}"
        if pauses
        else "nothing is paused"
    )
