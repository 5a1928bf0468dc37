"""The order of a test text comes out of the queue as it went in, and `deliver` knows it from a hint."""

import pytest
from botocore.exceptions import EndpointConnectionError

import app
from chalicelib.aws.queue import HintQueue
from chalicelib.domain.desk.own_text import Order, OwnText, read_order
from chalicelib.domain.notifications.notification import State
from chalicelib.ports.errors import QueueUnavailable
from tests.factories import NOW, PHONE, after, agency
from tests.flow.city import City

ORDER = Order(agency_id="springfield", name="a" * 32, phone=PHONE, body='TEST Springfield PD: "sí" 😀')


class Queue:
    """SQS that keeps what it is sent, or is not there."""

    def __init__(self, *, down=False) -> None:
        self.sent, self._down = [], down

    def send_message(self, **message):
        if self._down:
            raise EndpointConnectionError(endpoint_url="https://sqs.example")
        self.sent.append(message)


def test_an_order_is_one_message_without_a_delay():
    queue = Queue()
    HintQueue(queue, "hints").order(ORDER)
    (message,) = queue.sent

    assert (message["QueueUrl"], message["DelaySeconds"]) == ("hints", 0)
    assert read_order(message["MessageBody"]) == ORDER


def test_a_queue_that_is_not_there_is_told():
    with pytest.raises(QueueUnavailable):
        HintQueue(Queue(down=True), "hints").order(ORDER)


def recorded(queue, at=NOW):
    """Return the message that a queue was sent, as Lambda hands it over."""
    sent_at = {"SentTimestamp": str(int(at.timestamp() * 1000))}
    body = queue.sent[0]["MessageBody"]
    return {"body": body, "messageId": "m1", "messageAttributes": {}, "attributes": sent_at}


def test_deliver_sends_an_order_once_however_often_it_comes_and_logs_no_phone(monkeypatch, caplog):
    city, queue = City(agency()), Queue()
    row = OwnText(agency_id="springfield", name=ORDER.name, what="delay", language="en", segments=1, asked_at=NOW)
    city.ports.own_texts.add(row)
    HintQueue(queue, "hints").order(ORDER)
    record = recorded(queue)
    monkeypatch.setattr(app, "world", lambda: city.ports)
    monkeypatch.setattr(app, "now", lambda: NOW)
    for _ in range(2):
        assert app.deliver({"Records": [record, record]}, None) == {"batchItemFailures": []}

    assert [one.address for one in city.ports.sms.outgoing] == [PHONE]
    assert city.ports.own_texts.find("springfield", ORDER.name).state is State.SENT
    lines = [vars(record) for record in caplog.records if record.getMessage() == "tested"]
    assert [line["state"] for line in lines] == [State.SENT] * 4
    assert PHONE[2:] not in str([vars(record) for record in caplog.records])


def test_an_order_that_fails_comes_again_while_it_is_of_use_and_never_stays_among_the_dead(monkeypatch):
    city, queue = City(agency()), Queue()

    def breaks(*_asked):
        raise MemoryError

    city.ports.own_texts.find = breaks
    HintQueue(queue, "hints").order(ORDER)
    monkeypatch.setattr(app, "world", lambda: city.ports)
    failed = []
    for minutes in (0, 6, 12):  # a message comes again after six minutes, and is dead after five tries
        monkeypatch.setattr(app, "now", lambda at=after(minutes): at)
        failed.append(app.deliver({"Records": [recorded(queue)]}, None)["batchItemFailures"])

    assert failed == [[{"itemIdentifier": "m1"}], [{"itemIdentifier": "m1"}], []]
