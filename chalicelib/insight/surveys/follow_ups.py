"""Answers that somebody must look at, and the note that they have."""

from datetime import datetime

from chalicelib.domain.surveys.follow_up import Desk, FollowUp, shown
from chalicelib.wiring import Aws


class NothingWaits(LookupError):
    """There is no follow-up of that name at that desk, or somebody has seen to it."""


def listed(aws: Aws, agency_id: str, desk: Desk, at: datetime, *, everything: bool = False) -> tuple[FollowUp, ...]:
    """Return the follow-ups of a desk that wait, the one due first on top; or all, the answered ones last.

    Those of a survey that does not rest yet are left out, as its next answer may send them to another desk.
    """
    given = (one for one in aws.follow_ups.of(agency_id, desk) if shown(one, at))
    found = [one for one in given if everything or one.answered_at is None]
    return tuple(sorted(found, key=lambda one: (one.answered_at is not None, one.due_at or one.raised_at)))


def answer(aws: Aws, agency_id: str, desk: Desk, name: str, at: datetime, by: str, note: str) -> None:
    """Note that somebody saw to a follow-up; NothingWaits, Conflict."""
    if not aws.follow_ups.answer(agency_id, desk, name, at, by, note):
        raise NothingWaits(f"nothing called {name!r} waits for {desk}")
