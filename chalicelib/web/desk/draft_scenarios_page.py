"""The agency's scenarios: kept and removed here, and played through a draft or what a terminal proposed."""

from functools import partial
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from chalicelib.domain.desk.drafts import Draft
from chalicelib.domain.desk.jobs import Progress
from chalicelib.domain.desk.scenarios import LONGEST_NAME, MOST, Kept, NotKept
from chalicelib.domain.ledger.noted import thing
from chalicelib.domain.ledger.what import What
from chalicelib.domain.settings.source import as_typed
from chalicelib.web.desk.choice import choice
from chalicelib.web.desk.draft_week_page import about_reviewed, found_reviewed, of_visitor
from chalicelib.web.desk.job_asked import ask_for
from chalicelib.web.desk.noting import acting, noted
from chalicelib.web.desk.page import moved, page
from chalicelib.web.desk.standing import standing
from chalicelib.web.desk.trouble import trouble
from chalicelib.web.desk.visit import Answer, Visit

if TYPE_CHECKING:
    from chalicelib.insight.drafts.scenarios import Outcome
    from chalicelib.insight.drafts.week import Reviewed


class Played(Struct, frozen=True, kw_only=True):
    """How far scenarios are that somebody lets play, and which do not go as they say."""

    of: int
    state: str
    why: str = ""
    outcomes: "tuple[Outcome, ...]" = ()

    @property
    def failing(self) -> "tuple[Outcome, ...]":
        """Return those that do not go as they say."""
        return tuple(one for one in self.outcomes if one.problem)


def scenarios(visit: Visit) -> Answer:
    """Show the agency's scenarios and, for a draft, how they go by it."""
    name = visit.asked.query.get("id", "")
    found = found_reviewed(visit, name) if name else None
    return trouble(visit, "not_found") if name and found is None else _shown(visit, found)


def play_scenarios(visit: Visit) -> Answer:
    """Ask that they are played through a draft; asking twice asks once."""
    found = found_reviewed(visit, visit.asked.form.get("id", ""))
    if found is None:
        return trouble(visit, "not_found")
    kept = _kept(visit)
    if found.ended or not kept:
        return _shown(visit, found, visit.say("draft_why.ended" if found.ended else "scenarios.none"), 409)
    job, told = _job(visit, found, kept), about_reviewed(found, "the agency's scenarios played")
    refused = ask_for(visit, What.DRAFTED, told, job)
    if refused:
        return _shown(visit, found, refused, 429)
    return moved(visit, f"{visit.agency_path('drafts', 'scenarios')}?id={found.id}")


def change_scenario(visit: Visit) -> Answer:
    """Keep a scenario under its name, in the place of what stood there, or remove one."""
    form, world, name = visit.asked.form, visit.world, visit.ours.agency_id
    found = found_reviewed(visit, form["id"]) if form.get("id") else None
    called, text = form.get("name", ""), as_typed(form.get("text", ""))
    if choice(form, "act", ("keep", "remove")) == "remove":
        known = next((one for one in _kept(visit) if one.name == called), None)
        if known is None:
            return trouble(visit, "not_found")
        noted(visit, What.DRAFTED, _about(called, "removed"), partial(world.scenarios.remove, name, called))
    else:
        from chalicelib.insight.drafts.scenarios import fit

        try:
            others = [one.name for one in _kept(visit)]
            one = fit(called, text, others, acting(visit.person), visit.now)
        except NotKept as refused:
            said = visit.say(f"scenario_why.{refused.why}", most=MOST)
            return _shown(visit, found, said, 422, (called, text, refused.more))
        noted(visit, What.DRAFTED, _about(called, "kept"), partial(world.scenarios.keep, name, one))
    return moved(visit, visit.agency_path("drafts", "scenarios") + (f"?id={found.id}" if found else ""))


def played(visit: Visit, found: "Reviewed") -> Played | None:
    """Return how the agency's scenarios go by what is reviewed, as whoever looks let them play; None without any."""
    kept = _kept(visit)
    return _played(visit, found, kept) if kept else None


def _played(visit: Visit, found: "Reviewed", kept: tuple[Kept, ...]) -> Played:
    known = of_visitor(visit, _job(visit, found, kept).name, "draft_scenarios")
    if known is None:
        return Played(of=len(kept), state="never")
    state, why = known.state(visit.now), known.why(visit.now)
    return Played(of=len(kept), state=state, why=why, outcomes=_outcomes(visit, known) if state == "done" else ())


def _outcomes(visit: Visit, known: Progress) -> "tuple[Outcome, ...]":
    from chalicelib.insight.drafts.scenarios import outcomes_of

    return outcomes_of(visit.world.jobs.results(visit.ours.agency_id, known.job.name))


def _job(visit: Visit, found: "Reviewed", kept: tuple[Kept, ...]) -> Any:
    from chalicelib.insight.drafts.scenarios import job_of

    present = visit.world.settings.latest(visit.ours.agency_id) or visit.ours
    return job_of(found, present, kept, acting(visit.person), visit.now)


def _kept(visit: Visit) -> tuple[Kept, ...]:
    kept: tuple[Kept, ...] = visit.world.scenarios.all_of(visit.ours.agency_id)
    return kept


def _about(name: str, what: str) -> str:
    return thing("scenario", f"{name}: {what}")


def _shown(
    visit: Visit,
    found: "Reviewed | None",
    problem: str = "",
    code: int = 200,
    typed: tuple[str, str, str] = ("", "", ""),
) -> Answer:
    kept = _kept(visit)
    return page(
        visit,
        "draft_scenarios.html",
        code,
        title=visit.say("scenarios.title"),
        draft=found,
        where="review" if isinstance(found, Draft) else "proposal",
        problem=problem,
        kept=kept,
        played=_played(visit, found, kept) if found and kept else None,
        typed=typed,
        longest=LONGEST_NAME,
        pauses=standing(visit),
    )
