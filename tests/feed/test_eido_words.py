"""EIDO's messages and subscriptions by themselves, and what commands say of them."""

import json
import string

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from feed import look
from feed.command import cli
from feed.config import SECRET as SECRET_VARIABLE
from feed.eido import messages
from feed.eido.failure import EidoFailed
from feed.eido.messages import Event, Other, Subscribed, Terminate, Unreadable, Unsubscribed, WrongEvent, read_message
from feed.eido.records import is_reference
from feed.eido.settings import Eido
from feed.eido.subscription import Subscription
from tests.feed.notifier import Notifier, eido
from tests.feed.standin import SECRET
from tests.feed.test_eido import MAP

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)
WORDS = st.sampled_from(
    ["event", "eventNotify", "subscribeResponse", "terminate", "unsubscribeResponse", "notification"]
)


@given(st.dictionaries(WORDS, ANYTHING | st.dictionaries(WORDS, ANYTHING, max_size=3), max_size=3) | ANYTHING)
def test_whatever_is_json_is_a_message_or_unreadable(value):
    try:
        read = read_message(json.dumps(value).encode())
    except Unreadable as problem:
        read = problem
    assert isinstance(read, Unreadable | Event | Other | Subscribed | Terminate | Unsubscribed | WrongEvent)


@given(st.binary(max_size=60) | st.text(string.printable, max_size=60).map(str.encode))
def test_whatever_is_no_json_is_unreadable(data):
    try:
        json.loads(data)
    except ValueError:
        with pytest.raises(Unreadable):
            read_message(data)


@pytest.mark.parametrize(
    ("told", "count", "eidos"),
    [
        ({"event": {"subscriptionId": "s", "transactionId": "t", "notification": [{"a": 1}, {}]}}, None, 2),
        ({"event": {"subscriptionId": "s", "transactionId": "t", "notification": []}}, None, 0),
        ({"event": {"subscriptionId": "s", "transactionId": "t"}}, None, 0),
        ({"event": {"subscriptionId": "s", "transactionId": "t", "notification": None}}, None, 0),
        ({"event": {"subscriptionId": "s", "transactionId": "t", "notification": {"a": 1}}}, None, 1),
        ({"eventNotify": {"subscriptionId": "s", "notifyCount": 7}, "event": {"notification": [{}]}}, 7, 1),
        ({"eventNotify": {"subscriptionId": "s", "notifyCount": "7", "notification": [{}]}}, 7, 1),
    ],
)
def test_a_notification_has_its_names_its_count_and_its_eidos(told, count, eidos):
    event = read_message(json.dumps(told).encode())

    assert (event.subscription_id, event.notify_count, len(event.notification)) == ("s", count, eidos)
    assert event.transaction_id == (None if count else "t")


def test_an_answer_names_what_it_answers():
    by_name = json.loads(messages.answer(Event(subscription_id="s", transaction_id="t", notify_count=4), 200))
    by_count = json.loads(messages.answer(Event(subscription_id="s", notify_count=4), 413))

    assert by_name == {"eventResponse": {"transactionId": "t", "statusCode": 200, "statusText": "OK"}}
    assert by_count["eventResponse"].pop("statusText")
    assert by_count == {"eventResponse": {"subscriptionId": "s", "notifyCount": 4, "statusCode": 413}}


def subscription(**more):
    told = Subscription(Eido(url="wss://idx.example", **more), "r1", 100.0)
    told.answered(Subscribed(status_code=200, request_id="r1", subscription_id="s", expires=90, min_rate=30))
    return told


def test_a_subscription_is_renewed_after_two_thirds_of_its_time():
    told = subscription()

    assert [told.is_due(at) for at in (100.0, 159.9, 160.0)] == [False, False, True]
    told.renewing("r2", 160.0)
    assert not told.is_due(161.0)
    assert not told.answered(Subscribed(status_code=404, request_id="somebody's"))
    assert told.answered(Subscribed(status_code=200, request_id="r2", expires=30))
    assert (told.name, told.until) == ("s", 190.0)


@given(st.lists(st.floats(0.1, 20), min_size=1, max_size=12))
def test_the_state_is_whole_only_after_a_pause_an_empty_word_or_a_long_while(waits):
    told, at = subscription(), 100.0
    told.notified(Event(notification=(b"{}",)), at)
    for wait in waits:
        told.tend(at + min(wait, 4.9))
        assert told.whole == (at + min(wait, 4.9) - 100.0 >= 60)
        if told.whole or at + min(wait, 4.9) > 185:
            return
        at += min(wait, 4.9)
        told.notified(Event(notification=(b"{}",)), at)
    told.notified(Event(), at)
    assert told.whole


@pytest.mark.parametrize(
    ("counts", "missing"),
    [([1, 2, 3], None), ([7, 8], None), ([1, 3], 1), ([1, 2, 7], 4), ([2, 1, 2, 3], None), ([None, 2, None, 3], None)],
)
def test_what_is_missing_is_counted(counts, missing):
    told, said = subscription(), ""
    try:
        for count in counts:
            told.notified(Event(notify_count=count), 101.0)
    except EidoFailed as problem:
        said = str(problem)
    assert said == (f"{missing} missing in the count of notifications" if missing else "")


@pytest.fixture
def notifier():
    server = Notifier()
    yield server
    server.stop()


def written(tmp_path, notifier):
    (tmp_path / "map.toml").write_text(MAP)
    told = {"address": "https://tell.springfield.example", "agency": "springfield", "mapping": "map.toml"}
    lines = [f'{name} = "{value}"' for name, value in {**told, "state": "state"}.items()]
    (tmp_path / "feed.toml").write_text(
        "\n".join([*lines, "[eido]", f'url = "{notifier.url}"', 'answer_within = "1s"'])
    )
    return str(tmp_path / "feed.toml")


def test_check_subscribes_looks_and_answers_nothing(tmp_path, notifier, agency, monkeypatch):
    agency.time.now = look.datetime.now(look.UTC)
    notifier.tell(eido("A-1"), {"$id": "A-2"})
    notifier.tell()
    monkeypatch.setenv(SECRET_VARIABLE, SECRET)
    monkeypatch.setattr(httpx, "Client", lambda **_: agency.client)

    result = CliRunner().invoke(cli, ["check", written(tmp_path, notifier)])

    assert "2 updates found, 1 of them wrong" in result.output
    assert notifier.answers == []
    notifier.wait_for(lambda: notifier.ended)


def test_check_says_why_nothing_is_heard(tmp_path, notifier, agency, monkeypatch):
    agency.time.now = look.datetime.now(look.UTC)
    notifier.refuses = 403
    monkeypatch.setattr(httpx, "Client", lambda **_: agency.client)

    result = CliRunner().invoke(cli, ["check", written(tmp_path, notifier)])

    assert "the subscription is refused: 403 Forbidden" in result.output
    assert result.exit_code == 1


@pytest.mark.parametrize(
    ("told", "reference"),
    [
        ("https://eido.city.example/EidoRetrievalService/urn:emergency:uid:incidentid:1", True),
        ({"eidoReference": "https://eido.city.example/1"}, True),
        ({"eidoUri": "HTTPS://eido.city.example/1", "$id": "urn:1"}, True),
        (eido("P26-1"), False),
        ({"$id": "https://eido.city.example/1", "incidentComponent": {}}, False),
        ({"$id": "urn:1"}, False),
        ({}, False),
        ("P26-1", False),
        (7, False),
    ],
    ids=str,
)
def test_an_eido_by_reference_is_known_by_its_form(told, reference):
    assert is_reference(json.dumps(told).encode()) == reference
