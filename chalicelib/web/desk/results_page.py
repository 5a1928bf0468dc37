"""Results: what people answered and how well texts went, of a quarter, as a job that anybody of the agency may open.

Each choice is in the address, so that a view can be sent to a colleague. What surveys say is for `results.see`; how
the service went, and how many answered, for `figures.see`. Each look at figures by officer or call taker is noted.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from chalicelib.domain.desk.jobs import Progress
from chalicelib.domain.desk.permissions import Permission
from chalicelib.domain.ledger.noted import thing
from chalicelib.domain.ledger.what import What
from chalicelib.web.desk.job_asked import ask_for, asked_state
from chalicelib.web.desk.noting import acting, noted
from chalicelib.web.desk.page import moved, page
from chalicelib.web.desk.standing import standing
from chalicelib.web.desk.visit import Answer, Visit

if TYPE_CHECKING:
    from chalicelib.insight.figures.quarter import Quarter
    from chalicelib.insight.figures.surveys import Surveys
    from chalicelib.insight.results.shown import Table

MEASURES = ("satisfaction", "response", "timeliness", "delivery", "cost")
_FOR_RESULTS = frozenset({"satisfaction", "cost"})
"""Measures for whoever may see results; the others are for whoever may see figures."""

Kept = tuple["Surveys", Mapping[str, Sequence[Mapping[str, Any]]]]


def results(visit: Visit) -> Answer:
    """Show a quarter's figures, how far the count is, or offer to count."""
    return _shown(visit, _quarter(visit, visit.asked.query.get("quarter", "")))


def ask_results(visit: Visit) -> Answer:
    """Let a quarter be counted; whoever asks second finds what the first one asked for."""
    from chalicelib.insight.results.job import job_of

    quarter = _quarter(visit, visit.asked.form.get("quarter", ""))
    job = job_of(visit.ours, quarter, acting(visit.person), visit.now)
    refused = ask_for(visit, What.COUNTED, thing("results", quarter.name), job)
    if refused:
        return _shown(visit, quarter, refused, 429)
    return moved(visit, f"{visit.agency_path('results')}?quarter={quarter.name}")


def _shown(visit: Visit, quarter: "Quarter", problem: str = "", code: int = 200) -> Answer:
    from chalicelib.insight.results.job import last_day, name_of

    known = visit.world.jobs.find(visit.ours.agency_id, name_of(visit.ours, quarter, visit.now))
    stands = asked_state(visit, known)
    asked = _asked(visit, quarter)
    day = min(quarter.last, last_day(visit.ours, visit.now))
    figures = _figures(visit, known, asked) if known and stands["state"] == "done" else {"tables": (), "facets": {}}
    show = partial(
        page,
        visit,
        "results.html",
        code,
        problem=problem,
        title=visit.say("results.title"),
        quarter=quarter.name,
        spans=(quarter.first, day),
        asked=asked,
        measures=_measures(visit),
        to=partial(_to, asked),
        later=quarter.next.name if quarter.next.first <= last_day(visit.ours, visit.now) else "",
        earlier=quarter.previous.name,
        **stands,
        done_of=(known.done, len(known.job.chunks)) if known else (0, 0),
        by_itself=quarter.next.next.first > last_day(visit.ours, visit.now),
        pauses=standing(visit),
        **figures,
    )
    if "agreement" not in figures["facets"]:
        return show()
    about = thing("results", f"{quarter.name} by {asked['by'].replace('_', ' ')}")
    return noted(visit, What.LOOKED, about, show)


def _figures(visit: Visit, known: Progress, asked: Mapping[str, str]) -> dict[str, Any]:
    from chalicelib.insight.results.job import read

    kept = read(visit.world.jobs.results(visit.ours.agency_id, known.job.name))
    tables, facets = _tables(visit, kept, asked)
    return {"tables": tuple(tables), "facets": facets}


def _tables(visit: Visit, kept: Kept, asked: Mapping[str, str]) -> tuple[Iterable["Table"], dict[str, Any]]:
    """Return the tables of a view, and what else can be chosen for it."""
    from chalicelib.insight.figures.asking import questions_of
    from chalicelib.insight.figures.surveys import ANSWERED, EMPLOYEES
    from chalicelib.insight.figures.wording import Wording
    from chalicelib.insight.results import shown

    surveys, service = kept
    wording = Wording(visit.language)
    if asked["measure"] in ("timeliness", "delivery", "cost"):
        return shown.service(asked["measure"], service, wording), {}
    questions = questions_of(visit.ours, visit.language)
    measure = ANSWERED if asked["measure"] == "response" else asked["question"] or questions.overall
    by = [name for name in shown.dimensions(surveys) if surveys.of(measure, name) and name not in _withheld(visit)]
    about = "" if measure == ANSWERED else questions.label((measure, ""), several=False, wording=wording)
    facets = {"by": by, "settled": surveys.settled, "question": about}
    if asked["by"] in by:
        if asked["by"] in EMPLOYEES:
            facets["agreement"] = visit.ours.survey.labor_agreement
        return shown.by_group(surveys, measure, asked["by"], questions, wording), facets
    if asked["measure"] == "response":
        return shown.response(surveys, wording), facets
    return shown.questions(surveys, questions, wording), facets


def _withheld(visit: Visit) -> frozenset[str]:
    """Return the dimensions of employees that this person may not see, or that settings do not let answers carry."""
    from chalicelib.insight.figures.surveys import EMPLOYEES

    allowed = visit.ours.survey.carries if Permission.RESULTS_SEE in visit.may else frozenset()
    return frozenset(EMPLOYEES) - allowed


def _asked(visit: Visit, quarter: "Quarter") -> dict[str, str]:
    """Return what the address chooses; what it may not, or names wrongly, is as if it chose nothing."""
    query, measures = visit.asked.query, _measures(visit)
    measure = query.get("measure", "")
    return {
        "quarter": quarter.name,
        "measure": measure if measure in measures else measures[0],
        "question": query.get("question", "")[:40],
        "by": query.get("by", "")[:20],
    }


def _measures(visit: Visit) -> tuple[str, ...]:
    all_of_them = Permission.RESULTS_SEE in visit.may
    return tuple(name for name in MEASURES if all_of_them or name not in _FOR_RESULTS)


def _to(asked: Mapping[str, str], **chosen: str) -> str:
    """Return the query of an address with another choice."""
    return urlencode({name: value for name, value in {**asked, **chosen}.items() if value})


def _quarter(visit: Visit, text: str) -> "Quarter":
    from chalicelib.insight.results.job import last_day, read_quarter

    return read_quarter(text, last_day(visit.ours, visit.now))
