"""Ledger: who looked at what and did what, and why; looks at protected people first. Each look at it is noted, too."""

import re
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from urllib.parse import urlencode

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.ledger.addresses import has_address
from chalicelib.domain.ledger.noted import can_be_about, incident, person
from chalicelib.domain.ledger.what import REASONS, What
from chalicelib.insight.ledger.days import first_moment, last_moment
from chalicelib.insight.ledger.read import BEGINNING, Asked, Page, read
from chalicelib.insight.ledger.table import TooLong, file_of
from chalicelib.web.desk.choice import choice
from chalicelib.web.desk.csv_file import csv_file
from chalicelib.web.desk.ledger_words import about_words, reason_words, said, what_words
from chalicelib.web.desk.noting import noted
from chalicelib.web.desk.page import moved, page
from chalicelib.web.desk.visit import Answer, Visit

OK = 200
SHOWN = 50
PROTECTED_SHOWN = 10
"""Looks at protected people that stand before everything else."""

LOOKED_THROUGH = 500
"""Lines that a page looks through for a reason: no index has it."""

LONGEST_FILE = 5000
"""Lines of a file: they must be read and sent within a request."""

THE_LEDGER = "the ledger"
_FILTERS = ("what", "who", "about", "reason", "from", "to")
_KEY = re.compile("[0-9a-f]{32}")
_PSEUDONYM = re.compile("(?:person )?([0-9a-f]{12})")
_LONGEST = 80


class Wanted(Struct, frozen=True, kw_only=True):
    """What somebody asked for: the filters that count, and what to do about those that do not."""

    asked: Asked
    filters: Mapping[str, str]
    problem: str = ""


def ledger(visit: Visit) -> Answer:
    """Show a page of the ledger, once it is noted that somebody reads it."""
    wanted = _wanted(visit, visit.asked.query)
    return noted(visit, What.LOOKED, THE_LEDGER, lambda: _shown(visit, wanted))


def seek(visit: Visit) -> Answer:
    """Lead to what a form asks for. A phone or an email gets into no address: its person's pseudonym stands there."""
    form = visit.asked.form
    given = {name: form.get(name, "").strip()[:_LONGEST] for name in _FILTERS}
    typed, given["about"] = given["about"], _about(visit, given["about"])
    wanted = _wanted(visit, given)
    if wanted.problem or (typed and not given["about"]):
        return _form(visit, wanted, Page((), ""), wanted.problem or visit.say("ledger.no_about"), 422)
    return moved(visit, f"{visit.agency_path('ledger')}?{urlencode(wanted.filters)}")


def export(visit: Visit) -> Answer:
    """Answer with a file of what is shown, once it is noted; for the public without reasons and sign-in names."""
    form = visit.asked.form
    wanted, public = _wanted(visit, form), choice(form, "for", ("agency", "public"), "agency") == "public"
    if wanted.problem:
        return _form(visit, wanted, Page((), ""), wanted.problem, 422)
    try:
        rows = file_of(visit.world, wanted.asked, visit.ours.zone, LONGEST_FILE, to_public=public)
    except TooLong:
        return noted(visit, What.LOOKED, THE_LEDGER, partial(_too_long, visit, wanted))
    name = f"ledger-{visit.ours.agency_id}{'-public' if public else ''}"
    return noted(visit, What.EXPORTED_LEDGER, "", partial(csv_file, name, rows))


def _too_long(visit: Visit, wanted: Wanted) -> Answer:
    return _form(visit, wanted, _read(visit, wanted), visit.say("ledger.too_long", most=f"{LONGEST_FILE:,}"), 422)


def _shown(visit: Visit, wanted: Wanted) -> Answer:
    try:
        found = _read(visit, wanted)
    except ValueError:
        return _form(visit, wanted, Page((), ""), visit.say("ledger.no_page"), 404)
    return _form(visit, wanted, found, wanted.problem)


def _read(visit: Visit, wanted: Wanted) -> Page:
    return read(visit.world, wanted.asked, SHOWN, LOOKED_THROUGH)


def _protected(visit: Visit, wanted: Wanted) -> Page | None:
    """Return the newest looks at protected people; None where somebody asked for something else. It is one Query."""
    if wanted.problem or wanted.asked.after or not wanted.filters.keys() <= {"from", "to"}:
        return None
    return read(visit.world, replace(wanted.asked, what=What.LOOKED_PROTECTED), PROTECTED_SHOWN)


