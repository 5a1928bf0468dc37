"""Held: calls that wait for a person's decision, and the release, which covers what was read and nothing more."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from chalicelib.domain.approval import Proposal
from chalicelib.domain.ledger.what import What
from chalicelib.domain.names import IncidentKey
from chalicelib.ports.errors import NotNoted
from chalicelib.web.desk.asked_why import DECIDED, RELEASES, Reason, read_reason, why_shown
from chalicelib.web.desk.call_named import called_as
from chalicelib.web.desk.noting import acting, noted
from chalicelib.web.desk.page import moved, page
from chalicelib.web.desk.reachable import read_or_none
from chalicelib.web.desk.standing import standing
from chalicelib.web.desk.visit import Answer, Visit

LONGEST = 64
_DONE = frozenset({"released", "proposed"})


def held(visit: Visit) -> Answer:
    """Show what waits for a decision, the one with the least time left first."""
    return _list(visit)


def release(visit: Visit) -> Answer:
    """Release a call that many people reported, or propose to release one that a safety rule holds."""
    from chalicelib.insight.approval.releasing import MASS_CALL

    form, reason = visit.asked.form, read_reason(visit, visit.asked.form, RELEASES)
    key = IncidentKey(visit.ours.agency_id, form.get("number", "").strip()[:LONGEST])
    what, of = form.get("what", ""), form.get("of", "")
    if not (key.incident_number and of):
        return _list(visit, visit.say("held.problem_form"), status=422)
    if reason.problem:
        return _list(visit, reason.problem, status=422, chosen=reason, chosen_for=key.incident_number)
    act = partial(_release, visit, key, what, form.get("party", ""), reason, of)
    alone = what == MASS_CALL
    return _done(visit, key, reason, act, alone=alone)


def _done(visit: Visit, key: IncidentKey, reason: Reason, act: "partial[Proposal | None]", *, alone: bool) -> Answer:
    from chalicelib.flow.incidents.release import ChangedSince
    from chalicelib.insight.approval.releasing import Unfit

    try:
        if alone:
            about = called_as(visit, key)
            noted(visit, What.RELEASED, about, act, why=reason.why, ticket=reason.ticket)
        else:
            act()
    except ChangedSince:
        return _list(visit, visit.say("held.problem_changed"), status=409, since=_since(visit, key))
    except NotNoted:
        problem = visit.say("held.problem_unnoted")
        return _list(visit, problem, status=503, chosen=reason, chosen_for=key.incident_number)
    except (LookupError, Unfit):
        return _list(visit, visit.say("held.problem_gone"), status=409)
    return moved(visit, visit.agency_path("held") + f"?done={'released' if alone else 'proposed'}")


def _release(visit: Visit, key: IncidentKey, what: str, party: str, reason: Reason, of: str) -> Proposal | None:
    from chalicelib.insight.approval.releasing import release as let_go

    return let_go(visit.world, key, what, party, acting(visit.person), reason.text, visit.now, of)


def _since(visit: Visit, key: IncidentKey) -> tuple[object, ...]:
    """Return what dispatch said since the page was shown; nothing where nobody can say when that was."""
    from chalicelib.insight.explain.since import heard_since

    try:
        shown_at = datetime.fromisoformat(visit.asked.form.get("shown", ""))
        return heard_since(visit.world, visit.ours, key, shown_at, visit.language)
    except (ValueError, TypeError):
        return ()


def _proposed(visit: Visit) -> Mapping[tuple[str, str, str], Proposal]:
    """Return which releases were proposed; none where that can't be read: the page is of use without."""
    from chalicelib.insight.desk.held import proposed_releases

    read = partial(proposed_releases, visit.world, visit.ours.agency_id, visit.now)
    try:
        return read_or_none(read, "read which releases were proposed") or {}
    except NotNoted:  # a stack of an earlier release has no ledger, so nobody proposed anything
        return {}


def _list(
    visit: Visit,
    problem: str = "",
    *,
    status: int = 200,
    since: tuple[object, ...] = (),
    chosen: Reason | None = None,
    chosen_for: str = "",
) -> Answer:
    from chalicelib.insight.desk.held import read_held

    after = visit.asked.query.get("after", "") if visit.asked.method != "POST" else ""
    found = read_or_none(lambda: read_held(visit.world, visit.ours, visit.now, after), "read what is held")
    pauses = standing(visit)
    done = visit.asked.query.get("done", "")
    return page(
        visit,
        "held.html",
        status,
        title=visit.say("held.title"),
        problem=problem,
        since=since,
        found=found,
        proposed=_proposed(visit),
        restored=[one for one in pauses if one.of == "tables"],
        done=visit.say(f"held.{done}") if done in _DONE else "",
        chosen=chosen,
        chosen_for=chosen_for,
        later=bool(after),
        pauses=pauses,
        **why_shown(DECIDED, RELEASES),
    )
