"""Our opt-outs and a provider's list made to agree, with what that ends and what it allows again in the ledger."""

from typing import Any

from msgspec.structs import replace

from chalicelib.domain.ledger.noted import thing
from chalicelib.domain.ledger.what import What
from chalicelib.insight.people.caller import anybody
from chalicelib.insight.records.reconcile import Differences, agree
from chalicelib.ports.errors import NotNoted
from chalicelib.wiring import Aws, now
from tenfour.common.noted import noted
from tenfour.common.terminal import refuse


def noted_agreement(aws: Aws, agency_id: str, client: Any, name: str, found: Differences) -> list[str]:
    """Let both sides agree, and return the numbers that could not be changed.

    Opt-outs go first and are noted after. People who said START come off the list only if that can be noted.
    """
    by, at, about = anybody(aws), now(), thing("list", name)

    def write(part: Differences) -> list[str]:
        return agree(part, aws, agency_id, client, name, at)

    stops = len(found.only_theirs) + len(found.only_ours)
    narrower = replace(found, returned=())
    kept = noted(aws, agency_id, What.OPTED_OUT, about, by, at, lambda: write(narrower), count=stops) if stops else []
    if not found.returned:
        return kept
    wider, count = replace(found, only_theirs=(), only_ours=()), len(found.returned)
    try:
        return kept + noted(aws, agency_id, What.OPTED_IN, about, by, at, lambda: write(wider), count=count)
    except NotNoted as problem:
        refuse(f"opt-outs agree; nobody came off the list, because the ledger does not take it: {problem}")
