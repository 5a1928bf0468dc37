"""How a follow-up waits for somebody: an alert at once, any other once it is late. Pure."""

from datetime import datetime

from chalicelib.domain.desk.attention import CALM, Attention, Cause, Waiting
from chalicelib.domain.surveys.follow_up import Because, Desk, FollowUp

_HIDDEN = Desk.STANDARDS
"""Of what this desk has, lists that others see say neither the call nor the reason."""


def owed(one: FollowUp, keep_until: datetime | None) -> Waiting | None:
    """Return how a follow-up waits for somebody, or will; None for one that needs nothing, or that somebody saw to."""
    if one.answered_at is not None or one.due_at is None:
        return None
    danger = one.because is Because.DANGER
    from_now = one.raised_at if danger else max(one.due_at, one.rests_until or one.due_at)
    shown = one.desk is not _HIDDEN
    return Waiting(
        agency_id=one.agency_id,
        cause=Cause.DANGER if danger else Cause.FOLLOW_UP,
        about=_about(one.desk, one.id),
        since=from_now,
        until=keep_until,
        incident_number=one.incident_number if shown else "",
        called=one.called if shown else "",
        detail=one.desk,
    )


def owing(one: FollowUp, keep_until: datetime | None) -> Attention:
    """Return what storing a follow-up does to what waits for somebody."""
    waiting = owed(one, keep_until)
    if waiting:
        return Attention(begun=(waiting,))
    return Attention(ended=_names(one.desk, one.id)) if one.due_at else CALM


def withdrawn(desk: Desk, name: str) -> Attention:
    """Return what taking a follow-up away does to it."""
    return Attention(ended=_names(desk, name))


def _names(desk: Desk, name: str) -> frozenset[tuple[Cause, str]]:
    return frozenset({(Cause.DANGER if desk is Desk.ALERTS else Cause.FOLLOW_UP, _about(desk, name))})


def _about(desk: Desk, name: str) -> str:
    return f"{desk}#{name}"
