"""How each provider asks, refuses and answers: its protocol on the wire, and nothing of what becomes of a message."""

import uuid
from base64 import b64decode
from collections.abc import Mapping
from email.utils import formatdate
from typing import Any, Protocol
from urllib.parse import parse_qs, parse_qsl, urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from chalicelib.carriers.twilio.account import TwilioAccount
from chalicelib.virtual.carrier import Behaviour

Message = dict[str, Any]

_SNS = "http://sns.amazonaws.com/doc/2010-03-31/"
_ERROR = '<ErrorResponse xmlns="{}"><Error><Type>Sender</Type><Code>{}</Code><Message>simulated</Message></Error>\
<RequestId>{}</RequestId></ErrorResponse>'
_PUBLISHED = '<PublishResponse xmlns="{}"><PublishResult><MessageId>{}</MessageId></PublishResult>\
<ResponseMetadata><RequestId>{}</RequestId></ResponseMetadata></PublishResponse>'


class Wire(Protocol):
    """One provider's protocol."""

    async def read(self, request: Request) -> Message | Response:
        """Return what was asked to be sent, or the answer to what can't be."""

    def refusal(self, how: Behaviour) -> Response | None:
        """Return how a message is refused that is treated so, or None where it is taken."""

    def taken(self, message: Message) -> Response:
        """Return the answer about a message that was taken."""

    def trouble(self) -> Response:
        """Return an error of the provider's own."""

    def error(self, code: str) -> Response:
        """Return any error by its code."""


class EndUserMessagingWire:
    """`PinpointSMSVoiceV2.SendTextMessage`: AWS JSON 1.0."""

    async def read(self, request: Request) -> Message | Response:
        """Read the request."""
        if request.headers.get("x-amz-target") != "PinpointSMSVoiceV2.SendTextMessage":
            return _aws_error(400, "UnknownOperationException")
        asked = await request.json()
        return {
            "provider": "end_user_messaging",
            "channel": "sms",
            "to": asked["DestinationPhoneNumber"],
            "sender": asked["OriginationIdentity"],
            "body": asked["MessageBody"],
            "reference": asked.get("Context", {}).get("notification", ""),
            "asked": asked,
        }

    def refusal(self, how: Behaviour) -> Response | None:
        """Refuse at once."""
        if how == "throttle":
            return _aws_error(400, "ThrottlingException")
        if how == "optout":
            return _aws_error(400, "ConflictException", Reason="DESTINATION_PHONE_NUMBER_OPTED_OUT")
        return None

    def taken(self, message: Message) -> Response:
        """Give the message's name."""
        return JSONResponse({"MessageId": message["id"]})

    def trouble(self) -> Response:
        """Fail."""
        return _aws_error(500, "InternalServerException")

    def error(self, code: str) -> Response:
        """Answer with any error; a reason follows its code after a colon."""
        kind, _, reason = code.partition(":")
        return _aws_error(400, kind, **({"Reason": reason} if reason else {}))


class SesWire(EndUserMessagingWire):
    """SES v2's `SendEmail`: JSON over REST."""

    async def read(self, request: Request) -> Message | Response:
        """Read the request."""
        asked = await request.json()
        simple = asked["Content"]["Simple"]
        tags = {tag["Name"]: tag["Value"] for tag in asked.get("EmailTags", [])}
        headers = {header["Name"]: header["Value"] for header in simple.get("Headers", [])}
        return {
            "provider": "ses",
            "channel": "email",
            "to": asked["Destination"]["ToAddresses"][0],
            "sender": asked["FromEmailAddress"],
            "body": simple["Body"]["Text"]["Data"],
            "subject": simple["Subject"]["Data"],
            "reference": tags.get("notification", ""),
            "unsubscribe": headers.get("List-Unsubscribe", "").strip("<>"),
            "asked": asked,
        }

    def refusal(self, how: Behaviour) -> Response | None:
        """Refuse at once; an opt-out at SES is a bounce."""
        return _aws_error(429, "TooManyRequestsException") if how == "throttle" else None

    def trouble(self) -> Response:
        """Fail."""
        return _aws_error(500, "InternalServiceErrorException")


