"""Events of Amazon SES → receipts.

Names: Amazon SES developer guide, "Contents of event data that Amazon SES publishes".
"""

import msgspec
from msgspec import Struct

from chalicelib.domain.incidents.facts import Instant
from chalicelib.domain.names import CORRELATION
from chalicelib.domain.notifications.notification import State
from chalicelib.domain.notifications.receipt import Receipt, UnknownEvent, our_notification

STATES: dict[str, State | None] = {
    "Send": State.SENT,
    "Delivery": State.DELIVERED,
    "Bounce": State.UNDELIVERED,
    "Complaint": State.DELIVERED,
    "Reject": State.FAILED,
    "Rendering Failure": State.FAILED,
    "DeliveryDelay": None,
    "Open": None,
    "Click": None,
    "Subscription": None,
}
"""The state that each event settles; None where it settles nothing.

A complaint proves that the email was delivered.
"""

_NO_COMPLAINT = frozenset({"not-spam", "auth-failure", "virus"})
"""Types of feedback by which nobody asks for less: a person takes a complaint back, or a machine reports something.

A complaint that was taken back leaves the person as they are: only their own words bring messages back. The type comes
from the report of the mail provider, where case says nothing (RFC 5965, 3.1).
"""

_NEVER_SENT = "OnAccountSuppressionList"
"""A complaint of before: SES took the email and did not try to deliver it."""


class Mail(Struct, frozen=True, rename="camel"):
    """The message that an event is about."""

    message_id: str
    timestamp: Instant
    tags: dict[str, list[str]] = {}


class Detail(Struct, frozen=True, rename="camel"):
    """When it happened, and for a bounce or a complaint of what kind."""

    timestamp: Instant | None = None
    bounce_type: str = ""
    bounce_sub_type: str | None = None
    complaint_feedback_type: str | None = None
    complaint_sub_type: str | None = None


class MailEvent(Struct, frozen=True, rename="camel"):
    """The fields of an event that say which message, and what became of it."""

    event_type: str
    mail: Mail
    delivery: Detail = Detail()
    bounce: Detail = Detail()
    complaint: Detail = Detail()


def read_receipt(body: str) -> Receipt | None:
    """Read an event; None where it settles nothing or is not about a message of ours, UnknownEvent."""
    event = msgspec.json.decode(body, type=MailEvent)
    if event.event_type not in STATES:
        raise UnknownEvent(event.event_type)
    state, ours = STATES[event.event_type], event.mail.tags.get(CORRELATION)
    if state is None or not ours:
        return None
    complained = event.event_type == "Complaint"
    if complained and event.complaint.complaint_sub_type == _NEVER_SENT:
        state = State.UNDELIVERED
    times = (event.delivery.timestamp, event.bounce.timestamp, event.complaint.timestamp, event.mail.timestamp)
    return Receipt(
        notification=our_notification(ours[0]),
        state=state,
        reason=(event.bounce.bounce_sub_type or event.event_type).lower(),
        at=next(at for at in times if at),
        provider="ses",
        reference=event.mail.message_id,
        opted_out=complained and (event.complaint.complaint_feedback_type or "").lower() not in _NO_COMPLAINT,
        bounced=event.event_type == "Bounce" and event.bounce.bounce_type == "Permanent",
    )
