"""A look at a person, or an act on one, with its note; whoever is protected has a line of their own beside it."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from chalicelib.domain.incidents.identity import shown_number
from chalicelib.domain.ledger.noted import incident as about_incident
from chalicelib.domain.ledger.noted import person as about_person
from chalicelib.domain.ledger.what import What
from chalicelib.domain.people.consent import Reference
from chalicelib.web.desk.asked_why import Reason
from chalicelib.web.desk.noting import all_noted, entry, noted
from chalicelib.web.desk.trouble import trouble
from chalicelib.web.desk.visit import Answer, Visit

if TYPE_CHECKING:
    from chalicelib.domain.incidents.incident import Incident

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


def protected_on(visit: Visit, incident: "Incident") -> tuple[str, ...]:
    """Return the keyed hashes of the people on a call who are protected, as far as it has, or had, their address."""
    contacts = visit.world.contacts
    everybody = frozenset(map(contacts.reference, incident.all_addresses))
    found = contacts.protected.among(visit.ours.agency_id, everybody)
    return tuple(sorted(one.keyed_hash for one in found))


def looked_at_call(visit: Visit, what: What, incident: "Incident", reason: Reason, act: Callable[[bool], T]) -> T:
    """Note a look at a call, then do it, told whether somebody on it is protected; NotNoted, and whatever it raises.

    The auditor's lines come first, one for each person who is protected.
    """
    note = partial(noted, visit, why=reason.why, ticket=reason.ticket)
    protected = protected_on(visit, incident)
    about = about_incident(shown_number(incident) or incident.incident_number)
    noting: Callable[[], T] = partial(note, what, about, partial(act, bool(protected)))
    for keyed_hash in protected:
        noting = partial(note, What.LOOKED_PROTECTED, about_person(keyed_hash), noting)
    return noting()


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
