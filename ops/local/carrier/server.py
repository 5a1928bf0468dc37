"""The carriers' doors: the wire protocols of AWS End User Messaging SMS and SES v2, and the phones page."""

import asyncio
import queue
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, get_args

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from ops.local.carrier.carrier import EVERYBODY, Behaviour, Carrier, TakenMessage
from ops.local.carrier.events import receipts, two_way_message

LONGER_THAN_ANY_READ = 12.0
"""Seconds without an answer: longer than a sender's read time-out."""

PHONES = Path(__file__).with_name("phones.html")

Outbox = queue.SimpleQueue[tuple[str, dict[str, Any], TakenMessage | None]]
"""What is to be published: the topic's name, the event, and the message that it is about."""


class Doors:
    """The HTTP interface of the simulated carriers; `GET /messages`, `/replies` and `/behaviour` are a contract."""

    def __init__(self, carrier: Carrier, outbox: Outbox, default_number: Callable[[], str]) -> None:
        self._carrier, self._outbox, self._default_number = carrier, outbox, default_number

    def app(self) -> Starlette:
        """Return the application."""
        routes = [
            Route("/", self.phones, methods=["GET"]),
            Route("/", self.end_user_messaging, methods=["POST"]),
            Route("/v2/email/outbound-emails", self.ses, methods=["POST"]),
            Route("/messages", self.messages, methods=["GET"]),
            Route("/threads", self.threads, methods=["GET"]),
            Route("/replies", self.replies, methods=["POST"]),
            Route("/behaviour", self.behaviour, methods=["POST"]),
        ]
        return Starlette(routes=routes)

    async def phones(self, request: Request) -> Response:
        """Show each caller's phone as a thread."""
        return HTMLResponse(PHONES.read_text(encoding="utf-8"))

    async def messages(self, request: Request) -> Response:
        """List the messages that were taken, of one address with `?to=`."""
        shown = ("id", "provider", "channel", "to", "body", "subject", "reference", "at")
        to = request.query_params.get("to")
        # A plain + in an address is a space to HTTP; nobody's phone begins with one.
        taken = self._carrier.messages(f"+{to[1:]}" if to and to.startswith(" ") else to)
        return JSONResponse([{name: getattr(message, name) for name in shown} for message in taken])

    async def threads(self, request: Request) -> Response:
        """List the threads of the phones page."""
        return JSONResponse(self._carrier.threads())

    async def replies(self, request: Request) -> Response:
        """Let a person text back, along the real path."""
        told = await _object(request)
        if not isinstance(told.get("from"), str) or not isinstance(told.get("body"), str):
            return JSONResponse({"error": "expected {from, body}"}, status_code=422)
        text = self._carrier.hear(told["from"], told["body"])
        number = self._carrier.number_that_texted(text.sender) or self._default_number()
        self._outbox.put(("replies", two_way_message(text, number), None))
        return JSONResponse({"at": text.at}, status_code=202)

    async def behaviour(self, request: Request) -> Response:
        """Change how the carrier behaves towards one address or towards everybody."""
        told = await _object(request)
        times = told.pop("times", None)
        often = times is None or (type(times) is int and times > 0)
        if not told or not often or any(wanted not in get_args(Behaviour) for wanted in told.values()):
            choices = "|".join(get_args(Behaviour))
            return JSONResponse({"error": f'expected {{to or "{EVERYBODY}": {choices}, "times": n}}'}, status_code=422)
        for address, wanted in told.items():
            self._carrier.set_behaviour(address, wanted, times)
        return JSONResponse({"behaviour": told, "times": times})

    async def end_user_messaging(self, request: Request) -> Response:
        """Speak `PinpointSMSVoiceV2.SendTextMessage` (AWS JSON 1.0)."""
        action = request.headers.get("x-amz-target", "")
        if action != "PinpointSMSVoiceV2.SendTextMessage":
            return _aws_error(400, "UnknownOperationException")
        asked = await request.json()
        to, context = asked["DestinationPhoneNumber"], asked.get("Context", {})
        how = self._carrier.behaviour(to)
        if how == "throttle":
            return _aws_error(400, "ThrottlingException")
        if how == "optout":
            return _aws_error(400, "ConflictException", Reason="DESTINATION_PHONE_NUMBER_OPTED_OUT")
        return await self._take(
            how,
            provider="end_user_messaging",
            channel="sms",
            to=to,
            sender=asked["OriginationIdentity"],
            body=asked["MessageBody"],
            subject="",
            reference=context.get("notification", ""),
        )

    async def ses(self, request: Request) -> Response:
        """Speak SES v2's `SendEmail`."""
        asked = await request.json()
        to, simple = asked["Destination"]["ToAddresses"][0], asked["Content"]["Simple"]
        how = self._carrier.behaviour(to)
        if how == "throttle":
            return _aws_error(429, "TooManyRequestsException")
        tags = {tag["Name"]: tag["Value"] for tag in asked.get("EmailTags", [])}
        return await self._take(
            how,
            provider="ses",
            channel="email",
            to=to,
            sender=asked["FromEmailAddress"],
            body=simple["Body"]["Text"]["Data"],
            subject=simple["Subject"]["Data"],
            reference=tags.get("notification", ""),
        )

    async def _take(self, how: Behaviour, **message: Any) -> Response:
        if how == "timeout":
            await asyncio.sleep(LONGER_THAN_ANY_READ)
            return _aws_error(503, "ServiceUnavailable")
        taken = self._carrier.take(**message)
        for event in receipts(taken, how):
            self._outbox.put(("receipts", event, taken))
        if how == "accept_then_drop":
            # Fewer bytes than announced: the connection breaks while the sender reads.
            return StreamingResponse(_nothing(), headers={"content-length": "80"})
        return JSONResponse({"MessageId": taken.id})


async def _object(request: Request) -> dict[str, Any]:
    """Return the JSON object of a request, or an empty one where it is none."""
    try:
        told = await request.json()
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


async def _nothing() -> AsyncIterator[bytes]:
    yield b"{"


def _aws_error(status: int, kind: str, **more: str) -> Response:
    body = {"__type": kind, "Message": "simulated", **more}
    return JSONResponse(body, status_code=status, headers={"x-amzn-errortype": kind})
