"""What waits for a second person, as the desk shows it: what it does, what it ends, by whom, and who may decide."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from chalicelib.domain.approval import (
    BROKE_OFF_TOLD,
    WAITS_FOR,
    Author,
    Entry,
    NotApproved,
    Proposal,
    across,
    broken_off,
    digest,
    person_behind,
    step,
    waiting,
)
from chalicelib.domain.desk.attention import Cause
from chalicelib.domain.desk.to_decide import DECIDES, PAGES
from chalicelib.insight.approval import approve as second
from chalicelib.insight.approval.ledger import decided_on, what_waits
from chalicelib.ports.errors import Conflict
from chalicelib.wiring import Aws

BY_COMMAND = frozenset({"publish", "purge"})
"""What this page does not approve: settings are reviewed on Drafts, where all is seen, and no function deletes entries.
"""

DECLINED_HERE = frozenset({"purge"})
"""What is declined here all the same: that takes nothing but a line in the ledger."""

ON_ITS_PAGE = frozenset(PAGES) - BY_COMMAND
"""What somebody decides on where they read it: a comment and a quarter's report on their own pages."""


class Gone(LookupError):
    """What somebody decides on does not wait any more; `by` is who has decided on it, if anybody."""

    def __init__(self, step: str = "", author: Author | None = None, at: datetime | None = None) -> None:
        super().__init__(step)
        self.step, self.author, self.at = step, author, at


class Awaiting(Struct, frozen=True, kw_only=True):
    """One proposal. `own` tells that whoever looks proposed it; `here`, that the desk can do it.

    `from_afar` tells that it came from a terminal: whoever approves it here must say that they are somebody else.
    """

    proposal: Proposal
    name: str
    words: str
    until: datetime
    own: bool
    here: bool
    from_afar: bool

    @property
    def needs_address(self) -> bool:
        """Tell whether the second person must give the phone or email once more: the ledger does not hold it."""
        return self.proposal.act.what == "erase"


def awaiting(aws: Aws, agency_id: str, who: Author, at: datetime) -> tuple[tuple[Awaiting, ...], tuple[Entry, ...]]:
    """Return what waits for a second person, the oldest first, and the approvals that broke off; one read. NoLedger."""
    entries = tuple(aws.ledger.since(agency_id, at - BROKE_OFF_TOLD))
    return tuple(_shown(aws, one, who) for one in waiting(entries, at)), broken_off(entries, at)


def texts_end(aws: Aws, agency_id: str, at: datetime) -> Mapping[str, datetime]:
    """Return when the next text of each held call is not worth sending any more: a release comes too late for it."""
    waits = aws.attention.of(agency_id, (Cause.HELD,))
    ends = ((one.about, end) for one in waits for end in (one.until, one.first_ends) if end is not None and end > at)
    return dict(ends)


def found(aws: Aws, agency_id: str, name: str, at: datetime) -> Proposal:
    """Return what waits under a whole digest; Gone."""
    one = next((one for one in what_waits(aws, agency_id, at) if digest(one.act) == name), None)
    if one is None:
        raise _gone(aws, agency_id, name, at)
    return one


def decline(aws: Aws, one: Proposal, who: Author, reason: str, at: datetime) -> None:
    """Decide that an act is not done, or take one's own back; Gone where somebody has decided on it meanwhile.

    The step is `failed`, which the release before knows.
    """
    person_behind(who.by)
    try:
        aws.ledger.keep(step(one, "failed", who, at, f"declined: {reason}"))
    except Conflict:
        raise _gone(aws, one.act.agency_id, digest(one.act), at) from None
    decided_on(aws, one.act.agency_id, digest(one.act))
    decided = [entry for entry in aws.ledger.since(one.act.agency_id, one.at) if _is_of(entry, one)]
    if any(entry.step in ("approved", "done") for entry in decided):
        raise _gone(aws, one.act.agency_id, digest(one.act), at)


def _is_of(entry: Entry, one: Proposal) -> bool:
    return entry.proposed_at == one.at and entry.digest == digest(one.act)


def _gone(aws: Aws, agency_id: str, name: str, at: datetime) -> Gone:
    """Return what became of a proposal."""
    steps = [one for one in aws.ledger.since(agency_id, at - 2 * WAITS_FOR) if one.digest == name]
    last = max(steps, key=lambda one: one.at, default=None)
    if last is None or last.step == "proposed":
        return Gone()
    return Gone(last.step, Author(last.by, last.name), last.at)


def _shown(aws: Aws, one: Proposal, who: Author) -> Awaiting:
    what = one.act.what
    return Awaiting(
        proposal=one,
        name=digest(one.act),
        words=_words(aws, one),
        until=one.at + WAITS_FOR,
        own=one.by == who.by,
        here=what in DECIDES and what not in BY_COMMAND | ON_ITS_PAGE,
        from_afar=across(one, who.by),
    )


def _words(aws: Aws, one: Proposal) -> str:
    """Return what an act does; settings are not read for the list, and an act of a later release is named alone."""
    if one.act.what in BY_COMMAND:
        return ""
    try:
        return second.words_of(aws, one)
    except NotApproved:
        return ""
