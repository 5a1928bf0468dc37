"""Providers' events, of whichever provider, → receipts and replies."""

from datetime import datetime

import msgspec
from msgspec import Struct

from chalicelib.carriers.end_user_messaging import events as messaging_events
from chalicelib.carriers.ses import events as ses_events
from chalicelib.carriers.twilio import events as twilio_events
from chalicelib.domain.notifications.receipt import Receipt, UnknownEvent
from chalicelib.domain.people.reply import Reply


class AnyEvent(Struct, frozen=True, rename="camel"):
    """By what events of different providers are told apart."""

    event_type: str = ""
    twilio: dict[str, str] | None = None


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
    if event.twilio is not None:
        return twilio_events.read_receipt(body)
    if event.event_type.startswith("TEXT_"):
        return messaging_events.read_receipt(body)
    return ses_events.read_receipt(body)


def read_reply(body: str, at: datetime) -> Reply:
    """Read a text from a person; `at` is when it was published, for a provider that does not say; DecodeError."""
    if msgspec.json.decode(body, type=AnyEvent).twilio is not None:
        return twilio_events.read_reply(body)
    return messaging_events.read_reply(body, at)
