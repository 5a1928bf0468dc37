"""Unsubscribe by the link in an email: its page asks, a button acts.

Opening the page changes nothing, because mail scanners open every link. A mail program's own button posts
`List-Unsubscribe=One-Click` (RFC 8058) and means all messages.
"""

from collections.abc import Mapping
from datetime import datetime

from chalicelib.domain.language import Language
from chalicelib.domain.people.consent import Person, read_unsubscribe, widest
from chalicelib.domain.people.contact import OptOutScope
from chalicelib.domain.people.public_page import PublicPage
from chalicelib.domain.settings.agency import Agency
from chalicelib.flow.conflicts import again_on_conflict
from chalicelib.ports.world import Ports

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
_CHOICES = ("all", "surveys")


def show_unsubscribe(token: str, language: Language, ports: Ports) -> PublicPage:
    """Return the page of a link, with a button for each choice."""
    _, agency = _read(token, ports)
    if agency is None:
        return PublicPage(part="consent", standing="unknown", language=language)
    return PublicPage(part="consent", standing="ask", language=language, agency=agency, choices=_CHOICES)


def unsubscribe(token: str, form: Mapping[str, str], language: Language, ports: Ports, now: datetime) -> PublicPage:
    """Store the choice of a button; return the page that follows. Busy."""
    person, agency = _read(token, ports)
    if person is None or agency is None:
        return show_unsubscribe(token, language, ports)
    chosen = "all" if ONE_CLICK.items() <= form.items() else form.get("choice", "")
    if chosen not in (*_CHOICES, "none"):
        return show_unsubscribe(token, language, ports)
    _store(chosen, person, agency, ports, now)
    undo = () if chosen == "none" else ("none",)
    return PublicPage(part="consent", standing=f"done_{chosen}", language=language, agency=agency, choices=undo)


@again_on_conflict()
def _store(chosen: str, person: Person, agency: Agency, ports: Ports, now: datetime) -> None:
    who = person.agency_id, person.reference
    if chosen == "none":
        ports.contacts.opt_in(*who, now, chosen, "email_link")
        return
    known = ports.contacts.load(*who, agency.day(now)).opted_out
    ports.contacts.opt_out(*who, widest(known, OptOutScope(chosen)), now, chosen, "email_link")


def _read(token: str, ports: Ports) -> tuple[Person | None, Agency | None]:
    person = read_unsubscribe(ports.unsubscribe_secret, token)
    return person, ports.settings.agency(person.agency_id) if person else None
