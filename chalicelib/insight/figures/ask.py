"""Ask the lake: a named query over a period, and a quarter's report."""

from datetime import date, timedelta

from msgspec import Struct

from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.figures.compose import compose
from chalicelib.insight.figures.document import Document
from chalicelib.insight.figures.gather import gather
from chalicelib.insight.figures.quarter import Quarter
from chalicelib.insight.figures.queries import Query
from chalicelib.insight.figures.source import LakeSource, Result

USUAL_DAYS = timedelta(days=89)
"""The last 90 days, today included."""


class BadPeriod(ValueError):
    """A period ends before it begins."""


class Answered(Struct, frozen=True):
    """A named query's question and answer, and the period that was asked for."""

    question: str
    first: date
    last: date
    result: Result


def period(first: date | None, last: date | None, today: date) -> tuple[date, date]:
    """Return a period, by default the last 90 days; BadPeriod."""
    ends = last or today
    begins = first or ends - USUAL_DAYS
    if begins > ends:
        raise BadPeriod(f"{begins} is after {ends}")
    return begins, ends


def ask(source: LakeSource, asked: Query, first: date, last: date) -> Answered:
    """Return the answer to a named query over a period; QueryFailed."""
    return Answered(asked.question, first, last, source.query(asked.during(first, last)))


def report(
    source: LakeSource,
    agency: Agency,
    quarter: Quarter,
    language: str,
    today: date,
    baseline: tuple[date, date] | None = None,
) -> Document:
    """Return a quarter's report; `baseline` is a period in which messages were in shadow. QueryFailed."""
    figures = gather(source, agency.agency_id, quarter, today, baseline)
    return compose(figures, agency, language, today)
