"""Conversations are kept alike in memory and in DynamoDB."""

from datetime import timedelta
from uuid import uuid4

import pytest
from msgspec.structs import replace

from chalicelib.aws.stores.on_request import RecordTable
from chalicelib.aws.tables import ContactItem, IncidentItem, instant, talk_pk
from chalicelib.domain.notifications.notification import State
from chalicelib.domain.people.canned import CannedKey, Said, answer_row, automatic_key, automatic_row
from chalicelib.domain.people.contact import OptOutScope
from chalicelib.domain.people.reply import KeptReply, Reply, kept_reply
from chalicelib.domain.settings.conversation import NOT_READ
from chalicelib.ports.conversations import CannedClaim, Exchange, Unread
from chalicelib.ports.errors import Conflict
from tests.aws.test_stores import TODAY
from tests.factories import NOW, after
from tests.somebody import somebody

LATER = NOW + timedelta(days=90)


@pytest.fixture
def who():
    return somebody()


@pytest.fixture
def agency_id():
    return f"a{uuid4().hex[:8]}"


def kept(world, who, minutes=0.0, words="are you coming"):
    return KeptReply(
        after(minutes), words, who[-4:], world.contacts.reference(who).keyed_hash, "P26-1", "26-1", danger=False
    )


def begun(world, agency_id, who, minutes=0.0, waits=15.0):
    one = kept(world, who, minutes)
    reply = Reply(sender=who, number="+13035550199", body=one.words, at=one.at)
    world.contacts.keep_reply(agency_id, reply, LATER)
    world.conversations.begin(agency_id, one, LATER, after(minutes + waits) if waits else None)
    return one


def row_of(agency_id, reply, name="seen"):
    key = CannedKey(agency_id, reply.keyed_hash, reply.at, name)
    return answer_row(key, Said("We have read it.", "en", 1, 3), "desk:id:1", NOW, NOW, LATER)


def claim(who, **changes):
    usual = {"phone": who, "elsewhere": frozenset(), "decided_on": (), "at": NOW, "day": TODAY, "cap": 3}
    return CannedClaim(**(usual | {"counts": True} | changes))


def test_a_reply_is_in_its_persons_conversation_and_in_nobody_elses(world, agency_id, who):
    other = somebody()
    first, second = begun(world, agency_id, who), begun(world, agency_id, who, 1)
    begun(world, agency_id, other, 2)

    assert world.conversations.of(agency_id, first.keyed_hash, 20).replies == (first, second)
    assert world.conversations.of(agency_id, first.keyed_hash, 1).replies == (second,)
    assert world.conversations.of("elsewhere", first.keyed_hash, 20).replies == ()


def test_replies_come_by_pages_the_latest_first(world, agency_id, who):
    made = [begun(world, agency_id, who, minute) for minute in range(5)]
    page = world.conversations.page(agency_id, 2)
    found = [*page.found]
    while page.after:
        page = world.conversations.page(agency_id, 2, page.after)
        found += page.found

    assert found == made[::-1]


def test_what_is_unread_is_known_until_somebody_sees_it_and_the_first_who_did_stays(world, agency_id, who):
    one, danger = begun(world, agency_id, who), begun(world, agency_id, who, 1, waits=0)

    assert world.conversations.unread(agency_id, 10) == (Unread(after(15), one.at, one.keyed_hash),)
    assert world.conversations.see(agency_id, one.keyed_hash, [one.at, danger.at], "desk:id:1", after(2)) == 2
    assert world.conversations.see(agency_id, one.keyed_hash, [one.at], "desk:id:2", after(3)) == 0
    assert world.conversations.unread(agency_id, 10) == ()
    begun(world, agency_id, who)
    (found, _) = world.conversations.of(agency_id, one.keyed_hash, 20).replies
    assert (found.seen_by, found.seen_at) == ("desk:id:1", after(2))
    assert world.conversations.unread(agency_id, 10) == ()


