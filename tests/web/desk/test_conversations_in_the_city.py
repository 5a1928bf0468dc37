"""A reply is read and answered at the desk, and the answer goes: in the running city, each function by its policy."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from msgspec.structs import replace

from chalicelib.domain.desk.permissions import Role
from chalicelib.domain.ledger.what import What
from chalicelib.domain.people.reply import Reply
from chalicelib.flow.incidents.receive import receive_updates
from chalicelib.flow.people.converse import hint_due
from chalicelib.flow.people.record_reply import take_reply
from tests.factories import call, caller
from tests.flow.people.test_conversation import RULES, WATCHED
from tests.somebody import somebody
from tests.waiting import wait_until
from tests.web.desk.conftest import sign_in
from tests.web.desk.test_person_in_the_city import Browser
from tests.whole.people import acknowledged, now


@pytest.fixture
def talking(inside, agency):
    """Return the test's agency, with somebody who watches conversations."""
    return inside.aws.settings.publish(
        replace(agency, conversation=RULES, watchers=WATCHED), "test", "conversations", now()
    )


def test_an_answer_that_is_pressed_at_the_desk_is_sent(stack, inside, talking):
    phone, number, cookie = somebody(), f"C{uuid4().hex[:6]}", uuid4().hex
    told = call("NOISE", {"1": caller(phone)}, now(), incident_number=number)
    receive_updates([told], told.update_id, talking, inside.aws, now())
    reply = Reply(
        sender=phone, number=talking.numbers.sms_from, body="are you coming", at=now(), message_id=uuid4().hex
    )
    take_reply(reply, inside.aws)
    sign_in(inside, cookie, signed_in_at=now())
    desk, of = Browser(stack.api, cookie, talking.agency_id), inside.aws.contacts.reference(phone).keyed_hash

    def thread():
        return desk.ask("GET", "conversation", {"with": of})[2]

    assert wait_until(lambda: 'name="answer"' in thread(), every=2)  # once the desk has read the new settings
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', thread().split("conversation-answer")[1]))
    status, _, body = desk.ask("POST", "conversation-answer", fields)

    assert status == 303, body

    def sent():
        hint_due(talking, inside.aws, now(), now() + timedelta(minutes=2))  # the sweep knows a new agency in an hour
        return "Sent." in thread()

    assert wait_until(sent, every=5), thread()
    noted = inside.aws.ledger.noted(talking.agency_id, now().replace(year=2020), now())
    assert What.ANSWERED in {one.what for one in noted}


def test_what_tenfour_answers_to_words_of_danger_is_in_the_thread_and_on_the_call(stack, inside):
    caller, cookie = acknowledged(stack), uuid4().hex
    sign_in(inside, cookie, groups={"cognito:groups": (Role.SUPERVISOR.value,)}, signed_in_at=now())
    desk = Browser(stack.api, cookie, caller.agency_id)
    caller.says("he has a gun and he is breaking in")
    caller.hears("911 now")
    of = inside.aws.contacts.reference(caller.phone).keyed_hash

    def shown(page, **query):
        status, _, body = desk.ask("GET", page, query)
        assert status in (200, 404), body
        return body

    kept = inside.aws.contacts.replies(caller.agency_id)
    at = next(one.at for one in kept if one.keyed_hash == of).isoformat().replace("+00:00", "Z")
    assert wait_until(lambda: "answered by itself" in shown("conversation", **{"with": of, "at": at}), every=1)
    assert "911 now" in shown("conversation", **{"with": of, "at": at}).split("answered by itself")[1]
    (text,) = (each for each in shown("incident", number=caller.number).split("<li") if "answered by itself" in each)
    assert "911 now" in text
    assert "sent" in text.partition("answered by itself")[2]
