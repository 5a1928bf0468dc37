"""`tenfour settings pause` and `resume`: hold all that would be sent, or some of it."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from chalicelib.domain.ledger.noted import part
from chalicelib.domain.ledger.what import What
from chalicelib.domain.names import Kind
from chalicelib.insight.people.caller import anybody
from chalicelib.insight.settings import in_force
from chalicelib.wiring import now
from tenfour.common.noted import noted
from tenfour.common.options import AgencyId, Stack
from tenfour.common.reached import asked, reached, reached_agency
from tenfour.common.screen import say
from tenfour.common.who import person

OnlyIncident = Annotated[str | None, typer.Option(help="Only this incident.")]
OnlyType = Annotated[str | None, typer.Option("--type", help="Only this incident type, or a pattern.")]
OnlyBeat = Annotated[str | None, typer.Option(help="Only this beat, or a pattern.")]
OnlyKind = Annotated[Kind | None, typer.Option(metavar="KIND", help=f"Only this kind: {', '.join(Kind)}.")]


def pause(
    reason: Annotated[str, typer.Option(help="Why; it is kept.")] = "",
    incident: OnlyIncident = None,
    type_: OnlyType = None,
    beat: OnlyBeat = None,
    kind: OnlyKind = None,
    stack: Stack = None,
    agency: AgencyId = None,
) -> None:
    """Hold all that would be sent, from now until it is resumed."""
    paused = asked(lambda: in_force.scope(incident, type_, beat, kind), in_force.Unfit)
    aws, ours = reached_agency(stack, agency)
    who, at, about = anybody(aws), now(), part(*paused)
    asked(lambda: in_force.must_exist(aws, ours, paused, at), in_force.Unfit)
    asked(
        lambda: noted(
            aws, ours.agency_id, What.PAUSED, about, who, at,
            lambda: in_force.pause(aws, ours.agency_id, paused, who, reason, at), reason,
        )
    )  # fmt: skip
    if in_force.is_unheard(aws, ours, paused):
        say("nobody told of this call yet; it is paused all the same", errors=True)
    say(f"paused: {in_force.words_of(*paused)}; `{_lifts(paused, stack, agency)}` lifts it")


def _lifts(paused: in_force.Scope, stack: Path | None, agency: str | None) -> str:
    """Return the command that lifts a pause, as it must be typed here."""
    of, which = paused
    part = [] if of == "agency" else [f"--{of}", which]
    where = [*(["--agency", agency] if agency else []), *(["--stack", str(stack)] if stack else [])]
    return shlex.join(["tenfour", "settings", "resume", *part, *where])


def resume(
    incident: OnlyIncident = None,
    type_: OnlyType = None,
    beat: OnlyBeat = None,
    kind: OnlyKind = None,
    restored: Annotated[bool, typer.Option("--restored", help="That of tables restored from a backup.")] = False,
    stack: Stack = None,
    agency: AgencyId = None,
) -> None:
    """Lift a pause: waiting messages go, unless they have expired."""
    paused = asked(lambda: in_force.scope(incident, type_, beat, kind), in_force.Unfit)
    aws, agency_id = reached(stack, agency)
    who = person(aws)
    if restored:
        rest = asked(lambda: in_force.adopt_tables(aws, agency_id, who, now()))
        say(f"the tables are taken as they are; {in_force.still(rest)}")
        return
    about, at = part(*paused), now()
    rest = asked(
        lambda: noted(aws, agency_id, What.RESUMED, about, who, at, lambda: in_force.resume(aws, agency_id, paused)),
        in_force.Unfit,
    )
    say(f"resumed: {in_force.words_of(*paused)}; {in_force.still(rest)}")
