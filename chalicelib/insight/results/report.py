"""A settled quarter's report as a job: the whole document, in each language of the desk.

It is nobody's own, and is made once: what was counted stays, so that nobody learns from two of them who was erased
meanwhile. It quotes nobody: words that somebody takes back, or that are erased, would stay in a version that is kept.
"""

import hashlib
from datetime import date, datetime, timedelta

import msgspec
from msgspec import Struct

from chalicelib.domain.approval import Author
from chalicelib.domain.desk.jobs import CantBeDone, Job, job_name, new_job
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.surveys.fixed_cells import SETTLED_AFTER
from chalicelib.insight.figures.compose import compose
from chalicelib.insight.figures.document import Document
from chalicelib.insight.figures.gather import gather
from chalicelib.insight.figures.quarter import NoQuarter, Quarter
from chalicelib.insight.figures.source import QueryFailed
from chalicelib.insight.figures.wording import LANGUAGES
from chalicelib.insight.results.job import quarter_of
from chalicelib.wiring import Aws

CHUNKS = ("document",)


class Made(Struct, frozen=True):
    """A report that was made: its text by language, as it is kept, and the digest of all of them."""

    texts: dict[str, str]
    of: str

    def document(self, language: str) -> Document:
        """Return the report in a language."""
        return read(self.texts[language])


def settled_on(quarter: Quarter) -> date:
    """Return the day from which on a quarter's report can be made: nobody can answer any more, nor could yesterday."""
    return quarter.last + SETTLED_AFTER + timedelta(days=1)


def newest(agency: Agency, now: datetime) -> Quarter:
    """Return the last quarter whose report can be made."""
    return quarter_of(now.astimezone(agency.zone).date() - SETTLED_AFTER).previous


def read_quarter(text: str, agency: Agency, now: datetime) -> Quarter:
    """Read a quarter's name; the newest whose report can be made where there is none, or where that is too early."""
    try:
        found = Quarter.named(text)
    except NoQuarter:
        return newest(agency, now)
    return min(found, newest(agency, now))


def job_of(quarter: Quarter, who: Author, now: datetime) -> Job:
    """Return the job that makes a quarter's report, the same whoever asks."""
    return new_job("report", who, {"quarter": quarter.name}, CHUNKS, now, shared=True)


def name_of(quarter: Quarter) -> str:
    """Return that job's name."""
    return job_name("report", "", {"quarter": quarter.name}, CHUNKS)


def chunk_of(aws: Aws, agency_id: str, job: Job, _chunk: str) -> str:
    """Make the report, and return its text by language as JSON; CantBeDone."""
    agency, quarter = aws.settings.agency(agency_id), Quarter.named(job.given["quarter"])
    if agency is None:
        raise CantBeDone("gone")
    day = job.asked_at.astimezone(agency.zone).date()
    try:
        figures = gather(aws.lake_source, agency_id, quarter, day, quotes=False)
    except QueryFailed as problem:
        raise CantBeDone("refused") from problem
    texts = {language: written(compose(figures, agency, language, day)) for language in LANGUAGES}
    return msgspec.json.encode(texts).decode()


def made(aws: Aws, agency_id: str, quarter: Quarter) -> Made | None:
    """Return a quarter's report; None where it is not made, or not kept any more."""
    kept = aws.jobs.results(agency_id, name_of(quarter))
    if set(kept) != set(CHUNKS):
        return None
    text = kept[CHUNKS[0]]
    return Made(msgspec.json.decode(text, type=dict[str, str]), hashlib.sha256(text.encode()).hexdigest()[:32])


def written(document: Document) -> str:
    """Write a report for keeping."""
    return msgspec.json.encode(document).decode()


def read(text: str) -> Document:
    """Read what `written` wrote."""
    return msgspec.json.decode(text, type=Document)
