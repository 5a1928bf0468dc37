"""Receipts: later news from a provider about a message that it took, in the words of this project."""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.names import NotificationKey
from chalicelib.domain.notifications.notification import MOVES, Notification, Provider, State
from chalicelib.domain.notifications.reasons import Reason


class Receipt(Struct, frozen=True, kw_only=True):
    """One event about one message; `cost` is in dollars. `state` is None where the event tells only a price.

    `landline`, `opted_out` and `bounced` are about the address and count whatever state the row is in. `carried` tells
    whether the carrier passed a text on, or blocked it as it would block the next one; None where it says neither.
    """

    notification: NotificationKey
    state: State | None
    reason: str
    at: datetime
    provider: Provider
    reference: str
    cost: float | None = None
    landline: bool = False
    opted_out: bool = False
    bounced: bool = False
    carried: bool | None = None


def apply(receipt: Receipt, row: Notification, has_email: bool = False) -> Notification | None:
    """Return the row as the receipt leaves it, or None where the receipt says nothing new.

    Repeated, late and disordered receipts are harmless: only legal moves are made, and only by a row that was tried.
    A text to a phone that gets no texts is tried again by email, if the party has one. A price counts in any state.
    """
    if row.attempts == 0 or _is_of_before(receipt, row):
        return None
    if receipt.state is None or receipt.state not in MOVES[row.state]:
        return replace(row, cost=_cost(receipt, row)) if _cost(receipt, row) != row.cost else None
    if receipt.landline and has_email and receipt.at < row.expires_at:
        return row.moved(State.SCHEDULED, receipt.at, Reason.LANDLINE, send_at=receipt.at)
    return row.moved(
        receipt.state,
        receipt.at,
        "" if receipt.reason == receipt.state else receipt.reason,
        # A receipt may be quicker than our own note of the call, which sets the same fields.
        sent_at=row.sent_at or receipt.at,
        provider=row.provider or receipt.provider,
        reference=row.reference or receipt.reference,
        cost=_cost(receipt, row),
    )


def _cost(receipt: Receipt, row: Notification) -> float | None:
    """Return the highest price that was told of a message: receipts come in any order, and early ones know a part."""
    return max((cost for cost in (row.cost, receipt.cost) if cost is not None), default=None)


def _is_of_before(receipt: Receipt, row: Notification) -> bool:
    """Tell whether a receipt is about an earlier attempt, and so says nothing about the latest one.

    A receipt for delivery always counts: if an earlier attempt arrived, the person has the message.
    """
    another = bool(row.reference and receipt.reference) and receipt.reference != row.reference
    goes_by_email = receipt.landline and (row.channel != "sms" or row.state is State.SCHEDULED)
    return receipt.state is not State.DELIVERED and (another or goes_by_email)


class UnknownEvent(ValueError):
    """The error for an event with an unknown word, or about a message that is not ours; the text is that word."""


def our_notification(reference: str) -> NotificationKey:
    """Read the notification's id that a provider carried for us; UnknownEvent where it is not one of our ids."""
    try:
        return NotificationKey.from_id(reference)
    except ValueError as problem:
        raise UnknownEvent("a reference that is not ours") from problem
