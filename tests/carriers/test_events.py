import json
from datetime import UTC, datetime

import msgspec
import pytest

from chalicelib.carriers.end_user_messaging import events as messaging_events
from chalicelib.carriers.events import read_receipt, read_reply
from chalicelib.carriers.ses import events as ses_events
from chalicelib.carriers.twilio import events as twilio_events
from chalicelib.domain.names import Kind, NotificationKey
from chalicelib.domain.notifications.notification import State
from chalicelib.domain.notifications.receipt import UnknownEvent
from tests.factories import NOW, SHARED, after

KEY = NotificationKey("springfield", "P26-1", Kind.DELAY, "1", 0)
REFUSED = (State.UNDELIVERED, State.FAILED)
TEXT = {
    "eventType": "TEXT_DELIVERED",
    "eventTimestamp": 1_795_000_000_123,
    "messageId": "m-1",
    "context": {"notification": KEY.id},
    "destinationPhoneNumber": "+13035550123",
}
MAIL = {
    "eventType": "Delivery",
    "mail": {"messageId": "m-2", "timestamp": "2026-11-21T17:59:00.000Z", "tags": {"notification": [KEY.id]}},
    "delivery": {"timestamp": "2026-11-21T18:00:00.000Z"},
}


def text(**changes):
    return read_receipt(json.dumps({**TEXT, **changes}))


def mail(**changes):
    return read_receipt(json.dumps({**MAIL, **changes}))


def test_a_text_event_becomes_a_receipt():
    receipt = text()

    assert (receipt.notification, receipt.state, receipt.reference) == (KEY, State.DELIVERED, "m-1")
    assert receipt.at == datetime.fromtimestamp(1_795_000_000.123, UTC)


@pytest.mark.parametrize(
    ("kind", "description", "opted_out"),
    [
        ("TEXT_BLOCKED", "Phone has opted out", True),
        ("TEXT_CARRIER_BLOCKED", "Destination is on the carrier's opt-out list", True),
        ("TEXT_UNREACHABLE", "OPTED_OUT", True),
        ("TEXT_BLOCKED", "Phone is blocked", False),
        ("TEXT_BLOCKED", "Options ran out", False),
        ("TEXT_CARRIER_BLOCKED", "Content filtered: opt-out instructions are missing", False),
        ("TEXT_SPAM", "The campaign's opt out language is not there", False),
        ("TEXT_UNREACHABLE", "The phone has not opted out, and is away", False),
        ("TEXT_DELIVERED", "Opted out of read receipts", False),
        ("TEXT_BLOCKED", None, False),
    ],
)
def test_a_number_that_the_carrier_refuses_as_opted_out_is_opted_out(kind, description, opted_out):
    receipt = text(eventType=kind, messageStatusDescription=description)

    assert receipt.opted_out is opted_out


def test_a_mail_event_becomes_a_receipt():
    receipt = mail()

    assert (receipt.notification, receipt.state, receipt.reference, receipt.at) == (KEY, State.DELIVERED, "m-2", NOW)


@pytest.mark.parametrize("kind", [kind for kind, state in messaging_events.STATES.items() if state is None])
def test_a_text_event_that_settles_nothing_is_none(kind):
    assert text(eventType=kind) is None


@pytest.mark.parametrize(("kind", "state"), [item for item in messaging_events.STATES.items() if item[1]])
def test_each_text_event_has_our_word_for_it(kind, state):
    assert text(eventType=kind).state is state


@pytest.mark.parametrize(("kind", "state"), [item for item in ses_events.STATES.items() if item[1]])
def test_each_mail_event_has_our_word_for_it(kind, state):
    assert mail(eventType=kind).state is state


def test_an_event_about_somebody_elses_message_is_none():
    assert text(context={}) is None
    assert mail(mail={**MAIL["mail"], "tags": {}}) is None


@pytest.mark.parametrize("read", [text, mail])
def test_an_unknown_event_is_loud(read):
    with pytest.raises(UnknownEvent):
        read(eventType="TEXT_TELEPATHY" if read is text else "Telepathy")


