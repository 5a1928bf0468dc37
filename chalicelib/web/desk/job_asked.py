"""Asking for a job: one line of the ledger, and words for whoever has asked for too many."""

from functools import partial

from chalicelib.domain.desk.jobs import LIMITS, Job, TooMany
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