def test_of_two_who_press_the_same_answer_one_is_first(world, agency_id, who):
    row = row_of(agency_id, begun(world, agency_id, who))

    assert world.conversations.add(row)
    assert not world.conversations.add(replace(row, by="desk:id:2"))
    (found,) = world.conversations.of(agency_id, row.key.keyed_hash, 20).answers.values()
    assert found == replace(row, version=1)


def test_an_answer_is_due_until_it_is_finished(world, agency_id, who):
    row = replace(row_of(agency_id, begun(world, agency_id, who)), send_at=after(5))
    world.conversations.add(row)

    assert list(world.conversations.due(agency_id, after(4))) == []
    assert list(world.conversations.due(agency_id, after(5))) == [(row.key, after(5))]
    done = world.conversations.put(replace(row, version=1).moved(State.SUPPRESSED, "stopped"))
    assert list(world.conversations.due(agency_id, after(50))) == []
    assert done.version == 2


def automatic_of(agency_id, world, who, minutes=0.0, what="danger"):
    key = automatic_key(agency_id, world.contacts.reference(who).keyed_hash, after(minutes), what)
    return automatic_row(key, Said("Call 911 now.", "en", 1, 3), State.SENT, "", LATER, ("twilio", "SM1"))


def test_what_answered_by_itself_is_kept_beside_the_others_and_is_never_due(world, agency_id, who):
    row = automatic_of(agency_id, world, who)
    world.conversations.keep(row)
    pressed = row_of(agency_id, begun(world, agency_id, who))
    world.conversations.add(pressed)
    exchange = world.conversations.of(agency_id, row.key.keyed_hash, 20)

    assert exchange.answers[row.key] == replace(row, version=1)
    assert set(exchange.answers) == {row.key, pressed.key}
    assert [key for key, _ in world.conversations.due(agency_id, after(9999))] == [pressed.key]


def test_the_answers_to_one_person_are_read_from_an_instant_on(world, agency_id, who):
    rows = [automatic_of(agency_id, world, who, minutes) for minutes in (0, 5, 10)]
    for row in (*rows, automatic_of(agency_id, world, somebody(), 5)):
        world.conversations.keep(row)
    begun(world, agency_id, who, 7)

    found = world.conversations.answers(agency_id, rows[0].key.keyed_hash, after(5))
    assert found == tuple(replace(row, version=1) for row in rows[1:])


def test_an_answer_that_somebody_else_has_moved_is_not_written_over(world, agency_id, who):
    row = row_of(agency_id, begun(world, agency_id, who))
    world.conversations.add(row)
    read = replace(row, version=1)
    world.conversations.put(read.claimed(NOW))

    with pytest.raises(Conflict):
        world.conversations.put(read.claimed(NOW))
    with pytest.raises(Conflict):
        world.conversations.claim(read.claimed(NOW), claim(who))


def test_a_claim_counts_at_the_cap_and_ends_there(world, agency_id, who):
    for minute in range(4):
        row = row_of(agency_id, begun(world, agency_id, who, minute))
        world.conversations.add(row)
        claimed = replace(row, version=1).claimed(NOW)
        if minute < 3:
            assert world.conversations.claim(claimed, claim(who)).state is State.SENDING
            assert world.contacts.load(agency_id, who, TODAY).sent_today == minute + 1
        else:
            with pytest.raises(Conflict):
                world.conversations.claim(claimed, claim(who))


def test_no_claim_succeeds_once_the_person_said_stop_at_any_of_their_addresses(world, agency_id, who):
    row = row_of(agency_id, begun(world, agency_id, who))
    world.conversations.add(row)
    claimed, email = replace(row, version=1).claimed(NOW), "jo@example.org"
    world.contacts.opt_out(agency_id, email, OptOutScope.ALL, NOW, "STOP")

    with pytest.raises(Conflict):
        world.conversations.claim(claimed, claim(who, elsewhere=frozenset({email})))
    world.contacts.opt_out(agency_id, who, OptOutScope.ALL, NOW, "STOP")
    with pytest.raises(Conflict):
        world.conversations.claim(claimed, claim(who))


