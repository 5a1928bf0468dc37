"""The providers' later events about a message, in their own words, published as they publish them."""

import json
import time
import uuid
from datetime import UTC, datetime
from typing import Any

from chalicelib.carriers.twilio.account import TwilioAccount
from chalicelib.virtual.carrier import Behaviour, InboundText, TakenMessage
from rigs.carrier_simulator import twilio

_TEXT_ENDS: dict[Behaviour, str] = {
    "fail": "TEXT_CARRIER_UNREACHABLE",
    "landline": "TEXT_INVALID",
    "optout": "TEXT_BLOCKED",
    "block": "TEXT_CARRIER_BLOCKED",
}
_STATUS = {
    "TEXT_QUEUED": "accepted",
    "TEXT_SUCCESSFUL": "sent",
    "TEXT_DELIVERED": "delivered",
    "Send": "sent",
    "Delivery": "delivered",
    "queued": "accepted",
    "sent": "sent",
    "delivered": "delivered",
}


def receipts(message: TakenMessage, behaviour: Behaviour, account: TwilioAccount) -> list[tuple[str, dict[str, Any]]]:
    """Return the events about one message, each with its way, in the order of a well-behaved network."""
    if message.provider == "twilio":
        return twilio.statuses(message, behaviour, account) if message.callback else []
    if message.provider == "sns":  # it tells nobody
        message.status = "not delivered" if behaviour in _TEXT_ENDS else "delivered"
        return []
    if message.channel == "email":
        ended = "Delivery" if behaviour in ("deliver", "accept_then_drop") else "Bounce"
        return [("receipts", _mail_event(message, kind)) for kind in ("Send", ended)]
    last = ("TEXT_SUCCESSFUL", "TEXT_DELIVERED") if behaviour not in _TEXT_ENDS else (_TEXT_ENDS[behaviour],)
    return [("receipts", _text_event(message, kind)) for kind in ("TEXT_QUEUED", *last)]


def inbound_text(
    text: InboundText, answers: TakenMessage | None, default_number: str, account: TwilioAccount
) -> tuple[str, dict[str, Any]]:
    """Return a person's text, with its way: that of the provider whose text they answer."""
    if answers and answers.callback:
        return "twilio", twilio.inbound(text, answers, account)
    return "replies", two_way_message(text, answers.sender if answers else default_number)


def status(event: dict[str, Any]) -> str:
    """Return what the phones page says after an event."""
    return _STATUS.get(event.get("eventType") or event["fields"]["MessageStatus"], "not delivered")


def two_way_message(text: InboundText, number: str) -> dict[str, Any]:
    """Return a person's text as End User Messaging publishes it."""
    return {
        "originationNumber": text.sender,
        "destinationNumber": number,
        "messageKeyword": "KEYWORD_" + number.lstrip("+"),
        "messageBody": text.body,
        "inboundMessageId": str(uuid.uuid4()),
        "previousPublishedMessageId": str(uuid.uuid4()),
    }


def _text_event(message: TakenMessage, kind: str) -> dict[str, Any]:
    at = int(time.time() * 1000)
    return {
        "eventType": kind,
        "eventVersion": "1.0",
        "eventTimestamp": at,
        "isFinal": kind not in ("TEXT_QUEUED", "TEXT_SUCCESSFUL"),
        "originationPhoneNumber": message.sender,
        "destinationPhoneNumber": message.to,
        "isoCountryCode": "US",
        "messageId": message.id,
        "messageRequestTimestamp": at,
        "messageEncoding": "GSM",
        "messageType": "TRANSACTIONAL",
        "messageStatus": kind.removeprefix("TEXT_"),
        "context": {"notification": message.reference},
        "totalMessageParts": 1,
        "totalMessagePrice": 0.00581,
        "totalCarrierFee": 0.006,
    }


def _mail_event(message: TakenMessage, kind: str) -> dict[str, Any]:
    at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    detail: dict[str, Any] = {"timestamp": at}
    if kind == "Bounce":
        detail |= {"bounceType": "Permanent", "bounceSubType": "General"}
    return {
        "eventType": kind,
        kind.lower(): detail,
        "mail": {
            "timestamp": at,
            "messageId": message.id,
            "source": message.sender,
            "destination": [message.to],
            "tags": {"notification": [message.reference]},
        },
    }


def encode(event: dict[str, Any]) -> str:
    """Write an event as it travels."""
    return json.dumps(event)
