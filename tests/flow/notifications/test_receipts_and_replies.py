import json
from itertools import permutations

import pytest

from chalicelib.carriers.events import read_receipt
from chalicelib.domain.names import Kind, NotificationKey
from chalicelib.domain.notifications.notification import State
from chalicelib.domain.notifications.receipt import Receipt
from chalicelib.domain.people.contact import OptOutScope
from chalicelib.domain.people.reply import Intent, Reply
from chalicelib.flow.notifications.deliver import deliver_notification
from chalicelib.flow.notifications.record_receipt import take_receipt
from chalicelib.flow.people.record_reply import take_reply
from chalicelib.ports.errors import Busy, Conflict
from chalicelib.virtual.world import MemorySender, senders
from tests.factories import NOW, PHONE, after, call, caller
from tests.flow.city import City, ports


@pytest.fixture
def sent():
    """A city in which one text has just been taken by the carrier."""
    city = City()
    city.tell(call())
    city.run_until(after(1))
    return city


def receipt(city, state=State.DELIVERED, **more):
    key = city.row(Kind.ACKNOWLEDGMENT).key
    fields = {"notification": key, "reason": "", "at": after(2), "provider": "end_user_messaging", "reference": "m"}
    return Receipt(state=state, **{**fields, **more})


def contact(city):
    return city.ports.contacts.load("springfield", PHONE, NOW.date())


def test_a_receipt_moves_its_row(sent):
    assert take_receipt(receipt(sent), sent.ports) is State.DELIVERED
    assert sent.row(Kind.ACKNOWLEDGMENT).finished_at == after(2)


def test_a_repeated_a_late_and_a_disordered_receipt_change_nothing(sent):
    take_receipt(receipt(sent), sent.ports)

    for state in (State.DELIVERED, State.SENT, State.UNDELIVERED):
        assert take_receipt(receipt(sent, state, at=after(72 * 60)), sent.ports) is None
    assert sent.row(Kind.ACKNOWLEDGMENT).state is State.DELIVERED


@pytest.mark.parametrize("order", list(permutations(("queued", "sent", "delivered"))))
def test_twilios_statuses_end_the_same_in_any_order_and_number(sent, order):
    key = sent.row(Kind.ACKNOWLEDGMENT).key
    for minutes, status in enumerate(order * 2):
        body = {"twilio": {"MessageStatus": status}, "at": after(2 + minutes).isoformat(), "notification": key.id}
        told = read_receipt(json.dumps(body))
        if told:
            take_receipt(told, sent.ports)

    assert sent.row(Kind.ACKNOWLEDGMENT).state is State.DELIVERED


EVENTS = (
    ("TEXT_QUEUED", False, None),
    ("TEXT_UNREACHABLE", False, 0.004),
    ("TEXT_INVALID", False, None),
    ("TEXT_SUCCESSFUL", True, 0.009),
    ("TEXT_DELIVERED", True, 0.012),
)
"""Event, whether it is final, and the price that it tells."""


def told(city, events):
    """Let End User Messaging tell of the acknowledgment."""
    row = city.row(Kind.ACKNOWLEDGMENT)
    for kind, final, price in events:
        event = {"eventType": kind, "eventTimestamp": 1_795_000_000_000, "isFinal": final, "totalMessagePrice": price}
        known = read_receipt(json.dumps({**event, "messageId": row.reference, "context": {"notification": row.key.id}}))
        if known:
            take_receipt(known, city.ports)
    return city.row(Kind.ACKNOWLEDGMENT)


@pytest.mark.parametrize("order", list(permutations(EVENTS)))
def test_a_text_that_is_tried_for_a_while_is_delivered_at_its_last_price_in_any_order(order):
    city = City()
    city.ports.senders = senders(MemorySender(), city.ports.email)  # the city's own tells of each text at once
    city.tell(call())
    deliver_notification(city.row(Kind.ACKNOWLEDGMENT).key, city.ports, after(1))
    row = told(city, order)

    assert (row.state, row.cost) == (State.DELIVERED, 0.012)
    assert not contact(city).landline


def test_the_price_of_the_last_event_is_kept_although_it_moves_nothing(sent):
    row = told(sent, [("TEXT_SENT", False, None), ("TEXT_SUCCESSFUL", True, 0.009)])

    assert row.cost == 0.009
    assert told(sent, [("TEXT_SUCCESSFUL", True, 0.009)]).version == row.version


def test_a_final_refusal_stands(sent):
    assert told(sent, [("TEXT_UNREACHABLE", False, None), ("TEXT_UNREACHABLE", True, None)]).state is State.UNDELIVERED


def test_a_price_of_an_earlier_try_is_not_that_of_the_latest(sent):
    row = sent.row(Kind.ACKNOWLEDGMENT)
    about = receipt(sent, None, cost=0.5, reference="another")

    assert take_receipt(about, sent.ports) is None
    assert sent.row(Kind.ACKNOWLEDGMENT).cost == row.cost


def test_a_receipt_about_something_unknown_is_harmless(sent):
    stranger = NotificationKey("springfield", "P26-404", Kind.DELAY, "1", 0)

    assert take_receipt(receipt(sent, notification=stranger), sent.ports) is None