def _form(visit: Visit, wanted: Wanted, found: Page, problem: str, status: int = OK) -> Answer:
    grave = None if status != OK else _protected(visit, wanted)
    return page(
        visit,
        "ledger.html",
        status,
        title=visit.say("ledger.title"),
        protected=None if grave is None else [said(visit, line) for line in grave.lines],
        more_protected=_narrowed(visit, wanted.filters, what=What.LOOKED_PROTECTED) if grave and grave.after else "",
        lines=[said(visit, line) for line in found.lines],
        problem=problem,
        filters=wanted.filters,
        chosen=[(name, _chosen(visit, name, value)) for name, value in wanted.filters.items()],
        narrowed=partial(_narrowed, visit, wanted.filters),
        further=_narrowed(visit, wanted.filters, after=found.after) if found.after else "",
        days=_days(visit),
        whats=[(what, what_words(visit, what)) for what in What],
        reasons=[(why, reason_words(visit, why)) for why in REASONS],
    )


def _wanted(visit: Visit, given: Mapping[str, str]) -> Wanted:
    """Return the part of the ledger that somebody asked for; a filter that can't be is left out and said."""
    filters = {name: value for name in _FILTERS if (value := given.get(name, "").strip()[:_LONGEST])}
    bad = [name for name, value in filters.items() if not _is_known(visit, name, value)]
    filters = {name: value for name, value in filters.items() if name not in bad}
    zone = visit.ours.zone
    asked = Asked(
        agency_id=visit.ours.agency_id,
        since=first_moment(filters["from"], zone) if "from" in filters else BEGINNING,
        until=last_moment(filters["to"], zone) if "to" in filters else visit.now,
        what=filters.get("what", ""),
        by=filters.get("who", ""),
        about=filters.get("about", ""),
        reason=filters.get("reason", ""),
        after=given.get("after", ""),
    )
    return Wanted(asked=asked, filters=filters, problem=visit.say(f"ledger.bad_{bad[0]}") if bad else "")


def _is_known(visit: Visit, name: str, value: str) -> bool:
    if name in ("from", "to"):
        return _is_day(visit, value)
    if name == "who":
        return _KEY.fullmatch(value) is not None
    if name == "about":
        return can_be_about(value)
    return value in (REASONS if name == "reason" else frozenset(What))


def _is_day(visit: Visit, value: str) -> bool:
    try:
        return bool(first_moment(value, visit.ours.zone) and last_moment(value, visit.ours.zone))
    except ValueError:
        return False


def _about(visit: Visit, typed: str) -> str:
    """Return what lines call the incident or person that somebody typed; "" for what can't be one."""
    from chalicelib.insight.records.subject import find_person

    named = _PSEUDONYM.fullmatch(typed)
    if named or not typed:
        return f"person {named[1]}" if named else ""
    number = typed.removeprefix("incident ").removeprefix("=")
    if number != typed:
        return incident(number)
    someone = find_person(visit.world, visit.ours, typed)
    if someone is None:
        return "" if has_address(typed) else incident(typed)
    return person(someone.keyed_hash)


def _chosen(visit: Visit, name: str, value: str) -> str:
    """Return a filter as people read it."""
    if name == "who":
        return visit.say("ledger.one_person")
    words = {"what": what_words, "reason": reason_words, "about": about_words}.get(name)
    return words(visit, value) if words else visit.say(f"ledger.day_{name}", day=value)


def _narrowed(visit: Visit, filters: Mapping[str, str], **more: str) -> str:
    """Return the address of the ledger with other filters; one that is empty is taken out."""
    wanted = {name.rstrip("_"): value for name, value in {**filters, **more}.items() if value}
    return f"{visit.link('ledger')}?{urlencode(wanted)}" if wanted else visit.link("ledger")


def _days(visit: Visit) -> list[tuple[str, str, str]]:
    """Return the spans of time that are a link: their words, the first day and the last."""
    today = visit.now.astimezone(visit.ours.zone).date()
    spans = (("today", 0), ("week", 6), ("month", 29), ("year", 364))
    return [(visit.say(f"ledger.{name}"), str(today - timedelta(days=days)), str(today)) for name, days in spans]
