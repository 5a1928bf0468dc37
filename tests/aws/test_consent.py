"""People's wishes, their texts and codes are kept alike in memory and in DynamoDB."""

from contextlib import nullcontext
from datetime import timedelta
from uuid import uuid4

import pytest
from msgspec.structs import replace

from chalicelib.aws.tables import PROFILE, ContactItem, instant
from chalicelib.domain.people.consent import Consent
from chalicelib.domain.people.contact import OptOutScope
from chalicelib.domain.people.reply import Answered, Intent, KeptReply, Reply
from chalicelib.ports.errors import Conflict
from tests.aws.test_stores import TODAY, change, claim, key
from tests.factories import NOW, after, row
from tests.somebody import somebody

LATER = NOW + timedelta(days=90)


@pytest.fixture
def who():
    return somebody()


@pytest.fixture
def agency_id():
    return f"a{uuid4().hex[:8]}"


def test_every_word_is_kept_with_its_source_in_the_order_of_time(world, agency_id, who):
    world.contacts.opt_out(agency_id, who, OptOutScope.ALL, after(2), "asked by phone", "command", "R. Lead")
    world.contacts.opt_in(agency_id, who, after(1), "START", "reply")

    assert list(world.contacts.history(agency_id, who)) == [
        Consent(None, "START", "reply", "", after(1)),
        Consent(OptOutScope.ALL, "asked by phone", "command", "R. Lead", after(2)),
    ]
    assert world.contacts.load(agency_id, who, TODAY).opted_out is OptOutScope.ALL


def test_a_person_is_known_by_a_reference_as_by_an_address(world, agency_id, who):
    reference = world.contacts.reference(who)
    world.contacts.opt_out(agency_id, reference, OptOutScope.SURVEYS, NOW, "surveys", "email_link")

    assert world.contacts.load(agency_id, who, TODAY).opted_out is OptOutScope.SURVEYS
    assert who.lstrip("+") not in reference.keyed_hash


def test_a_text_is_heard_for_the_first_time_once(world, agency_id):
    heard = [world.contacts.heard(agency_id, "in-1", LATER) for _ in range(3)]

    assert heard == [False, True, True]
    assert world.contacts.heard(agency_id, "in-2", LATER) is False


def test_replies_are_kept_newest_first(world, agency_id, who):
    for minute, body in enumerate(("one", "two")):
        reply = Reply(sender=who, number="+13035550199", body=body, at=after(minute))
        world.contacts.keep_reply(agency_id, reply, LATER)
        world.contacts.keep_reply(agency_id, reply, LATER)

    keyed_hash = world.contacts.reference(who).keyed_hash
    assert list(world.contacts.replies(agency_id)) == [
        KeptReply(after(1), "two", who[-4:], keyed_hash),
        KeptReply(after(0), "one", who[-4:], keyed_hash),
    ]


def test_of_two_who_answer_at_once_one_is_overtaken(world, agency_id, who):
    first = (Answered(Intent.STOP, NOW),)
    second = (*first, Answered(Intent.START, after(1)))
    world.contacts.note_answered(agency_id, who, (), first, LATER)

    with pytest.raises(Conflict):
        world.contacts.note_answered(agency_id, who, (), first, LATER)
    world.contacts.note_answered(agency_id, who, first, second, LATER)
    assert world.contacts.answered(agency_id, who) == second


def test_a_claim_keeps_its_texts_code_and_language(world, number, who):
    world.incidents.save(change(number, rows=[row(number=number, address=who)]))
    (item,) = world.incidents.load(key(number)).rows.values()
    code = uuid4().hex

    world.incidents.claim(replace(item, attempts=1), claim(code=code, code_until=after(10), language="es"))

    assert world.surveys.has_code(code, after(9))
    assert not world.surveys.has_code(code, after(11))
    assert not world.surveys.has_code(uuid4().hex, after(9))
    assert world.surveys.message_of(code, after(9)) == item.key
    assert world.surveys.message_of(code, after(11)) is None
    assert world.surveys.message_of(uuid4().hex, after(9)) is None
    assert world.contacts.load("springfield", who, TODAY).language == "es"


def test_wrong_codes_are_counted_by_the_minute(world, agency_id):
    for _ in range(3):
        world.surveys.note_wrong_code(agency_id, after(0))

    assert [world.surveys.wrong_codes(agency_id, at) for at in (after(0.9), after(1))] == [3, 0]


