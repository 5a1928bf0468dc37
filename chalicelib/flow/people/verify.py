"""Verify texts: an agency's public page shows where its texts come from, and whether a code is from one.

It confirms a random code and nothing else. A stalker knows a phone, and may know an incident's number: the page says
nothing about either.
"""

from datetime import datetime

from chalicelib.domain.language import Language
from chalicelib.domain.names import is_agency_id
from chalicelib.domain.notifications.text_code import WRONG_A_MINUTE, code_hash, read_code
from chalicelib.domain.people.public_page import PublicPage
from chalicelib.domain.settings.agency import Agency
from chalicelib.ports.world import Ports


def show_senders(agency_id: str, language: Language, ports: Ports) -> PublicPage:
    """Return an agency's page, before a code is entered."""
    agency = ports.settings.agency(agency_id) if is_agency_id(agency_id) else None
    return _page("ask" if agency else "unknown", agency, language)


def show_home(site: str, language: Language, ports: Ports) -> PublicPage:
    """Return the page at the bare address of a site, which leads to the page of each agency whose links go there."""
    found = map(ports.settings.agency, ports.settings.agencies_at(site.lower()))
    return PublicPage(part="home", standing="ask", language=language, agencies=tuple(filter(None, found)))


def check_code(agency_id: str, typed: str, language: Language, ports: Ports, now: datetime) -> PublicPage:
    """Return the page that says whether a code is real; after ten wrong ones in a minute it checks none."""
    page = show_senders(agency_id, language, ports)
    if page.agency is None or not typed.strip():
        return page
    if ports.surveys.wrong_codes(agency_id, now) >= WRONG_A_MINUTE:
        return _page("wait", page.agency, language)
    code = read_code(typed)
    if code and ports.surveys.has_code(code_hash(agency_id, code), now):
        return _page("yes", page.agency, language)
    ports.surveys.note_wrong_code(agency_id, now)
    return _page("no", page.agency, language)


def _page(standing: str, agency: Agency | None, language: Language) -> PublicPage:
    return PublicPage(part="real", standing=standing, language=language, agency=agency)
