"""The second person: reads a draft against what is published, and approves what they read or asks for changes."""

from datetime import datetime

from chalicelib.domain.approval import Author, digest, step
from chalicelib.domain.desk import drafts
from chalicelib.domain.desk.drafts import Draft, Refused
from chalicelib.insight.approval.ledger import decided_on
from chalicelib.insight.drafts.void import decline
from chalicelib.insight.drafts.write import in_force, propose_draft
from chalicelib.ports.errors import Conflict
from chalicelib.wiring import Aws


def approve(aws: Aws, agency_id: str, draft: Draft, text: str, over: int, who: Author, at: datetime) -> Draft:
    """Approve the text that somebody read, against the version that they read it against.

    What was proposed lapsed after a day, or was of another version: the same is proposed anew, in the name of whoever
    asked. Refused, Unsound, Gone, Conflict, NoLedger.
    """
    drafts.may_approve(draft, who, text)
    if draft.asked_by is None or in_force(aws, agency_id).version != over:
        raise Refused("changed")
    proposal = propose_draft(aws, agency_id, draft, draft.asked_by, at)
    if int(proposal.act.of) != over:
        raise Refused("changed")
    after = drafts.approved(draft, who, text, over, proposal.at, digest(proposal.act), at)
    aws.ledger.keep(step(proposal, "approved", who, at))
    for name in {draft.act, after.act}:  # another one where settings moved on
        decided_on(aws, agency_id, name)
    try:
        return aws.drafts.write(agency_id, after)
    except Conflict:
        decline(aws, agency_id, after, who, "somebody else wrote the draft at that moment", at)
        raise


def give_back(aws: Aws, agency_id: str, draft: Draft, text: str, reason: str, who: Author, at: datetime) -> Draft:
    """Ask for changes, also of what was approved or has a time; Refused, Conflict, NoLedger."""
    after = drafts.returned(draft, who, text, reason, at)
    decline(aws, agency_id, draft, who, f"changes asked: {reason}", at)
    return aws.drafts.write(agency_id, after)
