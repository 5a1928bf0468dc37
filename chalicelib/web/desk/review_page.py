"""Access review: who signed in and did what in a period, and who may do what, to print and sign."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial

from chalicelib.domain.desk.permissions import Role
from chalicelib.domain.desk.session import limits_of, standing
from chalicelib.domain.ledger.what import What
from chalicelib.domain.ledger.who import by_desk, shown_by
from chalicelib.domain.settings.desk import LONGEST
from chalicelib.insight.ledger.days import first_moment, last_moment
from chalicelib.insight.ledger.read import Asked
from chalicelib.insight.ledger.review import as_csv, changes_of_roles, review
from chalicelib.web.desk.csv_file import csv_file
from chalicelib.web.desk.ledger_page import THE_LEDGER
from chalicelib.web.desk.ledger_words import what_words
from chalicelib.web.desk.noting import noted
from chalicelib.web.desk.page import page
from chalicelib.web.desk.reachable import read_or_none
from chalicelib.web.desk.visit import Answer, Visit

MOST = 20_000
"""Lines of the ledger that a review counts: they must be read within a request."""

MOST_SESSIONS = 100
_A_YEAR = 364
_SPANS = (("quarter", 89), ("half", 181), ("year", _A_YEAR))


def access_review(visit: Visit) -> Answer:
    """Show the review of a period, once it is noted that somebody reads the ledger."""
    return noted(visit, What.LOOKED, THE_LEDGER, partial(_shown, visit, *_days(visit, visit.asked.query)))


def export_review(visit: Visit) -> Answer:
    """Answer with the review's people as a file, once it is noted."""
    first, last, problem = _days(visit, visit.asked.form)
    if problem:
        return noted(visit, What.LOOKED, THE_LEDGER, partial(_shown, visit, first, last, problem))
    rows = list(as_csv(review(visit.world, _asked(visit, first, last), MOST), visit.ours.zone))
    name = f"access-review-{visit.ours.agency_id}-{first}-{last}"
    return noted(visit, What.EXPORTED_LEDGER, "", partial(csv_file, name, rows))


def _shown(visit: Visit, first: str, last: str, problem: str) -> Answer:
    asked = _asked(visit, first, last)
    agency_id = visit.ours.agency_id
    found = review(visit.world, asked, MOST)
    return page(
        visit,
        "review.html",
        422 if problem else 200,
        title=visit.say("review.title"),
        problem=problem,
        first=first,
        last=last,
        spans=[(visit.say(f"review.{name}"), *_span(visit, days)) for name, days in _SPANS],
        found=found,
        partial=found.counted_from > asked.since,
        what_words=partial(what_words, visit),
        known_roles=frozenset(Role),
        map=sorted(visit.ours.desk.roles.items()),
        changes=read_or_none(partial(changes_of_roles, visit.world, agency_id, asked.since), "read changes of roles"),
        sessions=read_or_none(partial(_open, visit), "read who is signed in"),
        role_words=lambda roles: ", ".join(visit.say(f"role.{role}") for role in roles) or visit.say("review.no_role"),
    )


def _open(visit: Visit) -> list[tuple[str, str, str]]:
    limits = limits_of(visit.ours.desk)
    found = visit.world.sessions.at(visit.ours.agency_id, visit.now - LONGEST, MOST_SESSIONS)
    return [
        (
            f"{one.name} · {visit.say('others.wall')}" if one.wall else one.name,
            shown_by(by_desk(one.issuer, one.subject)),
            f"{one.began_at.astimezone(visit.ours.zone):%Y-%m-%d %H:%M}",
        )
        for one in found
        if standing(one, limits, visit.now) != "ended"
    ]


def _asked(visit: Visit, first: str, last: str) -> Asked:
    zone = visit.ours.zone
    until = min(last_moment(last, zone), visit.now)
    return Asked(agency_id=visit.ours.agency_id, since=first_moment(first, zone), until=until)


def _days(visit: Visit, given: Mapping[str, str]) -> tuple[str, str, str]:
    """Return the first day and the last: those that were asked for, or the last year where they are none."""
    first, last = _span(visit, _A_YEAR)
    wanted = (given.get("from", "") or first, given.get("to", "") or last)
    try:
        if first_moment(wanted[0], visit.ours.zone) < last_moment(wanted[1], visit.ours.zone):
            return (*wanted, "")
    except ValueError:
        pass
    return first, last, visit.say("review.bad_days")


def _span(visit: Visit, days: int) -> tuple[str, str]:
    today = visit.now.astimezone(visit.ours.zone).date()
    return str(today - timedelta(days=days)), str(today)
