"""Drafts: those that somebody writes, those that wait for review, those that were published lately; begin one."""

import secrets
from functools import partial
from string import ascii_lowercase

from chalicelib.domain.desk.permissions import Permission
from chalicelib.domain.ledger.addresses import without
from chalicelib.domain.ledger.noted import thing
from chalicelib.domain.ledger.what import What
from chalicelib.domain.settings.agency import Agency
from chalicelib.web.desk.noting import acting, noted
from chalicelib.web.desk.page import moved, page
from chalicelib.web.desk.standing import standing
from chalicelib.web.desk.trouble import trouble
from chalicelib.web.desk.visit import Answer, Visit

LONGEST = 200
LATELY = 10
"""Drafts that were published or discarded, of the last ones."""

_NAME = 10


def drafts(visit: Visit) -> Answer:
    """List the agency's drafts."""
    return _list(visit)


def begin_draft(visit: Visit) -> Answer:
    """Begin a draft from what is published, or from a version that was: a restored one is a draft like any other."""
    from chalicelib.insight.drafts.write import begin

    form = visit.asked.form
    name, comment = form.get("id", ""), comment_of(form.get("comment", ""))
    of = _version(visit, form.get("version", ""))
    if of is None:
        return trouble(visit, "not_found")
    if not is_name(name) or not comment:
        return _list(visit, visit.say("drafts.no_comment"), 422)
    act = partial(begin, visit.world, of, name, comment, acting(visit.person), visit.now)
    made = noted(visit, What.DRAFTED, about(name, f"begun from version {of.version}"), act)
    return moved(visit, f"{visit.agency_path('drafts', 'edit')}?id={made.id}")


def comment_of(typed: str) -> str:
    """Return why a draft is made, in one line, without phones and emails: it stays in the ledger."""
    return " ".join(without(typed).split())[:LONGEST]


def is_name(name: str) -> bool:
    """Tell whether a text may be the name of a draft: letters alone, which look like no phone in the ledger."""
    return len(name) == _NAME and name.isascii() and name.isalpha()


def about(name: str, what: str) -> str:
    """Return what an entry of the ledger is about: a draft, and what was done with it."""
    return thing("draft", f"{name}: {what}")


def fresh_name() -> str:
    """Return a name that no draft has; a form that is sent twice has the same one, and begins one draft."""
    return "".join(secrets.choice(ascii_lowercase) for _ in range(_NAME))


def _version(visit: Visit, given: str) -> Agency | None:
    present = visit.world.settings.latest(visit.ours.agency_id) or visit.ours
    if given in ("", str(present.version)):
        return present
    known = given.isascii() and given.isdecimal() and len(given) < _NAME
    return visit.world.settings.version(visit.ours.agency_id, int(given)) if known else None


def _list(visit: Visit, problem: str = "", status: int = 200) -> Answer:
    who = acting(visit.person)
    known = sorted(visit.world.drafts.all_of(visit.ours.agency_id), key=lambda one: one.at, reverse=True)
    open_ones = [one for one in known if not one.ended]
    reviews = Permission.REVIEW in visit.may
    return page(
        visit,
        "drafts.html",
        status,
        title=visit.say("drafts.title"),
        problem=problem,
        name=fresh_name(),
        comment=comment_of(visit.asked.form.get("comment", "")),
        longest=LONGEST,
        mine=[one for one in open_ones if one.is_author(who)],
        to_review=[one for one in open_ones if one.state == "review" and not one.is_author(who)],
        theirs=[one for one in open_ones if not one.is_author(who) and not (reviews and one.state == "review")],
        ended=[one for one in known if one.ended][:LATELY],
        waits=_by_command(visit),
        pauses=standing(visit),
    )


def _by_command(visit: Visit) -> list[tuple[str, str, str]]:
    """Return what was proposed at a terminal and waits: its digest, by whom, and why."""
    from chalicelib.domain.approval import digest
    from chalicelib.insight.drafts.terminal import at_terminal
    from chalicelib.web.desk.reachable import read_or_none

    read = partial(at_terminal, visit.world, visit.ours.agency_id, visit.now)
    waits = read_or_none(read, "read what waits") or ()
    return [(digest(one.act), one.author.written, one.act.words["comment"]) for one in waits]
