"""Senders that have one bad habit each. The comment says which real system does it, or what people would read."""

import base64
import hmac
import json
from datetime import timedelta

import httpx

from tests.tenfour.certify.right import MINUTE, Right

FIELDS = ("received_at", "dispatched_at", "arrived_at", "closed_at", "incident_type", "dispositions", "beat", "shift")


class WritesNulls(Right):
    """A serializer writes every field that it has no value for as null."""

    def update(self, told):
        return {**dict.fromkeys(FIELDS), **told}


class StampsByTheMinute(Right):
    """`as_of` is cut to minutes, so that two changes of one minute have the same."""

    def stamp(self):
        return self._clock.now().replace(second=0).isoformat()

    def retype(self, number, key):
        super().retype(number, key)
        self.wait(5)
        self.tell(number, key, incident_type="NOISE", **self.in_words("Noise complaint"))


class RestatesHistory(Right):
    """A corrected disposition has the time of the event that it corrects."""

    def close(self, number, key):
        super().close(number, key)
        closed = self.said()
        self.wait(MINUTE)
        self.tell(number, key, priority="2")
        self.wait(MINUTE)
        self.tell(number, key, as_of=closed, closed_at=closed, dispositions=["GOA"])


class ForgetsItsNumber(Right):
    """A call gets another number, and nothing says that it is the same."""

    def update(self, told):
        return {name: value for name, value in told.items() if name != "incident_id"}


class PostsEmptySnapshots(Right):
    """Nothing to tell is an empty list, on the address of the updates."""

    def beat(self):
        body = b'{"updates": []}'
        self.send("/cad/springfield/updates", self.name(), body)


class HasNoOffset(Right):
    """Local times, as the database has them."""

    def said(self):
        return self._clock.now().replace(tzinfo=None).isoformat()


class IsLocalTimeMarkedAsUtc(Right):
    """Times of events are local, and a Z is written behind them."""

    def said(self):
        return (self._clock.now() - timedelta(hours=6)).isoformat()


class ClockIsAhead(Right):
    """The server that stamps is two minutes ahead."""

    def stamp(self):
        return (self._clock.now() + timedelta(minutes=2)).isoformat()


class StampsTheSending(Right):
    """`as_of` is when the request was sent: a retry has another one."""

    def again(self, name, body):
        told = json.loads(body)
        told["updates"] = [{**update, "as_of": self.stamp()} for update in told["updates"]]
        return name, self.encoded(told)


class PollsWithNow(Right):
    """The whole call is sent again every few seconds, as of now."""

    def undo_an_arrival(self, number, key):
        super().undo_an_arrival(number, key)
        for _ in range(5):
            self.wait(10)
            self.tell(number, key, incident_type="NOISE", **self.in_words("Noise complaint"))


class NamesEachTryAnew(Right):
    """A retry has a new webhook-id."""

    def again(self, name, body):
        return self.name(), body


class NeverTriesAgain(Right):
    """A failed request is written to a log."""

    def is_again(self, status, tries):
        return False


class StormsAfterFailure(Right):
    """A failed request is sent again at once."""

    def pause(self, tries, after):
        return 0.05


class HasNoHeartbeat(Right):
    """Nothing is posted while nothing happens."""

    beats = False


class HangsUp(Right):
    """It waits for an answer for a moment only."""

    patience = 1.5


class SignsWithTheText(Right):
    """The text of the secret is the key, and not what its base64 stands for."""

    def signed(self, name, body):
        at = str(int(self._clock.now().timestamp()))
        key = self._secret.removeprefix("whsec_").encode()
        digest = hmac.digest(key, f"{name}.{at}.".encode() + body, "sha256")
        signature = f"v1,{base64.b64encode(digest).decode()}"
        return {"webhook-id": name, "webhook-timestamp": at, "webhook-signature": signature}


class UsesOneName(Right):
    """The webhook-id is the one of the first request."""

    def name(self):
        return "msg_1"


class NeverArrives(Right):
    """The status "on scene" is not part of the interface."""

    def arrive(self, number, key):
        self.tell(number, key, enroute_at=self.said())

    def undo_an_arrival(self, number, key):
        return None


class NeverCloses(Right):
    """Closed calls fall out of the view that is polled."""

    def tell(self, number, key, feed="cad", **facts):
        ends = facts.keys() & {"closed_at", "cancelled_at"}
        if not ends:
            super().tell(number, key, feed, **facts)


