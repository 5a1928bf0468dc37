"""Acts on a person: a page that says what an act will do, and the answer that says what it did.

A brake acts first and is noted after. What widens is only proposed here: somebody else looks at it and approves it.
The form carries what stood when it was opened, so an old page widens nothing that has changed since.
"""

from datetime import timedelta
from functools import partial

from chalicelib.domain.ledger.noted import person as about_person
from chalicelib.domain.ledger.what import What
from chalicelib.domain.people.consent import Reference, widest
from chalicelib.domain.people.contact import OptOutScope
from chalicelib.domain.people.silenced import ByHand
from chalicelib.flow.conflicts import again_on_conflict
from chalicelib.web.desk.asked_why import Reason, read_reason, why_shown
from chalicelib.web.desk.find_query import read_search
from chalicelib.web.desk.looks import looked
from chalicelib.web.desk.noting import as_it_was, noted
from chalicelib.web.desk.page import page
from chalicelib.web.desk.person_export import download
from chalicelib.web.desk.person_page import revealed
from chalicelib.web.desk.person_proposals import Done, author_of, propose, said
from chalicelib.web.desk.person_words import DEEDS, act_words, press_words
from chalicelib.web.desk.standing import standing
from chalicelib.web.desk.trouble import trouble
from chalicelib.web.desk.visit import Answer, Visit
from chalicelib.wiring import Aws

DAYS = (1, 7, 30, 365)
_ALL_CALLS = frozenset({"export", "erase"})
"""What reads each call of a person."""

HELD_AT_ONCE = 25
"""Calls that one press puts under a hold: each is several writes, and a page must answer within seconds."""


def confirm(visit: Visit) -> Answer:
    """Show what an act will do, before it is done; nothing of the person is shown."""
    of = read_search(visit.asked.query).of
    return _form(visit, of) if of else trouble(visit, "not_found")


def act(visit: Visit) -> Answer:
    """Do or propose what a form asks for, and say what became of it."""
    of, name = read_search(visit.asked.form).of, _name(visit)
    if not of:
        return trouble(visit, "not_found")
    reason = read_reason(visit, visit.asked.form, asked=not DEEDS[name].brake)
    if reason.problem:
        return _form(visit, of, reason, status=422)
    if name == "reveal":
        return revealed(visit, of, reason)
    too_many = _too_many(visit, of, name) if name in _ALL_CALLS else ""
    if too_many:
        return _form(visit, of, reason, problem=too_many, status=409)
    if name == "export":
        return download(visit, of, reason) or _form(visit, of, reason, problem=visit.say("person.unknown"), status=404)
    done = _ACTS[name](visit, Reference(of), reason) if name in _ACTS else propose(visit, name, Reference(of), reason)
    if done.problem:
        return _form(visit, of, reason, problem=done.says, status=409)
    return _told(visit, of, reason, done)


def _too_many(visit: Visit, of: str, name: str) -> str:
    """Return that somebody is on more calls than a page goes through, and what to do then; "" where they are not."""
    from chalicelib.insight.people import behind

    if not behind.is_on_too_many_calls(visit.world, visit.ours.agency_id, Reference(of)):
        return ""
    return visit.say("person.too_many", most=behind.MOST_CALLS, act=name)


def opt_out(visit: Visit, person: Reference, reason: Reason) -> Done:
    """Write to a person no more, whatever state the ledger is in."""
    asked = OptOutScope.SURVEYS if visit.asked.form.get("scope") == OptOutScope.SURVEYS else OptOutScope.ALL
    known = visit.world.contacts.load(visit.ours.agency_id, person, visit.ours.day(visit.now)).opted_out
    scope = widest(known, asked)
    was = known == scope
    do = as_it_was if was else partial(_opt_out, visit.world, visit, person, scope, reason)
    noted(visit, What.OPTED_OUT, about_person(person.keyed_hash), do, why=reason.why, ticket=reason.ticket)
    return Done(says=visit.say(f"person.was_{scope}" if was else f"person.now_{scope}"))


