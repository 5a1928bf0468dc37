"""Events of AWS End User Messaging SMS → receipts, and texts from people → replies.

Names: AWS End User Messaging SMS user guide, "Event types", and "Two-way SMS message payload".
"""

import re
from datetime import UTC, datetime
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from chalicelib.domain.names import CORRELATION
from chalicelib.domain.notifications.notification import State
from chalicelib.domain.notifications.receipt import Receipt, UnknownEvent, our_notification
from chalicelib.domain.people.reply import Reply, is_answer

STATES: dict[str, State | None] = {
    "TEXT_QUEUED": None,
    "TEXT_PENDING": None,
    "TEXT_SENT": State.SENT,
    "TEXT_SUCCESSFUL": State.SENT,
    "TEXT_DELIVERED": State.DELIVERED,
    "TEXT_BLOCKED": State.UNDELIVERED,
    "TEXT_CARRIER_BLOCKED": State.UNDELIVERED,
    "TEXT_CARRIER_UNREACHABLE": State.UNDELIVERED,
    "TEXT_INVALID": State.UNDELIVERED,
    "TEXT_INVALID_MESSAGE": State.FAILED,
    "TEXT_PROTECT_BLOCKED": State.FAILED,
    "TEXT_SPAM": State.UNDELIVERED,
    "TEXT_TTL_EXPIRED": State.UNDELIVERED,
    "TEXT_UNREACHABLE": State.UNDELIVERED,
    "TEXT_UNKNOWN": None,
}
"""The state that each event settles; None where it settles nothing."""

_NO_TEXTS_THERE = frozenset({"TEXT_INVALID"})
"""The number can't get texts: it is remembered as a landline."""

_REFUSED = frozenset({State.UNDELIVERED, State.FAILED})
_PASSED = frozenset({"TEXT_DELIVERED", "TEXT_SUCCESSFUL"})
_BLOCKED = frozenset({"TEXT_BLOCKED", "TEXT_CARRIER_BLOCKED", "TEXT_PROTECT_BLOCKED", "TEXT_SPAM"})
"""Events of a text that its carrier, or our own protection, let through or not."""

_OPTED_OUT = re.compile(r"(?<!not )(\bopted[ _-]?out\b|\bopt(ed)?[ _-]?out[ _-]list\b)", re.IGNORECASE)
"""How an event's description says that the person stopped us: at a toll-free number only the carrier hears STOP.

A carrier that misses "opt-out instructions" in a text says nothing about the person.
"""

LAST_MILLISECOND = 253_402_300_799_999
"""Of the year 9999: later instants are none to us."""


class TextEvent(Struct, frozen=True, rename="camel"):
    """The fields of an event that say which message, and what became of it; the rest names the person.

    An event that is not final may be followed by another one for 72 hours. Older events do not say it, and are final.
    """

    event_type: str
    event_timestamp: Annotated[int, Meta(ge=0, le=LAST_MILLISECOND)]
    message_id: str
    is_final: bool = True
    context: dict[str, str] = {}
    message_status_description: str | None = None
    total_message_price: float | None = None
    total_carrier_fee: float | None = None


class TwoWayMessage(Struct, frozen=True, rename="camel"):
    """A text from a person, as End User Messaging publishes it."""

    origination_number: str
    destination_number: str
    message_body: str = ""
    inbound_message_id: str = ""


def read_receipt(body: str) -> Receipt | None:
    """Read an event; None where it settles nothing or is not about a message of ours, UnknownEvent."""
    event = msgspec.json.decode(body, type=TextEvent)
    if event.event_type not in STATES:
        raise UnknownEvent(event.event_type)
    state, ours = STATES[event.event_type], event.context.get(CORRELATION)
    refused = state in _REFUSED
    if refused and not event.is_final:  # the carrier has the text and tries again
        state = State.SENT
    if ours is None or is_answer(ours) or (state is None and (_cost(event) is None or not event.is_final)):
        return None
    opted_out = refused and _OPTED_OUT.search(event.message_status_description or "") is not None
    return Receipt(
        notification=our_notification(ours),
        state=state,
        reason=event.event_type.removeprefix("TEXT_").lower() if event.is_final or not refused else State.SENT.value,
        at=datetime.fromtimestamp(event.event_timestamp / 1000, UTC),
        provider="end_user_messaging",
        reference=event.message_id,
        cost=_cost(event),
        landline=event.event_type in _NO_TEXTS_THERE and event.is_final,
        opted_out=opted_out,
        carried=_carried(event) if event.is_final and not opted_out else None,
    )


def _carried(event: TextEvent) -> bool | None:
    """Tell whether the carrier passed a text on or blocked it; None where the event says neither."""
    return True if event.event_type in _PASSED else False if event.event_type in _BLOCKED else None


def _cost(event: TextEvent) -> float | None:
    """Return what a text cost in all; None where the event does not say."""
    told = [part for part in (event.total_message_price, event.total_carrier_fee) if part is not None]
    return round(sum(told), 6) if told else None


def read_reply(body: str, at: datetime) -> Reply:
    """Read a text from a person; the payload has no time of its own, so `at` is when it was published."""
    message = msgspec.json.decode(body, type=TwoWayMessage)
    return Reply(
        sender=message.origination_number,
        number=message.destination_number,
        body=message.message_body,
        at=at,
        message_id=message.inbound_message_id,
    )
