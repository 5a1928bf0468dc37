"""What tenfour answers by itself is kept with what became of it, so that people can see what a phone got."""

import pytest

from chalicelib.domain.incidents.legal_hold import LegalHold
from chalicelib.domain.notifications.notification import State
from chalicelib.flow.people.record_reply import take_reply
from chalicelib.virtual.world import MemoryPorts, senders
from tests.factories import NOW, PHONE, agency
from tests.flow.city import MoodySender, ports
from tests.flow.people.test_consent import bodies, reply
from tests.flow.people.test_conversation import Talk
from tests.flow.surveys.test_converse import Asked


def kept(world, phone=PHONE):
    return world.conversations.answers("springfield", world.contacts.reference(phone).keyed_hash, NOW)


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("he has a gun", "auto-danger"),
        ("STOP", "auto-stop"),
        ("HELP", "auto-help"),
        ("START", "auto-start"),
        ("no more surveys", "auto-no_surveys"),
        ("stop texting me. he has a gun", "auto-danger_stop"),
        ("thank you", "auto-other"),
    ],
)
def test_each_text_that_goes_by_itself_is_kept_as_it_went(body, name):
    world = ports()
    take_reply(reply(body), world)

    (row,) = kept(world)
    assert (row.key.name, row.state, row.automatic) == (name, State.SENT, True)
    assert [row.body] == bodies(world)
    assert (row.at, row.segments, row.provider) == (NOW, 1, "end_user_messaging")
    assert row.keep_until == NOW + agency().retention.history


@pytest.mark.parametrize(("outcome", "state"), [("permanent", State.FAILED), ("ambiguous", State.UNKNOWN)])
def test_an_answer_that_no_provider_took_is_kept_as_failed_and_one_in_doubt_as_that(outcome, state):
    world = ports()
    world.senders = senders(MoodySender((outcome, "30007")), world.sms)
    take_reply(reply("he has a gun"), world)

    (row,) = kept(world)
    assert (row.state, row.reason) == (state, "30007")


def test_in_shadow_nothing_goes_and_nothing_is_kept():
    world = MemoryPorts(agency(mode="shadow"))
    take_reply(reply("STOP"), world)

    assert kept(world) == ()


def test_a_text_that_is_heard_twice_is_answered_and_kept_once():
    world = ports()
    take_reply(reply("HELP"), world)
    take_reply(reply("HELP"), world)

    assert len(kept(world)) == 1


def test_under_a_legal_hold_what_was_answered_does_not_expire():
    world = ports()
    keyed_hash = world.contacts.reference(PHONE).keyed_hash
    world.settings.under_hold = {keyed_hash: LegalHold(author="x", reason="court", at=NOW)}
    take_reply(reply("HELP"), world)

    (row,) = kept(world)
    assert row.keep_until is None


def test_whoever_was_told_to_call_911_is_still_told_that_nobody_has_read_their_next_text():
    talk = Talk()
    talk.hear("he has a gun", 5)
    talk.hear("are you still coming", 7)
    talk.minute(22)

    assert talk.answers == ["Springfield PD: nobody has read your text yet. Emergency: call 911."]


def test_what_a_survey_says_back_is_kept_without_the_link_to_its_page():
    city = Asked()
    city.say("5")
    told = city.say("what do you mean")
    rows = [row for row in kept(city.ports) if row.key.name == "auto-survey"]

    assert len(rows) == len(city.texts()[city.before :])
    assert city.token in "".join(city.texts()[city.before :]), told
    assert not any(city.token in row.body for row in rows)
    assert any("https://t.ex/s/…" in row.body for row in rows)
