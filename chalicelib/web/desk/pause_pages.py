"""The brake: hold everything or a part of it by one press, and see before how many texts that holds."""

import re
from collections.abc import Mapping
from functools import partial
from typing import cast

from msgspec import Struct

from chalicelib.domain.incidents.identity import names_of, shown_number
from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.ledger.addresses import without
from chalicelib.domain.ledger.what import What
from chalicelib.domain.notifications.pause import Pause, PauseOf
from chalicelib.domain.phones import readable_emails, readable_numbers
from chalicelib.flow.conflicts import again_on_conflict
from chalicelib.insight.desk.brake import Day, held_by, pausable, read_day
from chalicelib.web.desk.noting import about, as_it_was, author, noted
from chalicelib.web.desk.page import moved, page
from chalicelib.web.desk.reachable import read_or_none
from chalicelib.web.desk.standing import standing
from chalicelib.web.desk.visit import Answer, Visit
from chalicelib.web.desk.wording import scope
from chalicelib.wiring import Aws

LONGEST_REASON = 200


class Chosen(Struct, frozen=True):
    """The extent of a pause, as a form has it."""

    of: PauseOf
    which: str


Calls = tuple[Incident, ...] | None
"""The calls that a number may mean: none where nobody told of one yet, None where nobody can say."""

EVERYTHING = Chosen("agency", "")
_NAME = re.compile("[ -~]{1,64}")
"""A call's number or id, as a webhook may tell it."""

_LISTED = frozenset({"kind", "type", "beat"})


def choose(visit: Visit) -> Answer:
    """Show what can be held, and that a call was held of which nobody told yet."""
    held = "unheard" in visit.asked.query and any(one.of == "incident" for one in standing(visit))
    return _form(visit, EVERYTHING, warning=visit.say("pause.unheard") if held else "")


def preview(visit: Visit) -> Answer:
    """Show how many texts a choice would hold now; nothing is done."""
    chosen = _chosen(visit.asked.form)
    return _form(visit, chosen, calls=_calls(visit, chosen))


def pause(visit: Visit) -> Answer:
    """Hold what was chosen, at once. It is noted after: a brake works while the ledger is down."""
    chosen = _chosen(visit.asked.form)
    calls = _calls(visit, chosen)
    problem = _problem(visit, chosen, calls)
    if problem:
        return _form(visit, chosen, problem, calls)
    chosen = _as_heard(chosen, calls)
    put_on = partial(_put_on, visit.world, visit.ours.agency_id, _made(visit, chosen))
    act = as_it_was if _stands(visit, chosen) else put_on
    noted(visit, What.PAUSED, about(chosen.of, chosen.which), act)
    here = f"/desk/{visit.ours.agency_id}"
    return moved(visit, f"{here}/pause?unheard=1" if calls == () else here)


def _made(visit: Visit, chosen: Chosen) -> Pause:
    """Return the pause that a press asks for."""
    who, why = author(visit.person), _reason(visit)
    return Pause(of=chosen.of, which=chosen.which, author=who, reason=why, at=visit.now)


@again_on_conflict()
def _put_on(ports: Aws, agency_id: str, pause: Pause) -> None:
    """Put a pause on, also where somebody else does so at the same moment; Busy."""
    ports.settings.pause(agency_id, pause)


def _stands(visit: Visit, chosen: Chosen) -> bool:
    """Tell whether this is paused already: a second press must not change since when, and by whom.

    Where nobody can say, it is paused once more.
    """
    return any((one.of, one.which) == (chosen.of, chosen.which) for one in standing(visit))


def _chosen(form: Mapping[str, str]) -> Chosen:
    """Return the choice: a call where its number is given, else one of the list, else everything."""
    number = form.get("incident", "").strip()
    if number:
        return Chosen("incident", number)
    of, _, which = form.get("what", "").partition(":")
    return Chosen(cast("PauseOf", of), which.strip()) if of in _LISTED else EVERYTHING


def _reason(visit: Visit) -> str:
    """Return the reason as it was typed, in one line and without phones and emails."""
    return " ".join(without(visit.asked.form.get("reason", "")).split())[:LONGEST_REASON]


def _problem(visit: Visit, chosen: Chosen, calls: Calls) -> str:
    """Return why a choice can't be held, or nothing. Everything can always be."""
    if chosen == EVERYTHING:
        return ""
    if not chosen.which:
        return visit.say("pause.problem_nothing")
    if chosen.of == "incident":
        if not _NAME.fullmatch(chosen.which):
            return visit.say("pause.problem_number")
        address = readable_numbers(chosen.which, visit.ours.country) | readable_emails(chosen.which)
        return visit.say("pause.problem_address") if address and not calls else ""
    day = _day(visit)
    there = pausable(visit.ours, day.found if day else ())
    if chosen.which in there[chosen.of]:
        return ""
    return visit.say("pause.problem_unknown", what=scope(visit, chosen.of, chosen.which))


def _as_heard(chosen: Chosen, calls: Calls) -> Chosen:
    """Return the choice with a call's number as dispatch told it: typed otherwise, it would hold nothing."""
    if not calls or any(chosen.which in names_of(one) for one in calls):
        return chosen
    return Chosen("incident", shown_number(calls[0]))


def _calls(visit: Visit, chosen: Chosen) -> Calls:
    """Return the calls that the number of a choice may mean; None where it has none, or where that can't be read."""
    if chosen.of != "incident" or not _NAME.fullmatch(chosen.which):
        return None
    from chalicelib.insight.records.subject import bearing_name

    found = read_or_none(lambda: bearing_name(visit.world, visit.ours, chosen.which), "look for a call")
    return None if found is None else tuple(record.incident for record in found)


def _form(visit: Visit, chosen: Chosen, problem: str = "", calls: Calls = None, warning: str = "") -> Answer:
    day = _day(visit)
    found = day.found if day else ()
    keys = {one.incident_number for one in calls or ()}
    holds = visit.say(_holds(day), n=held_by(chosen.of, chosen.which, found, keys))
    return page(
        visit,
        "pause.html",
        422 if problem else 200,
        title=visit.say("pause.title"),
        chosen=chosen,
        problem=problem,
        warning=warning,
        reason=_reason(visit),
        there=pausable(visit.ours, found),
        holds=f"{visit.say('pause.unheard_yet')} {holds}" if calls == () and not problem else holds,
        pauses=standing(visit),
    )


def _holds(day: Day | None) -> str:
    """Return the name of the words that say how many texts a choice holds, as far as anybody can say."""
    if day is None:
        return "pause.holds_unknown"
    return "pause.holds_more" if day.more else "pause.holds"


def _day(visit: Visit) -> Day | None:
    return read_or_none(lambda: read_day(visit.world, visit.ours.agency_id, visit.now), "read the last day")