@pytest.mark.parametrize(
    ("elsewhere", "came_back", "goes"),
    [
        (OptOutScope.ALL, False, False),
        (OptOutScope.ALL, True, True),
        (OptOutScope.SURVEYS, False, True),
        ("bounce", False, True),
        (None, False, True),
    ],
)
def test_a_stop_by_another_address_that_comes_at_the_last_moment_wins(world, number, who, elsewhere, came_back, goes):
    email = f"{uuid4().hex}@people.example"
    world.incidents.save(change(number, rows=[row(number=number, address=who, addresses=frozenset({who, email}))]))
    (item,) = world.incidents.load(key(number)).rows.values()
    if elsewhere == "bounce":
        world.contacts.note_bounce("springfield", email, after(1), "general")
    elif elsewhere:
        world.contacts.opt_out("springfield", email, elsewhere, after(1), "STOP", "email_link")
    if came_back:
        world.contacts.opt_in("springfield", who, after(2), "START", "reply")

    with nullcontext() if goes else pytest.raises(Conflict):
        world.incidents.claim(replace(item, attempts=1), claim())


def test_a_mailbox_that_bounced_is_told_from_one_whose_owner_said_stop(world, agency_id, who):
    world.contacts.note_bounce(agency_id, who, after(1), "general")
    bounced = world.contacts.load(agency_id, who, TODAY)
    world.contacts.opt_out(agency_id, who, OptOutScope.ALL, after(2), "STOP", "reply")
    stopped = world.contacts.load(agency_id, who, TODAY)

    assert (bounced.opted_out, bounced.bounced, bounced.consent_at) == (None, True, None)
    assert (stopped.opted_out, stopped.bounced, stopped.consent_at) == (OptOutScope.ALL, True, after(2))


@pytest.mark.parametrize("bounces_at", [1, 3])
def test_a_bounce_and_a_choice_stand_beside_each_other_and_a_start_ends_both(world, agency_id, who, bounces_at):
    world.contacts.opt_out(agency_id, who, OptOutScope.SURVEYS, after(2), "surveys", "email_link")
    world.contacts.note_bounce(agency_id, who, after(bounces_at), "general")
    world.contacts.opt_out(agency_id, who, OptOutScope.SURVEYS, after(4), "surveys", "email_link")
    world.contacts.note_bounce(agency_id, who, after(5), "general")
    both = world.contacts.load(agency_id, who, TODAY)
    world.contacts.opt_in(agency_id, who, after(6), "START", "reply")
    world.contacts.note_bounce(agency_id, who, after(5.5), "general")
    back = world.contacts.load(agency_id, who, TODAY)

    assert (both.opted_out, both.bounced, both.consent_at) == (OptOutScope.SURVEYS, True, after(4))
    assert (back.opted_out, back.bounced, back.consent_at) == (None, False, after(6))


@pytest.mark.parametrize("chose", [None, OptOutScope.SURVEYS])
def test_a_mailbox_that_bounced_can_not_be_claimed_for_a_message(world, number, who, chose):
    world.incidents.save(change(number, rows=[row(number=number, address=who)]))
    (item,) = world.incidents.load(key(number)).rows.values()
    world.contacts.note_bounce("springfield", who, after(1), "general")
    if chose:
        world.contacts.opt_out("springfield", who, chose, after(2), "surveys", "email_link")

    with pytest.raises(Conflict):
        world.incidents.claim(replace(item, attempts=1), claim())


def test_a_bounce_that_the_release_before_wrote_is_one_and_no_choice(tables, agency_id, who):
    place = tables.bound[ContactItem](tables.contacts.partition(agency_id, who), PROFILE)
    place.opted_out, place.consent_at = OptOutScope.ADDRESS.value, instant(after(1))
    place.save()
    known = tables.contacts.load(agency_id, who, TODAY)

    assert (known.opted_out, known.bounced, known.consent_at) == (None, True, None)


def test_a_start_that_the_release_before_heard_ends_a_bounce_of_this_one(tables, number, who):
    tables.contacts.note_bounce("springfield", who, after(1), "general")
    items = tables.bound[ContactItem]
    place = items(tables.contacts.partition("springfield", who), PROFILE)
    place.update([items.opted_out.remove(), items.consent_at.set(instant(after(2)))])
    tables.incidents.save(change(number, rows=[row(number=number, address=who)]))
    (item,) = tables.incidents.load(key(number)).rows.values()

    assert not tables.contacts.load("springfield", who, TODAY).bounced
    assert tables.incidents.claim(replace(item, attempts=1), claim()).version == item.version + 1
