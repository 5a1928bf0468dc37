"""Answers that staff must look at, and the topics that tell them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from chalicelib.domain.surveys.follow_up import Desk, FollowUp


class FollowUps(Protocol):
    """Answers that staff must look at, by desk."""

    def keep(self, one: FollowUp, keep_until: datetime | None) -> bool:
        """Keep it, or its newest words where it is known and waits still; return whether it was new."""

    def take(self, agency_id: str, desk: Desk, name: str) -> FollowUp | None:
        """Note that a desk is being told of it; return it, or None where it is gone or somebody was first. Conflict."""

    def rest(self, agency_id: str, survey: str, until: datetime) -> None:
        """Note that the follow-ups of a survey, named by its token's hash, wait until then for more answers."""

    def resting(self, agency_id: str, by: datetime) -> Iterable[tuple[str, datetime]]:
        """Return the surveys of an agency that have rested by then, each with the instant that was noted."""

    def lease(self, agency_id: str, survey: str, until: datetime, to: datetime) -> bool:
        """Put a rest off, so that nobody else acts on it meanwhile; False where it is not as it was read."""

    def rested(self, agency_id: str, survey: str, until: datetime) -> None:
        """Forget a rest, unless it is not as it was read: then more was answered, and it rests again."""

    def withdraw(self, agency_id: str, desk: Desk, name: str) -> None:
        """Take away what a desk must not see any more; Conflict."""

    def of(self, agency_id: str, desk: Desk) -> Iterable[FollowUp]:
        """Return all that a desk was given, oldest first: for people who look, not for a flow."""

    def find(self, agency_id: str, desk: Desk, name: str) -> FollowUp | None:
        """Return one of a desk's, as it is stored now."""

    def praise(
        self, agency_id: str, span: tuple[datetime, datetime], most: int, after: str = ""
    ) -> tuple[tuple[str, ...], str]:
        """Return the names of praise that was raised in a span, the first first, and what asks for the next, or ""."""

    def closed(self, agency_id: str, desk: Desk, most: int, before: str = "") -> tuple[tuple[str, ...], str]:
        """Return the names of what a desk saw to, the last first, and what asks for those before, or ""."""

    def put(self, before: FollowUp, after: FollowUp) -> None:
        """Write one over what was read; Conflict where it is not so any more."""

    def answer(self, agency_id: str, desk: Desk, name: str, at: datetime, by: str, note: str) -> bool:
        """Note that somebody saw to it; return whether there was such a one, still waiting."""


class Desks(Protocol):
    """The topics of the desks, which tell staff at once."""

    def tell(self, one: FollowUp, page: str) -> None:
        """Tell a desk's topic of something new to look at, without anybody's words; NotTold.

        `page` is the same in one short line, for pagers.
        """
