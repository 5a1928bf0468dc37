"""A sender that does everything right: the life of a few calls, over HTTP, on a clock that the suite moves."""

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
from standardwebhooks import Webhook

from tests.waiting import LONGEST

MINUTE = 60
MOST_TRIES = 20


class Clock:
    """A clock that moves only when somebody waits."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def wait(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


class Right:
    """A dispatch and records system. The wrong senders change one habit each."""

    description: str | None = "Noise complaint"
    beats = True
    patience: float = LONGEST
    phone = "(303) 555-0123"

    def __init__(self, address: str, secret: str, clock: Clock) -> None:
        self._address, self._clock, self._secret = address, clock, secret
        self._client = httpx.Client(timeout=self.patience, trust_env=False)
        self._names = 0
        self._beat_at = clock.now()

    # What happens in the dispatch system.

    def play(self) -> None:
        """Play every scene of the script."""
        self.whole_call("P26-1", "a1")
        self.whole_call("P26-2", "a2")
        self.whole_call("P26-3", "a3")
        self.tell("P26-4", "a4", **self.received())
        self.wait(MINUTE)
        self.tell("P26-4", "a4", cancelled_at=self.said())
        self.tell("P26-5", "a5", **self.received(phone="303-555-0105"))
        self.wait(20)
        self.tell("P26-5", "a5", linked_to={"incident_number": "P26-1", "relation": "duplicate_of"})
        self.tell("P26-6", "a6", **{**self.received(phone="303-555-0106"), "exercise": True})
        self.undo_an_arrival("P26-7", "a7")
        self.renumber()
        self.number_later("P26-9", "a9")
        self.wait(7 * MINUTE)

    def whole_call(self, number: str, key: str) -> None:
        """Tell a call from its first word to its case number."""
        self.tell(number, key, **self.received())
        self.wait(30)
        self.tell(number, key, dispatched_at=self.said(), units=[{"unit": "3A12", "officer_ids": ["o2211"]}])
        self.wait(3 * MINUTE)
        self.arrive(number, key)
        self.wait(10)
        self.retype(number, key)
        self.wait(5 * MINUTE)
        self.close(number, key)
        self.wait(MINUTE)
        self.tell(number, key, feed="rms", case_numbers=[f"26-{number[-1]}"])

    def arrive(self, number: str, key: str) -> None:
        self.tell(number, key, arrived_at=self.said())

    def retype(self, number: str, key: str) -> None:
        self.tell(number, key, incident_type="PARTY", **self.in_words("Loud party"))

    def close(self, number: str, key: str) -> None:
        self.tell(number, key, closed_at=self.said(), dispositions=["RPT"])

    def undo_an_arrival(self, number: str, key: str) -> None:
        self.tell(number, key, **self.received(phone="303-555-0107"))
        self.wait(MINUTE)
        self.tell(number, key, arrived_at=self.said())
        self.wait(MINUTE)
        self.tell(number, key, arrived_at=None)

    def renumber(self) -> None:
        """Give a call another number."""
        began = self.received(phone="303-555-0108")
        self.tell("F26-8", "a8", **began)
        self.wait(MINUTE)
        self.tell("P26-8", "a8", **began)

    def number_later(self, number: str, key: str) -> None:
        """Tell a call that has an id at once, and its number when it is dispatched."""
        self.tell("", key, **self.received(phone="303-555-0109"))
        self.wait(MINUTE)
        self.tell(number, key, dispatched_at=self.said())

    def received(self, phone: str | None = None) -> dict:
        party = {"party_id": "1", "role": "caller", "phone": phone or self.phone, "language": "en"}
        told = {"received_at": self.said(), "origin": "non_emergency", "incident_type": "NOISE", "priority": "3"}
        return {**told, **self.in_words(self.description), "reporting_parties": [party]}

    def in_words(self, description: str | None) -> dict:
        return {"incident_type_description": description} if description and self.description else {}

    # How it writes.

    def said(self) -> str:
        """Return the time of something that happens now."""
        return self._clock.now().isoformat()

    def stamp(self) -> str:
        """Return the `as_of` of a change that is made now."""
        return self._clock.now().isoformat()

    def tell(self, number: str, key: str, feed: str = "cad", **facts) -> None:
        """Tell one change."""
        self._names += 1
        numbered = {"incident_number": number} if number else {}
        named = {**numbered, "incident_id": key, "update_id": f"u{self._names}"}
        self.post({"updates": self.batch(self.update({**named, "as_of": self.stamp(), **facts}))}, feed)

    def update(self, told: dict) -> dict:
        return told

    def batch(self, update: dict) -> list:
        return [update]

    # How it posts.

    def post(self, told: dict, feed: str = "cad") -> None:
        """Post a body until it is taken."""
        body, name, tries, status = self.encoded(told), self.name(), 0, 0
        while True:
            tries += 1
            if tries > MOST_TRIES:
                raise AssertionError(f"nothing takes it: {status}")
            try:
                answer = self.send(f"/{feed}/springfield/updates", name, body)
            except httpx.TransportError:
                status, after = 0, 0
            else:
                status, after = answer.status_code, int(answer.headers.get("retry-after", 0))
            if not self.is_again(status, tries):
                return
            self.wait(self.pause(tries, after))
            name, body = self.again(name, body)

    def encoded(self, told: dict) -> bytes:
        return json.dumps(told).encode()

    def name(self) -> str:
        return f"msg_{uuid4().hex}"

    def is_again(self, status: int, tries: int) -> bool:
        return status in (0, 429) or status >= 500

    def pause(self, tries: int, after: int) -> float:
        return max(2**tries, after)

    def again(self, name: str, body: bytes) -> tuple[str, bytes]:
        return name, body

    def send(self, path: str, name: str, body: bytes) -> httpx.Response:
        headers = {"content-type": "application/json", **self.signed(name, body)}
        return self._client.post(f"{self._address}{path}", content=body, headers=headers)

    def signed(self, name: str, body: bytes) -> dict:
        at = self._clock.now().astimezone(UTC)
        signature = Webhook(self._secret).sign(name, at, body.decode())
        return {"webhook-id": name, "webhook-timestamp": str(int(at.timestamp())), "webhook-signature": signature}

    def beat(self) -> None:
        if self.beats:
            self.send("/cad/springfield/heartbeat", self.name(), b"{}")

    def wait(self, seconds: float) -> None:
        """Let time pass; a minute without anything else is a heartbeat."""
        while seconds > 0:
            step = min(seconds, MINUTE)
            self._clock.wait(step)
            seconds -= step
            if step == MINUTE:
                self.beat()