class SnsWire:
    """SNS's `Publish`, to phones only: the AWS query protocol, a form in and XML out."""

    async def read(self, request: Request) -> Message | Response:
        """Read the request."""
        asked = dict(parse_qsl((await request.body()).decode()))
        if asked.get("Action") != "Publish" or "PhoneNumber" not in asked:
            return self.error("InvalidParameter")
        entries = range(1, len(asked))
        names = (f"MessageAttributes.entry.{place}" for place in entries)
        attributes = {asked[f"{at}.Name"]: asked[f"{at}.Value.StringValue"] for at in names if f"{at}.Name" in asked}
        return {
            "provider": "sns",
            "channel": "sms",
            "to": asked["PhoneNumber"],
            "sender": attributes.get("AWS.MM.SMS.OriginationNumber", ""),
            "body": asked["Message"],
            "reference": "",
            "asked": asked,
        }

    def refusal(self, how: Behaviour) -> Response | None:
        """Refuse at once; a text to somebody who opted out is taken, and goes nowhere."""
        return self.error("Throttling") if how == "throttle" else None

    def taken(self, message: Message) -> Response:
        """Give the message's name."""
        return _xml(_PUBLISHED.format(_SNS, message["id"], uuid.uuid4()))

    def trouble(self) -> Response:
        """Fail."""
        return self.error("InternalError")

    def error(self, code: str) -> Response:
        """Answer with any error."""
        return _xml(_ERROR.format(_SNS, code, uuid.uuid4()), 500 if code == "InternalError" else 400)


class TwilioWire:
    """Twilio's `POST /2010-04-01/Accounts/{sid}/Messages.json`: a form in and JSON out."""

    def __init__(self, account: TwilioAccount) -> None:
        self._account = account

    async def read(self, request: Request) -> Message | Response:
        """Read the request."""
        asked = dict(parse_qsl((await request.body()).decode()))
        if _password(request.headers) != f"{self._account.account_sid}:{self._account.auth_token}":
            return _twilio_error(401, 20003, "Authenticate")
        if not asked.get("Body"):
            return _twilio_error(400, 21602, "Message body is required.")
        callback = asked.get("StatusCallback", "")
        return {
            "id": f"SM{uuid.uuid4().hex}",
            "provider": "twilio",
            "channel": "sms",
            "to": asked["To"],
            "sender": asked.get("From") or asked["MessagingServiceSid"],
            "body": asked["Body"],
            "reference": parse_qs(urlsplit(callback).query).get("notification", [""])[0],
            "callback": callback,
            "asked": asked,
        }

    def refusal(self, how: Behaviour) -> Response | None:
        """Refuse at once."""
        if how == "throttle":
            return _twilio_error(429, 20429, "Too Many Requests")
        if how == "optout":
            return _twilio_error(400, 21610, "Attempt to send to unsubscribed recipient")
        return None

    def taken(self, message: Message) -> Response:
        """Describe the message, as far as the SDK looks at it."""
        named = {"sid": message["id"], "account_sid": self._account.account_sid, "to": message["to"]}
        usual = {"status": "queued", "direction": "outbound-api", "api_version": "2010-04-01", "error_code": None}
        more = {"body": message["body"], "from": message["sender"], "num_segments": "1", "date_created": formatdate()}
        return JSONResponse({**named, **usual, **more}, status_code=201)

    def trouble(self) -> Response:
        """Fail."""
        return _twilio_error(500, 20500, "Internal Server Error")

    def error(self, code: str) -> Response:
        """Answer with any error."""
        return _twilio_error(400, int(code), "simulated")


def _password(headers: Mapping[str, str]) -> str:
    return b64decode(headers.get("authorization", "").removeprefix("Basic ")).decode()


def _xml(body: str, status: int = 200) -> Response:
    return Response(body, status_code=status, media_type="text/xml")


def _twilio_error(status: int, code: int, message: str) -> Response:
    more = f"https://www.twilio.com/docs/errors/{code}"
    return JSONResponse({"code": code, "message": message, "more_info": more, "status": status}, status_code=status)


def _aws_error(status: int, kind: str, **more: str) -> Response:
    body = {"__type": kind, "Message": "simulated", **more}
    return JSONResponse(body, status_code=status, headers={"x-amzn-errortype": kind})
