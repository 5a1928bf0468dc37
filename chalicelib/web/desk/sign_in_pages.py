"""Signing in: the page that asks, the way to the provider, and the way back. The flow itself is in `flow/desk`."""

import re
from collections.abc import Collection, Mapping
from urllib.parse import quote

from msgspec.structs import replace

from chalicelib.boundary import count
from chalicelib.domain.desk.id_token import Reason
from chalicelib.domain.desk.pending import HOME, hashed
from chalicelib.domain.desk.session import FRESH, Session
from chalicelib.domain.ledger.addresses import is_of_an_address
from chalicelib.domain.settings.agency import Agency
from chalicelib.flow.desk import sign_in as flow
from chalicelib.web.desk import cookies
from chalicelib.web.desk.noting import note_failure, note_sign_in
from chalicelib.web.desk.page import moved, page
from chalicelib.web.desk.trouble import trouble
from chalicelib.web.desk.visit import Answer, Visit

METHODS = frozenset({"mfa", "pwd", "otp", "hwk", "sms", "fpt", "face", "pin", "swk", "rsa"})
"""Ways to sign in that the desk has words for."""
_HASH = re.compile(r"[0-9a-f]{64}")
"""A person's keyed hash: it leads back to their page, and to the form that was not taken."""


def ask(visit: Visit) -> Answer:
    """Show what signing in means here, and its button."""
    return _asking(visit, "sign_in", 200, HOME, visit.say("sign_in.says"))


def not_signed_in(visit: Visit) -> Answer:
    """Ask somebody to sign in who came for another page; afterwards it is shown."""
    unsent = visit.asked.method == "POST"
    lines = [visit.say("sign_in.ended"), *([visit.say("sign_in.unsent")] if unsent else []), visit.say("sign_in.says")]
    return _asking(visit, "sign_in", 401, _target(visit), *lines)


def locked(visit: Visit, session: Session) -> Answer:
    """Ask the person who was here to sign in again."""
    minutes = int(session.limits.idle.total_seconds() // 60)
    lines = [visit.say("locked.says", minutes=minutes)]
    lines += [visit.say("locked.unsent")] if visit.asked.method == "POST" else []
    press = visit.say("locked.press", name=session.name or session.subject)
    return _asking(visit, "locked", 401, _target(visit), *lines, press=press, again=True)


def grave(visit: Visit) -> Answer:
    """Ask somebody to prove anew who they are, before what is grave."""
    minutes = int(FRESH.total_seconds() // 60)
    return _asking(visit, "grave", 401, _target(visit), visit.say("grave.says", minutes=minutes), again=True)


def unproven(visit: Visit, agency: Agency) -> Answer:
    """Say which factor an agency demands that somebody's sign-in lacks, and let them sign in by it."""
    demanded, named = (_methods(visit, names) for names in (agency.desk.methods, visit.person.methods))
    lines = [visit.say("unproven.demands", agency=agency.short_name, methods=demanded)]
    lines.append(visit.say("unproven.named", methods=named) if named else visit.say("unproven.silent"))
    lines += [visit.say("unproven.unsent")] if visit.asked.method == "POST" else []
    lines += [visit.say("unproven.do"), visit.say("unproven.else")]
    return _asking(visit, "unproven", 403, _target(visit), *lines, again=True)


def begin(visit: Visit) -> Answer:
    """Send the browser to the provider.

    It goes there by a page of its own: where a form's answer leads elsewhere, browsers hold that against `form-action`.
    """
    form = visit.asked.form
    again, before = _known(visit) if form.get("again") else None, visit.asked.cookie(cookies.SESSION)
    try:
        begun = flow.begin(visit.world, form.get("target", ""), _redirect_uri(visit), visit.now, again, before)
    except flow.SignInFailed as failed:
        return _failed(visit, failed)
    return _going(visit, begun.location, (cookies.given(cookies.SIGN_IN, begun.cookie, cookies.TEN_MINUTES),))


def finish(visit: Visit) -> Answer:
    """Take what the provider's call-back brings: a session, or the reason why there is none."""
    asked, cookie = visit.asked, visit.asked.cookie(cookies.SIGN_IN)
    try:
        onward = flow.onward(visit.world, asked.query, cookie, _redirect_uri(visit))
        if onward:
            return _going(visit, onward)
        done = flow.finish(
            visit.world, asked.query, cookie, _redirect_uri(visit), visit.now, asked.cookie(cookies.SESSION)
        )
    except flow.SignInFailed as failed:
        return _failed(visit, failed)
    note_sign_in(visit, done.session)
    given = (cookies.given(cookies.SESSION, done.cookie), cookies.taken(cookies.SIGN_IN))
    return moved(visit, done.target, given)


def _asking(
    visit: Visit, words: str, status: int, target: str, /, *lines: str, press: str = "", again: bool = False
) -> Answer:
    return page(
        visit,
        "sign_in.html",
        status,
        title=visit.say(f"{words}.title"),
        lines=lines,
        target=target,
        press=press or visit.say(f"{words}.press"),
        again=again,
        unsent=_unsent(visit),
    )


def _unsent(visit: Visit) -> Mapping[str, str]:
    """Return what somebody typed into a form that was not taken, for the same browser to send once more."""
    own = visit.asked.path.startswith("/desk/sign-")
    return visit.asked.form if visit.asked.method == "POST" and not own else {}


def _going(visit: Visit, location: str, given: tuple[str, ...] = ()) -> Answer:
    shown = page(visit, "going.html", title=visit.say("sign_in.going"), location=location)
    return replace(shown, headers={**shown.headers, "Refresh": f"0; url={location}"}, cookies=given)


def _methods(visit: Visit, names: Collection[str]) -> str:
    """Return ways to sign in as the provider calls them (RFC 8176), each with words where it has some."""
    told = (visit.say(f"method.{name}") if name in METHODS else "" for name in names)
    return ", ".join(f"{name} ({words})" if words else name for name, words in zip(names, told, strict=True))


def _failed(visit: Visit, failed: flow.SignInFailed) -> Answer:
    """Say why nobody is signed in; the ledger has it where the provider named a person."""
    reason = failed.reason
    count("DeskSignInFailed", reason=reason)
    if failed.subject:
        note_failure(visit, failed.subject)
    if reason is Reason.PROVIDER_DOWN:
        return trouble(visit, "down")
    words = visit.say(f"sign_in.why.{reason}")
    return page(
        visit,
        "sign_in.html",
        403,
        title=visit.say("sign_in.failed"),
        lines=(words,),
        target=HOME,
        press=visit.say("sign_in.again"),
        again=False,
        unsent={},
    )


def _known(visit: Visit) -> Session | None:
    """Return the session of the browser's cookie, locked or not."""
    cookie = visit.asked.cookie(cookies.SESSION)
    return visit.world.sessions.find(hashed(cookie)) if cookie else None


def _redirect_uri(visit: Visit) -> str:
    return f"{visit.asked.origin}{visit.asked.link('/desk/signed-in')}"


def _target(visit: Visit) -> str:
    """Return the page to come back to: the one that was asked for, or the agency's first for a form and a fragment."""
    asked, number = visit.asked, visit.asked.query.get("number", "")
    of = (asked.form if asked.method == "POST" else asked.query).get("of", "")
    if _HASH.fullmatch(of):
        return f"{asked.path}?of={of}"
    if asked.method in ("GET", "HEAD") and number and not is_of_an_address(number):
        return f"{asked.path}?number={quote(number, safe='')}"
    return asked.path if asked.path != "/desk" else HOME
