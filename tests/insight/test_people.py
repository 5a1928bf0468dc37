"""Consent as both faces show and change it: nobody's address is in any of it."""

from datetime import timedelta

import pytest

from chalicelib.domain.names import IncidentKey
from chalicelib.domain.notifications.record import Silence
from chalicelib.domain.people.contact import OptOutScope
from chalicelib.domain.people.reply import Reply
from chalicelib.insight.people.contact import NoAddress, TheirsAlone, opt_in, opt_out, replies, show
from chalicelib.virtual.world import MemoryPorts
from tests.factories import NOW, OTHER_PHONE, PHONE, after, agency

ALL, SURVEYS = OptOutScope.ALL, OptOutScope.SURVEYS


@pytest.fixture
def world():
    return MemoryPorts(agency())


def test_a_phone_is_found_as_people_type_it_and_shown_masked(world):
    typed = f"({PHONE[2:5]}) {PHONE[5:8]}-{PHONE[8:]}"
    told = opt_out(world, agency(), typed, ALL, NOW, f"called from {PHONE}", "R. Lead")

    standing = show(world, agency(), PHONE, after(1))
    assert told == (standing.address, ALL)
    assert (standing.opted_out, standing.silenced_until, standing.landline) == (ALL, None, False)
    assert [word.author for word in standing.history] == ["R. Lead"]
    assert PHONE not in repr(standing)


def test_a_narrower_wish_does_not_undo_a_wider_one(world):
    opt_out(world, agency(), PHONE, ALL, NOW, "STOP by phone", "R. Lead")

    assert opt_out(world, agency(), PHONE, SURVEYS, after(1), "no surveys", "R. Lead")[1] is ALL
    opt_in(world, agency(), PHONE, after(2), "asked for it", "R. Lead")
    assert opt_out(world, agency(), PHONE, SURVEYS, after(3), "no surveys", "R. Lead")[1] is SURVEYS


@pytest.mark.parametrize("source", ["reply", "email_link", "provider"])
def test_against_their_own_stop_only_their_own_words_count(world, source):
    world.contacts.opt_out("springfield", PHONE, ALL, NOW, "STOP", source)

    with pytest.raises(TheirsAlone):
        opt_in(world, agency(), PHONE, after(1), "the chief asked", "R. Lead")
    assert show(world, agency(), PHONE, after(1)).opted_out is ALL
    opt_in(world, agency(), PHONE, after(1), "at the desk", "R. Lead", "please text me again")

    standing = show(world, agency(), PHONE, after(2))
    assert (standing.opted_out, standing.history[-1].words) == (None, "please text me again (at the desk)")


def test_what_our_own_staff_stopped_needs_no_words_of_theirs(world):
    opt_out(world, agency(), PHONE, ALL, NOW, "by phone", "R. Lead")
    opt_in(world, agency(), PHONE, after(1), "mistyped", "R. Lead")

    assert show(world, agency(), PHONE, after(2)).opted_out is None


def test_a_silence_is_shown_until_it_is_over(world):
    world.contacts.silence(IncidentKey("springfield", "P26-1"), Silence(frozenset({PHONE}), after(60)))

    assert show(world, agency(), PHONE, after(59)).silenced_until == after(60)
    assert show(world, agency(), PHONE, after(60)).silenced_until is None


def test_texts_that_came_back_are_shown_from_a_day_on_without_what_would_name_somebody(world):
    for minutes, words in ((0, "too old"), (120, f"call me at {OTHER_PHONE}"), (180, "thank you")):
        reply = Reply(message_id=f"m{minutes}", sender=PHONE, number="+13035550199", body=words, at=after(minutes))
        world.contacts.keep_reply("springfield", reply, None)

    found = replies(world, agency(), NOW + timedelta(hours=1))

    assert [text.words == "thank you" for text in found] == [True, False]
    assert {text.last_digits for text in found} == {PHONE[-4:]}
    assert OTHER_PHONE not in repr(found)


@pytest.mark.parametrize("text", ["", "nobody", "12", "@"])
def test_what_is_no_address_changes_nothing(world, text):
    with pytest.raises(NoAddress):
        opt_out(world, agency(), text, ALL, NOW, "x", "R. Lead")
    with pytest.raises(NoAddress):
        show(world, agency(), text, NOW)
