"""The proposal of a draft in the ledger: find it with its steps, or decline it, so that nobody approves it any more."""

from datetime import datetime

from chalicelib.domain.approval import Author, Entry, Proposal, step
from chalicelib.domain.desk.drafts import Draft, Refused
from chalicelib.insight.approval.ledger import decided_on
from chalicelib.ports.errors import Conflict
from chalicelib.wiring import Aws


def steps(aws: Aws, agency_id: str, draft: Draft) -> tuple[Entry, ...]:
    """Return the entries of a draft's proposal; NoLedger."""
    if draft.proposed_at is None:
        return ()
    known = aws.ledger.since(agency_id, draft.proposed_at)
    return tuple(one for one in known if (one.proposed_at, one.digest) == (draft.proposed_at, draft.act))


def proposal_of(entries: tuple[Entry, ...]) -> Proposal:
    """Return the proposal that entries are about; Refused where there is none."""
    for one in entries:
        if one.step == "proposed":
            return Proposal(act=one.act, by=one.by, at=one.at, reason=one.reason, name=one.name)
    raise Refused("not_approved")


def decline(aws: Aws, agency_id: str, draft: Draft, who: Author, reason: str, at: datetime) -> None:
    """Take a draft's proposal back; Refused where somebody put it in force meanwhile."""
    entries = steps(aws, agency_id, draft)
    taken = {one.step for one in entries}
    if "done" in taken:
        raise Refused("ended")
    if not entries or "failed" in taken:
        return
    try:
        aws.ledger.keep(step(proposal_of(entries), "failed", who, at, reason))
    except Conflict:
        return  # somebody else took it back at the same moment: that is all we want
    decided_on(aws, agency_id, draft.act)
