"""Both senders, with real SDK clients over real HTTP, against the carrier simulator."""

import time
from contextlib import ExitStack

import boto3
import httpx
import pytest
from botocore.exceptions import EndpointConnectionError, ParamValidationError

from chalicelib.outbound import end_user_messaging, ses
from chalicelib.outbound.end_user_messaging import EndUserMessaging
from chalicelib.outbound.failures import ONCE, call_once
from chalicelib.outbound.ses import Ses
from chalicelib.ports import Outgoing, SendFailed
from ops.local.carrier import server
from ops.local.carrier.carrier import Carrier
from ops.local.carrier.server import Doors, Outbox
from ops.local.emulator import free_port
from ops.local.serve import address, bound_socket, serving

TO = {"sms": "+13035550123", "email": "a@people.example"}


class Simulator:
    """A carrier, and both senders pointed at it."""

    def __init__(self, url: str, outbox: Outbox) -> None:
        self.url, self.outbox = url, outbox
        account = {"region_name": "us-west-2", "aws_access_key_id": "test", "aws_secret_access_key": "test"}
        quick = ONCE.merge(ONCE.__class__(read_timeout=1))
        self.senders = {
            "sms": EndUserMessaging(
                boto3.client("pinpoint-sms-voice-v2", endpoint_url=url, config=quick, **account), "tenfour"
            ),
            "email": Ses(boto3.client("sesv2", endpoint_url=url, config=quick, **account), "tenfour"),
        }

    def behave(self, **told):
        httpx.post(f"{self.url}/behaviour", json=told).raise_for_status()

    def messages(self, to=None):
        return httpx.get(f"{self.url}/messages", params={"to": to} if to else None).json()

    def events(self):
        found = []
        while not self.outbox.empty():
            found.append(self.outbox.get()[1]["eventType"])
        return found


@pytest.fixture
def simulator(monkeypatch):
    monkeypatch.setattr(server, "LONGER_THAN_ANY_READ", 2.0)
    outbox = Outbox()
    with ExitStack() as up:
        door = bound_socket(0)
        up.enter_context(serving(Doors(Carrier(), outbox, lambda: "+13035550199").app(), door))
        yield Simulator(address(door), outbox)


def outgoing(channel, **changes):
    fields = {
        "id": "springfield__P26-1__delay__1__0",
        "address": TO[channel],
        "sender": "+13035550199" if channel == "sms" else "no-reply@springfield.example",
        "body": "Springfield PD: officers are delayed.",
        "subject": "" if channel == "sms" else "Your call P26-1",
        "lives_for": 900,
    }
    return Outgoing(**{**fields, **changes})


channels = pytest.mark.parametrize("channel", ["sms", "email"])


@channels
def test_a_message_arrives_with_our_id(simulator, channel):
    sent = simulator.senders[channel].send(outgoing(channel))

    (message,) = simulator.messages()
    assert message["id"] == sent.reference
    assert (message["provider"], message["channel"]) == (sent.provider, channel)
    assert (message["to"], message["body"]) == (TO[channel], "Springfield PD: officers are delayed.")
    assert message["reference"] == "springfield__P26-1__delay__1__0"


def failed(simulator, channel, **changes):
    with pytest.raises(SendFailed) as failure:
        simulator.senders[channel].send(outgoing(channel, **changes))
    return failure.value


@channels
def test_a_throttled_message_surely_did_not_go(simulator, channel):
    simulator.behave(**{TO[channel]: "throttle", "times": 1})

    assert failed(simulator, channel).outcome == "retry"
    assert simulator.messages() == []
    assert simulator.senders[channel].send(outgoing(channel))


def test_a_provider_that_knows_of_an_opt_out_says_never(simulator):
    simulator.behave(**{TO["sms"]: "optout"})

    failure = failed(simulator, "sms")
    assert (failure.outcome, failure.reason) == ("permanent", "DESTINATION_PHONE_NUMBER_OPTED_OUT")


@channels
def test_no_answer_in_time_says_nothing(simulator, channel):
    simulator.behave(**{TO[channel]: "timeout", "times": 1})
    began = time.monotonic()

    assert failed(simulator, channel).outcome == "ambiguous"
    assert time.monotonic() - began < 5
    assert simulator.messages() == []


