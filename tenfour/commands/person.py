"""`tenfour person …`: all that is kept of one person, for them, and its end."""

import typer

from chalicelib.insight.approval import erasing
from chalicelib.insight.records import on_request
from chalicelib.insight.records.request import Request
from chalicelib.wiring import now
from tenfour.common.options import Address, AgencyId, Stack
from tenfour.common.reached import reached_agency
from tenfour.common.screen import json_of, say
from tenfour.common.who import author, person
from tenfour.operate.approval import tell_that_it_waits
from tenfour.operate.records import Out, Reason, asked, found_person, write_private

cli = typer.Typer(no_args_is_help=True, help="Export or erase all that is kept of one person.")


@cli.command("export")
def export(address: Address, reason: Reason, out: Out, stack: Stack = None, agency: AgencyId = None) -> None:
    """Write all that is kept of a person, for them, as JSON."""
    aws, ours = reached_agency(stack, agency)
    found = found_person(aws, ours, address)
    request = Request(at=now(), author=person(aws), reason=reason)
    told = asked(lambda: on_request.export(aws, found, request))
    write_private(out, f"{json_of(told)}\n")
    say(f"{out}: {found.about}, {len(told['incidents'])} incidents; it holds their address: hand it to nobody else")


@cli.command()
def erase(address: Address, reason: Reason, stack: Stack = None, agency: AgencyId = None) -> None:
    """Erase a person's address, replies and answers; it takes two people.

    An opt-out stays: nobody writes to them again.
    """
    aws, ours = reached_agency(stack, agency)
    found = found_person(aws, ours, address)
    waits = asked(lambda: erasing.propose_erasure(aws, found, author(aws), reason, now()))
    tell_that_it_waits(waits, more=" --address 'PHONE OR EMAIL'")
    say("with this phone or email: the ledger does not hold it")
