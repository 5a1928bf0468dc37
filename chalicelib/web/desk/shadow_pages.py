"""The shadow report: asked for a period, counted day by day behind the queue, and shown to whoever may see figures.

Counts are for everybody who may see figures. Words, calls and people under four digits are for those who sign for
going live, and who opens them is noted.
"""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from chalicelib.domain.desk.jobs import Progress
from chalicelib.domain.desk.permissions import Permission
from chalicelib.domain.ledger.noted import thing
from chalicelib.domain.ledger.what import What
from chalicelib.domain.settings.agency import Agency
from chalicelib.web.desk.job_asked import ask_for, progress
from chalicelib.web.desk.leads import leads
from chalicelib.web.desk.noting import acting, noted
from chalicelib.web.desk.page import moved, page, part
from chalicelib.web.desk.standing import standing
from chalicelib.web.desk.trouble import trouble
from chalicelib.web.desk.visit import Answer, Visit
from chalicelib.web.desk.wording import reason_words

if TYPE_CHECKING:
    from chalicelib.insight.shadow.report import ShadowReport, TypeCount

    Links = Callable[[TypeCount], str]

MOST_PEOPLE = 50
MOST_TYPES = 100
"""Rows of a table of types, codes or values; of more, the page says how many there are."""

MOST_INCIDENTS = 20


def shadow(visit: Visit) -> Answer:
    """Show how far a period's report is, or offer to ask for it."""
    days, present = _days(visit.asked.query.get("days", "")), _present(visit)
    return _shown(visit, days, present, _found(visit, days, present))


def ask_shadow(visit: Visit) -> Answer:
    """Ask for a period's report; asking twice on one day asks once, whoever asks."""
    from chalicelib.insight.shadow.days import job_of

    days, present = _days(visit.asked.form.get("days", "")), _present(visit)
    job = job_of(days, present, acting(visit.person), visit.now)
    told = thing("shadow report:", f"asked for {days} days")
    refused = ask_for(visit, What.LOOKED, told, job)
    if refused:
        return _shown(visit, days, present, _found(visit, days, present), refused, 429)
    return moved(visit, f"{visit.agency_path('shadow')}?days={days}&job={job.name}")


def shadow_live(visit: Visit) -> Answer:
    """Show how far it is: nothing where the browser has it already."""
    known = _job(visit, visit.asked.query.get("job", ""))
    if known is None:
        return trouble(visit, "not_found")
    shown = progress(visit, known)
    return part(visit, "shadow_live.html", shown["version"], lambda: shown)


def shadow_result(visit: Visit) -> Answer:
    """Show the report; where it is not there, lead to where it can be asked for."""
    days = _days(visit.asked.query.get("days", ""))
    present = _present(visit)
    known = _found(visit, days, present)
    if known is None or known.state(visit.now) != "done":
        return _shown(visit, days, present, known)
    made = partial(_result, visit, present, known)
    told = thing("shadow report:", f"of {known.job.given['days']} days")
    return noted(visit, What.LOOKED, told, made) if Permission.SHADOW_SIGN in visit.may else made()


def _days(typed: str) -> int:
    from chalicelib.insight.shadow.days import PERIODS

    return next((days for days in PERIODS if str(days) == typed), PERIODS[0])


def _shown(
    visit: Visit, days: int, present: Agency, known: Progress | None, problem: str = "", code: int = 200
) -> Answer:
    from chalicelib.insight.shadow.days import PERIODS

    if known and known.job.given["days"] != str(days):
        known = None
    stale = known is not None and _is_stale(known, present)
    return page(
        visit,
        "shadow.html",
        code,
        problem=problem,
        title=visit.say("shadow.title"),
        days=days,
        periods=PERIODS,
        stale=stale,
        askable=known is None or stale or known.may_be_asked(visit.now),
        pauses=standing(visit),
        **(progress(visit, known) if known else {"known": None}),
    )


def _result(visit: Visit, present: Agency, known: Progress) -> Answer:
    from chalicelib.insight.shadow.days import report_of_days
    from chalicelib.insight.shadow.sums import UNREADABLE

    job, agency_id = known.job, visit.ours.agency_id
    over = int(job.given["over"])
    agency = present if present.version == over else visit.world.settings.version(agency_id, over)
    results = visit.world.jobs.results(agency_id, job.name)
    if agency is None or set(results) != set(job.chunks):
        return _shown(visit, int(job.given["days"]), present, None)
    try:
        report = report_of_days(results, agency)
    except UNREADABLE:
        return trouble(visit, "not_found")
    stale = _is_stale(known, present)
    return page(visit, "shadow_result.html", stale=stale, **_told(visit, known, report, agency))


def _told(visit: Visit, known: Progress, report: "ShadowReport", agency: Agency) -> dict[str, Any]:
    from chalicelib.domain.names import Kind
    from chalicelib.insight.shadow.report import MANY_A_DAY, MANY_IN_ALL

    listed = _of_type(visit, agency)
    return {
        "title": visit.say("shadow.title"),
        "known": known,
        "report": report,
        "listed": listed,
        "days": tuple(date.fromisoformat(known.job.chunks[place]) for place in (0, -1)),
        "kinds": tuple(Kind),
        "types": [one for one in report.types if not listed or _is_of(one, listed)],
        "sheet": _sheets(visit, agency),
        "why_not": partial(reason_words, visit),
        "most": {"people": MOST_PEOPLE, "types": MOST_TYPES, "incidents": MOST_INCIDENTS},
        "many": (MANY_A_DAY, MANY_IN_ALL),
        "signs": Permission.SHADOW_SIGN in visit.may,
        "pauses": standing(visit),
    }


def _of_type(visit: Visit, agency: Agency) -> Any:
    """Return the type of the settings to whose figures a link leads, or None for all."""
    from chalicelib.insight.going_live import NothingToSign, listed

    try:
        return listed(agency, visit.asked.query["of"]) if visit.asked.query.get("of") else None
    except NothingToSign:
        return None


def _is_of(one: "TypeCount", listed: Any) -> bool:
    from chalicelib.domain.settings.incident_types import matches

    return one.place == listed.place and bool(one.code) and matches(listed.rule.codes, one.code)


def _sheets(visit: Visit, agency: Agency) -> "Links":
    """Return what gives the address of the sheet that is signed for a type; "" for who signs nothing, and without."""
    from chalicelib.insight.going_live import all_listed

    below = leads(visit, "going-live", "type")
    known = all_listed(agency) if below else ()

    def sheet(one: "TypeCount") -> str:
        found = next((listed for listed in known if _is_of(one, listed)), None)
        return f"{below}?of={found.id}" if found else ""

    return sheet


def _found(visit: Visit, days: int, present: Agency) -> Progress | None:
    """Return the job that a link names, or else that of the last days; None where nobody asked for it."""
    from chalicelib.insight.shadow.days import job_of

    named = _job(visit, visit.asked.query.get("job", ""))
    return named or _job(visit, job_of(days, present, acting(visit.person), visit.now).name)


def _job(visit: Visit, name: str) -> Progress | None:
    """Return a shadow report's job of this agency's: it is of nobody alone."""
    known = visit.world.jobs.find(visit.ours.agency_id, name) if name else None
    return known if known and known.job.kind == "shadow" else None


def _is_stale(known: Progress, present: Agency) -> bool:
    return known.job.given["over"] != str(present.version)


def _present(visit: Visit) -> Agency:
    present: Agency = visit.world.settings.latest(visit.ours.agency_id) or visit.ours
    return present
