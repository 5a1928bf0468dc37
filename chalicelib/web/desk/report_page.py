"""The quarter's report: made as a job, shown, and, once two people released it, a file to download.

Whoever may see results sees it. It has nobody in it, and quotes nobody.
"""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from chalicelib.domain.approval import WAITS_FOR, Proposal, digest
from chalicelib.domain.desk.permissions import Permission
from chalicelib.domain.desk.reports import Released, released_as
from chalicelib.domain.ledger.noted import thing
from chalicelib.domain.ledger.what import What
from chalicelib.web.desk.job_asked import ask_for, asked_state
from chalicelib.web.desk.noting import acting
from chalicelib.web.desk.page import SAFE, UNKEPT, filled, moved, page
from chalicelib.web.desk.reachable import read_or_none
from chalicelib.web.desk.standing import standing
from chalicelib.web.desk.trouble import trouble
from chalicelib.web.desk.visit import Answer, Visit

if TYPE_CHECKING:
    from chalicelib.insight.figures.document import Block
    from chalicelib.insight.figures.quarter import Quarter
    from chalicelib.insight.results.report import Made


def quarter_report(visit: Visit) -> Answer:
    """Show a settled quarter's report and what became of it, how far it is, or offer to make it."""
    return shown(visit, quarter_of(visit, visit.asked.query.get("quarter", "")))


def make_report(visit: Visit) -> Answer:
    """Let a quarter's report be made; whoever asks second finds what the first one asked for."""
    from chalicelib.insight.results.report import job_of

    quarter = quarter_of(visit, visit.asked.form.get("quarter", ""))
    job, told = job_of(quarter, acting(visit.person), visit.now), thing("the quarterly report of", quarter.name)
    refused = ask_for(visit, What.COUNTED, told, job)
    if refused:
        return shown(visit, quarter, refused, 429)
    return moved(visit, f"{visit.agency_path('report')}?quarter={quarter.name}")


def report_file(visit: Visit) -> Answer:
    """Answer with a released version as one page of HTML that loads nothing."""
    from chalicelib.insight.results.report import read

    query = visit.asked.query
    language = query.get("language", "")
    known = visit.world.reports.released(visit.ours.agency_id)
    one = next((one for one in known if one.name == query.get("version", "")), None)
    if one is None or language not in one.languages:
        return trouble(visit, "not_found")
    document = read(visit.world.reports.text(visit.ours.agency_id, one.of, language))
    name = f"report-{one.quarter}-{one.number}-{language}"
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Disposition": f'attachment; filename="{name}.html"',
        **SAFE,
        **UNKEPT,
    }
    return Answer(body=filled("report_file.html", document=document, kind=kind_of), headers=headers)


def quarter_of(visit: Visit, text: str) -> "Quarter":
    """Return the quarter that an address names, or the newest whose report can be made."""
    from chalicelib.insight.results.report import read_quarter

    return read_quarter(text, visit.ours, visit.now)


def kind_of(block: "Block") -> str:
    """Return the name of a kind of block, as templates know it."""
    return str(type(block).__struct_config__.tag)


def waiting(visit: Visit, quarter: str) -> tuple[Proposal, ...]:
    """Return the proposals to release a quarter's report that wait for a second person; NoLedger."""
    from chalicelib.insight.approval.ledger import what_waits
    from chalicelib.insight.approval.reporting import REPORT

    found = what_waits(visit.world, visit.ours.agency_id, visit.now)
    return tuple(one for one in found if one.act.what == REPORT and one.act.words["quarter"] == quarter)


def shown(visit: Visit, quarter: "Quarter", problem: str = "", code: int = 200) -> Answer:
    """Show the page of a quarter's report."""
    from chalicelib.insight.results.report import made, name_of, newest, settled_on

    known = visit.world.jobs.find(visit.ours.agency_id, name_of(quarter))
    stands = asked_state(visit, known)
    there = made(visit.world, visit.ours.agency_id, quarter) if stands["state"] == "done" else None
    released = visit.world.reports.released(visit.ours.agency_id)
    last = newest(visit.ours, visit.now)
    return page(
        visit,
        "report.html",
        code,
        problem=problem,
        title=visit.say("report.title"),
        quarter=quarter.name,
        spans=(quarter.first, quarter.last),
        earlier=quarter.previous.name,
        later=quarter.next.name if quarter < last else "",
        next_on=settled_on(last.next),
        **stands,
        released=released,
        before=any(one.quarter == quarter.name for one in released),
        document=there.document(visit.language) if there else None,
        kind=kind_of,
        pauses=standing(visit),
        **(_release(visit, quarter.name, there, released) if there else {"step": ""}),
    )


def _release(visit: Visit, quarter: str, there: "Made", released: Sequence[Released]) -> dict[str, Any]:
    """Return what comes next for a report that is made: it is released, waits for another, or can be proposed."""
    one = released_as(released, there.of)
    if one:
        return {"step": "released", "one": one}
    if Permission.REPORT_RELEASE not in visit.may:
        return {"step": "others"}
    found = read_or_none(partial(waiting, visit, quarter), "read what waits for a second person")
    if found is None:
        return {"step": "unread"}
    waits = next((one for one in found if one.act.of == there.of), None)
    if waits is None:
        return {"step": "propose", "of_text": there.of}
    own = waits.by == acting(visit.person).by
    until = waits.at + WAITS_FOR
    return {"step": "own" if own else "approve", "waits": waits, "waits_until": until, "name": digest(waits.act)}
