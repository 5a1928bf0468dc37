"""What a draft would have done to the calls of the last week: asked for, how far it is, and the result.

It is for whoever asked. The result is of the text that the draft had, and of what was published, when it was asked for.
"""

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from chalicelib.domain.desk.drafts import Draft
from chalicelib.domain.desk.jobs import JobKind, Progress
from chalicelib.domain.ledger.noted import thing
from chalicelib.domain.ledger.what import What
from chalicelib.domain.settings.agency import Agency
from chalicelib.web.desk.draft_page import found_draft
from chalicelib.web.desk.draft_pages import about, drafts
from chalicelib.web.desk.job_asked import ask_for, progress
from chalicelib.web.desk.noting import acting, noted
from chalicelib.web.desk.page import moved, page, part
from chalicelib.web.desk.standing import standing
from chalicelib.web.desk.trouble import trouble
from chalicelib.web.desk.visit import Answer, Visit
from chalicelib.web.desk.wording import reason_words

if TYPE_CHECKING:
    from chalicelib.insight.drafts.week import Reviewed


def draft_week(visit: Visit) -> Answer:
    """Show how far it is, or offer to ask for it."""
    if not visit.asked.query.get("id"):
        return drafts(visit)
    found = found_reviewed(visit, visit.asked.query["id"])
    return trouble(visit, "not_found") if found is None else _shown(visit, found)


def ask_draft_week(visit: Visit) -> Answer:
    """Ask for it; asking twice on one day asks once."""
    from chalicelib.insight.drafts.week import job_of

    found = found_reviewed(visit, visit.asked.form.get("id", ""))
    if found is None:
        return trouble(visit, "not_found")
    if found.ended:
        return _shown(visit, found, visit.say("draft_why.ended"), 409)
    job = job_of(found, _present(visit), acting(visit.person), visit.now)
    told = about_reviewed(found, "tried on the calls of the last week")
    refused = ask_for(visit, What.DRAFTED, told, job)
    if refused:
        return _shown(visit, found, refused, 429)
    return moved(visit, f"{visit.agency_path('drafts', 'week')}?id={found.id}&job={job.name}")


def draft_week_live(visit: Visit) -> Answer:
    """Show how far it is: nothing where the browser has it already."""
    known = of_visitor(visit, visit.asked.query.get("job", ""))
    if known is None:
        return trouble(visit, "not_found")
    shown = _progress(visit, visit.asked.query.get("id", ""), known)
    return part(visit, "draft_week_live.html", shown["version"], lambda: shown)


def draft_week_result(visit: Visit) -> Answer:
    """Show the result; who opens it is noted. One that is not there, or not theirs, leads to where it can be asked."""
    query = visit.asked.query
    if not query.get("id"):
        return drafts(visit)
    found, known = found_reviewed(visit, query["id"]), of_visitor(visit, query.get("job", ""))
    if found is None:
        return trouble(visit, "not_found")
    if known is None or known.job.given["draft"] != found.id or known.state(visit.now) != "done":
        return _shown(visit, found)
    told = about_reviewed(found, "what it would have done to the calls of a week")
    return noted(visit, What.LOOKED, told, partial(_result, visit, found, known))


def _shown(visit: Visit, found: "Reviewed", problem: str = "", code: int = 200) -> Answer:
    from chalicelib.insight.drafts.week import is_about, job_of

    present = _present(visit)
    usual = job_of(found, present, acting(visit.person), visit.now).name
    known = of_visitor(visit, visit.asked.query.get("job") or usual)
    if known and known.job.given["draft"] != found.id:
        known = None
    stale = known is not None and not is_about(known.job, found, present)
    return page(
        visit,
        "draft_week.html",
        code,
        title=visit.say("draft_week.title", comment=found.comment),
        draft=found,
        where="review" if isinstance(found, Draft) else "proposal",
        problem=problem,
        stale=stale,
        askable=not found.ended and (known is None or stale or known.may_be_asked(visit.now)),
        pauses=standing(visit),
        **(_progress(visit, found.id, known) if known else {"known": None}),
    )


def _progress(visit: Visit, draft_id: str, known: Progress) -> dict[str, Any]:
    return {"draft_id": draft_id, **progress(visit, known)}


def _result(visit: Visit, found: "Reviewed", known: Progress) -> Answer:
    from chalicelib.insight.drafts.week import is_about, week_of
    from chalicelib.insight.settings.diff import CHANGES

    week = week_of(visit.world.jobs.results(visit.ours.agency_id, known.job.name))
    by_kind = week.by_kind()
    return page(
        visit,
        "draft_week_result.html",
        title=visit.say("draft_week.title", comment=found.comment),
        draft=found,
        where="review" if isinstance(found, Draft) else "proposal",
        known=known,
        stale=not is_about(known.job, found, _present(visit)),
        days=tuple(date.fromisoformat(known.job.chunks[place]) for place in (0, -1)),
        over=known.job.given["over"],
        week=week,
        changes=CHANGES,
        by_kind=by_kind,
        kinds=sorted({kind for kind, _ in by_kind}),
        counts=week.counts,
        types=sorted({(of_type, kind) for of_type, kind, _ in week.counts}),
        why_not=partial(_why_not, visit),
        pauses=standing(visit),
    )


def _why_not(visit: Visit, reason: str) -> str:
    return reason_words(visit, reason) if reason else visit.say("draft_week.not_planned")


def found_reviewed(visit: Visit, name: str) -> "Reviewed | None":
    """Return a draft by its name, or what was proposed at a terminal by its digest."""
    from chalicelib.web.desk.proposal_page import found_proposal

    return found_draft(visit, name) or found_proposal(visit, name)


def about_reviewed(found: "Reviewed", what: str) -> str:
    """Return what an entry of the ledger is about. A digest may look like a phone, so it stands in none."""
    return about(found.id, what) if isinstance(found, Draft) else thing("settings", f"proposed at a terminal: {what}")


def of_visitor(visit: Visit, name: str, kind: JobKind = "draft_week") -> Progress | None:
    """Return a job of this agency's that whoever visits asked for.

    That of another person, or of another kind, is as if it were not.
    """
    known = visit.world.jobs.find(visit.ours.agency_id, name) if name else None
    return known if known and known.job.kind == kind and known.is_of(acting(visit.person)) else None


def _present(visit: Visit) -> Agency:
    present: Agency = visit.world.settings.latest(visit.ours.agency_id) or visit.ours
    return present
