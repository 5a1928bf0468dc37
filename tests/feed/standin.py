"""The agency's side of the wire, in memory: the webhook's own rules over memory ports, and what may go wrong."""

import json
from datetime import UTC, timedelta
from email.utils import format_datetime

import httpx

from chalicelib.auth import Unauthentic, WebhookKey, authenticate
from chalicelib.domain.names import IncidentKey
from chalicelib.flow.incidents.receive import receive_updates
from chalicelib.inbound.cad.read_updates import Malformed, Unacceptable, read_updates
from chalicelib.virtual.world import MemoryPorts
from feed.run import Clocks
from tests.factories import NOW, demo_agency

SECRET = "whsec_" + "c2VjcmV0" * 4


class Time:
    """A clock on the wall that may be set, and one that never goes back."""

    def __init__(self, now=NOW):
        self.now, self.seconds = now, 1_000.0

    def passes(self, seconds):
        self.now += timedelta(seconds=seconds)
        self.seconds += seconds

    @property
    def clocks(self):
        return Clocks(wall=lambda: self.now, steady=lambda: self.seconds, nap=self.passes)


class Agency:
    """What answers. `goes_wrong` is asked before each post: "" or one of lost, answer_lost, or a status.

    `signs` are the times at which it was shown that the feed lives.
    """

    def __init__(self, time):
        self.agency, self.time, self.skew = demo_agency(), time, timedelta()
        self.ports = MemoryPorts(self.agency)
        self.goes_wrong = lambda: ""
        self.accepted = self.duplicates = self.beats = 0
        self.rejected, self.posts, self.bodies, self.signs, self.names = [], [], [], [], []
        self.client = httpx.Client(transport=httpx.MockTransport(self._answer))

    @property
    def now(self):
        return self.time.now + self.skew

    def incident(self, number):
        return self.ports.incidents.load(IncidentKey(self.agency.agency_id, str(number))).incident

    def _answer(self, request):
        wrong = self.goes_wrong()
        self.posts.append(self.time.seconds)
        self.names.append(request.headers["webhook-id"])
        if wrong == "lost":
            raise httpx.ConnectError("no way there")
        if isinstance(wrong, tuple):
            return httpx.Response(wrong[0], headers=wrong[1], json={"error": "as asked"})
        if wrong and wrong != "answer_lost":
            return httpx.Response(int(wrong), json={"error": "as asked"})
        answer = self._taken(request)
        if wrong == "answer_lost":
            raise httpx.ReadTimeout("no answer")
        answer.headers["date"] = format_datetime(self.now.astimezone(UTC), usegmt=True)
        return answer

    def _taken(self, request):
        key = WebhookKey(name="feed", feed="cad", agencies=("springfield",), secret=SECRET)
        try:
            authenticate(dict(request.headers), request.content, "cad", [key], self.now)
        except Unauthentic as problem:
            return httpx.Response(401, json={"error": str(problem)})
        if request.url.path.endswith("/heartbeat"):
            self.beats += 1
            self.signs.append(self.now)
            return httpx.Response(202, json={"heard": True})
        if not request.headers.get("tenfour-partial"):
            self.signs.append(self.now)
        return self._received(request.content, request.headers["webhook-id"])

    def _received(self, body, source):
        self.bodies.append(json.loads(body))
        try:
            batch = read_updates(body, source, "US", self.now)
        except (Malformed, Unacceptable) as problem:
            return httpx.Response(422, json={"error": str(problem)})
        self.ports.tell_time(self.now)
        received = receive_updates((*batch.updates, *batch.salvaged), source, self.agency, self.ports, self.now)
        self.accepted += received.accepted
        self.duplicates += received.duplicates
        self.rejected += batch.rejected
        rejected = [{"index": item.index, "error": item.error} for item in batch.rejected]
        return httpx.Response(202 if batch.updates else 422, json={"accepted": received.accepted, "rejected": rejected})
