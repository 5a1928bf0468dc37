"""A look at a person, or an act on one, with its note; whoever is protected has a line of their own beside it."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from chalicelib.domain.ledger.noted import person as about_person
from chalicelib.domain.ledger.what import What
from chalicelib.domain.people.consent import Reference
from chalicelib.web.desk.asked_why import Reason
from chalicelib.web.desk.noting import all_noted, entry, noted
from chalicelib.web.desk.trouble import trouble
from chalicelib.web.desk.visit import Answer, Visit

T = TypeVar("T")
SEARCHES_AN_HOUR = 30
"""Somebody on the phone with callers all night needs ten. Trying the last digits of a phone takes ten thousand."""


def looked(visit: Visit, what: What, keyed_hash: str, reason: Reason, act: Callable[[], T]) -> T:
    """Note a look at a person, then do it; NotNoted, and whatever it raises.

    The auditor's line comes first. Both are one write before anything is shown, so that a look at somebody protected
    makes as many calls as any other.
    """
    told = partial(entry, visit, visit.person, about=about_person(keyed_hash), why=reason.why, ticket=reason.ticket)
    protected = visit.world.contacts.protected.find(visit.ours.agency_id, Reference(keyed_hash)) is not None
    whats = (What.LOOKED_PROTECTED, what) if protected else (what,)
    return all_noted(visit, lambda: [told(one) for one in whats], act)


def too_many(visit: Visit) -> Answer | None:
    """Count a search for a person; return the page for one too many, which the ledger has once an hour."""
    who, agency_id = visit.person, visit.ours.agency_id
    count = visit.world.sessions.searched(agency_id, who.issuer, who.subject, visit.now)
    if count <= SEARCHES_AN_HOUR:
        return None
    refused = partial(trouble, visit, "too_many")
    if count > SEARCHES_AN_HOUR + 1:
        return refused()
    return noted(visit, What.REFUSED, f"more than {SEARCHES_AN_HOUR} searches for people in an hour", refused)