@channels
def test_an_answer_that_breaks_off_says_nothing_although_it_went_and_only_once(simulator, channel):
    simulator.behave(**{TO[channel]: "accept_then_drop", "times": 1})

    assert failed(simulator, channel).outcome == "ambiguous"
    assert len(simulator.messages()) == 1


@channels
def test_a_request_that_is_none_will_never_go(simulator, channel):
    failure = failed(simulator, channel, body=None)

    assert failure.outcome == "permanent"


def test_a_provider_that_cannot_be_reached_took_nothing():
    url = f"http://127.0.0.1:{free_port()}"
    client = boto3.client(
        "sesv2",
        endpoint_url=url,
        region_name="us-west-2",
        aws_access_key_id="x",
        aws_secret_access_key="x",
        config=ONCE,
    )

    with pytest.raises(SendFailed) as failure:
        Ses(client, "tenfour").send(outgoing("email"))
    assert (failure.value.outcome, failure.value.reason) == ("retry", "EndpointConnectionError")


@pytest.mark.parametrize("codes", [end_user_messaging.CODES, ses.CODES])
def test_each_word_of_a_provider_has_an_outcome_of_ours(codes):
    assert set(codes.values()) == {"permanent", "retry", "ambiguous"}


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (EndpointConnectionError(endpoint_url="x"), "retry"),
        (ParamValidationError(report="x"), "permanent"),
    ],
)
def test_what_a_client_raises_is_understood(error, outcome):
    def call(**request):
        raise error

    with pytest.raises(SendFailed) as failure:
        call_once(call, {})
    assert failure.value.outcome == outcome


@pytest.mark.parametrize(
    ("behaviour", "channel", "events"),
    [
        ("deliver", "sms", ["TEXT_QUEUED", "TEXT_SUCCESSFUL", "TEXT_DELIVERED"]),
        ("fail", "sms", ["TEXT_QUEUED", "TEXT_CARRIER_UNREACHABLE"]),
        ("landline", "sms", ["TEXT_QUEUED", "TEXT_INVALID"]),
        ("deliver", "email", ["Send", "Delivery"]),
        ("fail", "email", ["Send", "Bounce"]),
    ],
)
def test_the_carrier_tells_what_became_of_a_message(simulator, behaviour, channel, events):
    simulator.behave(**{"*": behaviour})

    simulator.senders[channel].send(outgoing(channel))

    assert simulator.events() == events


def test_a_behaviour_is_one_addresss_before_it_is_everybodys(simulator):
    simulator.behave(**{"*": "throttle"})
    simulator.behave(**{TO["sms"]: "deliver", "times": 1})

    assert simulator.senders["sms"].send(outgoing("sms"))
    assert failed(simulator, "sms").outcome == "retry"


@pytest.mark.parametrize("body", [{}, {"*": "explode"}, {"times": 1}])
def test_an_unknown_behaviour_is_refused(simulator, body):
    assert httpx.post(f"{simulator.url}/behaviour", json=body).status_code == 422


def test_a_persons_text_goes_to_the_number_that_texted_them(simulator):
    simulator.senders["sms"].send(outgoing("sms", sender="+13035550177"))
    simulator.events()
    for phone in (TO["sms"], "+13035550144"):
        httpx.post(f"{simulator.url}/replies", json={"from": phone, "body": "STOP"}).raise_for_status()

    told = [simulator.outbox.get()[1] for _ in range(2)]
    assert [(item["originationNumber"], item["destinationNumber"], item["messageBody"]) for item in told] == [
        (TO["sms"], "+13035550177", "STOP"),
        ("+13035550144", "+13035550199", "STOP"),
    ]


def test_messages_are_listed_for_one_address(simulator):
    for channel in TO:
        simulator.senders[channel].send(outgoing(channel))

    assert [message["channel"] for message in simulator.messages(TO["email"])] == ["email"]
    assert len(simulator.messages()) == 2
    assert set(simulator.messages()[0]) == {"id", "provider", "channel", "to", "body", "subject", "reference", "at"}
    assert simulator.messages()[0]["at"].endswith("Z")
