"""Asking for a job: one line of the ledger, words for whoever has asked for too many, and how far it is."""

from functools import partial
from typing import Any

from chalicelib.domain.desk.jobs import LIMITS, Job, Progress, TooMany
from chalicelib.domain.ledger.what import What
from chalicelib.web.desk.noting import noted
from chalicelib.web.desk.visit import Visit


def ask_for(visit: Visit, what: What, told: str, job: Job) -> str:
    """Ask for a job, and return why it can't be asked for now, in words; "" where it was."""
    from chalicelib.insight.desk.jobs import ask

    try:
        noted(visit, what, told, partial(ask, visit.world, visit.ours.agency_id, job, visit.now))
    except TooMany as refused:
        return visit.say(f"job_limit.{refused.limit}", n=LIMITS[refused.limit])
    return ""


def asked_state(visit: Visit, known: Progress | None) -> dict[str, Any]:
    """Return how a job stands that perhaps nobody asked for yet, and whether it can be asked for now."""
    if known is None:
        return {"state": "", "why": "", "askable": True}
    return {"state": known.state(visit.now), "why": known.why(visit.now), "askable": known.may_be_asked(visit.now)}


def progress(visit: Visit, known: Progress) -> dict[str, Any]:
    """Return what a page shows of a job that goes on; `version` changes with all of it."""
    state, done = known.state(visit.now), known.done
    return {
        "known": known,
        "state": state,
        "why": known.why(visit.now),
        "said": visit.say(f"job_state.{state}", done=done, of=len(known.job.chunks)),
        "version": f'"{known.job.name}-{state}-{done}-{visit.language}"',
    }
