"""The author's side of a draft: begin, save, take over, leave, discard, and ask for review.

Each is written over the draft that its page showed. What was asked or approved before is void with an edit, at a
terminal too: the proposal in the ledger is declined first.
"""

from collections.abc import Callable
from datetime import datetime

from chalicelib.domain.approval import AUTHORS, Author, Proposal, digest
from chalicelib.domain.desk import drafts
from chalicelib.domain.desk.drafts import Draft
from chalicelib.domain.desk.to_decide import DRAFT
from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.approval.ledger import propose
from chalicelib.insight.approval.publishing import act_to_publish
from chalicelib.insight.drafts.settle import write_over
from chalicelib.insight.drafts.void import decline
from chalicelib.insight.settings.check import Checked
from chalicelib.insight.settings.check_text import check_text
from chalicelib.insight.settings.written import written
from chalicelib.ports.errors import Conflict
from chalicelib.wiring import Aws

LONGEST_COMMENT = 200


class Gone(LookupError):
    """There is no such draft, or its text is not kept any more."""


class Unsound(ValueError):
    """The text can't be published as it stands; `checked` says why."""

    def __init__(self, checked: Checked) -> None:
        super().__init__(str(checked))
        self.checked = checked


def found(aws: Aws, agency_id: str, draft_id: str) -> Draft:
    """Return a draft; Gone."""
    draft = aws.drafts.find(agency_id, draft_id)
    if draft is None:
        raise Gone(draft_id)
    return draft


def text_of(aws: Aws, agency_id: str, draft: Draft) -> str:
    """Return what a draft says; Gone."""
    text = aws.drafts.text(agency_id, draft.text)
    if text is None:
        raise Gone(draft.id)
    return text


def sound(text: str, present: Agency) -> Agency:
    """Return the settings of a text that would take the place of those in force; Unsound."""
    checked = check_text(text, present)
    if checked.agency is None or checked.errors:
        raise Unsound(checked)
    return checked.agency


def begin(aws: Aws, of: Agency, draft_id: str, comment: str, who: Author, at: datetime) -> Draft:
    """Begin a draft from a published version, and return it; one of this name that is there already is returned."""
    known = aws.drafts.find(of.agency_id, draft_id)
    if known is not None:
        return known
    text = aws.drafts.keep_text(of.agency_id, written(aws, of).text, at)
    try:
        return aws.drafts.write(of.agency_id, drafts.begun(draft_id, text, comment, of.version, who, at))
    except Conflict:
        return found(aws, of.agency_id, draft_id)


def save(aws: Aws, agency_id: str, draft: Draft, text: str, comment: str, who: Author, at: datetime) -> Draft:
    """Keep what the editor wrote; Refused, Conflict."""
    kept = aws.drafts.keep_text(agency_id, text, at)
    return _change(aws, agency_id, draft, who, at, lambda: drafts.saved(draft, who, kept, comment, at))


def take_over(aws: Aws, agency_id: str, draft: Draft, who: Author, at: datetime) -> Draft:
    """Let somebody else edit a draft; Refused, Conflict."""
    return _change(aws, agency_id, draft, who, at, lambda: drafts.taken_over(draft, who, at))


def leave(aws: Aws, agency_id: str, draft: Draft, who: Author, at: datetime) -> Draft:
    """Let a draft be without an editor; Refused, Conflict."""
    return aws.drafts.write(agency_id, drafts.left(draft, who, at))


def discard(aws: Aws, agency_id: str, draft: Draft, who: Author, at: datetime) -> Draft:
    """Give a draft up; Refused, Conflict."""
    return _change(aws, agency_id, draft, who, at, lambda: drafts.discarded(draft, who, at))


def ask(aws: Aws, agency_id: str, draft: Draft, who: Author, at: datetime) -> Draft:
    """Ask for review: the proposal is seen at a terminal, too. Refused, Unsound, Gone, Conflict, NoLedger."""
    drafts.asked(draft, who, at, "", at)  # refuse before anything is proposed
    proposal = propose_draft(aws, agency_id, draft, who, at)
    asked = drafts.asked(draft, who, proposal.at, digest(proposal.act), at)
    try:
        return write_over(aws, agency_id, draft, asked)
    except Conflict:
        decline(aws, agency_id, asked, who, "somebody else wrote the draft at that moment", at)
        raise


def propose_draft(aws: Aws, agency_id: str, draft: Draft, who: Author, at: datetime) -> Proposal:
    """Put a draft before a second person as `tenfour settings publish` would; Unsound, Gone, Conflict, NoLedger."""
    present, text = in_force(aws, agency_id), text_of(aws, agency_id, draft)
    more = {DRAFT: draft.id, AUTHORS: " ".join(one.by for one in draft.authors)}
    act = act_to_publish(aws, present, sound(text, present), draft.comment, text, **more)
    return propose(aws, Proposal(act=act, by=who.by, at=at, reason=draft.comment, name=who.name))


def in_force(aws: Aws, agency_id: str) -> Agency:
    """Return what is published at this moment; Gone for an agency that has published nothing."""
    present = aws.settings.latest(agency_id)
    if present is None:
        raise Gone(agency_id)
    return present


def _change(aws: Aws, agency_id: str, draft: Draft, who: Author, at: datetime, change: Callable[[], Draft]) -> Draft:
    """Write a change of a draft, once what was proposed of it is void."""
    after = change()
    if after == draft:
        return draft
    if draft.act:
        decline(aws, agency_id, draft, who, "the draft was edited", at)
    return write_over(aws, agency_id, draft, after)
