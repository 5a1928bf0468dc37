"""The carriers' doors: each provider's protocol, what tests turn, and the phones page."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args
from urllib.parse import quote

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from chalicelib.carriers.twilio.account import TwilioAccount
from chalicelib.domain.names import NotificationKey
from chalicelib.virtual.carrier import EVERYBODY, Answer, Behaviour, Carrier, Network
from rigs.carrier_simulator.events import inbound_text
from rigs.carrier_simulator.misbehaving import Misbehaving, Outbox
from rigs.carrier_simulator.opt_outs import OptOutLists
from rigs.carrier_simulator.wire import EndUserMessagingWire, SesWire, SnsWire, TwilioWire, Wire

AWS_TEXTS = ("end_user_messaging", "sns")
"""Providers that share the account's opt-out lists; Twilio's are Twilio's own, and none is kept here."""

PHONES = Path(__file__).with_name("phones.html")

ANYBODY = TwilioAccount(account_sid="AC" + "0" * 32, auth_token="simulated")  # noqa: S106  it opens nothing


class Doors:
    """The HTTP interface of the simulated carriers; `GET /messages`, `/replies` and `/behaviour` are a contract."""

    def __init__(
        self,
        carrier: Carrier,
        outbox: Outbox,
        default_number: Callable[[], str],
        account: TwilioAccount = ANYBODY,
        desk: str = "",
    ) -> None:
        self._carrier, self._outbox, self._default_number, self._desk = carrier, outbox, default_number, desk
        self._opt_outs = OptOutLists()
        self._account = account
        self._misbehaving = Misbehaving(carrier, outbox, account)

    def app(self) -> Starlette:
        """Return the application."""
        twilio = self._door(TwilioWire(self._account))
        routes = [
            Route("/", self.phones, methods=["GET"]),
            Route("/", self.aws, methods=["POST"]),
            Route("/v2/email/outbound-emails", self._door(SesWire()), methods=["POST"]),
            Route("/2010-04-01/Accounts/{sid}/Messages.json", twilio, methods=["POST"]),
            Route("/messages", self.messages, methods=["GET"]),
            Route("/threads", self.threads, methods=["GET"]),
            Route("/replies", self.replies, methods=["POST"]),
            Route("/behaviour", self.behaviour, methods=["POST"]),
            Route("/receipts", self.receipts, methods=["POST"]),
            Route("/answers", self.answers, methods=["POST"]),
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
        """List the threads of the phones page, each message with where the desk shows its call."""
        threads = self._carrier.threads()
        for thread in threads:
            thread["entries"] = [{**entry, **self._call(entry.get("reference", ""))} for entry in thread["entries"]]
        return JSONResponse(threads)

    def _call(self, reference: str) -> dict[str, str]:
        """Return the call of a message and its address at the desk; nothing for what is of no call."""
        try:
            call = NotificationKey.from_id(reference).incident
        except ValueError:
            return {}
        number = quote(call.incident_number, safe="")
        return {"call": call.incident_number, "desk": f"{self._desk}{call.agency_id}/incident?number={number}"}

    async def replies(self, request: Request) -> Response:
        """Let a person text back, along the real path of the provider that last texted them."""
        told = await _object(request)
        if not isinstance(told.get("from"), str) or not isinstance(told.get("body"), str):
            return JSONResponse({"error": "expected {from, body}"}, status_code=422)
        text = self._carrier.hear(told["from"], told["body"])
        topic, event = inbound_text(
            text, self._carrier.last_text_to(text.sender), self._default_number(), self._account
        )
        self._outbox.put((topic, event, None))
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

    async def receipts(self, request: Request) -> Response:
        """Change how receipts come from now on: late, twice, in the wrong order."""
        try:
            self._carrier.network = msgspec.convert(await _object(request), Network)
        except msgspec.ValidationError as problem:
            return JSONResponse({"error": str(problem)}, status_code=422)
        return JSONResponse(msgspec.to_builtins(self._carrier.network))

    async def answers(self, request: Request) -> Response:
        """Change how the next requests are answered, whatever becomes of the message, or with which error."""
        told = await _object(request)
        if isinstance(told.get("error"), str):
            self._carrier.set_error(told["error"])
            return JSONResponse(told)
        if told.get("answer") not in get_args(Answer):
            return JSONResponse({"error": f"expected error, or answer: {'|'.join(get_args(Answer))}"}, status_code=422)
        self._carrier.set_answer(told.get("to", EVERYBODY), told["answer"], int(told.get("times", 1)))
        return JSONResponse(told)

    async def aws(self, request: Request) -> Response:
        """Tell End User Messaging's protocol from SNS's, which share a path."""
        answer = await self._opt_outs.serve(request)
        return answer or await self._serve(
            EndUserMessagingWire() if "x-amz-target" in request.headers else SnsWire(), request
        )

    def _door(self, wire: Wire) -> Callable[[Request], Any]:
        async def serve(request: Request) -> Response:
            return await self._serve(wire, request)

        return serve

    async def _serve(self, wire: Wire, request: Request) -> Response:
        message = await wire.read(request)
        if isinstance(message, Response):
            return message
        barred = message["provider"] in AWS_TEXTS and self._opt_outs.has(message["to"])
        how = "optout" if barred else self._carrier.behaviour(message["to"])
        error = self._carrier.error()
        refused = wire.error(error) if error else wire.refusal(how)
        return refused or await self._misbehaving.take(wire, how, self._carrier.answer(message["to"]), message, request)


async def _object(request: Request) -> dict[str, Any]:
    """Return the JSON object of a request, or an empty one where it is none."""
    try:
        told = await request.json()
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
