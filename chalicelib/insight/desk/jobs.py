"""Jobs of the desk: asked for on a page, and worked on chunk by chunk behind a queue."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace

from chalicelib.domain.desk.jobs import (
    AT_ONCE,
    KEPT_FOR,
    LATE_AFTER,
    Asked,
    CantBeDone,
    Job,
    JobKind,
    Part,
    TooMany,
    Work,
    limit_met,
    read_work,
)
from chalicelib.wiring import Aws

MOST_TRIES = 3
"""How often a chunk is tried: `DeskJobs` in infra/stack/desk.json says the same (a test compares)."""


def _day(aws: Aws, agency_id: str, job: Job, chunk: str) -> str:
    from chalicelib.insight.drafts.week import day_of

    return day_of(aws, agency_id, job, chunk)


def _scenarios(aws: Aws, agency_id: str, job: Job, chunk: str) -> str:
    from chalicelib.insight.drafts.scenarios import some_of

    return some_of(aws, agency_id, job, chunk)


def _shadow(aws: Aws, agency_id: str, job: Job, chunk: str) -> str:
    from chalicelib.insight.shadow.days import day_of

    return day_of(aws, agency_id, job, chunk)


def _results(aws: Aws, agency_id: str, job: Job, chunk: str) -> str:
    from chalicelib.insight.results.job import chunk_of

    return chunk_of(aws, agency_id, job, chunk)


def _report(aws: Aws, agency_id: str, job: Job, chunk: str) -> str:
    from chalicelib.insight.results.report import chunk_of

    return chunk_of(aws, agency_id, job, chunk)


_Do = Callable[[Aws, str, Job, str], str]
_DO: Mapping[JobKind, _Do] = {
    "draft_week": _day,
    "draft_scenarios": _scenarios,
    "shadow": _shadow,
    "results": _results,
    "report": _report,
}
"""What does a chunk of each kind: (world, agency, job, chunk) → its result; CantBeDone."""


def ask(aws: Aws, agency_id: str, job: Job, now: datetime, *, limited: bool = True) -> None:
    """Keep a job and leave its chunks for the worker. One that is there already is left as it is, unless it failed.

    It is kept before, so that the worker finds it, and after, so that one whose chunks were not all left says so.
    TooMany, where it is `limited`: one that nobody asks for is neither counted nor refused.
    """
    known = aws.jobs.find(agency_id, job.name)
    if known and not known.may_be_asked(now):
        return
    if limited:
        _count(aws, agency_id, Asked(job=job.name, by=job.by, at=now))
    left = known.left if known else job.chunks
    aws.jobs.keep(agency_id, job)
    for chunk in left:
        aws.leave_work(Work(agency_id, job.name, chunk))
    aws.jobs.keep(agency_id, replace(job, sent=True))


def _count(aws: Aws, agency_id: str, mine: Asked) -> None:
    """Count a job with those of the last day; TooMany.

    It is counted before the others are read: of two who ask at once, one may be refused too many and none too few.
    """
    aws.jobs.count(agency_id, mine)
    others = [one for one in aws.jobs.counted(agency_id, mine.at - KEPT_FOR) if one != mine]
    limit = limit_met(others, _running(aws, agency_id, others, mine), mine.by)
    if limit:
        aws.jobs.uncount(agency_id, mine)
        raise TooMany(limit)


def _running(aws: Aws, agency_id: str, others: Sequence[Asked], mine: Asked) -> set[str]:
    """Return which other jobs of a person have not ended, so many as are too many; an older one has ended anyhow."""
    lately = {one.job for one in others if one.by.by == mine.by.by and mine.at < one.at + LATE_AFTER} - {mine.job}
    found: set[str] = set()
    for name in sorted(lately):
        if len(found) < AT_ONCE and (known := aws.jobs.find(agency_id, name)):
            found |= {name} if known.state(mine.at) in ("asked", "running") else set()
    return found


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