def test_the_text_that_goes_by_itself_is_not_claimed_once_somebody_saw_the_reply(world, agency_id, who):
    reply = begun(world, agency_id, who)
    by_itself, pressed = row_of(agency_id, reply, NOT_READ), row_of(agency_id, reply)
    world.conversations.add(by_itself)
    world.conversations.add(pressed)
    world.conversations.see(agency_id, reply.keyed_hash, [reply.at], "desk:id:1", after(2))

    with pytest.raises(Conflict):
        world.conversations.claim(replace(by_itself, version=1).claimed(NOW), claim(who))
    assert world.conversations.claim(replace(pressed, version=1).claimed(NOW), claim(who)).state is State.SENDING


def test_a_reply_from_before_conversations_were_on_is_found_by_its_instant(world, agency_id, who):
    reply = Reply(sender=who, number="+13035550199", body="hello", at=NOW)
    world.contacts.keep_reply(agency_id, reply, LATER)
    keyed_hash = world.contacts.reference(who).keyed_hash

    assert world.conversations.of(agency_id, keyed_hash, 20).replies == ()
    assert [one.words for one in world.conversations.of(agency_id, keyed_hash, 20, NOW).replies] == ["hello"]


def test_the_phone_of_a_text_of_danger_stays_with_it(world, agency_id, who):
    reply = Reply(sender=who, number="+13035550199", body="help me", at=NOW)
    keyed_hash = world.contacts.reference(who).keyed_hash
    world.contacts.keep_reply(agency_id, reply, LATER, danger=True)
    before = world.conversations.reply(agency_id, keyed_hash, NOW)
    world.conversations.begin(agency_id, kept_reply(reply, keyed_hash, danger=True), LATER, None)
    world.conversations.see(agency_id, keyed_hash, [NOW], "desk:id:1", after(1))

    assert (before.phone, before.danger) == (who, True)
    assert world.conversations.reply(agency_id, keyed_hash, NOW).phone == who


def test_an_erased_person_leaves_no_conversation_and_nobody_else_loses_theirs(tables, agency_id, who):
    other = somebody()
    one, theirs = begun(tables, agency_id, who), begun(tables, agency_id, other, 1)
    tables.conversations.add(row_of(agency_id, one))
    tables.conversations.add(row_of(agency_id, theirs))
    tables.conversations.keep(automatic_of(agency_id, tables, who))
    records = RecordTable(tables.bound[IncidentItem], tables.bound[ContactItem], tables.contacts)

    kept_items = records.contact_items(agency_id, who)
    assert [item["sk"] for item in kept_items if item["sk"].startswith("2026")] == [
        instant(one.at),
        f"{instant(one.at)}#auto-danger",
        f"{instant(one.at)}#seen",
    ]
    assert records.forget_contact(agency_id, who) == 6
    assert tables.conversations.of(agency_id, one.keyed_hash, 20, one.at) == Exchange()
    assert list(tables.conversations.due(agency_id, after(60))) == [(row_of(agency_id, theirs).key, NOW)]
    assert [each.keyed_hash for each in tables.conversations.unread(agency_id, 9)] == [theirs.keyed_hash]
    assert tables.conversations.of(agency_id, theirs.keyed_hash, 20).replies == (theirs,)


def test_a_legal_hold_keeps_a_conversation_and_its_end_lets_it_expire(tables, agency_id, who):
    one = begun(tables, agency_id, who)
    tables.conversations.add(row_of(agency_id, one))
    tables.conversations.keep(automatic_of(agency_id, tables, who))
    records = RecordTable(tables.bound[IncidentItem], tables.bound[ContactItem], tables.contacts)

    def ends():
        items = tables.bound[ContactItem].query(talk_pk(agency_id, one.keyed_hash))
        return {item.expires for item in items}

    assert ends() == {LATER}
    records.keep_replies(agency_id, one.keyed_hash, None)
    assert ends() == {None}
    records.keep_replies(agency_id, one.keyed_hash, LATER)
    assert ends() == {LATER}
