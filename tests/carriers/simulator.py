"""The carrier simulator over real HTTP, and every sender pointed at it with its real SDK."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property, partial

import boto3
import httpx

from chalicelib.carriers.failures import ONCE
from chalicelib.carriers.registry import PROVIDERS, Senders
from chalicelib.carriers.tools import Carriers, Tools
from chalicelib.carriers.twilio.sender import Twilio
from chalicelib.ports.carrier import Outgoing
from chalicelib.virtual.carrier import Carrier
from rigs.carrier_simulator.misbehaving import Outbox
from rigs.carrier_simulator.server import ANYBODY, Doors
from rigs.city.serve import address, bound_socket, serving

ORIGIN = "https://tell.springfield.ex"
TO = {"sms": "+13035550123", "email": "a@people.example"}
FROM = {"sms": "+13035550199", "email": "no-reply@springfield.example"}
PATIENT, IMPATIENT = 600, 0.3
"""Seconds to wait for an answer. Only a carrier that never answers meets the impatient ones."""

ACCOUNT = {"region_name": "us-west-2", "aws_access_key_id": "test", "aws_secret_access_key": "test"}


class Simulator:
    """A carrier, and all senders pointed at it, which wait for an answer however slow the machine is."""

    def __init__(self, url, outbox, carrier):
        self.url, self.outbox, self.carrier = url, outbox, carrier
        self.door = httpx.Client(base_url=url, timeout=PATIENT, trust_env=False)
        self.senders = pointed_at(url, PATIENT)

    @cached_property
    def impatient(self):
        """Return senders for carriers that don't answer until these have given up."""
        return pointed_at(self.url, IMPATIENT)

    def turn(self, knob, **told):
        self.door.post(f"/{knob}", json=told).raise_for_status()

    def behave(self, **told):
        self.turn("behaviour", **told)

    def messages(self, to=None):
        return self.door.get("/messages", params={"to": to} if to else None).json()

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


def pointed_at(url, read):
    """Return every sender, with its real SDK; it waits so many seconds for an answer."""
    config = ONCE.merge(ONCE.__class__(connect_timeout=PATIENT, read_timeout=read))
    client = partial(boto3.client, endpoint_url=url, config=config, **ACCOUNT)
    tools = Tools(client, lambda: Carriers(ANYBODY), "tenfour", url)
    return {name: entry.make(tools) for name, entry in PROVIDERS.items()} | {
        "twilio": Twilio(tools.carriers, url, read=read)
    }


@contextmanager
def simulating() -> Iterator[Simulator]:
    """Run the simulated carriers while the block lasts."""
    outbox, carrier = Outbox(), Carrier()
    door = bound_socket(0)
    with serving(Doors(carrier, outbox, lambda: "+13035550199").app(), door):
        yield Simulator(address(door), outbox, carrier)


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