class RenumbersPeople(Right):
    """A person's id is the row's place in the last result."""

    def retype(self, number, key):
        super().retype(number, key)
        self.wait(5)
        self.tell(number, key, reporting_parties=[{"party_id": "2", "role": "caller", "phone": self.phone}])


class WritesPhonesUnreadably(Right):
    """A phone is encrypted by the reporting database."""

    def received(self, phone=None):
        told = super().received()
        told["reporting_parties"][0]["phone"] = "0x9f3b77aa12"
        return told


class SendsNames(Right):
    """The caller's name comes along."""

    def received(self, phone=None):
        told = super().received(phone)
        told["reporting_parties"][0]["name"] = "Somebody"
        return told


class WritesCamelCase(Right):
    """Names of fields are those of its own language."""

    def update(self, told):
        return {"arrivedAt" if name == "arrived_at" else name: value for name, value in told.items()}


class TalksInCodes(Right):
    """A type is a number that only the vendor can look up."""

    description = None

    def update(self, told):
        return (
            {**told, "incident_type": {"NOISE": "415N", "PARTY": "415P"}[told["incident_type"]]}
            if ("incident_type" in told)
            else told
        )


class FillsWithFalse(Right):
    """A serializer writes false for each yes-or-no field that it has no value for."""

    def update(self, told):
        parties = [{**party, "safe_to_contact": False} for party in told.get("reporting_parties", ())]
        return {**told, "juvenile": False, **({"reporting_parties": parties} if parties else {})}


class HidesDrills(Right):
    """A drill is a type of call."""

    def tell(self, number, key, feed="cad", **facts):
        if facts.pop("exercise", False):
            facts |= {"incident_type": "TRAINING", "incident_type_description": "Training exercise"}
        super().tell(number, key, feed, **facts)


class UsesUpdateIdsAgain(Right):
    """The name of an update is that of its call."""

    def update(self, told):
        return {**told, "update_id": "row-1"}


class TellsListsInParts(Right):
    """Each case number is told alone."""

    def close(self, number, key):
        super().close(number, key)
        self.tell(number, key, feed="rms", case_numbers=["26-100"])
        self.wait(20)


class PostsTooMany(Right):
    """A night's changes come in one request."""

    def batch(self, update):
        return [update] * 101 if "cancelled_at" in update else [update]


class WritesLatin1(Right):
    """The body is in the encoding of the database."""

    description = "Café noise"

    def encoded(self, told):
        return json.dumps(told, ensure_ascii=False).encode("latin-1")

    def signed(self, name, body):
        at = str(int(self._clock.now().timestamp()))
        key = base64.b64decode(self._secret.removeprefix("whsec_"))
        digest = hmac.digest(key, f"{name}.{at}.".encode() + body, "sha256")
        signature = f"v1,{base64.b64encode(digest).decode()}"
        return {"webhook-id": name, "webhook-timestamp": at, "webhook-signature": signature}


class WritesNoJson(Right):
    """The body is made of pieces of text, with a comma at the end."""

    def encoded(self, told):
        return json.dumps(told).encode().replace(b"]}]}", b"],}]}")


class PostsAsText(Right):
    """The content type is the client library's default."""

    def send(self, path, name, body):
        headers = {"content-type": "text/plain", **self.signed(name, body)}
        return self._client.post(f"{self._address}{path}", content=body, headers=headers)


class WritesNumbers(Right):
    """A priority is a number in its JSON."""

    def update(self, told):
        return {**told, "priority": 3} if "priority" in told else told


class PostsElsewhere(Right):
    """The heartbeat goes to an address of another version."""

    def beat(self):
        super().beat()
        self._client.get(f"{self._address}/cad/springfield/ping")


class AsksForAnotherAgency(Right):
    """The agency's id in the address is that of another customer."""

    def beat(self):
        self.send("/cad/springfield/heartbeat", self.name(), b"{}")
        self.send("/cad/shelbyville/heartbeat", self.name(), b"{}")


class SendsUpdatesAsHeartbeats(Right):
    """Each request is posted to both addresses as it is."""

    def send(self, path, name, body):
        answer = super().send(path, name, body)
        if path.startswith("/cad") and path.endswith("/updates"):
            super().send("/cad/springfield/heartbeat", name, body)
        return answer


class RepeatsTheRefused(Right):
    """An update that was refused is sent for ever."""

    def tell(self, number, key, feed="cad", **facts):
        super().tell(number, key, feed, **({**facts, "as_of": None} if "cancelled_at" in facts else facts))

    def is_again(self, status, tries):
        return super().is_again(status, tries) or (status == httpx.codes.UNPROCESSABLE_ENTITY and tries < 4)
