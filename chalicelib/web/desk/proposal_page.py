"""Settings that somebody proposed at a terminal: read like a draft, and approved, which publishes them, or declined."""

from typing import TYPE_CHECKING

from chalicelib.domain.approval import WAITS_FOR, NotApproved, Unidentified
from chalicelib.domain.ledger.addresses import without
from chalicelib.ports.errors import Busy, Conflict, NotNoted
from chalicelib.web.desk.draft_pages import LONGEST, comment_of, drafts
from chalicelib.web.desk.noting import acting
from chalicelib.web.desk.page import moved, page
from chalicelib.web.desk.standing import standing
from chalicelib.web.desk.trouble import trouble
from chalicelib.web.desk.visit import Answer, Visit
from chalicelib.web.desk.wording import Worded, worded

if TYPE_CHECKING:
    from chalicelib.insight.drafts.terminal import AtTerminal


def proposal(visit: Visit) -> Answer:
    """Show what somebody proposed, beside what is published."""
    name = visit.asked.query.get("id", "")
    if not name:
        return drafts(visit)
    found = found_proposal(visit, name)
    return trouble(visit, "not_found") if found is None else _shown(visit, found)


def decide_proposal(visit: Visit) -> Answer:
    """Approve what somebody else proposed, which publishes it at once, or decline it with a reason."""
    form = visit.asked.form
    found = found_proposal(visit, form.get("id", ""))
    if found is None:
        return trouble(visit, "not_found", visit.say("proposal.gone"))
    if form.get("act") == "decline":
        return _decline(visit, found)
    if form.get("act") != "approve" or not form.get("other"):
        return _shown(visit, found, visit.say("proposal.problem_other"), 422)
    return _approve(visit, found)


def found_proposal(visit: Visit, name: str) -> "AtTerminal | None":
    """Return what waits of this agency's under a digest."""
    from chalicelib.insight.drafts.terminal import find

    return find(visit.world, visit.ours.agency_id, name, visit.now) if name else None


def _approve(visit: Visit, found: "AtTerminal") -> Answer:
    from chalicelib.insight.approval import approve as second

    try:
        second.approve(visit.world, found.proposal, acting(visit.person), visit.now)
    except (Conflict, Busy):
        return _shown(visit, found, visit.say("proposal.busy"), 409)
    except NotNoted:
        raise
    except (NotApproved, Unidentified, LookupError, ValueError) as refused:
        words = worded(visit, without(str(refused)))
        return _shown(visit, found, visit.say("approvals.problem_refused"), 409, words)
    return moved(visit, visit.agency_path("settings"))


def _decline(visit: Visit, found: "AtTerminal") -> Answer:
    from chalicelib.insight.desk import approvals

    reason = comment_of(visit.asked.form.get("reason", ""))
    if not reason:
        return _shown(visit, found, visit.say("approvals.problem_reason"), 422)
    try:
        approvals.decline(visit.world, found.proposal, acting(visit.person), reason, visit.now)
    except approvals.Gone:
        return trouble(visit, "not_found", visit.say("proposal.gone"))
    return moved(visit, visit.agency_path("drafts"))


def _shown(
    visit: Visit, found: "AtTerminal", problem: str = "", code: int = 200, refused: Worded | None = None
) -> Answer:
    from chalicelib.insight.drafts.terminal import look_at
    from chalicelib.web.desk.draft_scenarios_page import played

    seen, who = look_at(visit.world, found), acting(visit.person)
    return page(
        visit,
        "draft_proposal.html",
        code,
        title=visit.say("drafts.review_title", comment=found.comment),
        one=found,
        seen=seen,
        until=found.proposal.at + WAITS_FOR,
        changed=seen.present.version != found.over,
        own=found.proposal.by == who.by,
        problem=problem,
        refused=refused,
        longest=LONGEST,
        reason=comment_of(visit.asked.form.get("reason", "")),
        played=played(visit, found),
        pauses=standing(visit),
    )
