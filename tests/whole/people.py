"""Callers and incidents that no other test has, and a clock that a test can wait on."""

import re
import time
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx

from chalicelib.virtual.fiction import fictional_phone
from chalicelib.virtual.town.callers import party
from chalicelib.virtual.town.calls import call, update
from tenfour.common.reach import Stack
from tenfour.rehearse.vendor import Vendor, wait_until

web = httpx.Client(timeout=60, trust_env=False)
"""Asks the city, however slow the machine is that it shares with all other tests."""

LINK = re.compile(r"https?://\S+/s/\w{13}")


def now() -> datetime:
    return datetime.now(UTC)


class Caller:
    """Somebody with a phone, an incident of their own, and a dispatch system that tells of it."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.phone = fictional_phone(uuid4().int % 30_000)
        self.number = f"T{uuid4().hex[:6]}-t{uuid4().hex[:4]}"  # never like a phone
        self.cad, self.rms = Vendor(stack), Vendor(stack, "rms")

    def call(self, incident_type="NOISE", **more):
        """Call the police now."""
        at = now()
        return self.tell(as_of=at, **call(at, party(self.phone), incident_type=incident_type, **more))

    def tell(self, as_of=None, feed="cad", **facts):
        """Post an update about the incident."""
        vendor = self.cad if feed == "cad" else self.rms
        answer = vendor.post([update(self.number, as_of or now(), facts)])
        assert answer.status_code == 202, answer.text
        return answer.json()

    def texts(self):
        """Return what has arrived on the phone."""
        return web.get(f"{self.stack.carrier}/messages", params={"to": self.phone}).json()

    def bodies(self):
        return [message["body"] for message in self.texts()]

    def hears(self, words, seconds=40.0):
        """Wait until a text with these words arrives, and return it."""
        assert wait_until(lambda: any(words in body for body in self.bodies()), seconds), (words, self.bodies())
        return next(message for message in self.texts() if words in message["body"])

    def says(self, body):
        """Text back."""
        web.post(f"{self.stack.carrier}/replies", json={"from": self.phone, "body": body}).raise_for_status()


def arrived(message) -> datetime:
    """Return when a message reached the carrier."""
    return datetime.fromisoformat(message["at"])


def sleep_until(at: datetime) -> None:
    time.sleep(max(0.0, (at - now()) / timedelta(seconds=1)))
