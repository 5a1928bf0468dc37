"""Approvals: what one person proposed and another must look at, and the word of that other, which does it."""

from functools import partial
from typing import TYPE_CHECKING

from chalicelib.domain.approval import NotApproved, Proposal, Unidentified, across, digest
from chalicelib.domain.desk.permissions import GRAVE
from chalicelib.domain.desk.session import fresh
from chalicelib.domain.desk.to_decide import DECIDES, PAGES
from chalicelib.domain.ledger.addresses import without
from chalicelib.ports.errors import NotNoted
from chalicelib.web.desk.noting import acting
from chalicelib.web.desk.page import moved, page
from chalicelib.web.desk.reachable import read_or_none
from chalicelib.web.desk.sign_in_pages import grave
from chalicelib.web.desk.standing import standing
from chalicelib.web.desk.trouble import forbidden
from chalicelib.web.desk.visit import Answer, Visit
from chalicelib.web.desk.wording import Worded, called, worded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from chalicelib.insight.desk.approvals import Awaiting

LONGEST = 200
_DONE = frozenset({"approved", "declined"})
"""The words that say where an act is approved that has a page of its own."""


def approvals(visit: Visit) -> Answer:
    """Show what waits for a second person, as far as somebody may decide on it."""
    return _list(visit)


def decide(visit: Visit) -> Answer:
    """Approve what somebody else proposed, which does it, or decline it with a reason."""
    from chalicelib.insight.desk import approvals as of

    form = visit.asked.form
    try:
        one = of.found(visit.world, visit.ours.agency_id, form.get("digest", ""), visit.now)
    except of.Gone as gone:
        return _gone(visit, gone)
    takes = DECIDES.get(one.act.what)
    declines = bool(form.get("decline")) and one.act.what in of.DECLINED_HERE
    if takes is None or (one.act.what in of.BY_COMMAND | of.ON_ITS_PAGE and not declines):
        where = f"on_{PAGES[one.act.what]}" if one.act.what in PAGES else "by_command"
        return _list(visit, visit.say(f"approvals.{where}"), 409)
    if takes not in visit.may:
        return forbidden(visit, takes)
    if takes in GRAVE and not fresh(visit.person, visit.now):
        return grave(visit)
    return _decline(visit, one) if form.get("decline") else _approve(visit, one)


def _approve(visit: Visit, one: Proposal) -> Answer:
    from chalicelib.insight.approval import approve as second
    from chalicelib.insight.desk import approvals as of

    who, address = acting(visit.person), visit.asked.form.get("address", "")
    if across(one, who.by) and not visit.asked.form.get("other"):
        return _list(visit, visit.say("proposal.problem_other"), 422)
    if one.act.what == "erase" and _is_too_much(visit, one):
        return _list(visit, visit.say("approvals.too_many", name=digest(one.act)[:12]), 409)
    try:
        second.approve(visit.world, one, who, visit.now, address)
    except NotNoted:
        raise
    except (NotApproved, Unidentified, LookupError, ValueError) as refused:
        try:
            of.found(visit.world, visit.ours.agency_id, visit.asked.form.get("digest", ""), visit.now)
        except of.Gone as gone:
            return _gone(visit, gone)
        return _refused(visit, one, refused)
    return moved(visit, visit.agency_path("approvals") + "?done=approved")


def _is_too_much(visit: Visit, one: Proposal) -> bool:
    """Tell whether an erasure, which may have been proposed at a terminal, takes longer than a page may."""
    from chalicelib.domain.people.consent import Reference
    from chalicelib.insight.people.behind import is_on_too_many_calls

    return is_on_too_many_calls(visit.world, one.act.agency_id, Reference(one.act.words.get("person", "")))


def _asked(visit: Visit, one: "Awaiting") -> "Worded":
    """Return what an act does; the reason, which its words end with, stands by itself on the page."""
    return worded(visit, without(one.words.removesuffix(f": {one.proposal.act.words.get('reason', '')}")))


