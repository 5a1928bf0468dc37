"""How often one webhook calls AWS: counted at botocore, over the city's own tables and queue."""

import json
from collections import Counter
from functools import partial
from uuid import uuid4

import pytest
from msgspec.structs import replace

from chalicelib.domain.duration import Duration
from chalicelib.domain.names import Kind, NotificationKey
from chalicelib.domain.notifications.notification import State
from chalicelib.domain.settings.incident_types import AcknowledgmentRules
from chalicelib.flow.incidents.receive import receive_updates
from chalicelib.flow.notifications.deliver import deliver_notification
from chalicelib.inbound.cad.read_updates import read_updates
from chalicelib.ports.carrier import Sent
from chalicelib.wiring import Aws
from rigs.city.inside import Inside
from tenfour.common.reach import client
from tests.whole.people import Caller, now

HOLD = Duration(seconds=60)


class Counted:
    """A city's ports that count the calls that they make, once everything that is read once has been read."""

    def __init__(self, stack, **others):
        self.calls = Counter()
        fresh = Inside(stack).aws
        fresh.connection.client.meta.events.register("before-call.*.*", self._count)
        self.aws = Aws(fresh.config, now, partial(self._client, stack.aws_endpoint), fresh.connection, **others)
        self.agency = Inside(stack).publish(_of_its_own(self.aws.settings.agency("springfield")))
        assert self.aws.settings.agency(self.agency.agency_id)
        self.aws.settings.note_feed(self.agency.agency_id, now())
        self.aws.settings.conditions(self.agency.agency_id)
        self.aws.settings.held(self.agency.agency_id)
        assert self.aws.contact_secret
        assert self.aws.queue
        self.calls.clear()

    def _client(self, endpoint, service, config=None):
        made = client(service, endpoint, config)
        made.meta.events.register("before-call.*.*", self._count)
        return made

    def _count(self, model, **_):
        self.calls[model.name] += 1

    def receive(self, caller, **facts):
        """Take in a webhook of one update."""
        self.calls.clear()
        at = now()
        update = {"incident_number": caller.number, "as_of": at.isoformat(), **facts}
        batch = read_updates(json.dumps({"updates": [update]}).encode(), "counted", "US", at)
        receive_updates(batch.updates, "counted", self.agency, self.aws, at)
        return dict(self.calls)


def _of_its_own(agency):
    """Return the settings of an agency to whose providers no other test does anything.

    The city delivers its texts too: not before a minute has passed, so that it does not write in between.
    """
    numbers = replace(agency.numbers, sms_from=f"+1{uuid4().int % 10**10:010}")
    held = AcknowledgmentRules(hold=HOLD)
    return replace(agency, agency_id=f"c{uuid4().hex[:8]}", numbers=numbers, acknowledgment=held)


@pytest.fixture
def counted(stack):
    return Counted(stack)


@pytest.fixture
def caller(stack):
    return Caller(stack)


def test_one_webhook_of_one_update_is_one_query_one_change_and_at_most_one_send(counted, caller):
    at = now().isoformat()
    party = {"party_id": "1", "phone": caller.phone}
    words_and_incident = {"Query": 1, "PutItem": 2}

    first = counted.receive(caller, incident_type="NOISE", received_at=at, reporting_parties=[party])
    assert first == {"Query": 1, "TransactWriteItems": 1, "SendMessageBatch": 1}
    assert counted.receive(caller, beat="612") == words_and_incident
    # The notice of a delay is cancelled with it.
    assert counted.receive(caller, arrived_at=at) == {"Query": 1, "PutItem": 1, "TransactWriteItems": 1}
    # The profile of each person who is silenced: a claim asks it.
    assert counted.receive(caller, incident_type="DV") == {
        "Query": 1,
        "PutItem": 1,
        "TransactWriteItems": 1,
        "UpdateItem": 1,
    }


def test_a_repeated_webhook_is_one_query(counted, caller):
    at = now()
    update = {"incident_number": caller.number, "as_of": at.isoformat(), "beat": "612"}
    batch = read_updates(json.dumps({"updates": [update]}).encode(), "counted", "US", at)
    receive_updates(batch.updates, "counted", counted.agency, counted.aws, at)
    counted.calls.clear()

    receive_updates(batch.updates, "counted", counted.agency, counted.aws, at)

    assert counted.calls == {"Query": 1}


class Nobody:
    """A queue that nobody listens to, and a provider that takes everything: only the tables are real."""

    tells = True

    def hint(self, hints):
        pass

    def send(self, outgoing):
        return Sent("end_user_messaging", "m-1")


def test_a_text_is_five_calls_before_the_providers_and_one_after(stack, caller):
    counted = Counted(stack, queue=Nobody(), senders={"end_user_messaging": Nobody()})
    at = now()
    told = {"incident_number": caller.number, "incident_type": "WELFARE", "received_at": (at - HOLD).isoformat()}
    update = {**told, "as_of": at.isoformat(), "reporting_parties": [{"party_id": "1", "phone": caller.phone}]}
    batch = read_updates(json.dumps({"updates": [update]}).encode(), "counted", "US", at)
    receive_updates(batch.updates, "counted", counted.agency, counted.aws, at)
    key = NotificationKey(counted.agency.agency_id, caller.number, Kind.ACKNOWLEDGMENT, "1")
    counted.calls.clear()

    assert deliver_notification(key, counted.aws, at) is State.SENT
    # The second GetItem reads the pauses once more: one may have come while the text was claimed.
    assert counted.calls == {"Query": 2, "GetItem": 2, "TransactWriteItems": 1, "PutItem": 1}
