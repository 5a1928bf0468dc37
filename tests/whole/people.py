"""Callers and incidents that no other test has, and a clock that a test can wait on."""

import re
from contextlib import suppress
from datetime import UTC, datetime
from uuid import uuid4

import httpx
import msgspec
from msgspec.structs import replace

from chalicelib.domain.duration import Duration
from chalicelib.domain.names import IncidentKey
from chalicelib.domain.notifications.notification import State
from chalicelib.domain.settings.incident_types import DelayRules
from chalicelib.flow.incidents.receive import receive_updates
from chalicelib.inbound.cad.read_updates import read_updates
from chalicelib.ports.errors import Conflict
from chalicelib.virtual.town.callers import party
from chalicelib.virtual.town.calls import call, update
from rigs.city.inside import Inside
from tenfour.common.reach import Stack
from tenfour.rehearse.vendor import Vendor
from tests.somebody import somebody
from tests.waiting import LONGEST, wait_until

web = httpx.Client(timeout=LONGEST, trust_env=False)
"""Asks the city, however slow the machine is that it shares with all other tests."""

LINK = re.compile(r"https?://\S+/s/\w{13}")


def now() -> datetime:
    return datetime.now(UTC)


class Caller:
    """Somebody with a phone, an incident of their own, and a dispatch system that tells of it."""

    def __init__(self, stack: Stack) -> None:
        self.stack, self.agency_id = stack, stack.agency_id
        self.phone = somebody()
        # Nine digits are no phone and these letters no word: either is left out of a text, and `tenfour hold` asks.
        chance = uuid4().int
        self.number = f"T{chance % 10**5:05}-t{chance // 10**5 % 10**4:04}"
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

    def times(self, words):
        """Return how many texts have these words; what else comes by the clock (a delay after 20 s) is not asked."""
        return sum(words in body for body in self.bodies())

    def hears(self, words):
        """Wait until a text with these words arrives, and return it."""
        assert wait_until(lambda: any(words in body for body in self.bodies())), (words, self.bodies())
        return next(message for message in self.texts() if words in message["body"])

    def hears_by_the_sweep(self, inside, words):
        """Wait until a text arrives that the next sweep looks for: it comes by hand, rather than each minute."""
        wait_until(lambda: inside.sweep() or any(words in body for body in self.bodies()), every=2)
        return self.hears(words)

    def put_off(self, inside, kind):
        """Return a notification that was tried and put off, or None."""
        rows = inside.aws.incidents.load(IncidentKey(self.agency_id, self.number)).rows
        found = (row for key, row in rows.items() if key.kind is kind)
        return next((row for row in found if row.state is State.SCHEDULED and row.reason), None)

    def hears_without_the_wait(self, inside, kind, words):
        """Wait until a text arrives that was put off: its time and the sweep come now, rather than by the clock."""

        def come():
            row = self.put_off(inside, kind)
            with suppress(Conflict):  # its time came by the clock
                if row:
                    inside.aws.incidents.put(replace(row, send_at=now()))
            inside.sweep()
            return any(words in body for body in self.bodies())

        wait_until(come, every=1)
        return self.hears(words)

    def says(self, body):
        """Text back."""
        web.post(f"{self.stack.carrier}/replies", json={"from": self.phone, "body": body}).raise_for_status()


class OfLongDelays(Caller):
    """A caller of an agency that tells of delays after a day: no machine is so slow that this comes in between.

    The city has no webhook keys for it: updates are received by the webhook's own code over the city's tables.
    """

    def __init__(self, stack: Stack, inside: Inside) -> None:
        super().__init__(stack)
        ours = inside.aws.settings.agency("springfield")
        late = DelayRules(after=(Duration(days=1),))
        numbers = replace(ours.numbers, sms_from=f"+1{uuid4().int % 10**10:010}")  # a number is one agency's
        self.inside, self.agency_id = inside, f"s{uuid4().hex[:8]}"
        wanted = replace(ours, agency_id=self.agency_id, delay=late, numbers=numbers)
        self.agency = inside.publish(wanted)

    def tell(self, as_of=None, feed="cad", **facts):
        at = now()
        body = msgspec.json.encode({"updates": [{"incident_number": self.number, "as_of": as_of or at, **facts}]})
        batch = read_updates(body, uuid4().hex, "US", at)
        assert not batch.rejected, batch.rejected
        return receive_updates(batch.updates, uuid4().hex, self.agency, self.inside.aws, at)


def arrived(message) -> datetime:
    """Return when a message reached the carrier."""
    return datetime.fromisoformat(message["at"])


def acknowledged(stack):
    """Return somebody who called and was told that their call came."""
    caller = Caller(stack)
    caller.call()
    caller.hears("we have your call")
    return caller