def _decline(visit: Visit, one: Proposal) -> Answer:
    from chalicelib.insight.desk import approvals as of

    reason = " ".join(without(visit.asked.form.get("reason", "")).split())[:LONGEST]
    if not reason:
        return _list(visit, visit.say("approvals.problem_reason"), 422)
    try:
        of.decline(visit.world, one, acting(visit.person), reason, visit.now)
    except of.Gone as gone:
        return _gone(visit, gone)
    return moved(visit, visit.agency_path("approvals") + "?done=declined")


def _refused(visit: Visit, one: Proposal, refused: Exception) -> Answer:
    """Say why an approval does not count: one's own, a missing address, or what has changed since."""
    if one.by == acting(visit.person).by:
        return _list(visit, visit.say("approvals.problem_own"), 409)
    if one.act.what == "release":
        return _list(visit, visit.say("approvals.problem_changed"), 409, since=_since(visit, one))
    return _list(visit, visit.say("approvals.problem_refused"), 409, refused=worded(visit, without(str(refused))))


def _since(visit: Visit, one: Proposal) -> tuple[object, ...]:
    """Return what dispatch said of a call since its release was proposed."""
    from chalicelib.domain.names import IncidentKey
    from chalicelib.insight.explain.since import heard_since

    key = IncidentKey(one.act.agency_id, one.act.words.get("incident", ""))
    return (
        read_or_none(lambda: heard_since(visit.world, visit.ours, key, one.at, visit.language), "read what came since")
        or ()
    )


def _gone(visit: Visit, gone: "Exception") -> Answer:
    author, at = getattr(gone, "author", None), getattr(gone, "at", None)
    if author is None or at is None:
        return _list(visit, visit.say("approvals.gone"), 409)
    from chalicelib.web.desk.times import Times

    clock = Times(visit.ours.zone, visit.now, visit.say).clock(at)
    words = "approvals.gone_declined" if getattr(gone, "step", "") == "failed" else "approvals.gone_done"
    return _list(visit, visit.say(words, who=called(visit, author.written), at=clock), 409)


def _texts_end(visit: Visit, theirs: "Sequence[Awaiting]") -> "Mapping[str, datetime]":
    """Return when the next text of each held call ends, if a release is among what waits."""
    from chalicelib.insight.desk import approvals as of

    if all(one.proposal.act.what != "release" for one in theirs):
        return {}
    read = partial(of.texts_end, visit.world, visit.ours.agency_id, visit.now)
    return read_or_none(read, "read when texts end") or {}


def _list(
    visit: Visit, problem: str = "", status: int = 200, since: tuple[object, ...] = (), refused: Worded | None = None
) -> Answer:
    from chalicelib.insight.desk import approvals as of

    read = partial(of.awaiting, visit.world, visit.ours.agency_id, acting(visit.person), visit.now)
    found = read_or_none(read, "read what waits for a second person")
    waits, broke_off = found or ((), ())
    there = [one for one in waits if one.proposal.act.what not in of.ON_ITS_PAGE]
    theirs = [one for one in there if DECIDES.get(one.proposal.act.what) in visit.may]
    done = visit.asked.query.get("done", "")
    return page(
        visit,
        "approvals.html",
        status,
        title=visit.say("approvals.title"),
        problem=problem,
        since=since,
        refused=refused,
        unread=found is None,
        broke_off=[one for one in broke_off if DECIDES.get(one.act.what) in visit.may],
        waits=theirs,
        texts_end=_texts_end(visit, theirs),
        elsewhere=len(there) - len(theirs),
        typed=visit.asked.form.get("reason", ""),
        decided=visit.asked.form.get("digest", ""),
        done=visit.say(f"approvals.{done}") if done in _DONE else "",
        asked=partial(_asked, visit),
        acts=DECIDES,
        pauses=standing(visit),
    )
