"""Providers' events, of whichever provider, → receipts."""

import msgspec
from msgspec import Struct

from chalicelib.domain.receipt import Receipt, UnknownEvent
from chalicelib.inbound import messaging_events, ses_events


class AnyEvent(Struct, frozen=True, rename="camel"):
    """What all events have in common."""

    event_type: str


def read_receipt(body: str) -> Receipt | None:
    """Read an event; None where it settles nothing, UnknownEvent, ValidationError.

    SES greets a new topic in plain English: that is no event.
    """
    try:
        event = msgspec.json.decode(body, type=AnyEvent)
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError as problem:
        raise UnknownEvent("not JSON") from problem
    if event.event_type.startswith("TEXT_"):
        return messaging_events.read_receipt(body)
    return ses_events.read_receipt(body)
