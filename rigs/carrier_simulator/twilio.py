"""Twilio's posts to us, signed by the algorithm of Twilio's own package."""

import uuid
from typing import Any
from urllib.parse import urlsplit

from twilio.request_validator import RequestValidator

from chalicelib.carriers.twilio.account import TwilioAccount
from chalicelib.virtual.carrier import Behaviour, InboundText, TakenMessage

_ENDS: dict[Behaviour, str] = {"fail": "30003", "landline": "30006", "block": "30007"}
_OF_THE_SERVICE = "+13035550150"
"""The number that a messaging service picks."""


def statuses(message: TakenMessage, behaviour: Behaviour, account: TwilioAccount) -> list[tuple[str, dict[str, Any]]]:
    """Return the status callbacks about one text in the order of a well-behaved network."""
    last = {"MessageStatus": "undelivered", "ErrorCode": _ENDS[behaviour]} if behaviour in _ENDS else {}
    ends = [{"MessageStatus": "queued"}, {"MessageStatus": "sent"}, last or {"MessageStatus": "delivered"}]
    named = {"MessageSid": message.id, "SmsSid": message.id, "To": message.to, **_from(message)}
    posts = ({**named, **end, "SmsStatus": end["MessageStatus"]} for end in ends)
    return [("twilio", _signed(message.callback, fields, account)) for fields in posts]


def inbound(text: InboundText, answers: TakenMessage, account: TwilioAccount) -> dict[str, Any]:
    """Return a person's answer, as Twilio posts it to the number's own webhook."""
    ours, sid = _from(answers), f"SM{uuid.uuid4().hex}"
    fields = {"MessageSid": sid, "SmsSid": sid, "From": text.sender, "To": ours.pop("From"), **ours}
    more = {"Body": text.body, "NumMedia": "0", "NumSegments": "1", "FromZip": ""}
    parts = urlsplit(answers.callback)
    return _signed(f"{parts.scheme}://{parts.netloc}/carriers/twilio/inbound", {**fields, **more}, account)


def _from(message: TakenMessage) -> dict[str, str]:
    if message.sender.startswith("MG"):
        return {"From": _OF_THE_SERVICE, "MessagingServiceSid": message.sender}
    return {"From": message.sender}


def _signed(url: str, fields: dict[str, str], account: TwilioAccount) -> dict[str, Any]:
    posted = {**fields, "AccountSid": account.account_sid, "ApiVersion": "2010-04-01"}
    signature = RequestValidator(account.auth_token).compute_signature(url, posted)
    return {"url": url, "fields": posted, "signature": signature}