def test_a_landline_is_remembered(sent):
    take_receipt(receipt(sent, State.UNDELIVERED, landline=True), sent.ports)

    assert contact(sent).landline


def told_that_no_texts_get_there(**party):
    """Return a city in which a receipt says that a phone gets no texts, a minute after the text was taken."""
    city = City()
    city.receipt = lambda key, now: None
    city.tell(call(parties={"1": caller(**party)}))
    city.run_until(after(1))
    reference = city.row(Kind.ACKNOWLEDGMENT).reference
    no_texts = receipt(city, State.UNDELIVERED, landline=True, reference=reference, reason="invalid")
    take_receipt(no_texts, city.ports)
    return city, no_texts


def test_what_did_not_reach_a_landline_goes_by_email():
    city, no_texts = told_that_no_texts_get_there(email="a@people.example")
    assert city.row(Kind.ACKNOWLEDGMENT).state is State.SCHEDULED

    for _ in range(2):
        assert take_receipt(no_texts, city.ports) is None
    city.run_until(after(3))
    assert take_receipt(no_texts, city.ports) is None

    row = city.row(Kind.ACKNOWLEDGMENT)
    assert [mail.address for mail in city.ports.email.outgoing] == ["a@people.example"]
    assert (row.channel, row.state, row.attempts) == ("email", State.SENT, 2)


def test_without_an_email_it_stays_undelivered():
    city, _ = told_that_no_texts_get_there()

    assert city.row(Kind.ACKNOWLEDGMENT).state is State.UNDELIVERED


def test_it_does_not_go_by_email_when_it_is_stale():
    city = City()
    city.receipt = lambda key, now: None
    city.tell(call(parties={"1": caller(email="a@people.example")}))
    city.run_until(after(1))
    reference = city.row(Kind.ACKNOWLEDGMENT).reference
    take_receipt(
        receipt(city, State.UNDELIVERED, landline=True, reference=reference, at=after(20)),
        city.ports,
    )
    city.run_until(after(25))

    assert city.ports.email.outgoing == []
    assert city.row(Kind.ACKNOWLEDGMENT).state is State.UNDELIVERED


def test_a_receipt_of_an_earlier_attempt_says_nothing_of_the_last_but_that_it_arrived(sent):
    assert take_receipt(receipt(sent, State.UNDELIVERED, reference="an earlier one"), sent.ports) is None
    assert take_receipt(receipt(sent, State.DELIVERED, reference="an earlier one"), sent.ports) is State.DELIVERED


def test_a_complaint_opts_the_address_out(sent):
    take_receipt(receipt(sent, opted_out=True), sent.ports)

    assert contact(sent).opted_out is OptOutScope.ALL


def test_a_receipt_that_is_overtaken_is_applied_again(sent):
    put, times = sent.ports.incidents.put, [0]

    def once_overtaken(row, attention):
        times[0] += 1
        if times[0] == 1:
            raise Conflict
        return put(row, attention)

    sent.ports.incidents.put = once_overtaken
    assert take_receipt(receipt(sent), sent.ports) is State.DELIVERED


def test_conflicts_that_never_end_bring_the_receipt_back(sent):
    def always(row, attention):
        raise Conflict

    sent.ports.incidents.put = always
    with pytest.raises(Busy):
        take_receipt(receipt(sent), sent.ports)


def reply(body, at=NOW, number="+13035550199"):
    return Reply(sender=PHONE, number=number, body=body, at=at)


def test_stop_and_start():
    world = ports()

    assert take_reply(reply("STOP"), world) is Intent.STOP
    assert world.contacts.load("springfield", PHONE, NOW.date()).opted_out is OptOutScope.ALL
    assert take_reply(reply("start", after(1)), world) is Intent.START
    assert world.contacts.load("springfield", PHONE, NOW.date()).opted_out is None


def test_yes_restores_who_stopped_and_means_nothing_of_anybody_else():
    world = ports()

    take_reply(reply("STOP"), world)
    assert take_reply(reply("YES", after(1)), world) is Intent.YES
    assert world.contacts.load("springfield", PHONE, NOW.date()).opted_out is None


def test_the_later_word_counts_whichever_comes_first():
    world = ports()

    take_reply(reply("START", after(2)), world)
    take_reply(reply("STOP", after(1)), world)

    assert world.contacts.load("springfield", PHONE, NOW.date()).opted_out is None


def test_conversation_changes_nothing():
    world = ports()

    assert take_reply(reply("thank you"), world) is Intent.OTHER
    assert world.contacts.load("springfield", PHONE, NOW.date()).opted_out is None


def test_a_stop_to_a_number_that_is_nobodys_is_not_lost_without_a_word():
    with pytest.raises(LookupError):
        take_reply(reply("STOP", number="+13035550111"), ports())


def test_a_stop_that_meets_another_write_is_heard():
    world = ports()
    opt_out, times = world.contacts.opt_out, []

    def once_overtaken(*who):
        times.append(who)
        if len(times) == 1:
            raise Conflict
        return opt_out(*who)

    world.contacts.opt_out = once_overtaken
    assert take_reply(reply("STOP"), world) is Intent.STOP
    assert world.contacts.load("springfield", PHONE, NOW.date()).opted_out is OptOutScope.ALL
