"""What Find found as a file: the same lines as on its pages, up to so many, with times that a program can read."""

from functools import partial
from typing import TYPE_CHECKING

from chalicelib.domain.desk.local_time import BadSpan, LocalSpan
from chalicelib.domain.ledger.what import What
from chalicelib.domain.people.consent import Reference
from chalicelib.insight.csv_row import csv_row
from chalicelib.web.desk.asked_why import read_reason
from chalicelib.web.desk.csv_file import csv_file
from chalicelib.web.desk.find_page import find_form
from chalicelib.web.desk.find_query import Search, read_search, span_of
from chalicelib.web.desk.find_words import before_of, lines
from chalicelib.web.desk.looks import looked
from chalicelib.web.desk.noting import noted
from chalicelib.web.desk.times import Times
from chalicelib.web.desk.visit import Answer, Visit

if TYPE_CHECKING:
    from chalicelib.insight.explain.calls import Call

MOST = 1000


def find_file(visit: Visit) -> Answer:
    """Download a list, or a person's calls; who has the file is noted."""
    search = read_search(visit.asked.query)
    try:
        span = span_of(visit, search)
    except BadSpan:
        return find_form(visit)
    if not search.of:
        return noted(visit, What.SEARCHED, "calls and messages, as a file", partial(_listed, visit, search, span))
    reason = read_reason(visit, visit.asked.query)
    if reason.problem:
        return find_form(visit)
    return looked(visit, What.EXPORTED, search.of, reason, partial(_theirs, visit, search, span))


def _listed(visit: Visit, search: Search, span: LocalSpan) -> Answer:
    found = visit.world.recent.of(
        visit.ours.agency_id, span.since, span.until, wanted=search.wanted, most=MOST, after=search.after
    ).found
    times = Times(visit.ours.zone, visit.now, visit.say)
    rows = (
        (times.exact(one.created_at), one.key.incident_number, *told)
        for one, told in zip(found, lines(visit, found), strict=True)
    )
    header = _header(visit, "began number kind state reason type beat")
    return csv_file("calls-and-messages", map(csv_row, (header, *rows)))


def _theirs(visit: Visit, search: Search, span: LocalSpan) -> Answer:
    from chalicelib.insight.desk.find import calls_of_person

    before, person = before_of(search.after), Reference(search.of)
    theirs = calls_of_person(visit.world, visit.ours.agency_id, person, span, search.beat, before)
    times = Times(visit.ours.zone, visit.now, visit.say)
    rows = ((_began(times, one), one.incident_number, one.incident_type, one.beat, one.went) for one in theirs.calls)
    return csv_file("calls-of-a-person", map(csv_row, (_header(visit, "began number type beat went"), *rows)))


def _began(times: Times, call: "Call") -> str:
    return times.exact(call.received_at) if call.received_at else ""


def _header(visit: Visit, names: str) -> tuple[str, ...]:
    return tuple(visit.say(f"find.column_{name}") for name in names.split())
