"""`tenfour records …`: an incident for a public-records request, and who asked for what."""

from typing import Annotated

import typer
from rich.table import Table

from chalicelib.domain.approval import shown
from chalicelib.insight.records import on_request
from chalicelib.insight.records.request import Request
from chalicelib.wiring import now
from tenfour.common.options import AgencyId, AsJson, Stack
from tenfour.common.reached import reached_agency
from tenfour.common.screen import Screen, json_of, say, say_json
from tenfour.common.who import person
from tenfour.operate.records import Out, Reason, asked, write_private

cli = typer.Typer(no_args_is_help=True, help="Export an incident for a records request; list who asked.")


@cli.command("export")
def export(
    incident: Annotated[str, typer.Argument(help="The incident's number.")],
    reason: Reason,
    out: Out,
    stack: Stack = None,
    agency: AgencyId = None,
    as_json: AsJson = False,
) -> None:
    """Write an incident's story, redacted, for a records request.

    It has each text as it was sent.
    """
    from tenfour.operate.records_show import page

    aws, ours = reached_agency(stack, agency)
    request = Request(at=now(), author=person(aws), reason=reason)
    record = asked(lambda: on_request.export_incident(aws, ours, incident, request))
    write_private(out, f"{json_of(record)}\n" if as_json else page(record, ours.zone))
    say(f"{out}: {incident}, without phones, emails and comments; read it before it leaves the house")


@cli.command()
def audit(stack: Stack = None, agency: AgencyId = None, as_json: AsJson = False) -> None:
    """List who held, exported or erased what, and why, newest first."""
    aws, ours = reached_agency(stack, agency)
    found = asked(lambda: on_request.audits(aws, ours.agency_id))
    if as_json:
        say_json(found)
        return
    table = Table("when", "who", "did", "about", "why")
    for item in found:
        at = f"{item.at.astimezone(ours.zone):%Y-%m-%d %H:%M}"
        table.add_row(at, shown(item.author), item.what, item.about, item.reason)
    Screen().print(table if found else "nothing was held, exported or erased")
