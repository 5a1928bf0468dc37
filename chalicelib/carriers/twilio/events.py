"""Read Twilio's posts: about texts → receipts, and texts from people → replies.

Names: twilio.com/docs, "Messages resource" (statuses), "Twilio's request to your webhook", "Error dictionary".
"""

from collections.abc import Mapping

import msgspec
from msgspec import Struct

from chalicelib.domain.incidents.facts import Instant
from chalicelib.domain.notifications.notification import State
from chalicelib.domain.notifications.receipt import Receipt, UnknownEvent, our_notification
from chalicelib.domain.people.reply import Reply, is_answer

STATES: dict[str, State | None] = {
    "accepted": None,
    "scheduled": None,
    "queued": None,
    "sending": None,
    "sent": State.SENT,
    "delivered": State.DELIVERED,
    "read": State.DELIVERED,
    "undelivered": State.UNDELIVERED,
    "failed": State.FAILED,
    "canceled": State.FAILED,
}
"""The state that each status settles; None where it settles nothing."""

REASONS: dict[str, str] = {
    "21610": "opted_out_at_provider",
    "30001": "queue_overflow",
    "30002": "account_suspended",
    "30003": "unreachable",
    "30004": "blocked",
    "30005": "unknown_handset",
    "30006": "landline_at_provider",
    "30007": "carrier_blocked",
    "30008": "unknown_trouble",
    "30032": "number_not_verified",
    "30034": "number_not_registered",
    "30036": "ttl_expired",
}
"""Our word for each error code; any other code is passed on as it is."""

_NO_TEXTS_THERE = frozenset({"30006"})
_OPTED_OUT = frozenset({"21610"})
_BLOCKED = frozenset({"30004", "30007", "30032", "30034"})
"""The carrier let this text through as little as it will the next one."""


class TwilioPost(Struct, frozen=True, kw_only=True):
    """A post that was authentic, as it waits in a queue: `number` is the one that it came to, `at` our clock's."""

    twilio: Mapping[str, str]
    at: Instant
    notification: str = ""
    number: str = ""


def read_receipt(body: str) -> Receipt | None:
    """Read a status; None where it settles nothing or is not about a message of ours, UnknownEvent."""
    post = msgspec.json.decode(body, type=TwilioPost)
    status, code = post.twilio.get("MessageStatus", ""), post.twilio.get("ErrorCode", "")
    if status not in STATES:
        raise UnknownEvent(status)
    state = STATES[status]
    if state is None or not post.notification or is_answer(post.notification):
        return None
    return Receipt(
        notification=our_notification(post.notification),
        state=state,
        reason=REASONS.get(code, f"twilio_{code}" if code else status),
        at=post.at,
        provider="twilio",
        reference=post.twilio.get("MessageSid", ""),
        landline=code in _NO_TEXTS_THERE,
        opted_out=code in _OPTED_OUT,
        carried=True if state is State.DELIVERED else False if code in _BLOCKED else None,
    )


def read_reply(body: str) -> Reply:
    """Read a text from a person."""
    post = msgspec.json.decode(body, type=TwilioPost)
    sender, body, name = (post.twilio.get(field, "") for field in ("From", "Body", "MessageSid"))
    return Reply(sender=sender, number=post.number, body=body, at=post.at, message_id=name)
