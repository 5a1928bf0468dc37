"""Comments: what people wrote, read by somebody before a report may quote it.

The lists have no words and no person. A comment's own page has its words as their writer has them now; each look is
noted.
"""

import re
from functools import partial
from urllib.parse import urlencode

from msgspec import Struct

from chalicelib.domain.approval import Proposal, across, digest
from chalicelib.domain.ledger.noted import thing
from chalicelib.domain.ledger.what import What
from chalicelib.domain.notifications.text_code import spoken
from chalicelib.domain.surveys.black_out import blacked_out, pieces
from chalicelib.domain.surveys.comment_release import LISTS, CommentList, Listed, from_address, in_address, place_of_act
from chalicelib.domain.surveys.name_words import proposed
from chalicelib.insight.approval.ledger import what_waits
from chalicelib.insight.approval.quoting import QUOTE
from chalicelib.insight.surveys.to_read import Comment, find, page_of
from chalicelib.web.desk.noting import acting, noted
from chalicelib.web.desk.page import page
from chalicelib.web.desk.reachable import read_or_none
from chalicelib.web.desk.standing import standing
from chalicelib.web.desk.visit import Answer, Visit
from chalicelib.web.desk.wording import called

LONGEST_PLACE = 64
LONGEST_TYPED = 500
_CODE = re.compile(r"[0-9A-Z]{3}-[0-9A-Z]{3}")
_DONE = frozenset({"released", "held", "proposed", "approved", "declined"})


class Reading(Struct, frozen=True, kw_only=True):
    """What somebody chose: a mask, the proposed words that stay, and what they typed; `problem` is in words, or "".

    `shown` asks to see how the comment reads so.
    """

    mask: str = ""
    kept: tuple[str, ...] = ()
    typed: str = ""
    problem: str = ""
    shown: bool = False


_NOTHING_CHOSEN = Reading()


def comments(visit: Visit) -> Answer:
    """List the comments that nobody has read, or those that were released or kept back."""
    which = _which(visit.asked.query.get("show", ""))
    after = from_address(visit.asked.query.get("after", "")[:LONGEST_PLACE])
    ours = visit.ours.agency_id
    found = read_or_none(lambda: page_of(visit.world, ours, which, visit.now, after), "read comments")
    waits = read_or_none(partial(waiting, visit), "read what waits for a second person")
    return page(
        visit,
        "comments.html",
        title=visit.say("comments.title"),
        which=which,
        lists=LISTS,
        found=found,
        later=bool(after),
        onward=in_address(found.after) if found else "",
        waits=[(spoken(one.act.words["comment"]), place_of_act(one.act.words)) for one in waits or ()],
        question=partial(_question, visit),
        code=lambda one: spoken(one.id),
        where=in_address,
        problem="",
        since=(),
        done=_done(visit, onward=False),
        pauses=standing(visit),
    )


def comment(visit: Visit) -> Answer:
    """Show what somebody wrote."""
    return show(visit, from_address(visit.asked.query.get("of", "")[:LONGEST_PLACE]))


def show(visit: Visit, place: str, reading: Reading = _NOTHING_CHOSEN, status: int = 200) -> Answer:
    """Show a comment as its writer has it now; the look is noted."""
    one = find(visit.world, visit.ours.agency_id, place, visit.now) if place else None
    if one is None:
        return gone(visit, place)
    return noted(visit, What.READ_COMMENTS, about(one.listed), partial(_one, visit, one, reading, status))


def gone(visit: Visit, place: str = "") -> Answer:
    """Say that there is no such comment, or none for whoever reads comments.

    A list may still name it, where a function died before its survey was written: then it can be kept back.
    """
    known = visit.world.comments.find(visit.ours.agency_id, place) if place else None
    waits = known is not None and known[0] == "new" and known[1].shown(visit.now)
    title, of = visit.say("follow_ups.gone"), in_address(place) if waits else ""
    return page(visit, "comment_gone.html", 404, title=title, of=of, pauses=standing(visit))


def may_name(visit: Visit, one: Comment) -> tuple[str, ...]:
    """Return the words of a comment that may name somebody."""
    return proposed(one.comment, visit.world.lexicon)


def seen(one: Comment, words: tuple[str, ...]) -> str:
    """Return what a form was made of: the comment's state, and how many words it has choices for."""
    return f"{one.state}.{len(words)}"


def waiting(visit: Visit) -> tuple[Proposal, ...]:
    """Return the comments that somebody proposed to release, the oldest proposal first."""
    there = what_waits(visit.world, visit.ours.agency_id, visit.now)
    return tuple(one for one in there if one.act.what == QUOTE)


def about(one: Listed, what: str = "") -> str:
    """Return what an entry of the ledger is about: a comment, by its code."""
    return thing("comment", f"{spoken(one.id)}{what}")


def where(name: str, **query: str) -> str:
    """Return a page of comments behind the agency's own path."""
    return f"/{name}?{urlencode(query)}"


def _one(visit: Visit, one: Comment, reading: Reading, status: int) -> Answer:
    words, stands = may_name(visit, one), one.stands
    waits = read_or_none(partial(waiting, visit), "read what waits for a second person") or ()
    theirs = (each for each in waits if each.act.words["comment"] == one.listed.id and each.act.of == one.state)
    proposal = next(theirs, None)
    return page(
        visit,
        "comment.html",
        status,
        title=visit.say("comments.one", name=one.code),
        one=one,
        of=in_address(one.listed.place),
        seen=seen(one, words),
        question=_question(visit, one.listed),
        parts=pieces(one.comment, "", words),
        may_name=[(word, word in reading.kept) for word in words],
        reads=blacked_out(one.comment, reading.mask) if reading.shown else "",
        kept=len(reading.kept),
        typed=reading.typed,
        longest=LONGEST_TYPED,
        problem=reading.problem,
        since=(),
        done=_done(visit, onward=True) if not reading.problem else "",
        stands=stands,
        changed=one.decision is not None and stands is None,
        quoted=blacked_out(one.comment, stands.mask) if stands and stands.quotable else "",
        decided_by=called(visit, stands.decided_by) if stands else "",
        proposal=proposal,
        digest=digest(proposal.act) if proposal else "",
        own=proposal is not None and proposal.by == acting(visit.person).by,
        from_afar=proposal is not None and across(proposal, acting(visit.person).by),
        would_read=blacked_out(one.comment, proposal.act.words["mask"]) if proposal else "",
        pauses=standing(visit),
    )


def _question(visit: Visit, one: Listed) -> str:
    known = next((each for each in visit.ours.survey.questions if each.id == one.question), None)
    return known.words(visit.language) if known else one.question


def _done(visit: Visit, *, onward: bool) -> str:
    """Return what became of the comment before, by its code: the page may already be that of the next one."""
    done, was = (visit.asked.query.get(name, "") for name in ("done", "was"))
    if done not in _DONE or not _CODE.fullmatch(was):
        return ""
    told = visit.say(f"comments.{done}", name=was)
    return f"{told} {visit.say('comments.next_is_here')}" if onward else told


def _which(asked: str) -> CommentList:
    return next((each for each in LISTS if each == asked), "new")
