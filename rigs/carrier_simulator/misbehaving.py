"""How the simulated carriers misbehave once they have a message: late, cut off, the wrong page, strange receipts.

A new way to misbehave is a word of `Answer` or `Behaviour` (chalicelib/virtual/carrier.py), and what is done about it
here. A refusal in a provider's own words is in `wire.py`.
"""

import asyncio
import queue
from collections.abc import AsyncIterator
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse

from chalicelib.carriers.twilio.account import TwilioAccount
from chalicelib.virtual.carrier import Answer, Behaviour, Carrier, TakenMessage
from rigs.carrier_simulator.events import receipts
from rigs.carrier_simulator.wire import Message, Wire

SLOW = 0.5

Outbox = queue.SimpleQueue[tuple[str, dict[str, Any], TakenMessage | None]]
"""An event to publish: the topic's name or `twilio`, the event, and the message that it is about."""


class Misbehaving:
    """Takes messages as the carrier was told to, and answers as it was told to."""

    def __init__(self, carrier: Carrier, outbox: Outbox, account: TwilioAccount) -> None:
        self._carrier, self._outbox, self._account = carrier, outbox, account

    async def take(self, wire: Wire, how: Behaviour, answer: Answer, message: Message, request: Request) -> Response:
        """Answer a request that no provider refuses; the message may be taken although the answer says otherwise."""
        if how == "timeout":
            await _given_up(request)
            return wire.trouble()
        if answer == "trouble":
            return wire.trouble()
        if answer == "gateway":
            return HTMLResponse("<h1>502 Bad Gateway</h1>", status_code=502)
        taken = self._carrier.take(**message)
        self._tell(taken, how)
        if answer == "late":
            await _given_up(request)
        await asyncio.sleep(SLOW if answer == "slow" else 0)
        if how == "accept_then_drop":
            # Fewer bytes than announced: the connection breaks while the sender reads.
            return StreamingResponse(_nothing(), headers={"content-length": "80"})
        return (
            HTMLResponse("<p>Welcome to the hotel's network.</p>")
            if answer == "page"
            else wire.taken({**message, "id": taken.id})
        )

    def _tell(self, message: TakenMessage, how: Behaviour) -> None:
        """Send receipts on their way, as the network is."""
        network, told = self._carrier.network, receipts(message, how, self._account)
        told = [event for event in told for _ in range(2 if network.duplicate else 1)]
        for topic, event in reversed(told) if network.disorder else told:
            if network.delay:
                asyncio.get_running_loop().call_later(network.delay, self._outbox.put, (topic, event, message))
            else:
                self._outbox.put((topic, event, message))


async def _given_up(request: Request) -> None:
    """Wait until the sender has hung up: no answer comes in time, however long it waits for one."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _nothing() -> AsyncIterator[bytes]:
    yield b"{"
