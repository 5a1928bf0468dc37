"""Jobs of the desk, as pages and their worker need them stored."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from chalicelib.domain.desk.jobs import Asked, Job, Part, Progress


class Jobs(Protocol):
    """Jobs with the parts that there are of each, and their results apart; all of it expires with the job."""

    def find(self, agency_id: str, name: str) -> Progress | None:
        """Return a job with its parts by one consistent Query, or None."""

    def keep(self, agency_id: str, job: Job) -> None:
        """Keep a job, in the place of what it was."""

    def end(self, agency_id: str, job: Job, part: Part, result: str = "") -> bool:
        """Keep a chunk's part with its result, unless it was done before; return whether it was not. Conflict."""

    def results(self, agency_id: str, name: str) -> Mapping[str, str]:
        """Return the results of a job by their chunks."""

    def count(self, agency_id: str, one: Asked) -> None:
        """Keep for a day that somebody asked for a job."""

    def uncount(self, agency_id: str, one: Asked) -> None:
        """Forget that somebody asked for a job, which was refused."""

    def counted(self, agency_id: str, since: datetime) -> tuple[Asked, ...]:
        """Return what an agency's people asked for after an instant, the oldest first, by one consistent Query."""
