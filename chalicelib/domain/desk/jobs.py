"""Work for the desk that takes longer than a page: who asked for it, how far it is, and how it ended. Pure.

    asked ──▶ running (n of m) ──▶ done
                   └─────────────▶ failed (why)

A job is worked on in chunks, each by itself. A chunk that has ended has a part, written once under the chunk's name, so
a retry, a kill and two workers at once repeat nothing. The state is counted from the parts and kept nowhere.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from typing import Literal

import msgspec
from msgspec import Struct

from chalicelib.domain.approval import Author
from chalicelib.domain.desk.drafts import is_among

JobKind = Literal["draft_week", "draft_scenarios", "shadow", "results", "report"]
JobState = Literal["asked", "running", "done", "failed"]

Why = Literal["failed", "gone", "late", "not_indexed", "refused", "too_many", "unsound"]
"""A reason for which a job fails: it broke, its draft is gone, it took too long, and so on."""

KEPT_FOR = timedelta(days=1)
"""How long a job and its result are kept."""

RESULTS_KEPT_FOR = timedelta(days=92)
"""How long results are kept: they have nobody in them, and a quarter that is settled stays as it was counted."""

LATE_AFTER = timedelta(minutes=30)
"""A job that has not ended by then has lost a chunk: three tries of it take less."""

AT_ONCE = 3
"""Jobs of one person that have not ended."""

A_DAY = 40
"""Jobs of an agency's within a day, each with a week of calls: about what its reviewers can read."""

OWN_A_DAY = 15
"""Jobs of one person within a day: nobody uses up what reviewers need."""

Limit = Literal["at_once", "own_day", "a_day"]
LIMITS: Mapping[Limit, int] = {"at_once": AT_ONCE, "own_day": OWN_A_DAY, "a_day": A_DAY}

_LETTERS = str.maketrans("0123456789abcdef", "ghijklmnopabcdef")
_NAME = 24


class CantBeDone(Exception):
    """A chunk that no retry would do either; `why` is a word of the list."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


class TooMany(Exception):
    """A job more than somebody, or their agency, may ask for now; `limit` says which of the two."""

    def __init__(self, limit: Limit) -> None:
        super().__init__(limit)
        self.limit = limit


class Asked(Struct, frozen=True, kw_only=True):
    """That somebody asked for a job: once for each time that work was left for it."""

    job: str
    by: Author
    at: datetime


class Job(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A job of an agency's: `given` is what it works on, and `chunks` are the names of its chunks, in their order.

    `sent` tells that all its chunks were left for the worker.
    """

    name: str
    kind: JobKind
    by: Author
    asked_at: datetime
    given: Mapping[str, str]
    chunks: tuple[str, ...]
    sent: bool = False

    @property
    def until(self) -> datetime:
        """Return when it is forgotten."""
        return self.asked_at + (RESULTS_KEPT_FOR if self.kind in ("results", "report") else KEPT_FOR)


class Part(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The end of a chunk: `why` says what kept it from being done, and is "" where it was done.

    `asked_at` is when the job was asked for: what failed before somebody asked again counts no more.
    """

    chunk: str
    asked_at: datetime
    why: str = ""


class Progress(Struct, frozen=True):
    """A job, and the parts that there are of it."""

    job: Job
    parts: tuple[Part, ...] = ()

    @property
    def done(self) -> int:
        """Return how many chunks are done."""
        return sum(not part.why for part in self.parts)

    @property
    def left(self) -> tuple[str, ...]:
        """Return the chunks that are not done, in their order."""
        done = {part.chunk for part in self.parts if not part.why}
        return tuple(chunk for chunk in self.job.chunks if chunk not in done)

    def why(self, now: datetime) -> str:
        """Return why it has failed; "" where it has not."""
        found = next((part.why for part in self.parts if part.why and part.asked_at == self.job.asked_at), "")
        late = bool(self.left) and now >= self.job.asked_at + LATE_AFTER
        return found or ("late" if late else "")

    def state(self, now: datetime) -> JobState:
        """Return how far it is."""
        if self.why(now):
            return "failed"
        if not self.left:
            return "done"
        return "running" if self.done else "asked"

    def may_be_asked(self, now: datetime) -> bool:
        """Tell whether asking for it does something: it failed, or not all of it was left for the worker."""
        return self.state(now) == "failed" or (not self.job.sent and bool(self.left))

    def is_of(self, who: Author) -> bool:
        """Tell whether somebody asked for it, by their sign-in."""
        return is_among(who, (self.job.by,))


class Work(Struct, frozen=True):
    """One chunk of an agency's job, as the queue has it."""

    agency_id: str
    job: str
    chunk: str


def job_name(kind: JobKind, by: str, given: Mapping[str, str], chunks: Iterable[str]) -> str:
    """Return the name of a job: the same for the same work asked by the same person, so asking twice does it once.

    It is made of letters alone, which look like no phone in an address or in the ledger. A job that is of everybody
    who may see it is asked by "".
    """
    told = msgspec.json.encode([kind, by, sorted(given.items()), [*chunks]])
    return hashlib.sha256(told).hexdigest()[:_NAME].translate(_LETTERS)


def new_job(
    kind: JobKind, who: Author, given: Mapping[str, str], chunks: Sequence[str], at: datetime, *, shared: bool = False
) -> Job:
    """Return a job that somebody asks for; one that is `shared` is the same whoever asks."""
    name = job_name(kind, "" if shared else who.by, given, chunks)
    return Job(name=name, kind=kind, by=who, asked_at=at, given=given, chunks=tuple(chunks))


def limit_met(others: Sequence[Asked], running: AbstractSet[str], who: Author) -> Limit | None:
    """Return which limit keeps somebody from a job more, or None.

    `others` is what was asked for at the agency within a day, without the job itself, and `running` which of these jobs
    of theirs have not ended.
    """
    if len(others) >= A_DAY:
        return "a_day"
    theirs = [one.job for one in others if is_among(who, (one.by,))]
    if len(theirs) >= OWN_A_DAY:
        return "own_day"
    return "at_once" if len(running & {*theirs}) >= AT_ONCE else None


def as_work(work: Work) -> str:
    """Write a chunk for the queue."""
    return msgspec.json.encode(work).decode()


def read_work(body: str) -> Work:
    """Read what `as_work` wrote; msgspec.ValidationError."""
    return msgspec.json.decode(body, type=Work)
