"""Review judgements: the second person sees value, calls, examples and what the lists think, approves or asks back."""

from functools import partial
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from chalicelib.boundary import report
from chalicelib.domain.ledger.what import What
from chalicelib.ports.errors import NotNoted
from chalicelib.web.desk.judge_form import about_values, decisions, judge_of, status_of
from chalicelib.web.desk.noting import noted
from chalicelib.web.desk.page import page
from chalicelib.web.desk.standing import standing
from chalicelib.web.desk.visit import Answer, Visit

if TYPE_CHECKING:
    from chalicelib.domain.desk.judging import Draft
    from chalicelib.insight.judging.approve import Decisions, Undone
    from chalicelib.insight.judging.waiting import Shown, Waits


class Row(Struct, frozen=True, kw_only=True):
    """A draft on the page, with what stands in its form and why that was not taken."""

    shown: "Shown"
    draft: "Draft"
    own: bool
    verdict: str = ""
    reason: str = ""
    problem: str = ""


class Outcome(Struct, frozen=True, kw_only=True):
    """What became of a form of decisions."""

    approved: int = 0
    version: int = 0
    returned: int = 0
    undone: tuple["Undone", ...] = ()
    trouble: str = ""

    @property
    def status(self) -> int:
        """Return the HTTP status that says so."""
        return status_of(self.trouble, (one.why for one in self.undone))


NOTHING = Outcome()


def review_judgements(visit: Visit) -> Answer:
    """Show the drafts that wait for a second person."""
    from chalicelib.insight.judging.waiting import read

    return _page(visit, read(visit.world, visit.ours))


def decide_judgements(visit: Visit) -> Answer:
    """Put in force what was approved, give back what is to be changed, and show what still waits."""
    from chalicelib.insight.judging.approve import sort
    from chalicelib.insight.judging.waiting import read, waiting

    waits = waiting(read(visit.world, visit.ours), visit.ours, visit.now)
    decided = sort(decisions(visit.asked.form), waits, judge_of(visit.person), visit.now)
    outcome = _do(visit, decided)
    return _page(visit, read(visit.world, visit.ours), outcome)


def _do(visit: Visit, decided: "Decisions") -> Outcome:
    """Do what a form decides. Both widen or are of weight, so each is noted first, or not done."""
    try:
        approved = _approve(visit, decided.approved)
        back = _give_back(visit, decided.returned)
    except NotNoted as problem:
        report(problem, "note approvals")
        return Outcome(undone=decided.undone, trouble="judge.unnoted_review")
    except ValueError as problem:
        report(problem, "publish judgements")
        return Outcome(undone=decided.undone, trouble="judge.full")
    missed = {one.id for one in decided.approved} - {one.id for one in approved}
    missed |= {one.id for one in decided.returned} - back
    undone = (*decided.undone, *(_missed(one) for one in (*decided.approved, *decided.returned) if one.id in missed))
    version = max((one.settings_version for one in approved), default=0)
    return Outcome(approved=len(approved), version=version, returned=len(back), undone=undone)


def _approve(visit: Visit, drafts: tuple["Draft", ...]) -> tuple["Draft", ...]:
    from chalicelib.insight.judging.approve import approve

    if not drafts:
        return ()
    second, agency_id = judge_of(visit.person), visit.ours.agency_id
    act = partial(approve, visit.world, agency_id, drafts, second, visit.now)
    return noted(visit, What.PUBLISHED, about_values(drafts), act)


def _give_back(visit: Visit, drafts: tuple["Draft", ...]) -> set[str]:
    from chalicelib.insight.judging.draft import keep

    if not drafts:
        return set()
    act = partial(keep, visit.world, visit.ours.agency_id, drafts)
    kept = noted(visit, What.REVIEWED, about_values(drafts), act)
    return {name for name, one in kept.items() if one is not None}


def _missed(draft: "Draft") -> "Undone":
    """Return a decision that came too late: somebody else moved the draft."""
    from chalicelib.insight.judging.approve import Decided, Undone

    return Undone(Decided(id=draft.id, digest=draft.digest, verdict=""), "moved", draft)


def _page(visit: Visit, found: tuple["Waits", ...], outcome: Outcome = NOTHING) -> Answer:
    from chalicelib.domain.notifications.judged import words
    from chalicelib.insight.judging import waiting as lists

    waits = lists.waiting(found, visit.ours, visit.now)
    query = visit.asked.query if visit.asked.method != "POST" else {}
    screen = lists.screen(waits, visit.ours, lists.Sought(proposed=True), query.get("after", ""))
    rows = _rows(visit, screen.found, outcome)
    known, on_page = {one.id: one for one in found}, {row.shown.waits.id for row in rows}
    gone = [known[one.decided.id] for one in outcome.undone if one.decided.id in known.keys() - on_page]
    return page(
        visit,
        "judge_review.html",
        outcome.status,
        title=visit.say("judge.review_title"),
        rows=rows,
        outcome=outcome,
        gone=[words(one.came.item) for one in gone],
        next=screen.after,
        all=screen.all,
        decidable=any(not row.own for row in rows),
        pauses=standing(visit),
    )


def _rows(visit: Visit, found: tuple["Waits", ...], outcome: Outcome) -> tuple[Row, ...]:
    from chalicelib.insight.judging.waiting import shown

    me, undone = judge_of(visit.person), {one.decided.id: one for one in outcome.undone}
    rows = []
    for one in shown(found, visit.ours):
        draft = one.waits.draft
        if draft is not None:
            typed = _typed(visit, undone.get(draft.id))
            rows.append(Row(shown=one, draft=draft, own=draft.judge.by == me.by, **typed))
    return tuple(rows)


def _typed(visit: Visit, undone: "Undone | None") -> dict[str, Any]:
    """Return what somebody typed that was not taken, and why."""
    if undone is None:
        return {}
    problem = visit.say(f"judge.undone_{undone.why}")
    return {"verdict": undone.decided.verdict, "reason": undone.decided.reason, "problem": problem}
