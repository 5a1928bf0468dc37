"""The simulated carriers answer as they are told to, and tests can set their faults."""

import boto3
import pytest
from twilio.request_validator import RequestValidator

from chalicelib.carriers.failures import OPTED_OUT
from chalicelib.carriers.registry import PROVIDERS
from chalicelib.domain.names import Kind, NotificationKey
from chalicelib.ports.carrier import SendFailed
from rigs.carrier_simulator.server import ANYBODY
from rigs.city.front import with_phones
from tests.carriers.simulator import ACCOUNT, ORIGIN, TO, outgoing
from tests.waiting import wait_until

MESSAGING, TWILIO = "end_user_messaging", "twilio"


def send(simulator, provider, **changes):
    return simulator.senders[provider].send(outgoing(provider, **changes))


@pytest.mark.parametrize(
    ("behaviour", "provider", "events"),
    [
        ("deliver", MESSAGING, ["TEXT_QUEUED", "TEXT_SUCCESSFUL", "TEXT_DELIVERED"]),
        ("fail", MESSAGING, ["TEXT_QUEUED", "TEXT_CARRIER_UNREACHABLE"]),
        ("landline", MESSAGING, ["TEXT_QUEUED", "TEXT_INVALID"]),
        ("block", MESSAGING, ["TEXT_QUEUED", "TEXT_CARRIER_BLOCKED"]),
        ("deliver", TWILIO, ["queued", "sent", "delivered"]),
        ("fail", TWILIO, ["queued", "sent", "undelivered"]),
        ("landline", TWILIO, ["queued", "sent", "undelivered"]),
        ("block", TWILIO, ["queued", "sent", "undelivered"]),
        ("deliver", "sns", []),
        ("fail", "sns", []),
        ("deliver", "ses", ["Send", "Delivery"]),
        ("fail", "ses", ["Send", "Bounce"]),
    ],
)
def test_the_carrier_tells_what_became_of_a_message(simulator, behaviour, provider, events):
    simulator.behave(**{"*": behaviour})

    send(simulator, provider)

    assert simulator.events() == events


def test_receipts_come_late_twice_and_in_the_wrong_order(simulator):
    simulator.turn("receipts", delay=600, duplicate=True, disorder=True)
    send(simulator, TWILIO)
    assert simulator.events() == []

    simulator.turn("receipts", delay=0.1, duplicate=True, disorder=True)
    send(simulator, TWILIO)
    assert wait_until(lambda: simulator.outbox.qsize() == 6)
    assert simulator.events() == ["delivered", "delivered", "sent", "sent", "queued", "queued"]


@pytest.mark.parametrize("body", [{"delay": -1}, {"delay": "soon"}, {"explode": True}])
def test_an_unknown_network_is_refused(simulator, body):
    assert simulator.door.post("/receipts", json=body).status_code == 422


def test_twilios_posts_are_signed_as_twilio_signs(simulator):
    send(simulator, TWILIO)
    simulator.door.post("/replies", json={"from": TO["sms"], "body": "STOP"}).raise_for_status()

    posts = [event for topic, event in simulator.told() if topic == "twilio"]
    assert len(posts) == 4
    for post in posts:
        assert RequestValidator(ANYBODY.auth_token).validate(post["url"], post["fields"], post["signature"])
    assert posts[3]["url"] == f"{ORIGIN}/carriers/twilio/inbound"
    assert (posts[3]["fields"]["From"], posts[3]["fields"]["To"]) == (TO["sms"], "+13035550199")


def test_a_person_answers_to_the_number_that_a_messaging_service_picked(simulator):
    service = "MG" + "0" * 32
    send(simulator, TWILIO, sender=service)
    simulator.told()
    simulator.door.post("/replies", json={"from": TO["sms"], "body": "hi"}).raise_for_status()

    ((_, post),) = simulator.told()
    assert (post["fields"]["To"], post["fields"]["MessagingServiceSid"]) == ("+13035550150", service)