def test_a_reference_that_is_not_ours_is_loud():
    with pytest.raises(UnknownEvent):
        text(context={"notification": "whatever"})


@pytest.mark.parametrize("body", ["{}", "[]", '{"eventType": 5}', '{"eventType": "TEXT_DELIVERED"}'])
def test_what_is_no_event_fails_so_that_it_is_kept(body):
    with pytest.raises(msgspec.DecodeError):
        read_receipt(body)


@pytest.mark.parametrize("body", ["", "Successfully validated SNS topic for Amazon SES event publishing."])
def test_a_greeting_is_no_event(body):
    with pytest.raises(UnknownEvent):
        read_receipt(body)


def test_a_number_that_gets_no_texts_is_remembered():
    assert text(eventType="TEXT_INVALID").landline
    assert not text(eventType="TEXT_UNREACHABLE").landline


@pytest.mark.parametrize(
    ("changes", "opted_out", "bounced"),
    [
        ({"eventType": "Bounce", "bounce": {"bounceType": "Permanent"}}, False, True),
        ({"eventType": "Bounce", "bounce": {"bounceType": "Transient"}}, False, False),
        ({"eventType": "Bounce", "bounce": {"bounceType": "Undetermined"}}, False, False),
        ({"eventType": "Complaint", "complaint": {}}, True, False),
        ({"eventType": "Complaint", "complaint": {"complaintFeedbackType": None}}, True, False),
        ({"eventType": "Complaint", "complaint": {"complaintFeedbackType": "abuse"}}, True, False),
        ({"eventType": "Complaint", "complaint": {"complaintFeedbackType": "fraud"}}, True, False),
        ({"eventType": "Complaint", "complaint": {"complaintFeedbackType": "other"}}, True, False),
        ({"eventType": "Complaint", "complaint": {"complaintFeedbackType": "not-spam"}}, False, False),
        ({"eventType": "Complaint", "complaint": {"complaintFeedbackType": "Not-Spam"}}, False, False),
        ({"eventType": "Complaint", "complaint": {"complaintFeedbackType": "auth-failure"}}, False, False),
        ({"eventType": "Complaint", "complaint": {"complaintFeedbackType": "virus"}}, False, False),
        ({}, False, False),
    ],
)
def test_a_hard_bounce_ends_an_address_and_a_complaint_opts_its_person_out(changes, opted_out, bounced):
    assert (mail(**changes).opted_out, mail(**changes).bounced) == (opted_out, bounced)


def test_an_email_to_somebody_who_complained_before_was_never_delivered():
    """SES API v2, Complaint: it took the email, and did not try to send it."""
    receipt = mail(eventType="Complaint", complaint={"complaintSubType": "OnAccountSuppressionList"})

    assert (receipt.state, receipt.opted_out) == (State.UNDELIVERED, True)


@pytest.mark.parametrize("kind", [kind for kind, state in messaging_events.STATES.items() if state in REFUSED])
def test_a_refusal_that_is_not_final_settles_nothing_yet(kind):
    """End User Messaging, "isFinal": there are intermediate statuses, and the final one may take 72 hours."""
    receipt = text(eventType=kind, isFinal=False)

    assert (receipt.state, receipt.landline, receipt.carried) == (State.SENT, False, None)
    assert text(eventType=kind, isFinal=True).state in REFUSED


def test_an_event_that_settles_nothing_but_is_the_last_one_tells_the_price():
    receipt = text(eventType="TEXT_UNKNOWN", isFinal=True, totalMessagePrice=0.008, totalCarrierFee=0.003)

    assert (receipt.state, receipt.cost) == (None, 0.011)
    assert text(eventType="TEXT_PENDING", isFinal=False, totalMessagePrice=0.008) is None


@pytest.mark.parametrize(
    ("kind", "carried"),
    [
        ("TEXT_DELIVERED", True),
        ("TEXT_SUCCESSFUL", True),
        ("TEXT_CARRIER_BLOCKED", False),
        ("TEXT_BLOCKED", False),
        ("TEXT_SPAM", False),
        ("TEXT_PROTECT_BLOCKED", False),
        ("TEXT_UNREACHABLE", None),
        ("TEXT_SENT", None),
    ],
)
def test_an_event_tells_whether_the_carrier_let_a_text_through(kind, carried):
    assert text(eventType=kind).carried is carried


