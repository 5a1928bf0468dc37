"""Let a report quote a comment: two people where words stay in it that may name somebody, else one.

The act has no words of the comment: the ledger keeps which characters are blacked out, and how many words stay. It is
of the comment's state: other words, or a hold meanwhile, make it another act, so the approval does not count.
"""

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial

from msgspec.structs import replace

from chalicelib.domain.approval import Act, Author, Proposal, both
from chalicelib.domain.notifications.text_code import spoken
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.surveys.comment_release import CommentRelease, place_of_act, state_of
from chalicelib.insight.approval.deed import with_intent
from chalicelib.insight.approval.ledger import propose
from chalicelib.insight.surveys import to_read
from chalicelib.wiring import Aws

QUOTE = "quote"
ENDS = "that nobody reads the words of the comment that may name somebody"


class NothingToQuote(LookupError):
    """The comment is gone, taken back, changed, or not for those who read comments."""


def release(
    aws: Aws, agency: Agency, decision: CommentRelease, kept: Sequence[str], who: Author, reason: str, at: datetime
) -> Proposal | None:
    """Release a comment, or propose it where proposed words are `kept` in it; NothingToQuote, Unidentified, Conflict.

    Returns the proposal, or None where it is released.
    """
    if not kept:
        aws.comments.keep(replace(decision, decided_by=who.written), at + agency.retention.surveys)
        return None
    words = {
        "comment": decision.comment_id,
        "day": decision.dt.isoformat(),
        "words": decision.words,
        "mask": decision.mask,
        "kept": str(len(kept)),
        "reason": reason,
    }
    listed = aws.comments.find(agency.agency_id, place_of_act(words)) is not None
    words = {**words, "listed": "yes" if listed else "no"}
    act = _now(aws, Act(agency_id=agency.agency_id, what=QUOTE, words=words, of="", ends=(ENDS,)), at)
    return propose(aws, Proposal(act=act, by=who.by, at=at, reason=reason, name=who.name))


class Quoting:
    """Release a comment in which words stay that may name somebody."""

    def words(self, _aws: Aws, act: Act) -> str:
        """Return which comment, by its code, and how many such words stay."""
        named = f"comment {spoken(act.words['comment'])}"
        return f"let reports quote {named} with {act.words['kept']} words that may name somebody: {act.words['reason']}"

    def present(self, aws: Aws, act: Act, _address: str, at: datetime) -> Act:
        """Return the act on the comment as it stands now; NothingToQuote."""
        return _now(aws, act, at)

    def do(self, aws: Aws, proposal: Proposal, second: Author, _address: str, at: datetime) -> str:
        """Write the approval, release it, and write what became of it."""
        act = proposal.act
        agency = aws.settings.agency(act.agency_id)
        if agency is None:
            raise LookupError(act.agency_id)
        decision = _decision(act, both(proposal.author.written, second.written), at)
        keep = partial(aws.comments.keep, decision, at + agency.retention.surveys)
        with_intent(aws, proposal, second, at, keep)
        return f"done: {self.words(aws, act)}"


def _now(aws: Aws, act: Act, at: datetime) -> Act:
    """Return the act of the comment's present state. One that was on no list is from before there were lists."""
    words = act.words
    if words["listed"] == "no":
        known = aws.comments.decision(act.agency_id, words["comment"])
        return replace(act, of=to_read.state_of(words["words"], known))
    found = to_read.find(aws, act.agency_id, place_of_act(words), at)
    if found is None or found.words != words["words"]:
        raise NothingToQuote("the comment is not what it was: its writer changed it, or took it back")
    return replace(act, of=found.state)


def _decision(act: Act, by: str, at: datetime) -> CommentRelease:
    words = act.words
    return CommentRelease(
        agency_id=act.agency_id,
        comment_id=words["comment"],
        dt=date.fromisoformat(words["day"]),
        words=words["words"],
        state=state_of(words["mask"]),
        decided_at=at,
        decided_by=by,
        mask=words["mask"],
    )
