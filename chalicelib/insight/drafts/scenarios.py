"""An agency's own scenarios in a review: kept beside the settings, and played through what somebody proposes.

A job plays them a few at a time, by the same functions as `tenfour settings check --scenarios`. One that fails is shown
to whoever reviews and to whoever publishes. It keeps nobody from publishing, nor from restoring in an emergency: the
people who approve decide whether the rule or its scenario is out of date.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from chalicelib.domain.approval import Author
from chalicelib.domain.desk.jobs import CantBeDone, Job, new_job
from chalicelib.domain.desk.scenarios import Kept, NotKept, digest_of, may_keep
from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.drafts.week import Reviewed, given_of, settings_of
from chalicelib.insight.scenarios import run_sheet
from chalicelib.insight.scenarios.read import InvalidScenario, read_text
from chalicelib.wiring import Aws

AT_A_TIME = 10
"""Scenarios of one chunk: each takes a tenth of a second or less, and a chunk has 29 s."""

LONGEST_STORY = 6_000
"""Letters of a story that are kept of a scenario that fails."""

KEPT = "kept"
"""The word of a job that has the digest of the scenarios that it plays."""


class Outcome(Struct, frozen=True, kw_only=True):
    """How one scenario went; `problem` is "" where it went as it says, else what did not, and the story."""

    name: str
    title: str
    problem: str = ""


def fit(name: str, text: str, others: Iterable[str], who: Author, at: datetime) -> Kept:
    """Return a scenario as it would be kept under a name, beside others; NotKept."""
    may_keep(name, text, others)
    try:
        title = read_text(text).scenario.title
    except InvalidScenario as problem:
        raise NotKept("unread", str(problem)) from problem
    return Kept(name=name, title=title, text=text, by=who, at=at)


def job_of(one: Reviewed, present: Agency, kept: Sequence[Kept], who: Author, at: datetime) -> Job:
    """Return the job that plays scenarios through a draft, or through what was proposed."""
    groups = [str(first) for first in range(0, len(kept), AT_A_TIME)]
    given = {**given_of(one, present), KEPT: digest_of(kept)}
    return new_job("draft_scenarios", who, given, groups, at)


def some_of(aws: Aws, agency_id: str, job: Job, chunk: str) -> str:
    """Play some scenarios, and return their outcomes as JSON; CantBeDone."""
    _, after = settings_of(aws, agency_id, job)
    kept = aws.scenarios.all_of(agency_id)
    if digest_of(kept) != job.given[KEPT]:
        raise CantBeDone("gone")
    first = int(chunk)
    return msgspec.json.encode([_played(one, after) for one in kept[first : first + AT_A_TIME]]).decode()


def outcomes_of(results: Mapping[str, str]) -> tuple[Outcome, ...]:
    """Return the outcomes of a job's chunks, those that fail first."""
    found = [one for text in results.values() for one in msgspec.json.decode(text, type=list[Outcome])]
    return tuple(sorted(found, key=lambda one: (not one.problem, one.name)))


def _played(one: Kept, settings: Agency) -> Outcome:
    problem = run_sheet(one.text, settings)
    return Outcome(name=one.name, title=one.title, problem=problem[:LONGEST_STORY])
