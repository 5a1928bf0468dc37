"""The second person: sees what an act does and ends, and by approving does it."""

from collections.abc import Mapping
from datetime import datetime

from msgspec.structs import replace

from chalicelib.domain import approval
from chalicelib.domain.approval import Author, NotApproved, Proposal
from chalicelib.insight.approval.deed import DECIDED, Deed
from chalicelib.insight.approval.erasing import Erasing
from chalicelib.insight.approval.ledger import decided_on, what_waits
from chalicelib.insight.approval.of_person import KINDS, OfPerson
from chalicelib.insight.approval.publishing import Publishing
from chalicelib.insight.approval.purging import Purging
from chalicelib.insight.approval.quoting import QUOTE, Quoting
from chalicelib.insight.approval.releasing import Releasing
from chalicelib.insight.approval.reporting import REPORT, Reporting
from chalicelib.ports.errors import Busy, Conflict
from chalicelib.wiring import Aws

DEEDS: Mapping[str, Deed] = {
    "publish": Publishing(),
    "release": Releasing(),
    "erase": Erasing(),
    "purge": Purging(),
    QUOTE: Quoting(),
    REPORT: Reporting(),
    **dict.fromkeys(KINDS, OfPerson()),
}


def words_of(aws: Aws, proposal: Proposal) -> str:
    """Return what an act does, in one line; NotApproved where a later release proposed what this one doesn't know."""
    return _deed(proposal).words(aws, proposal.act)


def ready(aws: Aws, proposal: Proposal, who: Author, at: datetime, address: str = "") -> Author:
    """Return who would be the second, if nothing keeps the act from being done now; else what `approve` raises."""
    present = _deed(proposal).present(aws, proposal.act, address, at)
    return replace(who, by=approval.approve(proposal, present, who.by, at))


def approve(aws: Aws, proposal: Proposal, who: Author, at: datetime, address: str = "") -> str:
    """Approve what somebody else proposed, do it, and return what was done.

    NotApproved, Unidentified, and whatever keeps such an act from being done.
    """
    second = ready(aws, proposal, who, at, address)
    if proposal not in what_waits(aws, proposal.act.agency_id, at):
        raise NotApproved(DECIDED)
    try:
        done = _deed(proposal).do(aws, proposal, second, address, at)
    except (Conflict, Busy):
        if proposal not in what_waits(aws, proposal.act.agency_id, at):
            raise NotApproved(DECIDED) from None
        raise
    decided_on(aws, proposal.act.agency_id, approval.digest(proposal.act))
    return done


def _deed(proposal: Proposal) -> Deed:
    if proposal.act.what not in DEEDS:
        raise NotApproved(f"this release does not know the act {proposal.act.what!r}: use the one that proposed it")
    return DEEDS[proposal.act.what]