def test_a_behaviour_is_one_addresss_before_it_is_everybodys(simulator):
    simulator.behave(**{"*": "throttle"})
    simulator.behave(**{TO["sms"]: "deliver", "times": 1})

    assert send(simulator, MESSAGING)
    with pytest.raises(SendFailed, match="retry"):
        send(simulator, MESSAGING)


@pytest.mark.parametrize("body", [{}, {"*": "explode"}, {"times": 1}])
def test_an_unknown_behaviour_is_refused(simulator, body):
    assert simulator.door.post("/behaviour", json=body).status_code == 422


def test_a_persons_text_goes_to_the_number_that_texted_them(simulator):
    send(simulator, MESSAGING, sender="+13035550177")
    simulator.events()
    for phone in (TO["sms"], "+13035550144"):
        simulator.door.post("/replies", json={"from": phone, "body": "STOP"}).raise_for_status()

    told = [event for _, event in simulator.told()]
    assert [(item["originationNumber"], item["destinationNumber"], item["messageBody"]) for item in told] == [
        (TO["sms"], "+13035550177", "STOP"),
        ("+13035550144", "+13035550199", "STOP"),
    ]


def test_messages_are_listed_for_one_address(simulator):
    for provider in PROVIDERS:
        send(simulator, provider)

    assert [message["channel"] for message in simulator.messages(TO["email"])] == ["email"]
    assert len(simulator.messages()) == len(PROVIDERS)
    assert set(simulator.messages()[0]) == {"id", "provider", "channel", "to", "body", "subject", "reference", "at"}
    assert simulator.messages()[0]["at"].endswith("Z")


def test_sns_publishes_here_to_phones_only(simulator):
    body = {"Action": "Publish", "TopicArn": "arn:aws:sns:us-west-2:1:t", "Message": "x"}

    assert simulator.door.post("/", data=body).status_code == 400


def test_who_is_on_an_opt_out_list_gets_nothing_from_the_account_that_keeps_it(simulator):
    lists = boto3.client("pinpoint-sms-voice-v2", endpoint_url=simulator.url, **ACCOUNT)
    listed = {"OptOutListName": "Default", "OptedOutNumber": TO["sms"]}
    lists.put_opted_out_number(**listed)

    with pytest.raises(SendFailed) as refused:
        send(simulator, MESSAGING)
    assert (refused.value.outcome, refused.value.reason, refused.value.opted_out) == ("permanent", OPTED_OUT, True)
    send(simulator, "sns")
    send(simulator, TWILIO)
    assert [(one.provider, one.status) for one in simulator.carrier.messages()] == [
        ("sns", "not delivered"),
        ("twilio", "accepted"),
    ]

    lists.delete_opted_out_number(**listed)
    send(simulator, MESSAGING)


def test_the_phones_page_leads_to_a_message_s_call_at_the_desk(simulator):
    key = NotificationKey("springfield", "P26/1 b", Kind.DELAY, "1", 1)
    send(simulator, MESSAGING, id=key.id)
    send(simulator, MESSAGING, id="springfield-answer-1")

    (thread,) = simulator.door.get("/threads").json()
    of_a_call, of_none = thread["entries"]
    assert of_a_call["call"] == "P26/1 b"
    assert of_a_call["desk"].endswith("springfield/incident?number=P26%2F1%20b")
    assert "desk" not in of_none


def test_a_page_of_the_desk_leads_back_to_the_phones_of_its_call():
    page = b"<footer>times</footer><p>a footer is </footer> by name</p>"

    led = with_phones(page, 'P26-1">', "http://127.0.0.1:1").decode()
    assert led.count("<a href=") == 1
    assert '<a href="http://127.0.0.1:1/#P26-1%22%3E">' in led
    assert '<a href="http://127.0.0.1:1">' in with_phones(page, "", "http://127.0.0.1:1").decode()
