"""Looks and acts at the desk, each with its note in the ledger."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import TypeVar

from msgspec.structs import replace

from chalicelib.boundary import report
from chalicelib.domain.approval import Author
from chalicelib.domain.desk.session import Session
from chalicelib.domain.ledger.noted import Noted, Unnotable, as_roles, part
from chalicelib.domain.ledger.what import What
from chalicelib.domain.ledger.who import by_desk, clean_name
from chalicelib.domain.notifications.pause import PauseOf
from chalicelib.domain.settings.desk import roles_of
from chalicelib.flow.ledger.act import act_noted, all_noted_first, done_first
from chalicelib.insight.desk.board import WHOLE
from chalicelib.ports.desk import ProviderDown
from chalicelib.ports.errors import NotNoted
from chalicelib.web.desk.visit import Visit

T = TypeVar("T")
NOBODYS = "!desk"
"""Under this name, which no agency can have, stands what is of no agency."""


def noted(visit: Visit, what: What, about: str, act: Callable[[], T], *, why: str = "", ticket: str = "") -> T:
    """Do an act of the person who visits, with its note; NotNoted where it widens something, and whatever it raises."""
    made = partial(entry, visit, visit.person, what, about, why, ticket)
    return act_noted(what, made, act, partial(_keep, visit), _unnoted)


def all_noted(visit: Visit, entries: Callable[[], Sequence[Noted]], act: Callable[[], T]) -> T:
    """Do what widens something with several notes, by one write; NotNoted, and whatever it raises."""
    return all_noted_first(entries, act, partial(_keep, visit))


def noted_after(visit: Visit, what: What, about: str, act: Callable[[], T]) -> T:
    """Do what only takes something away although its kind may also give, and note it if that can be."""
    return done_first(lambda: entry(visit, visit.person, what, about), act, partial(_keep, visit), _unnoted)


def as_it_was() -> None:
    """Change nothing: the act where all is so already. Its line stands in the ledger as that of any other press."""


def entry(visit: Visit, session: Session, what: What, about: str = "", why: str = "", ticket: str = "") -> Noted:
    """Return an entry of somebody who is signed in."""
    return Noted(
        at=visit.now,
        agency_id=visit.agency.agency_id if visit.agency else NOBODYS,
        by=by_desk(session.issuer, session.subject),
        name=session.name,
        what=what,
        about=about,
        reason=why,
        ticket=ticket,
        session=session.pseudonym,
    )


def note_sign_in(visit: Visit, session: Session) -> None:
    """Note that somebody signed in, at each agency where they have a role.

    It is noted after: with the ledger down somebody must be able to reach the brake, and each look needs a note anyway.
    """
    desks = visit.world.settings.desks()
    theirs = {name: roles for name, desk in desks.items() if (roles := roles_of(session.groups, desk))}
    for agency_id in theirs or _everywhere(visit):
        about = as_roles(sorted(theirs.get(agency_id, ())))
        _try(visit, replace(entry(visit, session, What.SIGNED_IN, about), agency_id=agency_id))


def note_failure(visit: Visit, subject: str) -> None:
    """Note that somebody whom the provider named could not sign in. Nobody knows at which agency they would
    have, so the auditors of each find it.
    """
    with suppress(ProviderDown):
        by = by_desk(visit.world.desk_provider.describe().issuer, subject)
        for agency_id in _everywhere(visit):
            _try(visit, Noted(at=visit.now, agency_id=agency_id, by=by, what=What.SIGN_IN_FAILED))


def _everywhere(visit: Visit) -> list[str]:
    """Return every agency that gives somebody a role at the desk."""
    return [name for name, desk in visit.world.settings.desks().items() if desk.roles] or [NOBODYS]


def _keep(visit: Visit, *noted: Noted) -> None:
    """Keep entries; NotNoted. The ledger is asked for only now: a stack without one must not stop a brake."""
    try:
        visit.world.ledger.note(*noted)
    except LookupError as none:
        raise NotNoted from none


def _try(visit: Visit, one: Noted) -> None:
    try:
        _keep(visit, one)
    except (NotNoted, Unnotable) as problem:
        report(problem, "note a sign-in")


def about(of: PauseOf, which: str) -> str:
    """Return the extent of a pause as an entry names it."""
    return part(of, "" if of in WHOLE else which)


def acting(session: Session) -> Author:
    """Return who acts: the name that their provider gives them, and the one that people know."""
    return Author(by_desk(session.issuer, session.subject), clean_name(session.name))


def author(session: Session) -> str:
    """Return who it is where no ledger is: the name that people know, and the one that the provider does."""
    return acting(session).written


def _unnoted(problem: Exception) -> None:
    report(problem, "note a brake")
