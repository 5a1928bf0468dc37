"""Find: one field for whatever is typed, a span of local time, and what came of it.

A form's answer leads to an address that holds a keyed hash at most. What only a person's phone leads to takes a
reason, is noted, and is counted: so nobody finds people by trying. A phone's last digits get into no address at all.
"""

from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from chalicelib.domain.desk.local_time import BadSpan, LocalSpan
from chalicelib.domain.desk.typed import LONGEST, Typed, read_typed
from chalicelib.domain.ledger.what import What
from chalicelib.domain.people.consent import Reference
from chalicelib.web.desk.asked_why import Reason, read_reason, why_shown
from chalicelib.web.desk.find_query import Search, fields_of, read_search, span_of
from chalicelib.web.desk.find_words import clock_words, facets_of, lines, near_words
from chalicelib.web.desk.looks import looked, too_many
from chalicelib.web.desk.noting import noted
from chalicelib.web.desk.page import moved, page
from chalicelib.web.desk.standing import standing
from chalicelib.web.desk.visit import Answer, Visit

if TYPE_CHECKING:
    from chalicelib.insight.explain.calls import Call

PAGE = 50


def find_form(visit: Visit) -> Answer:
    """Show the form, or what an address looks for: a person's calls, or a list in which nobody is named."""
    search = read_search(visit.asked.query)
    try:
        span = span_of(visit, search)
    except BadSpan as bad:
        return _bad_span(visit, search, str(bad))
    if search.of:
        return _of_person(visit, search, span)
    return _list(visit, search, span) if search.asked else _shown(visit, search)


def find_typed(visit: Visit) -> Answer:
    """Lead to what was typed; nothing of a person gets into the address."""
    form = visit.asked.form
    search, typed = read_search({**form, "of": "", "after": ""}), form.get("typed", "")[:LONGEST]
    try:
        span_of(visit, search)
    except BadSpan as bad:
        return _bad_span(visit, search, str(bad), typed=typed)
    if not typed.strip():
        asked = search.query(why="", ticket="", **fields_of(visit, search))
        return moved(visit, f"{visit.agency_path('find')}?{asked}")
    read = read_typed(typed, visit.ours.country)
    return _by_name(visit, search, read, typed) or _by_person(visit, search, read, typed)


def _by_name(visit: Visit, search: Search, read: Typed, typed: str) -> Answer | None:
    """Return the way to the call that bears a name, if one does."""
    if not read.name:
        return None
    calls = _calls(visit, read.name)
    if not calls:
        return None
    if read.either:
        return _shown(visit, search, typed=typed, several=calls, problem=visit.say("find.or_phone"))
    return moved(visit, f"{visit.agency_path('incident')}?number={quote(read.name, safe='')}")


def _by_person(visit: Visit, search: Search, read: Typed, typed: str) -> Answer:
    shown = partial(_shown, visit, search, typed=typed)
    if not read.of_a_person:
        return _nothing(visit, search, visit.say("find.no_name"), typed)
    reason = read_reason(visit, visit.asked.form)
    if reason.problem:
        return shown(status=422, reason=reason)
    if len(read.addresses) > 1:
        return shown(status=422, problem=visit.say("find.one_phone"), reason=reason)
    if read.last_digits and not (search.beat and span_of(visit, search).is_a_day):
        return shown(status=422, problem=visit.say("find.digits_need"), reason=reason)
    refused = too_many(visit)
    if refused:
        return refused
    for address in read.addresses:
        keyed_hash = visit.world.contacts.reference(address).keyed_hash
        given = search.query(of=keyed_hash, why=reason.why, ticket=reason.ticket)
        return moved(visit, f"{visit.agency_path('find')}?{given}")
    return _by_code(visit, search, read, reason, typed)


def _by_code(visit: Visit, search: Search, read: Typed, reason: Reason, typed: str) -> Answer:
    from chalicelib.insight.desk.find import call_of_code

    note = partial(noted, visit, What.SEARCHED, why=reason.why, ticket=reason.ticket)
    agency_id = visit.ours.agency_id
    if read.code:
        number = note("the code of a text", partial(call_of_code, visit.world, agency_id, read.code, visit.now))
        if number:
            return moved(visit, f"{visit.agency_path('incident')}?number={quote(f'={number}', safe='')}")
    if not read.last_digits:
        return _nothing(visit, search, visit.say("find.no_code"), typed, reason)
    return note("phones by their last digits, on a day and a beat", partial(_by_digits, visit, search, read, reason))


