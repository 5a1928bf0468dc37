"""The sweep finds what the queue forgot."""

import json

import pytest

from chalicelib.flow.incidents.receive import receive_updates
from chalicelib.inbound.cad.read_updates import read_updates
from chalicelib.ports.errors import QueueUnavailable
from tests.whole.people import Caller, arrived, now


class WithoutQueue:
    """A city's ports with a queue that takes nothing: what a hint that is lost looks like to the rest."""

    def __init__(self, aws):
        self.incidents, self.settings, self.back_off = aws.incidents, aws.settings, aws.back_off
        self.queue, self.measure, self.contacts = self, aws.measure, aws.contacts

    def hint(self, hints):
        raise QueueUnavailable


@pytest.fixture
def caller(stack):
    return Caller(stack)


def test_a_lost_hint_is_repaired_by_the_next_sweep(inside, caller):
    """The webhook's own code over the city's own tables; only the queue is missing.

    Here the sweep is called by hand. `test_feed_watch.py` proves that it comes each minute.
    """
    at = now()
    update = {
        "incident_number": caller.number,
        "as_of": at.isoformat(),
        "incident_type": "NOISE",
        "received_at": at.isoformat(),
        "reporting_parties": [{"party_id": "1", "phone": caller.phone}],
    }
    body = json.dumps({"updates": [update]}).encode()
    ports = WithoutQueue(inside.aws)
    agency = ports.settings.agency("springfield")

    received = receive_updates(read_updates(body, "lost", "US", at).updates, "lost", agency, ports, at)

    assert received.hints_lost == 2
    heard = caller.hears_by_the_sweep(inside, "we have your call")
    assert arrived(heard) >= at
