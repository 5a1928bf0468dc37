"""Judge words: a screen of values that nobody has judged, most frequent first, in one form, for one person.

What silences is in force at once, and noted after: it is a brake. What lets a text go becomes a draft, noted first,
that somebody else must approve.
"""

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from chalicelib.boundary import report
from chalicelib.domain.ledger.what import What
from chalicelib.domain.settings.judgements import VERDICTS
from chalicelib.ports.errors import NotNoted
from chalicelib.web.desk.judge_form import about_values, answers, judge_of, status_of
from chalicelib.web.desk.judge_rows import gone, rows_of
from chalicelib.web.desk.noting import author, noted
from chalicelib.web.desk.page import page
from chalicelib.web.desk.standing import standing
from chalicelib.web.desk.visit import Answer, Visit

if TYPE_CHECKING:
    from chalicelib.domain.desk.judging import Draft
    from chalicelib.insight.judging.draft import Problem, Sorted, Untaken
    from chalicelib.insight.judging.waiting import Sought, Waits


class Outcome(Struct, frozen=True, kw_only=True):
    """What became of a form: counts of what was done, and what was not taken. `trouble` names what kept all back."""

    drafted: int = 0
    silenced: int = 0
    withdrawn: int = 0
    untaken: tuple["Untaken", ...] = ()
    trouble: str = ""

    @property
    def status(self) -> int:
        """Return the HTTP status that says so."""
        return status_of(self.trouble, (one.problem for one in self.untaken))


NOTHING = Outcome()


def judge(visit: Visit) -> Answer:
    """Show the values that nobody has judged, or those that wait for a second person."""
    from chalicelib.insight.judging.waiting import read

    return _page(visit, read(visit.world, visit.ours))


def take_judgements(visit: Visit) -> Answer:
    """Take a screen of judgements, and show the next one; what can't be taken stands first, as it was typed."""
    from chalicelib.insight.judging.draft import sort
    from chalicelib.insight.judging.waiting import read

    found = read(visit.world, visit.ours)
    given = sort(answers(visit.asked.form), found, visit.ours, judge_of(visit.person), visit.now)
    outcome = _take(visit, given)
    return _page(visit, read(visit.world, visit.ours), outcome)


def _take(visit: Visit, given: "Sorted") -> Outcome:
    """Do what a form asks: the brake first, then the drafts; what somebody else moved meanwhile is told."""
    try:
        silent = _silence(visit, given.silence)
    except ValueError:
        back = (_again(one, "unsaved") for one in (*given.silence, *given.drafts))
        return Outcome(untaken=(*given.untaken, *back), trouble="judge.full")
    drafts = (*given.drafts, *(() if silent else given.silence))
    silenced = len(given.silence) if silent else 0
    try:
        moved = _draft(visit, drafts)
    except NotNoted as problem:
        report(problem, "note drafts")
        return Outcome(
            silenced=silenced,
            untaken=(*given.untaken, *(_again(one, "unsaved") for one in drafts)),
            trouble="judge.unnoted",
        )
    kept = [one for one in drafts if one.id not in moved]
    return Outcome(
        silenced=silenced,
        drafted=sum(one.state == "proposed" for one in kept),
        withdrawn=sum(one.state == "withdrawn" for one in kept),
        untaken=(*given.untaken, *(_again(one, "moved") for one in drafts if one.id in moved)),
    )


def _silence(visit: Visit, drafts: tuple["Draft", ...]) -> bool:
    """Put in force what silences; False where it takes two people after all. Busy, ValueError."""
    from chalicelib.insight.judging.draft import silence

    if not drafts:
        return True
    who, agency_id = author(visit.person), visit.ours.agency_id

    def act() -> int:
        return silence(visit.world, agency_id, drafts, who, visit.now)

    return bool(noted(visit, What.JUDGED_SILENT, about_values(drafts), act))


def _draft(visit: Visit, drafts: tuple["Draft", ...]) -> frozenset[str]:
    """Write drafts, and return the values that somebody else moved; NotNoted."""
    from chalicelib.insight.judging.draft import keep

    if not drafts:
        return frozenset()
    kept = noted(visit, What.DRAFTED, about_values(drafts), lambda: keep(visit.world, visit.ours.agency_id, drafts))
    return frozenset(name for name, one in kept.items() if one is None)


def _again(draft: "Draft", problem: "Problem") -> "Untaken":
    """Return a draft that was not written as an answer that was not taken."""
    from chalicelib.insight.judging.draft import Given, Untaken

    given = Given(id=draft.id, verdict=draft.verdict, meaning=draft.meaning, reason=draft.reason, number=draft.number)
    return Untaken(given, problem)


def _page(visit: Visit, found: tuple["Waits", ...], outcome: Outcome = NOTHING) -> Answer:
    from chalicelib.insight.judging import waiting as lists

    told = visit.asked.form if visit.asked.method == "POST" else visit.asked.query
    sought, after = _sought(told), told.get("next" if visit.asked.method == "POST" else "after", "")
    waits = lists.waiting(found, visit.ours, visit.now)
    back = {one.given.id for one in outcome.untaken}
    first = tuple(one for one in waits if one.id in back)
    others = [one for one in waits if one.id not in back]
    screen = lists.screen(others, visit.ours, sought, after)
    if not screen.found and after:
        screen = lists.screen(others, visit.ours, sought)
    rows = rows_of(visit, (*first, *screen.found), outcome.untaken)
    return page(
        visit,
        "judge.html",
        outcome.status,
        title=visit.say("judge.title"),
        rows=rows,
        outcome=outcome,
        gone=gone(visit, found, {one.id for one in waits}, outcome.untaken),
        sought=sought,
        next=screen.after,
        all=screen.all + len(first),
        proposed=sum(one.proposed for one in waits),
        fields=sorted({one.came.item.field for one in waits}),
        verdicts=VERDICTS,
        pauses=standing(visit),
        query=_query,
    )


def _sought(told: Any) -> "Sought":
    from chalicelib.insight.judging.waiting import Sought

    known = {"yes": True, "no": False}.get(told.get("known", ""))
    return Sought(proposed=told.get("show") == "proposed", field=told.get("field", "")[:40], known=known)


def _query(sought: "Sought", **changed: str) -> str:
    """Return the query of a link that changes one thing of what is sought."""
    from urllib.parse import urlencode

    known = {None: "", True: "yes", False: "no"}[sought.known]
    told = {"show": "proposed" if sought.proposed else "", "field": sought.field, "known": known, **changed}
    return urlencode({name: value for name, value in told.items() if value})
