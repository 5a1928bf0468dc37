"""Going live: what is done and what is not, and the sheet of each type with the signatures of three people."""

from functools import partial
from typing import TYPE_CHECKING

from chalicelib.domain.ledger.noted import thing
from chalicelib.domain.ledger.what import What
from chalicelib.domain.settings.agency import Agency
from chalicelib.ports.errors import Conflict
from chalicelib.web.desk.leads import leads
from chalicelib.web.desk.noting import acting, noted, noted_after
from chalicelib.web.desk.page import moved, page
from chalicelib.web.desk.standing import standing
from chalicelib.web.desk.trouble import trouble
from chalicelib.web.desk.visit import Answer, Visit

if TYPE_CHECKING:
    from chalicelib.domain.desk.going_live import Item

WHERE = {
    "feed": ("feeds",),
    "watched": ("drafts",),
    "drilled": ("watchers",),
    "judged": ("judge",),
}
"""The page on which somebody sees to what nobody signs here."""

MOST_CODES = 3
"""Codes in the heading of a type's sheet."""


def going_live(visit: Visit) -> Answer:
    """List what must be done before texts go."""
    return _list(visit)


def type_to_sign(visit: Visit) -> Answer:
    """Show all that a type's callers would read, and the signatures under it."""
    name = visit.asked.query.get("of", "")
    return _sheet(visit, name) if name else _list(visit)


def sign(visit: Visit) -> Answer:
    """Sign what somebody read, or take a signature back."""
    from chalicelib.domain.desk.signed import Refused
    from chalicelib.insight.going_live import NothingToSign

    name = visit.asked.form.get("name", "")
    try:
        _withdraw(visit, name) if visit.asked.form.get("act") == "withdraw" else _sign(visit, name)
    except NothingToSign:
        return _again(visit, name, "gone", 409)
    except Refused as refused:
        return _again(visit, name, refused.why, 409 if refused.why == "changed" else 422)
    except Conflict:
        return _again(visit, name, "moved", 409)
    of = _type_of(name)
    return moved(visit, f"{visit.agency_path('going-live', 'type')}?of={of}" if of else visit.agency_path("going-live"))


def _sign(visit: Visit, name: str) -> None:
    from chalicelib.insight.going_live import keep, prepare

    form, who = visit.asked.form, acting(visit.person)
    ours, reference = visit.ours, form.get("reference", "")
    made = prepare(visit.world, ours, name, form.get("of", ""), reference, who, visit.roles, visit.now)
    noted(visit, What.SIGNED, _about(visit, name), partial(keep, visit.world, ours.agency_id, made))


def _withdraw(visit: Visit, name: str) -> None:
    """Take a signature back: it is a brake, so it is done first and noted after."""
    from chalicelib.insight.going_live import withdraw

    number = visit.asked.form.get("number", "")
    seen = int(number) if number.isascii() and number.isdecimal() and len(number) < len("1000000") else -1
    act = partial(withdraw, visit.world, visit.ours.agency_id, name, seen)
    noted_after(visit, What.SIGNED, f"{_about(visit, name)}, taken back", act)


def _about(visit: Visit, name: str) -> str:
    """Return what a line of the ledger is about: what is signed, as people know it; NothingToSign."""
    from chalicelib.insight.going_live import listed, subject

    subject(visit.ours, name)
    what, _, rest = name.partition(".")
    if what != "type":
        return thing("going live:", f"{what} {rest}".strip())
    of, _, signer = rest.partition(".")
    codes = " ".join(listed(visit.ours, of).rule.codes)
    return thing("going live:", f"type {codes[:60]} for {signer}")


def _type_of(name: str) -> str:
    """Return the short name of the type that a signature is about, or ""."""
    what, _, rest = name.partition(".")
    return rest.partition(".")[0] if what == "type" else ""


def _again(visit: Visit, name: str, why: str, status: int) -> Answer:
    of = _type_of(name)
    problem = visit.say(f"going_live_why.{why}")
    return _sheet(visit, of, problem, status) if of else _list(visit, problem, status)


def _list(visit: Visit, problem: str = "", status: int = 200) -> Answer:
    from chalicelib.insight.going_live import read

    seen = read(visit.world, _present(visit), visit.now)
    return page(
        visit,
        "going_live.html",
        status,
        title=visit.say("going_live.title"),
        seen=seen,
        problem=problem,
        mine=partial(_mine, visit),
        where=partial(_where, visit),
        pauses=standing(visit),
    )


def _sheet(visit: Visit, name: str, problem: str = "", status: int = 200) -> Answer:
    from chalicelib.insight.going_live import NothingToSign, listed, read
    from chalicelib.insight.shadow.sign_off import sheet_of

    ours = _present(visit)
    try:
        one = listed(ours, name)
    except NothingToSign:
        return _list(visit, problem, status) if problem else trouble(visit, "not_found")
    rows = read(visit.world, ours, visit.now).types
    return page(
        visit,
        "going_live_type.html",
        status,
        title=visit.say("going_live.type", what=", ".join(one.rule.codes[:MOST_CODES])),
        one=next(row for row in rows if row.listed.id == name),
        sheet=sheet_of(one, ours),
        problem=problem,
        mine=partial(_mine, visit),
        pauses=standing(visit),
    )


def _present(visit: Visit) -> Agency:
    """Return the settings to show: after a press those of this moment, since a page may be a minute behind."""
    pressed = visit.asked.method == "POST"
    return (visit.world.settings.latest(visit.ours.agency_id) if pressed else None) or visit.ours


def _mine(visit: Visit, item: "Item") -> bool:
    """Tell whether somebody signs for this."""
    from chalicelib.domain.desk.signed import signers_among

    return item.subject is not None and bool(item.subject.signers & signers_among(visit.roles))


def _where(visit: Visit, item: "Item") -> str:
    """Return the page on which somebody sees to an item, or "" where they may not open it."""
    below = WHERE.get(item.what)
    return leads(visit, *below) if below else ""
