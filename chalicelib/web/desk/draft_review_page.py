"""Review of a draft: what it changes of what is published now, what it ends, what people would read, who must sign."""

from functools import partial

from chalicelib.domain.desk.drafts import Draft, Refused
from chalicelib.domain.ledger.what import What
from chalicelib.ports.errors import Conflict
from chalicelib.web.desk.draft_page import found_draft, status, why
from chalicelib.web.desk.draft_pages import LONGEST, about, comment_of, drafts
from chalicelib.web.desk.noting import acting, noted
from chalicelib.web.desk.page import moved, page
from chalicelib.web.desk.standing import standing
from chalicelib.web.desk.trouble import trouble
from chalicelib.web.desk.visit import Answer, Visit


def review_draft(visit: Visit) -> Answer:
    """Show a draft beside what is published."""
    name = visit.asked.query.get("id", "")
    if not name:
        return drafts(visit)
    found = found_draft(visit, name)
    return trouble(visit, "not_found") if found is None else reviewed(visit, found)


def decide_draft(visit: Visit) -> Answer:
    """Approve the text that somebody read, or ask for changes with a reason."""
    form = visit.asked.form
    found = found_draft(visit, form.get("id", ""))
    if found is None:
        return trouble(visit, "not_found")
    try:
        after = _decide(visit, found)
    except Refused as refused:
        return reviewed(visit, found, why(visit, refused), status(refused))
    except Conflict:
        return reviewed(visit, found_draft(visit, found.id) or found, visit.say("draft_why.moved"), 409)
    except ValueError:
        return reviewed(visit, found, visit.say("draft_why.unsound"), 422)
    return moved(visit, f"{visit.agency_path('drafts', 'review')}?id={after.id}")


def _decide(visit: Visit, found: Draft) -> Draft:
    from chalicelib.insight.drafts import review

    form, who, name = visit.asked.form, acting(visit.person), visit.ours.agency_id
    text, over = form.get("text", ""), form.get("over", "")
    if form.get("act") == "approve":
        version = int(over) if over.isascii() and over.isdecimal() else -1
        act = partial(review.approve, visit.world, name, found, text, version, who, visit.now)
        return noted(visit, What.REVIEWED, about(found.id, "approved"), act)
    reason = comment_of(form.get("reason", ""))
    if not reason:
        raise Refused("no_reason")
    act = partial(review.give_back, visit.world, name, found, text, reason, who, visit.now)
    return noted(visit, What.REVIEWED, about(found.id, "changes asked"), act)


def reviewed(visit: Visit, found: Draft, problem: str = "", code: int = 200) -> Answer:
    """Return the page of a draft that is read beside what is published."""
    from chalicelib.insight.drafts.look import look
    from chalicelib.insight.drafts.write import Gone
    from chalicelib.web.desk.draft_scenarios_page import played

    try:
        seen = look(visit.world, visit.ours.agency_id, found)
    except Gone:
        return trouble(visit, "not_found")
    who = acting(visit.person)
    return page(
        visit,
        "draft_review.html",
        code,
        title=visit.say("drafts.review_title", comment=found.comment),
        draft=found,
        problem=problem,
        seen=seen,
        author_of_it=found.is_author(who),
        publishable=_publishable(found, seen.present.version, seen.signers),
        longest=LONGEST,
        reason=comment_of(visit.asked.form.get("reason", "")),
        played=None if found.ended else played(visit, found),
        pauses=standing(visit),
    )


def _publishable(found: Draft, over: int, signers: int) -> bool:
    """Tell whether a draft can be put in force as it stands: approved over what is published, or by one person."""
    if found.ended:
        return False
    return signers == 1 or (found.state in ("approved", "scheduled") and found.over == over)
