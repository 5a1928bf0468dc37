"""Person: what was sent to somebody and how they may be written to, by keyed hash. Each look takes a reason, noted."""

from functools import partial
from typing import TYPE_CHECKING

from chalicelib.domain.ledger.what import What
from chalicelib.domain.people.consent import Consent, Reference
from chalicelib.domain.people.contact import OptOutScope
from chalicelib.web.desk.asked_why import Reason, read_reason, why_shown
from chalicelib.web.desk.find_query import Search, read_search
from chalicelib.web.desk.find_words import before_of, value_words
from chalicelib.web.desk.looks import looked
from chalicelib.web.desk.page import page
from chalicelib.web.desk.person_words import deed_words, offered
from chalicelib.web.desk.standing import standing
from chalicelib.web.desk.trouble import trouble
from chalicelib.web.desk.visit import Answer, Visit

if TYPE_CHECKING:
    from chalicelib.insight.people.whole import Whole


def person(visit: Visit) -> Answer:
    """Show a person, masked, to whoever says why."""
    search = read_search(visit.asked.query)
    if not search.of:
        return trouble(visit, "not_found")
    reason = read_reason(visit, visit.asked.query)
    if reason.problem:
        return _ask_why(visit, search, reason)
    return looked(visit, What.LOOKED, search.of, reason, partial(_masked, visit, search, reason))


def revealed(visit: Visit, keyed_hash: str, reason: Reason) -> Answer:
    """Show a person whole, on the answer to this one form."""
    search = Search(of=keyed_hash, why=reason.why, ticket=reason.ticket)
    return looked(visit, What.REVEALED, keyed_hash, reason, partial(_whole, visit, search, reason))


def _masked(visit: Visit, search: Search, reason: Reason) -> Answer:
    from chalicelib.insight.people.whole import read_whole

    before = before_of(search.after)
    return _shown(visit, search, reason, read_whole(visit.world, visit.ours, Reference(search.of), visit.now, before))


def _whole(visit: Visit, search: Search, reason: Reason) -> Answer:
    from chalicelib.insight.people.whole import read_whole

    told = read_whole(visit.world, visit.ours, Reference(search.of), visit.now, reveal=True)
    return _shown(visit, search, reason, told)


def _shown(visit: Visit, search: Search, reason: Reason, whole: "Whole") -> Answer:
    if not whole.known:
        return _nobody(visit, search)
    return page(
        visit,
        "person.html",
        title=visit.say("person.title"),
        whole=whole,
        search=search,
        reason=reason,
        next_page=search.query(after=whole.after.isoformat()) if whole.after else "",
        value=partial(value_words, visit),
        consent=partial(_consent, visit),
        deed=partial(deed_words, visit),
        acts=offered(visit, whole),
        scopes=OptOutScope,
        pauses=standing(visit),
    )


def _nobody(visit: Visit, search: Search) -> Answer:
    """Say that nothing is kept: the same for somebody who never was here and for another agency's."""
    return page(visit, "person_none.html", 404, title=visit.say("person.title"), search=search, pauses=standing(visit))


def _ask_why(visit: Visit, search: Search, reason: Reason) -> Answer:
    shown = why_shown(reason if visit.asked.query.get("why") else Reason())
    title = visit.say("find.why_first")
    return page(visit, "person_why.html", 422, title=title, search=search, pauses=standing(visit), **shown)


def _consent(visit: Visit, word: Consent) -> str:
    """Return what somebody chose, and how we know."""
    what = word.opted_out or "again"
    source = "desk" if word.source == "command" and "desk:" in word.author else word.source
    return f"{visit.say(f'person.chose_{what}')} {visit.say(f'person.by_{source}')}"
