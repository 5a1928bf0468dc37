"""Releasing a quarter's report: one person proposes it, another who has read it approves, which releases it."""

from functools import partial

from chalicelib.domain.approval import NotApproved, Unidentified, digest
from chalicelib.insight.approval.approve import approve
from chalicelib.insight.approval.reporting import NothingToRelease, propose_report
from chalicelib.insight.desk.approvals import Gone, decline
from chalicelib.ports.errors import Busy, Conflict, NotNoted
from chalicelib.web.desk.noting import acting
from chalicelib.web.desk.page import moved
from chalicelib.web.desk.report_page import quarter_of, shown, waiting
from chalicelib.web.desk.visit import Answer, Visit

DECLINED = "it is not released"
_ACTS = ("propose", "approve", "decline")


def release_report(visit: Visit) -> Answer:
    """Propose to release what was read, approve what somebody else proposed, or decline it."""
    form = visit.asked.form
    quarter = quarter_of(visit, form.get("quarter", ""))
    act = form.get("act", "")
    if act not in _ACTS:
        return shown(visit, quarter, visit.say("report.changed"), 422)
    done = partial(_propose if act == "propose" else _second, visit, quarter.name)
    try:
        done()
    except NotNoted:
        raise
    except _Own:
        return shown(visit, quarter, visit.say("approvals.problem_own"), 409)
    except (NothingToRelease, NotApproved, Unidentified, Conflict, Busy, Gone):
        return shown(visit, quarter, visit.say("report.changed"), 409)
    return moved(visit, f"{visit.agency_path('report')}?quarter={quarter.name}")


class _Own(Exception):
    """Somebody who would approve what they proposed themselves."""


def _propose(visit: Visit, quarter: str) -> None:
    of = visit.asked.form.get("of", "")
    propose_report(visit.world, visit.ours.agency_id, quarter, of, acting(visit.person), visit.now)


def _second(visit: Visit, quarter: str) -> None:
    """Approve or decline the proposal that was read; one's own can only be taken back."""
    form, who = visit.asked.form, acting(visit.person)
    name = form.get("digest", "")
    waits = next((one for one in waiting(visit, quarter) if digest(one.act) == name), None)
    if waits is None:
        raise Gone
    if form["act"] == "approve":
        if waits.by == who.by:
            raise _Own
        approve(visit.world, waits, who, visit.now)
    else:
        decline(visit.world, waits, who, DECLINED, visit.now)
