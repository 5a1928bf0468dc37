"""What a person does on a call's page: silence its people, cancel one message, see phones and words with a reason.

The first two are brakes: they are done first and noted after. What is shown is noted first.
"""

from functools import partial
from urllib.parse import quote

from chalicelib.domain.ledger.what import What
from chalicelib.domain.names import IncidentKey, NotificationKey
from chalicelib.web.desk.asked_why import NONE_YET, Reason, read_reason, why_shown
from chalicelib.web.desk.call_named import called_as
from chalicelib.web.desk.incident_page import LONGEST, call_page, records_named, unknown
from chalicelib.web.desk.looks import looked_at_call
from chalicelib.web.desk.noting import author, noted
from chalicelib.web.desk.page import moved, page
from chalicelib.web.desk.standing import standing
from chalicelib.web.desk.visit import Answer, Visit


def silence(visit: Visit) -> Answer:
    """Let nobody on a call hear from us any more, by one press."""
    from chalicelib.flow.incidents.silence_people import silence_people

    key = _key(visit)
    act = partial(silence_people, key, visit.world, visit.now)
    try:
        noted(visit, What.SILENCED, called_as(visit, key), act)
    except LookupError:
        return unknown(visit, key.incident_number)
    return _back(visit, key, "silenced")


def cancel(visit: Visit) -> Answer:
    """Give one message up that has not gone; where it has, say so."""
    from chalicelib.flow.notifications.cancel import TooLate, cancel_one

    key, name = _key(visit), visit.asked.form.get("message", "")
    try:
        message = NotificationKey.from_id(name)
    except ValueError:
        return _no_message(visit, key)
    if message.incident != key:
        return _no_message(visit, key)
    try:
        noted(visit, What.CANCELLED, called_as(visit, key), partial(cancel_one, message, visit.world, visit.now))
    except TooLate as late:
        return call_page(visit, key, visit.say("call.cancel_late", state=visit.say(f"state.{late.state}")), 409)
    except LookupError:
        return _no_message(visit, key)
    return _back(visit, key, "cancelled")


def ask_reveal(visit: Visit) -> Answer:
    """Ask why somebody must see a call's phones, emails and words."""
    return _ask(visit, visit.asked.query.get("number", "").strip()[:LONGEST])


def reveal(visit: Visit) -> Answer:
    """Show them, once, on this answer: noted first, in the ledger and in the call's story."""
    number, reason = visit.asked.form.get("number", "").strip()[:LONGEST], read_reason(visit, visit.asked.form)
    found = records_named(visit, number) if number else ()
    if len(found) != 1:
        return unknown(visit, number)
    if reason.problem:
        return _ask(visit, number, reason)
    incident, by = found[0].incident, author(visit.person)
    show = partial(call_page, visit, incident.key, visit.say("call.revealed"), reveal=(by, reason.text))
    return looked_at_call(visit, What.REVEALED, incident, reason, lambda protected: show(protected=protected))


def _ask(visit: Visit, number: str, reason: Reason = NONE_YET) -> Answer:
    return page(
        visit,
        "reveal.html",
        422 if reason.problem else 200,
        title=visit.say("call.reveal"),
        number=number,
        pauses=standing(visit),
        **why_shown(reason),
    )


def _key(visit: Visit) -> IncidentKey:
    return IncidentKey(visit.ours.agency_id, visit.asked.form.get("number", "").strip()[:LONGEST])


def _no_message(visit: Visit, key: IncidentKey) -> Answer:
    """Say that a call has no such message; a form that was made up names no call, and its number gets nowhere."""
    known = bool(key.incident_number) and records_named(visit, f"={key.incident_number}")
    return _back(visit, key, "cancel_gone") if known else unknown(visit, key.incident_number)


def _back(visit: Visit, key: IncidentKey, done: str) -> Answer:
    return moved(
        visit, f"{visit.agency_path('incident')}?number={quote('=' + key.incident_number, safe='')}&done={done}"
    )
