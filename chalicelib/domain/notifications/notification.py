"""A notification: what was decided for one recipient, and what became of it."""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal, Self

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.incidents.facts import Facts
from chalicelib.domain.names import Kind, NotificationKey

Channel = Literal["sms", "email"]
Provider = str
"""A provider's name in `carriers/registry.py`; empty before any provider took the message."""


class State(StrEnum):
    """The states of a notification."""

    SCHEDULED = "scheduled"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    CANCELLED = "cancelled"
    SUPPRESSED = "suppressed"
    UNKNOWN = "unknown"


_TOLD_BY_RECEIPT = frozenset({State.DELIVERED, State.UNDELIVERED})
_AFTER_A_TRY = frozenset({State.SENT, State.FAILED, *_TOLD_BY_RECEIPT})
MOVES: dict[State, frozenset[State]] = {
    State.SCHEDULED: frozenset(
        {State.SCHEDULED, State.SENDING, State.CANCELLED, State.SUPPRESSED, State.FAILED, *_TOLD_BY_RECEIPT}
    ),
    State.SENDING: frozenset({State.SCHEDULED, State.UNKNOWN, *_AFTER_A_TRY}),
    State.SENT: frozenset({State.SCHEDULED, State.FAILED, *_TOLD_BY_RECEIPT}),
    State.UNKNOWN: frozenset({State.SCHEDULED, *_AFTER_A_TRY}),
    State.CANCELLED: frozenset({State.SCHEDULED, *_TOLD_BY_RECEIPT}),
    State.DELIVERED: frozenset(),
    State.UNDELIVERED: frozenset(),
    State.FAILED: frozenset(),
    State.SUPPRESSED: frozenset(),
}
"""The legal moves. Finished states do not move, because receipts are repeated and come in any order.

A late receipt can also move a row that was tried and then given up for lost, scheduled again or cancelled. A receipt
which says that a phone gets no texts schedules its row again, by email.
"""

GONE = frozenset({State.SENT, State.DELIVERED, State.UNKNOWN})
"""States in which the person has the message, or may have it."""

TAKEN = GONE | {State.UNDELIVERED}
"""States in which a provider took the message, or may have taken it, whether or not it arrived."""

MOST_STEPS = 50
"""The number of latest moves kept. A feed that changes its mind for ever must not fill the row."""

MAY_REPEAT = frozenset({Kind.CASE_NUMBER, Kind.SURVEY})
"""Kinds that are sent again when receipts were due and none came. Other kinds are stale by then."""


class IllegalMove(ValueError):
    """The error for a move that MOVES does not list."""


class Step(Struct, frozen=True, array_like=True):
    """One move of a notification from state to state, which `explain` shows."""

    at: datetime
    state: State
    reason: str = ""


class Notification(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One row: a notification, due at `send_at`, with everything that has happened to it since.

    `address` is where it goes; `addresses` are all by which the recipient is known. `planned_for` is the time in the
    plan. `send_at` is when it must next be looked at: a hold, a back-off or a lease makes it later. `traceable` is
    false after a provider without receipts was given the message. `template` names the words that were filled in.
    `cost` is in dollars, as the provider told it. `counted_at` is the address at whose caps it was counted last,
    and `counted_on` the day of the agency. `incident_type` and `beat` are the call's, as they were when the row was
    last decided on. Instants are aware and in UTC.
    """

    key: NotificationKey
    channel: Channel
    address: str
    addresses: frozenset[str] = frozenset()
    variant: str = ""
    planned_for: datetime
    send_at: datetime
    expires_at: datetime
    created_at: datetime
    state: State = State.SCHEDULED
    reason: str = ""
    attempts: int = 0
    counted_at: str = ""
    counted_on: date | None = None
    settings_version: int = 0
    version: int = 0
    sent_at: datetime | None = None
    finished_at: datetime | None = None
    keep_until: datetime | None = None
    provider: Provider = ""
    reference: str = ""
    traceable: bool = True
    language: str = ""
    body: str = ""
    segments: int = 0
    template: str = ""
    cost: float | None = None
    steps: tuple[Step, ...] = ()
    incident_type: str = ""
    beat: str = ""

    @property
    def awaits(self) -> bool:
        """Tell whether the row must be looked at again at `send_at`: it is then in the index of due rows."""
        waiting = self.state in (State.SCHEDULED, State.SENDING)
        return waiting or (self.state is State.UNKNOWN and self.key.kind in MAY_REPEAT and self.traceable)

    @property
    def tried_here(self) -> bool:
        """Tell whether it was tried at its present address; rows from before `counted_at` was kept were."""
        return self.attempts > 0 and self.counted_at in ("", self.address)

    def counted(self, day: date) -> bool:
        """Tell whether it was counted at the day's cap of its present address: another try must not stop itself."""
        return self.tried_here and self.counted_on in (None, day)

    def about(self, facts: Facts) -> Self:
        """Return the row with the type and the beat of its call, as they are now."""
        incident_type, beat = facts.incident_type or "", facts.beat or ""
        known = (self.incident_type, self.beat) == (incident_type, beat)
        return self if known else replace(self, incident_type=incident_type, beat=beat)

    def moved(self, to: State, at: datetime, reason: str = "", **changes: Any) -> Self:
        """Return the row in another state; IllegalMove where `MOVES` does not allow it.

        A hold that is renewed for the same reason adds no step: there may be thousands.
        """
        if to not in MOVES[self.state]:
            raise IllegalMove(f"{self.state} to {to}")
        again = self.steps[-1:] and (self.steps[-1].state, self.steps[-1].reason) == (to, reason)
        steps = self.steps if again else (*self.steps, Step(at, to, reason))[-MOST_STEPS:]
        finished_at = None if MOVES[to] else at
        return replace(self, state=to, reason=reason, steps=steps, finished_at=finished_at, **changes)


def is_first_text(row: Notification, rows: Iterable[Notification]) -> bool:
    """Tell whether no other text about the same incident has gone to the row's phone, or may have gone."""
    others = (one for one in rows if one.key != row.key and one.channel == "sms" and one.address == row.address)
    return not any(one.attempts and one.state not in (State.FAILED, State.SCHEDULED) for one in others)
