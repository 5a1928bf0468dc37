"""`tenfour records …`: an incident for a public-records request, and who asked for what."""

import sys
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from chalicelib.insight.records.subject import find_incident
from chalicelib.wiring import now
from tenfour.common.options import AgencyId, AsJson, Stack
from tenfour.common.reached import reached_agency
from tenfour.common.terminal import refuse
from tenfour.operate.records import Author, Out, Reason, asked, audited, write_private

cli = typer.Typer(no_args_is_help=True, help="Export an incident for a records request; list who asked.")


@cli.command("export")
def export(
    incident: Annotated[str, typer.Argument(help="The incident's number.")],
    reason: Reason,
    author: Author,
    out: Out,
    stack: Stack = None,
    agency: AgencyId = None,
    as_json: AsJson = False,
) -> None:
    """Write an incident's story, redacted, for a records request.

    It has each text as it was sent.
    """
    from chalicelib.insight.records.export import Request, write_json, write_text

    aws, ours = reached_agency(stack, agency)
    key = find_incident(aws, ours, incident)
    if key is None:
        refuse(f"{ours.agency_id} has no incident {incident!r}")
    request = Request(at=now(), author=author, reason=reason)
    write = write_json if as_json else write_text
    text = asked(lambda: write(aws, key, ours, request))
    audited(aws, ours, author, reason, "exported", key.incident_number)
    write_private(out, text)
    print(f"{out}: {key.incident_number}, without phones, emails and comments; read it before it leaves the house")


@cli.command()
def audit(stack: Stack = None, agency: AgencyId = None, as_json: AsJson = False) -> None:
    """List who held, exported or erased what, and why, newest first."""
    aws, ours = reached_agency(stack, agency)
    found = asked(lambda: list(aws.records.audits(ours.agency_id)))
    if as_json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(found), indent=1).decode() + "\n")
        return
    table = Table("when", "who", "did", "about", "why")
    for item in found:
        at = f"{item.at.astimezone(ours.zone):%Y-%m-%d %H:%M}"
        table.add_row(at, *map(escape, (item.author, item.what, item.about, item.reason)))
    Console(highlight=False).print(table if found else "nothing was held, exported or erased")
