"""Jobs of the desk, in memory."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeVar

from chalicelib.domain.desk.jobs import Asked, Job, Part, Progress

T = TypeVar("T")


class MemoryJobs:
    """The port `Jobs`."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._jobs: dict[tuple[str, str], Job] = {}
        self._parts: dict[tuple[str, str], dict[str, tuple[datetime, Part]]] = {}
        self._asked: dict[str, set[Asked]] = {}
        self._results: dict[tuple[str, str], dict[str, tuple[datetime, str]]] = {}

    def find(self, agency_id: str, name: str) -> Progress | None:
        """Return a job with its parts, or None."""
        job = self._jobs.get((agency_id, name))
        if job is None or job.until <= self._clock():
            return None
        parts = self._there(self._parts.get((agency_id, name), {}))
        return Progress(job, tuple(parts[chunk] for chunk in sorted(parts)))

    def keep(self, agency_id: str, job: Job) -> None:
        """Keep a job, in the place of what it was."""
        self._jobs[agency_id, job.name] = job

    def end(self, agency_id: str, job: Job, part: Part, result: str = "") -> bool:
        """Keep a chunk's part with its result, unless it was done before; return whether it was not. Conflict."""
        parts = self._parts.setdefault((agency_id, job.name), {})
        known = self._there(parts).get(part.chunk)
        if known and not known.why:
            return False
        if not part.why:
            self._results.setdefault((agency_id, job.name), {})[part.chunk] = (job.until, result)
        parts[part.chunk] = (job.until, part)
        return True

    def results(self, agency_id: str, name: str) -> Mapping[str, str]:
        """Return the results of a job by their chunks."""
        return self._there(self._results.get((agency_id, name), {}))

    def count(self, agency_id: str, one: Asked) -> None:
        """Keep that somebody asked for a job."""
        self._asked.setdefault(agency_id, set()).add(one)

    def uncount(self, agency_id: str, one: Asked) -> None:
        """Forget that somebody asked for a job."""
        self._asked.get(agency_id, set()).discard(one)

    def counted(self, agency_id: str, since: datetime) -> tuple[Asked, ...]:
        """Return what an agency's people asked for after an instant, the oldest first."""
        there = (one for one in self._asked.get(agency_id, ()) if one.at > since)
        return tuple(sorted(there, key=lambda one: (one.at, one.job)))

    def _there(self, kept: Mapping[str, tuple[datetime, T]]) -> dict[str, T]:
        """Return what has not ended, by its chunk."""
        return {chunk: one for chunk, (until, one) in kept.items() if until > self._clock()}
