"""`tenfour settings release`: let go of what the safety rules hold back, for one incident."""

from typing import Annotated, get_args

import typer

from chalicelib.domain.incidents.release import Releasable, Release
from chalicelib.domain.names import IncidentKey
from chalicelib.flow.incidents.release import release_hold
from chalicelib.ports.errors import Busy
from chalicelib.wiring import now
from tenfour.common.options import AgencyId, Author, Stack
from tenfour.common.reached import reached
from tenfour.common.terminal import refuse


def release(
    incident: Annotated[str, typer.Argument(help="The incident's number.")],
    what: Annotated[str, typer.Option(help=" | ".join(get_args(Releasable)))],
    reason: Annotated[str, typer.Option(help="Why; it is kept.")],
    author: Author,
    party: Annotated[str, typer.Option(help="The party, where it is an unsafe one.")] = "",
    stack: Stack = None,
    agency: AgencyId = None,
) -> None:
    """Send for one incident what the safety rules hold back.

    The incident's story keeps who released it, and why.
    """
    if what not in get_args(Releasable):
        refuse(f"--what: expected one of {', '.join(get_args(Releasable))}")
    if (what == "unsafe") != bool(party):
        refuse("--party: belongs to --what unsafe, and is needed there")
    aws, agency_id = reached(stack, agency)
    given = Release(what=what, party_id=party, author=author, reason=reason, at=now())  # type: ignore[arg-type]
    try:
        release_hold(IncidentKey(agency_id, incident), given, aws, now())
    except (LookupError, Busy) as problem:
        refuse(str(problem) or "others are writing to this incident; try again")
    print(f"released: {what} of {incident}")
