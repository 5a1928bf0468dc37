"""Results that are counted by themselves once a night, so that the last complete day is there in the morning.

The report of the newest settled quarter is made in the same night as its Results are counted for good: whoever is
erased later is in both, so that nobody learns of them by subtracting one from the other.

The desk's function is called each minute. In a few minutes of each hour it looks for whom it is night. Asking twice
asks once, so a minute that is left out or comes twice does nothing.
"""

from datetime import datetime

from chalicelib.domain.approval import Author
from chalicelib.flow.apart import apart
from chalicelib.insight.desk.jobs import ask
from chalicelib.insight.results import report
from chalicelib.insight.results.job import job_of, last_day, quarter_of
from chalicelib.wiring import Aws

MINUTES = 3
"""Of each hour, so many minutes look."""

OURS = Author("desk:tenfour:nightly", "tenfour")
"""Who asks at night: nobody of the agency. What people asked for in the day does not keep it from being counted."""

HOUR = 3
"""The hour of an agency's night. By then the last day's rows are in the lake."""


def ask_due(aws: Aws, now: datetime) -> int:
    """Ask for two quarters' results and a report, for each agency whose night it is; return for how many."""
    due = {agency_id for agency_id in aws.settings.agencies() if _is_night(aws, agency_id, now)}
    apart(due, lambda agency_id: _ask(aws, agency_id, now))
    return len(due)


def _is_night(aws: Aws, agency_id: str, now: datetime) -> bool:
    agency = aws.settings.agency(agency_id)
    return agency is not None and now.astimezone(agency.zone).hour == HOUR


def _ask(aws: Aws, agency_id: str, now: datetime) -> None:
    agency = aws.settings.agency(agency_id)
    if agency is None:
        return
    running = quarter_of(last_day(agency, now))
    for quarter in (running, running.previous):
        ask(aws, agency_id, job_of(agency, quarter, OURS, now), now, limited=False)
    ask(aws, agency_id, report.job_of(report.newest(agency, now), OURS, now), now, limited=False)
