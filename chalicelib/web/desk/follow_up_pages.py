"""Follow-ups: answers that somebody must look at, at three desks that never mix. Each desk has addresses of its own.

The list has no person and no words. Words are on a follow-up's own page, and each look is noted; a look at an alert is
noted after, since somebody may be in danger. The phone is asked for with a reason.
"""

from collections.abc import Mapping
from functools import partial
from urllib.parse import urlencode

from msgspec import Struct

from chalicelib.domain.desk.taking import OF_DESK
from chalicelib.domain.ledger.noted import clean_ticket, thing
from chalicelib.domain.ledger.what import What
from chalicelib.domain.people.talk import Bar
from chalicelib.domain.surveys.follow_up import Desk, FollowUp
from chalicelib.domain.surveys.seen_to import NEED_NUMBER, OUTCOMES, Outcome, closed, is_late, taken
from chalicelib.insight.mask import Mask
from chalicelib.insight.surveys.follow_ups import closed_page, find, mark_of, page_of
from chalicelib.ports.errors import Conflict
from chalicelib.web.desk.asked_why import LONGEST_TICKET, NONE_YET, Reason, read_reason, why_shown
from chalicelib.web.desk.leads import leads
from chalicelib.web.desk.looks import looked
from chalicelib.web.desk.noting import author, noted, noted_after
from chalicelib.web.desk.page import moved, page
from chalicelib.web.desk.reachable import read_or_none
from chalicelib.web.desk.standing import standing
from chalicelib.web.desk.visit import Answer, Visit

_LONGEST = 64
_LONGEST_PLACE = 128
_DONE = frozenset({"taken", "closed"})


class Place(Struct, frozen=True):
    """The addresses of a desk: its list, one follow-up, and the phone behind one."""

    listed: str
    one: str
    phone: str


PLACES: Mapping[Desk, Place] = {
    Desk.SUPERVISORS: Place("follow-ups", "follow-up", "follow-up-phone"),
    Desk.STANDARDS: Place("allegations", "allegation", "allegation-phone"),
    Desk.ALERTS: Place("alerts", "alert", "alert-phone"),
}


def follow_ups(visit: Visit) -> Answer:
    """List what waits at a desk, what is due first on top; or what it saw to, the last first."""
    desk, query = _desk(visit), visit.asked.query
    after, closed_ones = query.get("after", "")[:_LONGEST_PLACE], query.get("show") == "closed"
    pages = closed_page if closed_ones else page_of
    found = read_or_none(
        lambda: pages(visit.world, visit.ours.agency_id, desk, visit.now, after), "read a desk's follow-ups"
    )
    return page(
        visit,
        "follow_ups.html",
        title=visit.say(f"follow_ups.{'closed_' if closed_ones else ''}{desk}"),
        desk=desk,
        closed_ones=closed_ones,
        known=frozenset(Outcome).__contains__,
        says=visit.say(f"follow_ups.says_{desk}"),
        place=PLACES[desk],
        found=found,
        later=bool(after),
        late=lambda one: is_late(one, visit.now),
        pauses=standing(visit),
    )


def follow_up(visit: Visit) -> Answer:
    """Show one with what the person wrote; the look is noted."""
    return _shown(visit, visit.asked.query.get("of", ""))


def see_to(visit: Visit) -> Answer:
    """Take one, or close it with an outcome of the list. Whatever was changed since it was shown is said instead."""
    form, desk = visit.asked.form, _desk(visit)
    one = _read(visit, desk, form.get("of", ""))
    if one is None:
        return _gone(visit, desk)
    if mark_of(one) != form.get("seen", "") or one.answered_at:
        return _shown(visit, one.id, visit.say("follow_ups.changed"), 409)
    if form.get("act") == "take":
        return _write(visit, one, taken(one, author(visit.person), visit.now), What.TOOK_ON, "taken")
    return _close(visit, one)


def ask_phone(visit: Visit) -> Answer:
    """Ask why somebody must see the phone."""
    return _ask(visit, _desk(visit), visit.asked.query.get("of", ""), NONE_YET)


def show_phone(visit: Visit) -> Answer:
    """Show the phone of whom to call back, once, on this answer; noted first, as about that person."""
    from chalicelib.insight.surveys.call_back import call_back, person_behind

    form, desk = visit.asked.form, _desk(visit)
    one, reason = _read(visit, desk, form.get("of", "")), read_reason(visit, form)
    phone = person_behind(visit.world, one) if one else ""
    if one is None or not phone or reason.problem:
        return _ask(visit, desk, form.get("of", ""), reason)
    keyed_hash = visit.world.contacts.reference(phone).keyed_hash

    def show() -> Answer:
        found = call_back(visit.world, visit.ours, one, phone, visit.now)
        bar = visit.say(f"call_back.{found.bar if found.bar in _SAID else 'other'}") if found.bar else ""
        return page(
            visit,
            "follow_up_phone.html",
            title=visit.say("call_back.title"),
            one=one,
            place=PLACES[desk],
            phone=found.phone,
            bar=bar,
            pauses=standing(visit),
        )

    return looked(visit, What.REVEALED, keyed_hash, reason, show)


