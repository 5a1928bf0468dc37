"""`tenfour settings pause` and `resume`: hold all that would be sent, or some of it."""

from typing import Annotated

import typer

from chalicelib.aws.stores.records import Audit
from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.pause import Pause, PauseOf
from chalicelib.wiring import Aws, now
from tenfour.common.options import AgencyId, Author, Stack
from tenfour.common.reached import asked, reached
from tenfour.common.terminal import refuse

OnlyIncident = Annotated[str | None, typer.Option(help="Only this incident.")]
OnlyType = Annotated[str | None, typer.Option("--type", help="Only this incident type, or a pattern.")]
OnlyBeat = Annotated[str | None, typer.Option(help="Only this beat, or a pattern.")]
OnlyKind = Annotated[Kind | None, typer.Option(metavar="KIND", help=f"Only this kind: {', '.join(Kind)}.")]


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
    """Hold all that would be sent, from now until it is resumed."""
    of, which = _scope(incident, type_, beat, kind)
    aws, agency_id = reached(stack, agency)
    wanted = Pause(of=of, which=which, author=author, reason=reason, at=now())
    asked(lambda: aws.settings.pause(agency_id, wanted))
    print(f"paused: {_named(of, which)}; `tenfour settings resume` lifts it")


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
    """Lift a pause: waiting messages go, unless they have expired."""
    of, which = _scope(incident, type_, beat, kind)
    aws, agency_id = reached(stack, agency)
    if restored:
        tables = next((item.which for item in aws.settings.conditions(agency_id).pauses if item.of == "tables"), "")
        noted = Audit(at=now(), author=author, reason="restored", what="took over", about=tables or "no table")
        asked(lambda: aws.settings.adopt_tables(agency_id))
        asked(lambda: aws.records.note(agency_id, noted))
        print(f"the tables are taken as they are; {_paused(aws, agency_id)}")
        return
    if (of, which) not in {(item.of, item.which) for item in aws.settings.conditions(agency_id).pauses}:
        refuse(f"nothing is paused as {_named(of, which)}; {_paused(aws, agency_id)}")
    asked(lambda: aws.settings.resume(agency_id, of, which))
    print(f"resumed: {_named(of, which)}; {_paused(aws, agency_id)}")


def _scope(incident: str | None, type_: str | None, beat: str | None, kind: Kind | None) -> tuple[PauseOf, str]:
    given: list[tuple[PauseOf, str | None]] = [("incident", incident), ("type", type_), ("beat", beat), ("kind", kind)]
    named = [(of, which.strip()) for of, which in given if which is not None]
    if any(not which for _, which in named):
        refuse("a blank names nothing; without an option everything is meant")
    if len(named) > 1:
        refuse("one of --incident, --type, --beat, --kind; pause twice to pause both")
    return named[0] if named else ("agency", "")


def _named(of: str, which: str) -> str:
    return f"{of} {which}" if which else "everything"


def _paused(aws: Aws, agency_id: str) -> str:
    pauses = aws.settings.conditions(agency_id).pauses
    return (
        "still paused: " + ", ".join(_named(item.of, item.which) for item in pauses) if pauses else "nothing is paused"
    )
