"""A quarter's results as a job: each chunk asks the lake by named queries, and keeps what may be shown.

It is nobody's own: whoever may see results sees it, and it is the same for all of an agency. Its name has the last
complete local day, so each day has its own, and opening it again asks nothing. A quarter that is settled has one for
good: what was counted then stays, also where the lake changes afterwards.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from chalicelib.domain.approval import Author
from chalicelib.domain.desk.jobs import CantBeDone, Job, job_name, new_job
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.surveys.fixed_cells import SETTLED_AFTER
from chalicelib.insight.figures.quarter import NoQuarter, Quarter
from chalicelib.insight.figures.queries import query
from chalicelib.insight.figures.source import LakeSource, QueryFailed
from chalicelib.insight.figures.surveys import Surveys, surveys_of
from chalicelib.wiring import Aws

SERVICE = ("timeliness", "delay_notices", "delivery", "cost")
"""Named queries whose rows are kept as they are; figures of few are hidden where they are shown."""

SURVEYS = ("marks_by_group", "non_response", "marks_by_officer_and_call_taker")
"""Named queries from whose rows only what may be shown is kept."""

CHUNKS = ("surveys", *SERVICE)


def last_day(agency: Agency, now: datetime) -> date:
    """Return the agency's last complete day."""
    return now.astimezone(agency.zone).date() - timedelta(days=1)


def quarter_of(day: date) -> Quarter:
    """Return the quarter of a day."""
    return Quarter(day.year, (day.month - 1) // 3 + 1)


def read_quarter(text: str, day: date) -> Quarter:
    """Read a quarter's name; the one of a day where there is none, or where it has not begun."""
    try:
        found = Quarter.named(text)
    except NoQuarter:
        return quarter_of(day)
    return found if found.first <= day else quarter_of(day)


def job_of(agency: Agency, quarter: Quarter, who: Author, now: datetime) -> Job:
    """Return the job that counts a quarter up to the agency's last complete day, the same whoever asks."""
    return new_job("results", who, _given(agency, quarter, now), CHUNKS, now, shared=True)


def name_of(agency: Agency, quarter: Quarter, now: datetime) -> str:
    """Return that job's name."""
    return job_name("results", "", _given(agency, quarter, now), CHUNKS)


def chunk_of(aws: Aws, agency_id: str, job: Job, chunk: str) -> str:
    """Ask the lake for one chunk, and return its result as JSON; CantBeDone."""
    quarter, day = Quarter.named(job.given["quarter"]), date.fromisoformat(job.given["day"])
    agency = aws.settings.agency(agency_id)
    if agency is None:
        raise CantBeDone("gone")
    try:
        return counted(aws.lake_source, agency_id, quarter, day, chunk, agency.survey.carries)
    except QueryFailed as problem:
        raise CantBeDone("refused") from problem


def counted(
    source: LakeSource, agency_id: str, quarter: Quarter, day: date, chunk: str, told: Collection[str] = ()
) -> str:
    """Return one chunk of a quarter's results up to a day, as JSON: what may be shown; QueryFailed.

    `told` has the dimensions of employees that the agency's settings let answers carry.
    """
    last = min(quarter.last, day)

    def ask(name: str) -> list[dict[str, Any]]:
        found = source.query(query(name).during(quarter.first, last))
        return [row for row in found.dicts() if row["agency_id"] == agency_id]

    if chunk == "surveys":
        marks, people, employees = map(ask, SURVEYS)
        return _json(surveys_of(quarter, marks, people, day, employees, told))
    return _json(ask(chunk))


def read(results: Mapping[str, str]) -> tuple[Surveys, dict[str, list[dict[str, Any]]]]:
    """Return what a job that is done has: the surveys, and the rows of each query about the service."""
    surveys = msgspec.json.decode(results["surveys"], type=Surveys)
    return surveys, {name: msgspec.json.decode(results[name]) for name in SERVICE}


def _given(agency: Agency, quarter: Quarter, now: datetime) -> dict[str, str]:
    day = min(last_day(agency, now), quarter.last + SETTLED_AFTER)  # from then on nothing changes
    return {"quarter": quarter.name, "day": day.isoformat()}


def _json(what: object) -> str:
    return msgspec.json.encode(what).decode()
