"""Sessions: where somebody is signed in, and how to end it, here, elsewhere or everywhere."""

from functools import partial

from msgspec.structs import replace

from chalicelib.domain.desk.pending import SIGNED_OUT
from chalicelib.domain.desk.session import WIDEST, standing
from chalicelib.domain.ledger.what import What
from chalicelib.flow.desk.sign_in import SignedOut, sign_out
from chalicelib.web.desk import cookies
from chalicelib.web.desk.noting import noted
from chalicelib.web.desk.page import moved, page
from chalicelib.web.desk.visit import Answer, Visit


def sessions(visit: Visit) -> Answer:
    """Show in which browsers somebody is signed in, and on which walls they hung a screen."""
    return _listed(visit)


def end_one(visit: Visit) -> Answer:
    """End one other session of the person's own: first that, then the note, which names the session that ended."""
    wanted = visit.asked.form.get("session", "")
    ours = visit.world.sessions.of(visit.person.issuer, visit.person.subject)
    found = next((one for one in ours if one.pseudonym == wanted and one.hash != visit.person.hash), None)
    if found is None:
        return _listed(visit, visit.say("sessions.gone"), 409)
    noted(replace(visit, session=found), What.SIGNED_OUT, "", lambda: visit.world.sessions.close(found))
    return moved(visit, "/desk/sessions")


def leave(visit: Visit) -> Answer:
    """End the session, or all of its person's: first that, then the note. A wall screen ends itself alone."""
    everywhere = bool(visit.asked.form.get("everywhere")) and not visit.person.wall
    what = What.SIGNED_OUT_EVERYWHERE if everywhere else What.SIGNED_OUT
    home = f"{visit.asked.origin}{visit.asked.link('/desk/sign-in')}"
    act = partial(sign_out, visit.world, visit.person, everywhere=everywhere, home=home)
    done: SignedOut = noted(visit, what, "", act)
    return _left(visit, "everywhere" if everywhere else "here", done.location)


def _listed(visit: Visit, problem: str = "", status: int = 200) -> Answer:
    found = visit.world.sessions.of(visit.person.issuer, visit.person.subject)
    there = [one for one in found if standing(one, WIDEST, visit.now) != "ended"]
    return page(visit, "sessions.html", status, title=visit.say("sessions.title"), sessions=there, problem=problem)


def _left(visit: Visit, where: str, there: str) -> Answer:
    gone = Visit(asked=visit.asked, world=visit.world, now=visit.now, language=visit.language)
    says = visit.say(f"signed_out.{where}")
    shown = page(gone, "signed_out.html", title=visit.say("signed_out.title"), says=says, there=there)
    return replace(shown, cookies=(cookies.given(cookies.SESSION, SIGNED_OUT),))
