"""What staff do with a follow-up: somebody takes it, and it ends with an outcome of a closed list. Pure.

An outcome has no free words: people write names into them. A number leads to where the rest stands.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from msgspec.structs import replace

from chalicelib.domain.surveys.follow_up import Desk, FollowUp


class Outcome(StrEnum):
    """How a follow-up ended. A name that was stored never changes; new ones are added."""

    SPOKE = "spoke"
    NOT_REACHED = "not_reached"
    HANDED_ON = "handed_on"
    READ = "read"
    COMPLAINT = "complaint"
    NO_COMPLAINT = "no_complaint"
    HELP_SENT = "help_sent"
    KNOWN = "known"
    NO_DANGER = "no_danger"


WORDS: Mapping[Outcome, str] = {
    Outcome.SPOKE: "spoke with the person",
    Outcome.NOT_REACHED: "could not reach the person",
    Outcome.HANDED_ON: "handed it on",
    Outcome.READ: "read it; nothing to do",
    Outcome.COMPLAINT: "taken as a complaint",
    Outcome.NO_COMPLAINT: "read it; it is no complaint",
    Outcome.HELP_SENT: "sent officers",
    Outcome.KNOWN: "dispatch knew of it",
    Outcome.NO_DANGER: "nobody is in danger",
}
"""What a note says of an outcome: the command and exports show notes."""

OUTCOMES: Mapping[Desk, tuple[Outcome, ...]] = {
    Desk.SUPERVISORS: (Outcome.SPOKE, Outcome.NOT_REACHED, Outcome.HANDED_ON, Outcome.READ),
    Desk.STANDARDS: (Outcome.COMPLAINT, Outcome.SPOKE, Outcome.NOT_REACHED, Outcome.NO_COMPLAINT),
    Desk.ALERTS: (Outcome.HELP_SENT, Outcome.KNOWN, Outcome.SPOKE, Outcome.NOT_REACHED, Outcome.NO_DANGER),
}
"""The outcomes that each desk may choose from."""

NEED_NUMBER = frozenset({Outcome.HANDED_ON, Outcome.COMPLAINT})
"""Outcomes that go on elsewhere: the number leads there."""


def is_late(one: FollowUp, now: datetime) -> bool:
    """Tell whether nobody saw to a follow-up in its time."""
    return one.answered_at is None and one.due_at is not None and one.due_at < now


def taken(one: FollowUp, by: str, at: datetime) -> FollowUp:
    """Return a follow-up that somebody has taken, from whoever had it."""
    return replace(one, owner=by, owned_at=at)


def closed(one: FollowUp, outcome: Outcome, number: str, by: str, at: datetime) -> FollowUp:
    """Return a follow-up that somebody saw to; `number` is "" or names where the rest stands."""
    note = ", ".join(filter(None, (WORDS[outcome], number)))
    return replace(one, answered_at=at, answered_by=by, outcome=outcome, note=note)
