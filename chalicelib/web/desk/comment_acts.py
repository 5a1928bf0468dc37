"""What somebody decides about a comment: release it, keep it back, or approve what another proposed to release.

To keep a comment back is a brake: it asks the list alone, and is noted after.
"""

from contextlib import suppress
from functools import partial

from chalicelib.domain.approval import NotApproved, Unidentified, across, digest
from chalicelib.domain.ledger.what import What, Why
from chalicelib.domain.notifications.text_code import spoken
from chalicelib.domain.surveys.black_out import NotThere, is_blacked_out, mask_of
from chalicelib.domain.surveys.comment_release import CommentRelease, Listed, State, from_address, in_address, state_of
from chalicelib.insight.approval.approve import approve
from chalicelib.insight.approval.quoting import NothingToQuote, release
from chalicelib.insight.desk.approvals import decline
from chalicelib.insight.surveys.comments import REASON
from chalicelib.insight.surveys.to_read import Comment, find, next_place
from chalicelib.ports.errors import Conflict, NotNoted
from chalicelib.web.desk.choice import choice
from chalicelib.web.desk.comment_pages import (
    LONGEST_PLACE,
    LONGEST_TYPED,
    Reading,
    about,
    gone,
    may_name,
    seen,
    show,
    waiting,
    where,
)
from chalicelib.web.desk.noting import acting, author, noted, noted_after
from chalicelib.web.desk.page import moved
from chalicelib.web.desk.reachable import read_or_none
from chalicelib.web.desk.visit import Answer, Visit

_ACTS = ("preview", "release", "hold", "approve", "decline")
_BECOMES = ("black", "keep")


def decide_comment(visit: Visit) -> Answer:
    """Do what somebody pressed."""
    form = visit.asked.form
    place, act = from_address(form.get("of", "")[:LONGEST_PLACE]), choice(form, "act", _ACTS)
    if act == "hold":
        return _hold(visit, place)
    one = find(visit.world, visit.ours.agency_id, place, visit.now)
    if one is None:
        return gone(visit, place)
    if act in ("approve", "decline"):
        return _second(visit, one, act)
    if form.get("seen", "") != seen(one, may_name(visit, one)):
        return _changed(visit, place)
    reading = _read(visit, one)
    if reading.problem or act == "preview":
        return show(visit, place, reading, 422 if reading.problem else 200)
    return _release(visit, one, reading)


def _hold(visit: Visit, place: str) -> Answer:
    """Keep a comment back: one press, whatever its words are by now."""
    known = visit.world.comments.find(visit.ours.agency_id, place)
    if known is None:
        return gone(visit)
    decision = _decision(visit, known[1], known[1].words, "held")
    keep = partial(visit.world.comments.keep, decision, visit.now + visit.ours.retention.surveys)
    try:
        noted_after(visit, What.REVIEWED, about(known[1], ", kept out of reports"), keep)
    except Conflict:
        return _changed(visit, place)
    _end_proposals(visit, known[1])
    return _onward(visit, known[1], "held")


def _release(visit: Visit, one: Comment, reading: Reading) -> Answer:
    """Release it, or propose that where words stay that may name somebody."""
    decision = _decision(visit, one.listed, one.words, state_of(reading.mask), reading.mask)
    who, kept = acting(visit.person), reading.kept
    act = partial(release, visit.world, visit.ours, decision, kept, who, REASON, visit.now)
    told = about(one.listed, ", proposed to be quoted" if kept else "")
    try:
        noted(visit, What.REVIEWED if kept else What.RELEASED, told, act, why=Why.QUALITY)
    except (Conflict, NothingToQuote):
        return _changed(visit, one.listed.place)
    if not kept:
        _end_proposals(visit, one.listed)
    return _onward(visit, one.listed, "proposed" if kept else "released")


def _end_proposals(visit: Visit, one: Listed) -> None:
    """Decline what waits about a comment that was decided on otherwise: it counts no more, and nobody need look at it.

    What can't be declined, as while the ledger is down, counts no more either: its approval is of another state.
    """
    who = acting(visit.person)
    for waits in read_or_none(partial(waiting, visit), "read what waits for a second person") or ():
        if waits.act.words["comment"] == one.id:
            with suppress(NotNoted, Conflict, LookupError):
                read_or_none(
                    partial(decline, visit.world, waits, who, REASON, visit.now), "decline what counts no more"
                )


def _second(visit: Visit, one: Comment, act: str) -> Answer:
    """Approve what somebody else proposed, which does it, or decline it; one's own can only be taken back."""
    place, who = one.listed.place, acting(visit.person)
    there = (each for each in waiting(visit) if each.act.words["comment"] == one.listed.id)
    name = visit.asked.form.get("digest", "")
    waits = next((one for one in there if digest(one.act) == name), None)
    if waits is None:
        return show(visit, place, Reading(problem=visit.say("approvals.gone")), 409)
    if act == "approve" and across(waits, who.by) and not visit.asked.form.get("other"):
        return show(visit, place, Reading(problem=visit.say("proposal.problem_other")), 422)
    try:
        if act == "approve":
            approve(visit.world, waits, who, visit.now)
        else:
            decline(visit.world, waits, who, REASON, visit.now)
    except NotNoted:
        raise
    except (NotApproved, Unidentified, Conflict, LookupError):
        own = waits.by == who.by and act == "approve"
        problem = visit.say("approvals.problem_own" if own else "comments.changed")
        return show(visit, place, Reading(problem=problem), 409)
    return _onward(visit, one.listed, "approved" if act == "approve" else "declined")


def _read(visit: Visit, one: Comment) -> Reading:
    """Read what somebody chose: a proposed word without a choice is blacked out."""
    form, words = visit.asked.form, may_name(visit, one)
    typed = form.get("more", "")[:LONGEST_TYPED]
    more = [" ".join(phrase.split()) for phrase in typed.replace("\n", ",").split(",") if phrase.strip()]
    stay = tuple(word for number, word in enumerate(words) if choice(form, f"w.{number}", _BECOMES, "black") == "keep")
    try:
        mask = mask_of(one.comment, [*(word for word in words if word not in stay), *more])
    except NotThere as problem:
        return Reading(typed=typed, kept=stay, problem=visit.say("comments.not_there", words=str(problem)))
    kept = tuple(word for word in words if not is_blacked_out(word, one.comment, mask))
    return Reading(mask=mask, kept=kept, typed=typed, shown=True)


def _decision(visit: Visit, one: Listed, words: str, state: State, mask: str = "") -> CommentRelease:
    return CommentRelease(
        agency_id=visit.ours.agency_id,
        comment_id=one.id,
        dt=one.day,
        words=words,
        state=state,
        decided_at=visit.now,
        decided_by=author(visit.person),
        mask=mask,
    )


def _changed(visit: Visit, place: str) -> Answer:
    return show(visit, place, Reading(problem=visit.say("comments.changed")), 409)


def _onward(visit: Visit, decided: Listed, done: str) -> Answer:
    """Lead to the next comment that nobody has read: whoever reads a hundred needs no list in between."""
    ask = partial(next_place, visit.world, visit.ours.agency_id, decided.place, visit.now)
    onward = read_or_none(ask, "read which comment is next")
    became = {"was": spoken(decided.id), "done": done}
    to = where("comment", of=in_address(onward), **became) if onward else where("comments", **became)
    return moved(visit, f"{visit.agency_path()}{to}")
