"""`tenfour contact protect …`: whom a look at the desk must tell the auditor about."""

from typing import Annotated

import typer
from rich.table import Table

from chalicelib.domain.ledger.what import What
from chalicelib.domain.ledger.who import spoken
from chalicelib.insight.approval.of_person import NothingToEnd, act_of_person, propose_of_person
from chalicelib.insight.people.caller import anybody
from chalicelib.wiring import now
from tenfour.common.noted import about_person, noted
from tenfour.common.options import Address, AgencyId, Stack
from tenfour.common.reached import asked, reached_agency
from tenfour.common.screen import Screen, say
from tenfour.common.who import author
from tenfour.operate.approval import tell_that_it_waits
from tenfour.operate.records import found_person

cli = typer.Typer(no_args_is_help=True, help="Say at whom each look tells the auditor: employees, and the protected.")

Reason = Annotated[str, typer.Option(help="Why; it is kept.")]


@cli.command()
def put(address: Address, reason: Reason, stack: Stack = None, agency: AgencyId = None) -> None:
    """Let each look at somebody tell the auditor, from now on."""
    aws, ours = reached_agency(stack, agency)
    found, who, at = found_person(aws, ours, address), anybody(aws), now()
    reference, about = aws.contacts.reference(found.address), about_person(aws, ours, address)
    put_it = aws.contacts.protected.put
    asked(
        lambda: noted(
            aws, ours.agency_id, What.PROTECTED, about, who, at,
            lambda: put_it(ours.agency_id, reference, who, at), reason,
        )
    )  # fmt: skip
    say(f"each look at {found.about} tells the auditor from now on")


@cli.command("take-off")
def take_off(address: Address, reason: Reason, stack: Stack = None, agency: AgencyId = None) -> None:
    """Take somebody off the list again; it takes two people."""
    aws, ours = reached_agency(stack, agency)
    reference = aws.contacts.reference(found_person(aws, ours, address).address)
    act = act_of_person(ours.agency_id, "unprotect", reference, reason)
    waits = asked(lambda: propose_of_person(aws, act, author(aws), reason, now()), NothingToEnd)
    if waits:
        tell_that_it_waits(waits)


@cli.command("list")
def show(stack: Stack = None, agency: AgencyId = None) -> None:
    """List them, by the short code that the ledger has too; nobody's phone is in it."""
    aws, ours = reached_agency(stack, agency)
    table = Table("person", "since", "put there by")
    for reference, one in asked(lambda: aws.contacts.protected.of(ours.agency_id)):
        table.add_row(reference.keyed_hash[:12], f"{one.at.astimezone(ours.zone):%Y-%m-%d %H:%M}", spoken(one.author))
    Screen().print(table if table.row_count else "nobody is on the list")
