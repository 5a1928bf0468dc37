"""Incident: a call's whole story, with what was not sent and why. Each look is noted before anything is shown."""

from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import quote

from msgspec.structs import replace

from chalicelib.domain.desk.permissions import Permission
from chalicelib.domain.incidents.identity import names_of
from chalicelib.domain.ledger.what import What
from chalicelib.domain.names import IncidentKey
from chalicelib.domain.phones import readable_emails, readable_numbers
from chalicelib.web.desk.asked_why import DECIDED, NONE_YET, RELEASES, why_shown
from chalicelib.web.desk.looks import looked_at_call, protected_on
from chalicelib.web.desk.page import moved, page
from chalicelib.web.desk.standing import standing
from chalicelib.web.desk.visit import Answer, Visit

if TYPE_CHECKING:
    from chalicelib.domain.notifications.record import IncidentRecord
    from chalicelib.insight.explain.calls import Call
    from chalicelib.insight.explain.story import Explained

LONGEST = 64
_DONE = frozenset({"silenced", "cancelled", "cancel_gone"})


def incident(visit: Visit) -> Answer:
    """Show a call's story, the calls that share its number, or the form that asks for one."""
    name = visit.asked.query.get("number", "").strip()[:LONGEST]
    return _shown(visit, name) if name else _form(visit)


def find(visit: Visit) -> Answer:
    """Lead to the call whose number was typed. A phone or an email gets into no address."""
    name = visit.asked.form.get("number", "").strip()[:LONGEST]
    if not name:
        return _form(visit)
    if not records_named(visit, name):
        return unknown(visit, name)
    return moved(visit, f"/desk/{visit.ours.agency_id}/incident?number={quote(name, safe='')}")


def _shown(visit: Visit, name: str) -> Answer:
    found = records_named(visit, name)
    if not found:
        return unknown(visit, name)
    if len(found) > 1:
        return _form(visit, visit.say("incident.several", number=name), several=_calls(found))
    incident = found[0].incident
    show = partial(call_page, visit, incident.key)
    return looked_at_call(visit, What.LOOKED, incident, NONE_YET, lambda protected: show(protected=protected))


def call_page(
    visit: Visit,
    key: IncidentKey,
    said: str = "",
    status: int = 200,
    *,
    reveal: tuple[str, str] | None = None,
    protected: bool | None = None,
) -> Answer:
    """Show a call; with a `reveal`, by whom and why, phones, emails and words are whole.

    `protected` tells whether somebody on it is protected; None where that was not asked yet.
    """
    from chalicelib.domain.desk.holds import holds_of
    from chalicelib.domain.desk.plain import in_plain_words
    from chalicelib.insight.desk.held import shown_state
    from chalicelib.insight.explain.alerts import dangers
    from chalicelib.insight.explain.read import read, revealed
    from chalicelib.insight.explain.thread import answers_of, threads_of
    from chalicelib.insight.explain.translated import in_language
    from chalicelib.insight.explain.translated import said as said_in
    from chalicelib.insight.mask import Mask

    note, theirs = revealed(*reveal, visit.now) if reveal else None, Permission.ALLEGATIONS_SEE in visit.may
    told, _ = read(visit.world, key, note, at=visit.now, allegations=theirs)
    told = told if reveal else _as_here(told)
    record, pauses = visit.world.incidents.load(key), standing(visit)
    answers = answers_of(visit.world, record.incident, told, Mask(reveal=reveal is not None))
    done = visit.asked.query.get("done", "")
    return page(
        visit,
        "incident.html",
        status,
        said=said or (visit.say(f"call.{done}") if done in _DONE else ""),
        revealed=reveal is not None,
        dangers=dangers(told.moments),
        protected=bool(protected_on(visit, record.incident)) if protected is None else protected,
        plain=in_plain_words(record, visit.ours),
        threads=threads_of(told, answers),
        holds=holds_of(record.incident, visit.ours),
        state=shown_state(record),
        silenced=record.incident.silences,
        call_paused=any(one.of == "incident" and one.which in names_of(record.incident) for one in pauses),
        title=visit.say("incident.title", number=told.incident_number),
        told=in_language(told, visit.language),
        tell=partial(said_in, visit.language),
        pauses=pauses,
        went=_went(visit, told.went),
        **why_shown(DECIDED, RELEASES),
    )


def _as_here(told: "Explained") -> "Explained":
    """Return a story without the command's option in its sentences: nothing on this page shows what is hidden."""
    moments = (replace(one, detail=one.detail.replace(", which --reveal shows", " (hidden)")) for one in told.moments)
    return replace(told, moments=tuple(moments))


def _went(visit: Visit, count: int) -> str:
    return visit.say({0: "incident.went_none", 1: "incident.went_one"}.get(count, "incident.went"), n=count)


def records_named(visit: Visit, name: str) -> tuple["IncidentRecord", ...]:
    """Return the calls that bear a number."""
    from chalicelib.insight.records.subject import bearing_name

    return bearing_name(visit.world, visit.ours, name)


def _calls(records: tuple["IncidentRecord", ...]) -> tuple["Call", ...]:
    """Return calls as people choose among them, the latest first."""
    from chalicelib.insight.explain.calls import calls_in

    return calls_in(records, None)


def unknown(visit: Visit, name: str) -> Answer:
    """Say that no call has a number; what may be a person's is not said again."""
    address = readable_numbers(name, visit.ours.country) | readable_emails(name)
    words = visit.say("incident.none_hidden") if address else visit.say("incident.none", number=name)
    return _form(visit, words, status=404, typed="" if address else name)


def _form(
    visit: Visit, problem: str = "", several: tuple["Call", ...] = (), status: int = 200, typed: str = ""
) -> Answer:
    return page(
        visit,
        "find.html",
        status,
        title=visit.say("incident.find"),
        problem=problem,
        typed=typed,
        several=several,
        pauses=standing(visit),
    )