def silence(visit: Visit, person: Reference, reason: Reason) -> Done:
    """Silence a person for so many days."""
    days = visit.asked.form.get("days", "")
    lasts = timedelta(days=int(days) if days.isdecimal() and int(days) in DAYS else max(DAYS))
    until = visit.now + lasts
    one = ByHand(until=until, author=author_of(visit).written, at=visit.now, reason=reason.why)
    do = partial(_silence, visit.world, visit.ours.agency_id, person, one)
    noted(visit, What.SILENCED, about_person(person.keyed_hash), do, why=reason.why, ticket=reason.ticket)
    return Done(says=visit.say("person.now_silent", days=lasts.days))


def protect(visit: Visit, person: Reference, reason: Reason) -> Done:
    """Let each look at a person tell the auditor."""
    put = partial(visit.world.contacts.protected.put, visit.ours.agency_id, person, author_of(visit).written, visit.now)
    noted(visit, What.PROTECTED, about_person(person.keyed_hash), put, why=reason.why, ticket=reason.ticket)
    return Done(says=visit.say("person.now_protected"))


def hold(visit: Visit, person: Reference, reason: Reason) -> Done:
    """Put a person under a legal hold, a part of their calls at a time."""
    from chalicelib.domain.incidents.legal_hold import LegalHold
    from chalicelib.insight.people.behind import person_behind
    from chalicelib.insight.records.hold import hold_person_partly

    known = person_behind(visit.world, visit.ours, person)
    if known is None:
        return Done(says=visit.say("person.unknown"), problem=True)
    wanted = LegalHold(author=author_of(visit).written, reason=said(reason), at=visit.now)
    do = partial(hold_person_partly, visit.world, known, wanted, visit.now, HELD_AT_ONCE)
    held, left = looked(visit, What.HELD, person.keyed_hash, reason, do)
    words = "person.now_held_partly" if left else "person.now_held"
    return Done(says=visit.say(words, held=held, left=left), again=bool(left))


_ACTS = {"opt-out": opt_out, "silence": silence, "protect": protect, "hold": hold}


@again_on_conflict()
def _opt_out(ports: Aws, visit: Visit, person: Reference, scope: OptOutScope, reason: Reason) -> None:
    who, words = author_of(visit).written, said(reason) or "by the desk"
    ports.contacts.opt_out(visit.ours.agency_id, person, scope, visit.now, words, "command", who)


@again_on_conflict()
def _silence(ports: Aws, agency_id: str, person: Reference, one: ByHand) -> None:
    ports.contacts.silence_person(agency_id, person, one)


def _name(visit: Visit) -> str:
    return visit.asked.path.rpartition("/person-")[2]


def _form(visit: Visit, of: str, reason: Reason | None = None, problem: str = "", status: int = 200) -> Answer:
    name, form = _name(visit), visit.asked.form
    return page(
        visit,
        "person_act.html",
        status,
        title=act_words(visit, name),
        says=act_words(visit, name, "_says"),
        press=press_words(visit, name),
        name=name,
        deed=DEEDS[name],
        of=of,
        problem=problem,
        seen=_seen(visit, name, of),
        days=DAYS,
        form=form,
        pauses=standing(visit),
        **why_shown(reason or Reason()),
    )


def _seen(visit: Visit, name: str, of: str) -> str:
    """Return what stands now and would be ended, so that the form can't end something else."""
    if not DEEDS[name].two or name == "erase":
        return ""
    from chalicelib.insight.approval.of_person import as_seen, state_of

    state = state_of(visit.world, visit.ours.agency_id, name.replace("-", "_"), Reference(of), visit.now)
    return as_seen(state)


def _told(visit: Visit, of: str, reason: Reason, done: Done) -> Answer:
    name = _name(visit)
    return page(
        visit,
        "person_done.html",
        title=act_words(visit, name),
        says=done.says,
        again=done.again,
        name=name,
        of=of,
        reason=reason,
        pauses=standing(visit),
    )