_SAID = frozenset({Bar.UNSAFE, Bar.JUVENILE, Bar.SENSITIVE, Bar.SILENCED, Bar.STOPPED, Bar.TOO_MANY_CALLS, Bar.NO_CALL})


def _close(visit: Visit, one: FollowUp) -> Answer:
    form = visit.asked.form
    outcome, typed = form.get("outcome", ""), " ".join(form.get("number", "").split())
    number = clean_ticket(typed)
    if outcome not in OUTCOMES[one.desk]:
        return _shown(visit, one.id, visit.say("follow_ups.choose"), 422)
    chosen = Outcome(outcome)
    if typed and not number:
        return _shown(visit, one.id, visit.say("why.bad_ticket"), 422, chosen)
    if chosen in NEED_NUMBER and not number:
        return _shown(visit, one.id, visit.say("follow_ups.no_number"), 422, chosen)
    after = closed(one, chosen, number, author(visit.person), visit.now)
    return _write(visit, one, after, What.REVIEWED, "closed")


def _write(visit: Visit, before: FollowUp, after: FollowUp, what: What, done: str) -> Answer:
    """Write it with its note; of two people at once one is told."""
    try:
        noted(visit, what, thing("follow-up", before.id), partial(visit.world.follow_ups.put, before, after))
    except Conflict:
        return _shown(visit, before.id, visit.say("follow_ups.changed"), 409)
    return moved(visit, f"{visit.agency_path(PLACES[before.desk].one)}?of={before.id}&done={done}")


def _shown(visit: Visit, name: str, problem: str = "", status: int = 200, chosen: str = "") -> Answer:
    desk = _desk(visit)
    note = noted_after if desk is Desk.ALERTS else noted
    one = _read(visit, desk, name)
    if one is None:
        return _gone(visit, desk)
    about = thing("follow-up", one.id)
    return note(visit, What.READ_COMMENTS, about, partial(_one, visit, one, problem, status, chosen))


def _one(visit: Visit, one: FollowUp, problem: str, status: int, chosen: str) -> Answer:
    done = visit.asked.query.get("done", "")
    asked = {question.id: question.words(visit.language) for question in visit.ours.survey.questions}
    return page(
        visit,
        "follow_up.html",
        status,
        title=visit.say(f"follow_ups.one_{one.desk}", name=one.id),
        one=one,
        place=PLACES[one.desk],
        seen=mark_of(one),
        words=[Mask().text(words) for words in one.comments],
        marks=[(asked.get(name, name), mark) for name, mark in one.marks.items()],
        call=one.call(visit.ours.zone) if one.incident_number else "",
        calls=[(each, each.name(visit.ours.zone)) for each in one.calls],
        late=is_late(one, visit.now),
        own=one.owner == author(visit.person),
        outcomes=OUTCOMES[one.desk],
        known=one.outcome in frozenset(Outcome),
        chosen=chosen,
        longest=LONGEST_TICKET,
        problem=problem,
        since=(),
        done=visit.say(f"follow_ups.{done}") if done in _DONE and not problem else "",
        leads=bool(one.incident_number or one.writer) and not one.anonymous and _may(visit, one.desk),
        talk=_talk(visit, one),
        pauses=standing(visit),
    )


def _talk(visit: Visit, one: FollowUp) -> str:
    """Return the address of the conversation with whoever wrote the text of an alert; "" where there is none."""
    below = leads(visit, "conversation") if one.writer and visit.ours.converses else ""
    at = one.raised_at.isoformat().replace("+00:00", "Z")
    return f"{below}?{urlencode({'with': one.writer, 'at': at})}" if below else ""


def _ask(visit: Visit, desk: Desk, name: str, reason: Reason) -> Answer:
    """Ask for a reason, or say that nobody can be called back."""
    from chalicelib.insight.surveys.call_back import person_behind

    one = _read(visit, desk, name)
    if one is None:
        return _gone(visit, desk)
    return page(
        visit,
        "follow_up_why.html",
        422 if reason.problem else 200,
        title=visit.say("call_back.ask"),
        one=one,
        place=PLACES[desk],
        nobody=not person_behind(visit.world, one),
        pauses=standing(visit),
        **why_shown(reason),
    )


def _gone(visit: Visit, desk: Desk) -> Answer:
    title = visit.say("follow_ups.gone")
    return page(visit, "follow_up_gone.html", 404, title=title, place=PLACES[desk], pauses=standing(visit))


def _read(visit: Visit, desk: Desk, name: str) -> FollowUp | None:
    return find(visit.world, visit.ours.agency_id, desk, name[:_LONGEST], visit.now) if name else None


def _may(visit: Visit, desk: Desk) -> bool:
    """Tell whether somebody who may call people back is of this desk, too."""
    return OF_DESK[desk] in visit.may


def _desk(visit: Visit) -> Desk:
    """Return the desk whose address it is: each address has its desk's permission in the table of routes."""
    last = visit.asked.path.rpartition("/")[2]
    return next(desk for desk, place in PLACES.items() if last in (place.listed, place.one, place.phone))
