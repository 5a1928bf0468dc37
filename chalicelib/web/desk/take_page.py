"""I've got it: somebody takes what waits. Others read who has it, for ten minutes; then it is open again."""

from functools import partial

from chalicelib.domain.desk.attention import Waiting
from chalicelib.domain.desk.taking import find_named, may_know, may_take
from chalicelib.domain.ledger.noted import incident, part
from chalicelib.domain.ledger.what import What
from chalicelib.ports.errors import Conflict, NotNoted
from chalicelib.web.desk.noting import acting, author, noted
from chalicelib.web.desk.now_page import now_with
from chalicelib.web.desk.page import moved
from chalicelib.web.desk.trouble import still_paged, trouble
from chalicelib.web.desk.visit import Answer, Visit
from chalicelib.web.desk.wording import called


def take(visit: Visit) -> Answer:
    """Note that somebody has it. It is noted first: nobody else looks after it then."""
    one = _wanted(visit)
    if one is None:
        return now_with(visit, visit.say("take.gone"), 409)
    if not may_take(one, visit.may):
        return trouble(visit, "forbidden", visit.say("take.forbidden"), visit.say("trouble.forbidden_act"))
    if one.taken(visit.now) and one.taken_by != author(visit.person):
        return _theirs(visit, one)
    try:
        noted(
            visit, What.TOOK_ON, _about(one), partial(visit.world.attention.take, one, author(visit.person), visit.now)
        )
    except NotNoted as unnoted:
        return still_paged(visit, unnoted)
    except Conflict:
        now_has = _wanted(visit)
        if now_has is None or not now_has.taken(visit.now):
            return now_with(visit, visit.say("take.gone"), 409)
        return _theirs(visit, now_has)
    return moved(visit, f"/desk/{visit.ours.agency_id}")


def _theirs(visit: Visit, one: Waiting) -> Answer:
    return now_with(visit, visit.say("take.theirs", who=called(visit, one.taken_by)), 409)


def _wanted(visit: Visit) -> Waiting | None:
    form = visit.asked.form
    known, by = visit.world.attention.of(visit.ours.agency_id), acting(visit.person).by
    found = (one for one in known if may_know(one, visit.may, by))
    return find_named(found, form.get("cause", ""), form.get("about", ""), visit.now)


def _about(one: Waiting) -> str:
    """Return what an entry is about: the call, where lists name one, else its cause."""
    if not one.incident_number:
        return part(one.cause, one.detail or one.about or "now")
    return incident(one.called or one.incident_number)
