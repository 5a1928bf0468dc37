"""`tenfour settings release`: let go of what the safety rules hold back, for one incident."""

from typing import Annotated, get_args

import typer

from chalicelib.domain.incidents.release import Releasable
from chalicelib.domain.names import IncidentKey
from chalicelib.insight.settings import in_force
from chalicelib.wiring import now
from tenfour.common.options import AgencyId, Stack
from tenfour.common.reached import asked, reached
from tenfour.common.who import person


def release(
    incident: Annotated[str, typer.Argument(help="The incident's number.")],
    what: Annotated[str, typer.Option(help=" | ".join(get_args(Releasable)))],
    reason: Annotated[str, typer.Option(help="Why; it is kept.")],
    party: Annotated[str, typer.Option(help="The party, where it is an unsafe one.")] = "",
    stack: Stack = None,
    agency: AgencyId = None,
) -> None:
    """Send for one incident what the safety rules hold back.

    The incident's story keeps who released it, and why.
    """
    aws, agency_id = reached(stack, agency)
    key = IncidentKey(agency_id, incident)
    author = person(aws)
    ends = asked(lambda: in_force.ended_by(aws, key, what, party))
    asked(lambda: in_force.release(aws, key, what, party, author, reason, now()), in_force.Unfit, LookupError)
    for line in ends:
        print(f"this ends: {line}")
    print(f"released: {what} of {incident}")