def _by_digits(visit: Visit, search: Search, read: Typed, reason: Reason) -> Answer:
    """Show the calls of a day and a beat from a phone that ends so; the answer to the form alone has the digits."""
    from chalicelib.insight.desk.find import calls_by_last_digits

    span = span_of(visit, search)
    found = calls_by_last_digits(visit.world, visit.ours.agency_id, read.last_digits, span, search.beat)
    words = "find.digits_many" if found.many else "find.digits_found" if found.calls else "find.digits_none"
    told = visit.say(words, n=len(found.calls))
    if found.more:
        told = f"{told} {visit.say('find.digits_more')}"
    return _shown(visit, search, typed=read.last_digits, reason=reason, several=found.calls, problem=told)


def _nothing(visit: Visit, search: Search, words: str, typed: str, reason: Reason | None = None) -> Answer:
    from chalicelib.insight.desk.find import calls_near

    span = span_of(visit, search)
    near = near_words(visit, span, calls_near(visit.world, visit.ours.agency_id, span, search.beat), "calls")
    return _shown(visit, search, status=404, typed=typed, problem=words, near=near, reason=reason or Reason())


def _of_person(visit: Visit, search: Search, span: LocalSpan) -> Answer:
    reason = read_reason(visit, visit.asked.query)
    if reason.problem:
        return _shown(visit, search, status=422, reason=reason, asks_why=True)
    return looked(visit, What.SEARCHED, search.of, reason, partial(_their_calls, visit, search, span, reason))


def _their_calls(visit: Visit, search: Search, span: LocalSpan, reason: Reason) -> Answer:
    from chalicelib.insight.desk.find import calls_of_person
    from chalicelib.web.desk.find_words import before_of

    before, person = before_of(search.after), Reference(search.of)
    theirs = calls_of_person(visit.world, visit.ours.agency_id, person, span, search.beat, before)
    after = search.query(after=theirs.after.isoformat()) if theirs.after else ""
    near = "" if theirs.calls else near_words(visit, span, theirs.near, "others")
    return _shown(visit, search, reason=reason, theirs=theirs, next_page=after, near=near, span=span)


def _list(visit: Visit, search: Search, span: LocalSpan) -> Answer:
    found = visit.world.recent.of(
        visit.ours.agency_id, span.since, span.until, wanted=search.wanted, most=PAGE, after=search.after
    )
    return _shown(
        visit,
        search,
        listed=found,
        rows=tuple(zip(found.found, lines(visit, found.found), strict=True)),
        next_page=search.query(after=found.after) if found.after else "",
        facets=facets_of(visit, search, found.found),
        span=span,
    )


def _bad_span(visit: Visit, search: Search, field: str, typed: str = "") -> Answer:
    return _shown(visit, search, status=422, typed=typed, problem=visit.say(f"find.bad_{field}"), bad=field)


def _shown(
    visit: Visit, search: Search, status: int = 200, typed: str = "", reason: Reason | None = None, **more: Any
) -> Answer:
    usual: dict[str, Any] = {
        **dict.fromkeys(("problem", "near", "next_page", "bad"), ""),
        "several": (),
        "listed": None,
        "theirs": None,
        "facets": (),
        "rows": (),
        "span": None,
        "asks_why": False,
    }
    given = reason or Reason(why=search.why, ticket=search.ticket)
    return page(
        visit,
        "find_page.html",
        status,
        title=visit.say("find.title"),
        search=search,
        clocks=clock_words(visit, search),
        typed=typed,
        longest=LONGEST,
        pauses=standing(visit),
        **fields_of(visit, search),
        **why_shown(given),
        **{**usual, **more},
    )


def _calls(visit: Visit, name: str) -> tuple["Call", ...]:
    from chalicelib.insight.explain.calls import calls_in
    from chalicelib.insight.records.subject import bearing_name

    return calls_in(bearing_name(visit.world, visit.ours, name), None)
