"""`tenfour hold`: keep an incident or a person until the hold is lifted; who asks and why is kept for good."""

from typing import Annotated, Literal, cast, get_args

import typer
from rich.table import Table

from chalicelib.domain.approval import shown
from chalicelib.domain.names import IncidentKey
from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.records import on_request
from chalicelib.insight.records.request import Request
from chalicelib.insight.records.subject import find
from chalicelib.wiring import Aws, now
from tenfour.common.options import AgencyId, Stack
from tenfour.common.reached import reached_agency
from tenfour.common.screen import Screen, say
from tenfour.common.terminal import refuse
from tenfour.common.who import person
from tenfour.operate.records import OptionalReason, asked

Only = Literal["", "incident", "person"]


def hold(
    target: Annotated[str | None, typer.Argument(help="An incident's number, a phone or an email.")] = None,
    reason: OptionalReason = None,
    listed: Annotated[bool, typer.Option("--list", help="List all that is held, and change nothing.")] = False,
    lift: Annotated[bool, typer.Option("--lift", help="Let it expire again.")] = False,
    only: Annotated[str, typer.Option("--as", help="incident or person, where a number could be either.")] = "",
    stack: Stack = None,
    agency: AgencyId = None,
) -> None:
    """Keep an incident or a person, whatever the retention says.

    The hold lasts until it is lifted.
    """
    if listed:
        _show_holds(*reached_agency(stack, agency))
        return
    if target is None or reason is None:
        refuse("hold: say whom or what, and --reason; or --list")
    if only not in get_args(Only):
        refuse("--as: expected incident or person")
    aws, ours = reached_agency(stack, agency)
    found = asked(lambda: find(aws, ours, target, cast("Only", only)))
    request = Request(at=now(), author=person(aws), reason=reason)
    count = asked(lambda: (on_request.lift if lift else on_request.hold)(aws, ours, found, request))
    verb, about = "lifted" if lift else "held", on_request.about(found)
    if isinstance(found, IncidentKey):
        say(f"{verb}: {about}")
        return
    say(f"{verb}: {about}, on {count} incident{'' if count == 1 else 's'}")
    if not lift:
        say("Every function knows within a minute; hold it again then to catch what came in between.")


def _show_holds(aws: Aws, agency: Agency) -> None:
    """Print the holds: incidents by their numbers, persons by the hash that `records audit` has too."""
    table = Table("what", "since", "who", "why")
    for held in asked(lambda: on_request.holds(aws, agency.agency_id)):
        since = f"{held.hold.at.astimezone(agency.zone):%Y-%m-%d %H:%M}"
        table.add_row(held.what, since, shown(held.hold.author), held.hold.reason)
    Screen().print(table if table.row_count else "nothing is held")
