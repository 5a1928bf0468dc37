"""Jobs of the desk: asked for on a page, and worked on chunk by chunk behind a queue."""

from collections.abc import Callable, Mapping
from datetime import datetime

from msgspec.structs import replace

from chalicelib.domain.desk.jobs import CantBeDone, Job, JobKind, Part, Work, read_work
from chalicelib.wiring import Aws

MOST_TRIES = 3
"""How often a chunk is tried: `DeskJobs` in infra/stack/desk.json says the same (a test compares)."""


def _day(aws: Aws, agency_id: str, job: Job, chunk: str) -> str:
    from chalicelib.insight.drafts.week import day_of

    return day_of(aws, agency_id, job, chunk)


def _results(aws: Aws, agency_id: str, job: Job, chunk: str) -> str:
    from chalicelib.insight.results.job import chunk_of

    return chunk_of(aws, agency_id, job, chunk)


_Do = Callable[[Aws, str, Job, str], str]
_DO: Mapping[JobKind, _Do] = {"draft_week": _day, "results": _results}
"""What does a chunk of each kind: (world, agency, job, chunk) → its result; CantBeDone."""


def ask(aws: Aws, agency_id: str, job: Job, now: datetime) -> None:
    """Keep a job and leave its chunks for the worker. One that is there already is left as it is, unless it failed.

    It is kept before, so that the worker finds it, and after, so that one whose chunks were not all left says so.
    """
    known = aws.jobs.find(agency_id, job.name)
    if known and not known.may_be_asked(now):
        return
    left = known.left if known else job.chunks
    aws.jobs.keep(agency_id, job)
    for chunk in left:
        aws.leave_work(Work(agency_id, job.name, chunk))
    aws.jobs.keep(agency_id, replace(job, sent=True))


def work_on(aws: Aws, body: str, tries: int) -> str:
    """Do one chunk, and return what became of it: `done`, why it can't be, or that there was nothing to do.

    Raises what went wrong, so that the queue brings it again; the last time the job says first that it failed.
    """
    work = read_work(body)
    known = aws.jobs.find(work.agency_id, work.job)
    if known is None or work.chunk not in known.left:
        return "nothing"
    job = known.job
    try:
        result = _DO[job.kind](aws, work.agency_id, job, work.chunk)
    except CantBeDone as problem:
        aws.jobs.end(work.agency_id, job, Part(chunk=work.chunk, asked_at=job.asked_at, why=problem.why))
        return problem.why
    except Exception:
        if tries >= MOST_TRIES:
            aws.jobs.end(work.agency_id, job, Part(chunk=work.chunk, asked_at=job.asked_at, why="failed"))
        raise
    aws.jobs.end(work.agency_id, job, Part(chunk=work.chunk, asked_at=job.asked_at), result)
    return "done"
