"""What waits for somebody, as the flows and pages need it stored, and the index of what is recent."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Protocol

from chalicelib.domain.desk.attention import Attention, Cause, Waiting
from chalicelib.domain.desk.recent import Recent, RecentPage, Wanted


class WaitingList(Protocol):
    """What waits for somebody, agency by agency."""

    def of(self, agency_id: str, causes: Collection[Cause] = ()) -> tuple[Waiting, ...]:
        """Return what waits for somebody, or will, by one consistent read; all causes where none is named."""

    def note(self, agency_id: str, change: Attention) -> None:
        """Write what begins to wait and remove what does not any more; who has taken something keeps it."""

    def put_right(self, one: Waiting, change: Attention) -> None:
        """Write a change of one entry, or remove it; Conflict where it is not as it was read."""

    def take(self, one: Waiting, by: str, at: datetime) -> Waiting:
        """Note that somebody has taken it; Conflict where it is there no more, or somebody else has it."""


class RecentCalls(Protocol):
    """Calls and messages by the instant at which each began."""

    def of(
        self, agency_id: str, since: datetime, until: datetime, *, wanted: Wanted = ..., most: int = 50, after: str = ""
    ) -> RecentPage:
        """Return a page of what began in a span, the latest first; `after` is that of the page before."""

    def all_of(self, agency_id: str, since: datetime, until: datetime) -> Iterable[Recent]:
        """Return all of it, the latest first."""
