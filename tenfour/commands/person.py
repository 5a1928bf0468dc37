"""`tenfour person …`: all that is kept of one person, for them, and its end."""

from typing import Annotated

import typer

from chalicelib.insight.records import on_request
from chalicelib.insight.records.request import Request
from chalicelib.wiring import now
from tenfour.common.options import Address, AgencyId, Stack
from tenfour.common.reached import reached_agency
from tenfour.common.who import person
from tenfour.operate.records import Out, Reason, asked, found_person, json_of, write_private

cli = typer.Typer(no_args_is_help=True, help="Export or erase all that is kept of one person.")


@cli.command("export")
def export(address: Address, reason: Reason, out: Out, stack: Stack = None, agency: AgencyId = None) -> None:
    """Write all that is kept of a person, for them, as JSON."""
    aws, ours = reached_agency(stack, agency)
    found = found_person(aws, ours, address)
    request = Request(at=now(), author=person(aws), reason=reason)
    told = asked(lambda: on_request.export(aws, found, request))
    write_private(out, json_of(told))
    print(f"{out}: {found.about}, {len(told['incidents'])} incidents; it holds their address: hand it to nobody else")


@cli.command()
def erase(
    address: Address,
    reason: Reason,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    stack: Stack = None,
    agency: AgencyId = None,
) -> None:
    """Erase a person's address, replies and answers.

    An opt-out stays: nobody writes to them again.
    """
    aws, ours = reached_agency(stack, agency)
    found = found_person(aws, ours, address)
    if not (yes or typer.confirm(f"Erase {found.about}, for good?")):
        raise typer.Exit(1)
    request = Request(at=now(), author=person(aws), reason=reason)
    gone = asked(lambda: on_request.erase(aws, found, request))
    print(f"erased: {found.about}: " + ", ".join(f"{count} {what}" for what, count in gone.items()))
    print("If dispatch sends it again, it is kept again. Backups forget within 35 days.")
