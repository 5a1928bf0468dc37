"""`tenfour settings release`: let go of what the safety rules hold back, for one incident."""

from typing import Annotated, get_args

import typer

from chalicelib.aws.stores.ledger import NoLedger
from chalicelib.domain.approval import Proposal, Unidentified
from chalicelib.domain.incidents.release import Releasable
from chalicelib.domain.ledger import noted as entries
from chalicelib.domain.ledger.what import What
from chalicelib.insight.approval import releasing
from chalicelib.insight.records.subject import Unclear
from chalicelib.wiring import now
from tenfour.common.noted import noted
from tenfour.common.options import AgencyId, Stack
from tenfour.common.reached import asked, reached
from tenfour.common.screen import say
from tenfour.common.who import author, person
from tenfour.operate.approval import tell_that_it_waits

Refused = (releasing.Unfit, Unclear, Unidentified, NoLedger, LookupError)


def release(
    incident: Annotated[str, typer.Argument(help="The incident's number.")],
    what: Annotated[str, typer.Option(help=" | ".join(get_args(Releasable)))],
    reason: Annotated[str, typer.Option(help="Why; it is kept.")],
    party: Annotated[str, typer.Option(help="The party, where it is an unsafe one.")] = "",
    stack: Stack = None,
    agency: AgencyId = None,
) -> None:
    """Send for one incident what the safety rules hold back.

    It takes two people, but for a mass call. The incident's story keeps who released it, and why.
    """
    aws, agency_id = reached(stack, agency)
    at = now()

    def act() -> Proposal | None:
        return releasing.release_named(aws, agency_id, incident, what, party, author(aws), reason, at)

    def alone() -> Proposal | None:
        about = entries.incident(incident)
        return noted(aws, agency_id, What.RELEASED, about, person(aws), at, act, reason)

    waits = asked(alone if what == releasing.MASS_CALL else act, *Refused)
    if waits:
        tell_that_it_waits(waits)
    else:
        say(f"released: {what} of {incident}")
