"""Who is signed in: the sessions with a role at an agency, and how an admin ends one, or all of a person's."""

from functools import partial

from chalicelib.domain.desk.session import Session, limits_of, standing
from chalicelib.domain.ledger.noted import session as about_session
from chalicelib.domain.ledger.what import What
from chalicelib.domain.ledger.who import by_desk, shown_by
from chalicelib.domain.settings.desk import LONGEST, roles_of
from chalicelib.web.desk.choice import choice
from chalicelib.web.desk.noting import noted
from chalicelib.web.desk.page import moved, page
from chalicelib.web.desk.visit import Answer, Visit

MOST = 100


def all_sessions(visit: Visit) -> Answer:
    """List who is signed in with a role at the agency."""
    return _listed(visit)


def end_sessions(visit: Visit) -> Answer:
    """End a session, or all of its person's, at once; it is noted after."""
    form = visit.asked.form
    everywhere = choice(form, "act", ("one", "all"), "one") == "all"
    found = next((one for one in _open(visit) if one.pseudonym == form.get("session")), None)
    if found is None:
        return _listed(visit, visit.say("others.gone"), 409)
    about = about_session(found.pseudonym, found.name)
    if everywhere:
        noted(visit, What.SESSION_ENDED, f"{about}, and all others of this person", partial(_end_all, visit, found))
    else:
        noted(visit, What.SESSION_ENDED, about, partial(visit.world.sessions.close, found))
    return moved(visit, visit.agency_path("sessions"))


def _end_all(visit: Visit, one: Session) -> None:
    visit.world.sessions.close_all(one.issuer, one.subject)
    visit.world.sessions.close(one)


def _listed(visit: Visit, problem: str = "", status: int = 200) -> Answer:
    found = _open(visit)
    return page(
        visit,
        "others.html",
        status,
        title=visit.say("others.title"),
        sessions=[(one, _called(one), _roles(visit, one)) for one in found],
        problem=problem,
        most=MOST if len(found) == MOST else 0,
    )


def _open(visit: Visit) -> list[Session]:
    """Return the sessions that are open or locked; those that have ended by time are none."""
    limits = limits_of(visit.ours.desk)
    found = visit.world.sessions.at(visit.ours.agency_id, visit.now - LONGEST, MOST)
    return [one for one in found if standing(one, limits, visit.now) != "ended"]


def _called(one: Session) -> str:
    name = shown_by(by_desk(one.issuer, one.subject))
    return f"{one.name} ({name})" if one.name else name


def _roles(visit: Visit, one: Session) -> str:
    return ", ".join(visit.say(f"role.{role}") for role in sorted(roles_of(one.groups, visit.ours.desk)))
