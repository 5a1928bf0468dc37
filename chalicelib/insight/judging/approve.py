"""The second person: approves drafts of judgements by their digests, or asks for changes.

What is approved is published in one version for each judge, with the entries of both people in the same transaction.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Literal

from msgspec import Struct

from chalicelib.domain.approval import Act, Author, Proposal, both, proposed
from chalicelib.domain.desk.judging import Draft, in_force, judgement, returned
from chalicelib.domain.notifications.judged import verdicts
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.weaker import weaker
from chalicelib.flow.conflicts import again_on_conflict
from chalicelib.insight.approval.deed import taken
from chalicelib.insight.judging.draft import LONGEST, comment_of, keep
from chalicelib.insight.judging.waiting import Waits
from chalicelib.insight.settings.judge import judged_anew, with_judgements
from chalicelib.wiring import Aws

APPROVE, RETURN = "approve", "return"

Why = Literal["moved", "own", "no_reason"]


class Decided(Struct, frozen=True, kw_only=True):
    """What the second person says of one draft, by the digest that they read."""

    id: str
    digest: str
    verdict: str
    reason: str = ""


class Undone(Struct, frozen=True):
    """A decision that was not taken, and why; `draft` is how it stands now."""

    decided: Decided
    why: Why
    draft: Draft | None = None


class Decisions(Struct, frozen=True, kw_only=True):
    """A form's decisions, sorted."""

    approved: tuple[Draft, ...] = ()
    returned: tuple[Draft, ...] = ()
    undone: tuple[Undone, ...] = ()


def sort(decided: Iterable[Decided], found: Sequence[Waits], second: Author, now: datetime) -> Decisions:
    """Sort a form's decisions. Pure: nothing is written yet."""
    drafts = {one.id: one.draft for one in found if one.draft is not None and one.proposed}
    approved, back, undone = list[Draft](), list[Draft](), list[Undone]()
    for each in decided:
        draft = drafts.get(each.id)
        if each.verdict not in (APPROVE, RETURN):
            continue
        why = _keeps(each, draft, second)
        if why or draft is None:
            undone.append(Undone(each, why or "moved", draft))
        elif each.verdict == APPROVE:
            approved.append(draft)
        else:
            back.append(returned(draft, second, each.reason[:LONGEST], now))
    return Decisions(approved=tuple(approved), returned=tuple(back), undone=tuple(undone))


def _keeps(decided: Decided, draft: Draft | None, second: Author) -> Why | None:
    """Return what keeps a decision from being taken, or None."""
    if draft is None or draft.digest != decided.digest:
        return "moved"
    if draft.judge.by == second.by:
        return "own"
    return "no_reason" if decided.verdict == RETURN and not decided.reason else None


def approve(aws: Aws, agency_id: str, drafts: Sequence[Draft], second: Author, now: datetime) -> tuple[Draft, ...]:
    """Publish drafts, those of each judge as one version, and return what is in force; Busy, NoLedger, ValueError."""
    ordered = sorted(drafts, key=lambda one: (one.judge.by, one.id))
    done = list[Draft]()
    for _, theirs in groupby(ordered, key=lambda one: one.judge.by):
        done += _publish(aws, agency_id, tuple(theirs), second, now)
    return tuple(done)


def ends(agency: Agency, drafts: Sequence[Draft], second: Author) -> tuple[str, ...]:
    """Return what drafts would end of what protects people, one sentence each."""
    return weaker(agency, _judged(agency, drafts, second))


@again_on_conflict()
def _publish(ports: Aws, agency_id: str, drafts: tuple[Draft, ...], second: Author, now: datetime) -> tuple[Draft, ...]:
    """Publish one judge's drafts, unless they moved since they were read, with the entries of both."""
    standing = {one.id: one.digest for one in ports.judging.drafts(agency_id) if one.state == "proposed"}
    before = ports.settings.latest(agency_id)
    drafts = tuple(one for one in drafts if standing.get(one.id) == one.digest)
    drafts = tuple(one for one in drafts if before and not verdicts(one.item, before))
    if not drafts or before is None:
        return ()
    after = _judged(before, drafts, second)
    proposal = _proposal(ports, before, after, drafts)
    entries = (proposed(proposal), *taken(proposal, second, now))
    author, comment = both(drafts[0].judge.written, second.written), proposal.reason
    done = ports.settings.publish(after, author, comment, now, over=before.version, entries=entries)
    standing_now = tuple(in_force(one, second, done.version, now) for one in drafts)
    keep(ports, agency_id, standing_now)
    return standing_now


def _judged(agency: Agency, drafts: Sequence[Draft], second: Author) -> Agency:
    return with_judgements(agency, judged_anew(agency.judgements, (judgement(one, second) for one in drafts)))


def _proposal(aws: Aws, before: Agency, after: Agency, drafts: tuple[Draft, ...]) -> Proposal:
    """Return the act as a command would propose it: by the first person, of the time of their last word."""
    comment = comment_of(drafts)
    words = {"comment": comment, **aws.settings.propose(after)}
    act = Act(
        agency_id=before.agency_id, what="publish", words=words, of=str(before.version), ends=weaker(before, after)
    )
    return Proposal(
        act=act, by=drafts[0].judge.by, name=drafts[0].judge.name, at=max(one.at for one in drafts), reason=comment
    )
