"""Put an approved draft in force: now, or at its time. The ledger decides whether two people saw it."""

from datetime import datetime

from chalicelib.domain.approval import Author, both, person_behind, step
from chalicelib.domain.desk import drafts
from chalicelib.domain.desk.drafts import Draft, Refused
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.weaker import signers
from chalicelib.insight.drafts.settle import write_over
from chalicelib.insight.drafts.void import decline, proposal_of, steps
from chalicelib.insight.drafts.write import in_force, sound, text_of
from chalicelib.ports.errors import Conflict
from chalicelib.wiring import Aws


def publish(aws: Aws, agency_id: str, draft: Draft, text: str, who: Author, at: datetime) -> Draft:
    """Put the text that somebody read in force, and return the draft with its version.

    What only narrows one person publishes, at once. Refused, Unsound, Gone, NumberTaken, Conflict, NoLedger.
    """
    present, says = in_force(aws, agency_id), text_of(aws, agency_id, draft)
    settings = sound(says, present)
    need = signers(present, settings)
    drafts.may_publish(draft, text, present.version, need)
    if draft.second is not None:
        done = _by_two(aws, draft, present, settings, says, who, at)
    else:
        if draft.act:
            decline(aws, agency_id, draft, who, "it only narrows: one person publishes it", at)
        done = aws.settings.publish(settings, who.written, draft.comment, at, over=present.version, source=says)
    return _over(aws, agency_id, draft, done.version, at)


def schedule(aws: Aws, agency_id: str, draft: Draft, text: str, publish_at: datetime, at: datetime) -> Draft:
    """Let an approved draft be in force from an instant on; Refused, Conflict."""
    after = drafts.scheduled(draft, text, publish_at, in_force(aws, agency_id).version, at)
    if after == draft:
        return draft
    aws.drafts.mark(agency_id, draft.id, publish_at)
    return aws.drafts.write(agency_id, after)


def unschedule(aws: Aws, agency_id: str, draft: Draft, at: datetime) -> Draft:
    """Let a draft not be in force by itself; its approval stands. Refused, Conflict."""
    return aws.drafts.write(agency_id, drafts.unscheduled(draft, at))


def _by_two(aws: Aws, draft: Draft, present: Agency, settings: Agency, text: str, who: Author, at: datetime) -> Agency:
    """Publish what the ledger says that two people saw, with the last entry in the same transaction."""
    entries = steps(aws, present.agency_id, draft)
    proposal = proposal_of(entries)
    second = next((one for one in entries if one.step == "approved"), None)
    if second is None or any(one.step in ("done", "failed") for one in entries):
        raise Refused("not_approved")
    if (proposal.act.words.get("source"), proposal.act.of) != (draft.text, str(present.version)):
        raise Refused("changed")
    if person_behind(second.by) in {person_behind(one.by) for one in (*draft.authors, proposal.author)}:
        raise Refused("own")
    author = both(proposal.author.written, Author(second.by, second.name).written)
    done = step(proposal, "done", who, at)
    return aws.settings.publish(settings, author, draft.comment, at, over=present.version, entries=(done,), source=text)


def _over(aws: Aws, agency_id: str, draft: Draft, version: int, at: datetime) -> Draft:
    """Write that a draft is in force. Somebody who wrote it at that moment has another text, which stays a draft."""
    try:
        return write_over(aws, agency_id, draft, drafts.published(draft, version, at))
    except Conflict:
        return drafts.published(draft, version, at)