def test_a_person_who_opted_out_at_the_carrier_says_nothing_about_our_number():
    assert text(eventType="TEXT_CARRIER_BLOCKED", messageStatusDescription="Phone has opted out").carried is None


@pytest.mark.parametrize(
    ("code", "carried"), [("30004", False), ("30007", False), ("30032", False), ("30034", False), ("30003", None)]
)
def test_twilios_code_tells_whether_the_carrier_let_a_text_through(code, carried):
    assert read_receipt(posted(MessageStatus="undelivered", ErrorCode=code)).carried is carried
    assert read_receipt(posted()).carried is True


def test_a_text_from_a_person_becomes_a_reply():
    body = {"originationNumber": "+13035550123", "destinationNumber": "+13035550199", "messageBody": "STOP", "x": 1}

    reply = read_reply(json.dumps(body), NOW)

    assert (reply.sender, reply.number, reply.body, reply.at) == ("+13035550123", "+13035550199", "STOP", NOW)


def posted(notification=KEY.id, number="", **fields):
    """Return what Twilio posted, as it waits in a queue."""
    told = {"MessageSid": "SM1", "MessageStatus": "delivered", "To": "+13035550123", "FromZip": "", **fields}
    return json.dumps({"twilio": told, "at": NOW.isoformat(), "notification": notification, "number": number})


def test_a_status_of_twilio_becomes_a_receipt():
    receipt = read_receipt(posted())

    assert (receipt.notification, receipt.state, receipt.reference, receipt.at) == (KEY, State.DELIVERED, "SM1", NOW)
    assert receipt.provider == "twilio"


@pytest.mark.parametrize(("status", "state"), twilio_events.STATES.items())
def test_each_status_of_twilio_has_our_word_or_settles_nothing(status, state):
    receipt = read_receipt(posted(MessageStatus=status))

    assert (receipt and receipt.state) == state


@pytest.mark.parametrize(
    ("code", "reason", "landline", "opted_out"),
    [
        ("30003", "unreachable", False, False),
        ("30005", "unknown_handset", False, False),
        ("30006", "landline_at_provider", True, False),
        ("21610", "opted_out_at_provider", False, True),
        ("39999", "twilio_39999", False, False),
        ("", "undelivered", False, False),
    ],
)
def test_why_twilio_did_not_deliver_is_remembered(code, reason, landline, opted_out):
    receipt = read_receipt(posted(MessageStatus="undelivered", ErrorCode=code))

    assert (receipt.reason, receipt.landline, receipt.opted_out) == (reason, landline, opted_out)


@pytest.mark.parametrize("changes", [{"MessageStatus": "telepathy"}, {"notification": "whatever"}])
def test_a_status_that_we_have_no_word_for_is_loud(changes):
    with pytest.raises(UnknownEvent):
        read_receipt(posted(**changes))


def test_a_status_about_somebody_elses_text_is_none():
    assert read_receipt(posted(notification="")) is None


def test_a_text_to_a_number_at_twilio_becomes_a_reply():
    reply = read_reply(posted("", "MG1", From="+13035550123", Body="STOP"), after(5))

    assert (reply.sender, reply.number, reply.body, reply.at) == ("+13035550123", "MG1", "STOP", NOW)
    assert reply.message_id == "SM1"


SAMPLES = sorted((SHARED / "carriers").glob("*")) if SHARED.exists() else []


@pytest.mark.skipif(not SAMPLES, reason=f"NOT RUN: there are no samples in {SHARED}")
def test_the_vendors_own_samples_are_read():
    """None of them is about a message of ours: each is None, and none is an error."""
    texts = [path for path in SAMPLES if path.name.startswith("eum_")]
    mails = [path for path in SAMPLES if path.name.startswith("ses_eventpublishing")]

    assert len(texts) >= 2
    assert len(mails) >= 8
    assert {read_receipt(path.read_text()) for path in texts + mails} == {None}
