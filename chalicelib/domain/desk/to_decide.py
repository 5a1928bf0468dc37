"""A proposal as something that waits: for whoever may decide on it and is not one of its authors. Pure."""

from collections.abc import Collection, Mapping
from datetime import timedelta

from chalicelib.domain.approval import AUTHORS, WAITS_FOR, Proposal, digest
from chalicelib.domain.desk.attention import Attention, Cause, Waiting
from chalicelib.domain.desk.permissions import Permission

DRAFT = "draft"
"""The word of an act that names the draft which it publishes."""

REVIEWED_WITHIN = timedelta(days=14)
"""How long a draft that waits for review is told of: its proposal lapses after a day, and the review makes it anew."""

DECIDES: Mapping[str, Permission] = {
    "release": Permission.RELEASE,
    "lift": Permission.PERSON_HOLD,
    "opt_in": Permission.PERSON_OPT_OUT,
    "unsilence": Permission.SILENCE,
    "unprotect": Permission.PERSON_PROTECT,
    "erase": Permission.PERSON_ERASE,
    "publish": Permission.PUBLISH,
    "purge": Permission.LEDGER_READ,
    "quote": Permission.COMMENTS_READ,
    "report": Permission.REPORT_RELEASE,
}
"""What it takes to decide on each act at the desk; an act that is not here is decided on at a terminal."""

PAGES: Mapping[str, str] = {"publish": "drafts", "quote": "comments", "report": "report"}
"""The page on which somebody reads what an act is about, and decides on it; on any other they do on Approvals."""


def begins(proposal: Proposal) -> Attention:
    """Return that a proposal waits for its second person."""
    act = proposal.act
    lasts = REVIEWED_WITHIN if act.words.get(DRAFT) else WAITS_FOR
    waits = Waiting(
        agency_id=act.agency_id,
        cause=Cause.APPROVAL,
        about=digest(act),
        since=proposal.at,
        until=proposal.at + lasts,
        called=act.words.get("quarter", ""),
        detail=act.what,
        own=tuple(dict.fromkeys((proposal.by, *act.words.get(AUTHORS, "").split()))),
    )
    return Attention((waits,))


def ends(digest: str) -> Attention:
    """Return that the act of a digest waits for nobody any more: somebody has decided on it, or it is void."""
    return Attention(ended=frozenset({(Cause.APPROVAL, digest)}))


def may_decide(one: Waiting, may: Collection[Permission]) -> bool:
    """Tell whether somebody has what it takes to decide on a proposal; nobody has for an act of another release."""
    return DECIDES.get(one.detail) in may
