"""Let go again what the brake holds: see what would go and what is too old, and lift one pause by one press."""

from functools import partial

from chalicelib.boundary import report
from chalicelib.domain.ledger.what import What
from chalicelib.domain.notifications.pause import Pause
from chalicelib.insight.desk.brake import Going, going
from chalicelib.insight.settings import in_force
from chalicelib.ports.errors import NotNoted
from chalicelib.web.desk.noting import about, noted
from chalicelib.web.desk.page import moved, page
from chalicelib.web.desk.reachable import read_or_none
from chalicelib.web.desk.visit import Answer, Visit
from chalicelib.web.desk.wording import scope


def lift(visit: Visit) -> Answer:
    """Show what waits because of the pauses: what would go, and what is too old."""
    return _lifting(visit)


def resume(visit: Visit) -> Answer:
    """Lift a pause. This lets texts go, so it is noted first, or not done."""
    form = visit.asked.form
    pauses = visit.world.settings.conditions(visit.ours.agency_id).pauses
    wanted = (form.get("of", ""), form.get("which", ""), form.get("at", ""))
    found = next((one for one in pauses if (one.of, one.which, one.at.isoformat()) == wanted), None)
    if found is None or found.of == "tables":
        return _gone(visit, wanted[0], wanted[1])
    act = partial(in_force.resume, visit.world, visit.ours.agency_id, (found.of, found.which), found.at)
    try:
        noted(visit, What.RESUMED, about(found.of, found.which), act)
    except NotNoted as problem:
        report(problem, "note a resume")
        return _lifting(visit, visit.say("resume.unnoted"), 503)
    except in_force.Unfit:
        return _gone(visit, found.of, found.which)
    return moved(visit, f"/desk/{visit.ours.agency_id}")


def _gone(visit: Visit, of: str, which: str) -> Answer:
    """Say that somebody else has lifted a pause."""
    return _lifting(visit, visit.say("resume.gone", what=scope(visit, of, which)), 409)


def _lifting(visit: Visit, problem: str = "", status: int = 200) -> Answer:
    pauses = visit.world.settings.conditions(visit.ours.agency_id).pauses
    return page(
        visit,
        "resume.html",
        status,
        title=visit.say("resume.title"),
        problem=problem,
        pauses=pauses,
        going=_going(visit, pauses) if pauses else None,
        at_resume=True,
    )


def _going(visit: Visit, pauses: tuple[Pause, ...]) -> Going | None:
    return read_or_none(lambda: going(visit.world, visit.ours.agency_id, pauses, visit.now), "read what a pause holds")
