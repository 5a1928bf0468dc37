"""What a draft would have done to the calls of the last week, in chunks of one local day.

Each day is played by itself, through what is published and through the draft, by the same functions as `tenfour
settings diff`. A call belongs to the day on which it began, with all that dispatch ever said of it.
"""

from collections.abc import Mapping
from datetime import date, datetime
from itertools import islice
from typing import Protocol

import msgspec

from chalicelib.domain.approval import Author
from chalicelib.domain.desk.draft_week import (
    MOST_EXAMPLES,
    Count,
    Day,
    Example,
    Told,
    Week,
    days_before,
    span_of_day,
    sum_of,
)
from chalicelib.domain.desk.jobs import CantBeDone, Job, new_job
from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.drafts import terminal
from chalicelib.insight.settings.calls import calls_begun
from chalicelib.insight.settings.check_text import check_text
from chalicelib.insight.settings.diff import CHANGES, Comparison, Difference, Fate, diff
from chalicelib.wiring import Aws

PROPOSED = "proposed"
"""The word of a job whose settings were proposed at a terminal: the ledger has them, and no draft."""


class Reviewed(Protocol):
    """What somebody reviews: a draft, or what was proposed at a terminal; `text` is the digest of what it says."""

    @property
    def id(self) -> str:
        """Return its name."""

    @property
    def text(self) -> str:
        """Return the digest of its text."""

    @property
    def comment(self) -> str:
        """Return why it is made."""

    @property
    def ended(self) -> bool:
        """Tell whether nothing can be done with it any more."""


def job_of(one: Reviewed, present: Agency, who: Author, at: datetime) -> Job:
    """Return the job that plays the last whole local days through a draft and through what is published."""
    days = [day.isoformat() for day in days_before(at, present.zone)]
    return new_job("draft_week", who, given_of(one, present), days, at)


def given_of(one: Reviewed, present: Agency) -> dict[str, str]:
    """Return what a job about a draft, or about what was proposed, works on: its text, over what is published."""
    given = {"draft": one.id, "text": one.text, "over": str(present.version)}
    return {**given, PROPOSED: "yes"} if isinstance(one, terminal.AtTerminal) else given


def is_about(job: Job, one: Reviewed, present: Agency) -> bool:
    """Tell whether a job is about the text that a draft has now, and about what is published now."""
    return (job.given["text"], job.given["over"]) == (one.text, str(present.version))


def day_of(aws: Aws, agency_id: str, job: Job, chunk: str) -> str:
    """Play one day, and return its result as JSON; CantBeDone."""
    present, after = settings_of(aws, agency_id, job)
    if aws.searchable.since(agency_id) is None:
        raise CantBeDone("not_indexed")
    span = span_of_day(date.fromisoformat(chunk), present.zone)
    begun = calls_begun(aws, agency_id, span.since, span.until)
    found = _day(diff(present, after, begun.told, _unwatched), begun.calls)
    return msgspec.json.encode(found).decode()


def week_of(results: Mapping[str, str]) -> Week:
    """Return the sum of the days' results."""
    return sum_of(msgspec.json.decode(results[chunk], type=Day) for chunk in sorted(results))


def settings_of(aws: Aws, agency_id: str, job: Job) -> tuple[Agency, Agency]:
    """Return the settings that a job compares: what was published, and what is reviewed; CantBeDone."""
    present = aws.settings.version(agency_id, int(job.given["over"]))
    if present is None:
        raise CantBeDone("gone")
    if PROPOSED in job.given:
        proposed = terminal.find(aws, agency_id, job.given["draft"], job.asked_at)
        if proposed is None:
            raise CantBeDone("gone")
        return present, proposed.settings
    text = aws.drafts.text(agency_id, job.given["text"])
    if text is None:
        raise CantBeDone("gone")
    after = check_text(text, present).agency
    if after is None:
        raise CantBeDone("unsound")
    return present, after


def _day(found: Comparison, calls: int) -> Day:
    counts = (
        Count(incident_type=of_type, kind=kind, change=change, messages=messages)
        for (of_type, kind, change), messages in sorted(found.counts().items())
    )
    examples = (_example(one) for change in CHANGES for one in islice(found.examples(change), MOST_EXAMPLES))
    return Day(
        played=found.incidents,
        calls=calls,
        sent_before=found.sent_before,
        sent_after=found.sent_after,
        counts=tuple(counts),
        examples=tuple(examples),
    )


def _example(one: Difference) -> Example:
    return Example(
        incident_number=one.key.incident_number,
        called=one.called,
        incident_type=one.incident_type,
        kind=one.key.kind.value,
        change=one.change,
        before=_told(one.before),
        after=_told(one.after),
    )


def _told(fate: Fate) -> Told:
    return Told(at=fate.at, channel=fate.channel, reason=fate.reason)


def _unwatched() -> None:
    """Hear of an update that was played; nobody watches here."""
