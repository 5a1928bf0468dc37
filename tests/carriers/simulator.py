"""The carrier simulator over real HTTP, and every sender pointed at it with its real SDK."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import boto3
import httpx
import pytest

from chalicelib.carriers.failures import ONCE
from chalicelib.carriers.registry import PROVIDERS, Senders
from chalicelib.carriers.tools import Carriers, Tools
from chalicelib.carriers.twilio.sender import Twilio
from chalicelib.ports.carrier import Outgoing
from chalicelib.virtual.carrier import Carrier
from rigs.city.carrier import server
from rigs.city.carrier.server import ANYBODY, Doors, Outbox
from rigs.city.serve import address, bound_socket, serving

ORIGIN = "https://tell.springfield.ex"
TO = {"sms": "+13035550123", "email": "a@people.example"}
FROM = {"sms": "+13035550199", "email": "no-reply@springfield.example"}
ACCOUNT = {"region_name": "us-west-2", "aws_access_key_id": "test", "aws_secret_access_key": "test"}


class Simulator:
    """A carrier, and all senders pointed at it; they wait so many seconds for an answer."""

    def __init__(self, url, outbox, carrier, read):
        self.url, self.outbox, self.carrier = url, outbox, carrier
        self._door = httpx.Client(base_url=url, trust_env=False)
        quick = ONCE.merge(ONCE.__class__(read_timeout=read))
        client = partial(boto3.client, endpoint_url=url, config=quick, **ACCOUNT)
        tools = Tools(client, lambda: Carriers(ANYBODY), "tenfour", url)
        self.senders = {name: entry.make(tools) for name, entry in PROVIDERS.items()}
        self.senders["twilio"] = Twilio(tools.carriers, url, read=read)

    def turn(self, knob, **told):
        self._door.post(f"/{knob}", json=told).raise_for_status()

    def behave(self, **told):
        self.turn("behaviour", **told)

    def messages(self, to=None):
        return self._door.get("/messages", params={"to": to} if to else None).json()

    def asked(self):
        """Return the last request as the provider read it."""
        return self.carrier.messages()[-1].asked

    def told(self):
        """Return what is on its way to us, oldest first."""
        found = []
        while not self.outbox.empty():
            found.append(self.outbox.get()[:2])
        return found

    def events(self):
        return [event.get("eventType") or event["fields"]["MessageStatus"] for _, event in self.told()]


@contextmanager
def simulating(patch: pytest.MonkeyPatch, read: float = 1) -> Iterator[Simulator]:
    """Run the simulated carriers while the block lasts; senders wait for so many seconds, late is twice that."""
    patch.setattr(server, "LONGER_THAN_ANY_READ", 2.0 * read)
    outbox, carrier = Outbox(), Carrier()
    door = bound_socket(0)
    with serving(Doors(carrier, outbox, lambda: "+13035550199").app(), door):
        yield Simulator(address(door), outbox, carrier, read)


@contextmanager
def unreachable() -> Iterator[Senders]:
    """Point all senders at a port of this machine on which nobody listens, and nobody can, while the block lasts."""
    held = bound_socket(0)
    client = partial(boto3.client, endpoint_url=address(held), config=ONCE, **ACCOUNT)
    try:
        yield Senders(Tools(client, lambda: Carriers(ANYBODY), "tenfour", address(held)))
    finally:
        held.close()


def outgoing(provider, **changes):
    channel = PROVIDERS[provider].channel
    fields = {
        "id": "springfield__P26-1__delay__1__0",
        "address": TO[channel],
        "sender": FROM[channel],
        "body": "Springfield PD: officers are delayed.",
        "subject": "" if channel == "sms" else "Your call P26-1",
        "lives_for": 900,
        "origin": ORIGIN,
    }
    return Outgoing(**{**fields, **changes})
