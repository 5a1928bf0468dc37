"""To whom an answer may go: in doubt to nobody."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.domain.desk.attention import Cause
from chalicelib.domain.incidents.update import Latch
from chalicelib.domain.notifications.notification import State
from chalicelib.domain.notifications.pause import Pause
from chalicelib.domain.notifications.permit import Conditions, Go, Wait
from chalicelib.domain.people.answering import SEEN, Never, Weighed, verdict
from chalicelib.domain.people.canned import CannedKey, Said, answer_row, read_canned
from chalicelib.domain.people.contact import Contact, OptOutScope
from chalicelib.domain.people.reply import KeptReply
from chalicelib.domain.people.talk import Bar, Standing, bar
from chalicelib.domain.settings.conversation import NOT_READ, NOT_READ_AFTER, Conversation
from chalicelib.domain.settings.hours import Window
from chalicelib.domain.settings.watchers import Watchers
from tests.factories import NOW, OTHER_PHONE, PHONE, after, agency, call, caller, incident

HASH = "ab" * 32
DENVER = ZoneInfo("America/Denver")
RULES = Conversation(
    not_read={"en": "Nobody has read it."},
    answers={"seen": {"en": "We have read it."}},
)
OURS = agency(conversation=RULES, watchers={Cause.REPLY: Watchers(first="+13035550140", second="+13035550141")})
REPLY = KeptReply(after(-5), "are you still coming", "0123", HASH)
THERE = Standing(contact=Contact(), calls=(incident(call()),), phone=PHONE)
CALM = Conditions((), NOW)


def row(name="seen", at=NOW, **changes):
    key = CannedKey("springfield", HASH, REPLY.at, name)
    return replace(answer_row(key, Said("We have read it.", "en", 1, 3), "desk:id:1", at, at, None), **changes)


def weighed(**changes):
    usual = {"reply": REPLY, "standing": THERE, "others": (), "agency": OURS, "conditions": CALM, "now": NOW}
    return Weighed(**(usual | changes))


def test_an_answer_goes_to_somebody_on_a_call_who_texted_us_while_somebody_watches():
    assert bar(THERE, REPLY, OURS, NOW) is None
    assert verdict(row(), weighed()) == Go()


@pytest.mark.parametrize(
    ("contact", "why"),
    [
        (Contact(opted_out=OptOutScope.ALL), Bar.STOPPED),
        (Contact(bounced=True), Bar.STOPPED),
        (Contact(silenced_until=after(1)), Bar.SILENCED),
        (Contact(unsafe=True), Bar.UNSAFE),
        (Contact(landline=True), Bar.LANDLINE),
    ],
)
def test_none_goes_to_somebody_who_stopped_is_silenced_or_unsafe(contact, why):
    assert bar(replace(THERE, contact=contact), REPLY, OURS, NOW) is why


@pytest.mark.parametrize(
    ("calls", "why"),
    [
        ((call(latches=frozenset({Latch.JUVENILE})),), Bar.JUVENILE),
        ((call("DV"),), Bar.SENSITIVE),
        ((call("SEXUAL ASSAULT"),), Bar.SENSITIVE),
        ((call(latches=frozenset({Latch.DO_NOT_CONTACT})),), Bar.SENSITIVE),
        ((call(exercise=True),), Bar.SENSITIVE),
        ((), Bar.NO_CALL),
        ((call("UNHEARD-OF"),), Bar.NOT_TOLD),
        ((call(parties={"1": caller(OTHER_PHONE)}),), Bar.NOT_TOLD),
        ((call(parties={"1": caller(role="witness")}),), Bar.NOT_TOLD),
        ((call(parties={"1": caller(contact_kind="relay")}),), Bar.NOT_TOLD),
    ],
)
def test_none_goes_about_a_call_that_is_sensitive_or_of_a_juvenile(calls, why):
    standing = replace(THERE, calls=tuple(incident(one) for one in calls))

    assert bar(standing, REPLY, OURS, NOW) is why


def test_another_call_of_the_same_person_that_is_sensitive_bars_an_answer_too():
    other = incident(call("DV", incident_number="P26-2"), number="P26-2")

    assert bar(replace(THERE, calls=(*THERE.calls, other)), REPLY, OURS, NOW) is Bar.SENSITIVE
    plain = incident(call("UNHEARD-OF", incident_number="P26-2"), number="P26-2")
    assert bar(replace(THERE, calls=(*THERE.calls, plain)), REPLY, OURS, NOW) is None


def test_none_goes_while_a_guarded_call_is_in_progress():
    urgent = replace(THERE, calls=(incident(call(priority="1")),))
    over = replace(THERE, calls=(incident(call(priority="1", closed_at=NOW)),))

    assert bar(urgent, REPLY, OURS, NOW) is Bar.IN_PROGRESS
    assert bar(over, REPLY, OURS, NOW) is None


def test_none_goes_to_words_of_danger_to_an_old_reply_or_where_more_calls_are_than_were_read():
    assert bar(THERE, replace(REPLY, danger=True), OURS, NOW) is Bar.DANGER
    assert bar(THERE, replace(REPLY, at=NOW - timedelta(days=1, seconds=1)), OURS, NOW) is Bar.TOO_OLD
    assert bar(replace(THERE, more=True), REPLY, OURS, NOW) is Bar.TOO_MANY_CALLS


@pytest.mark.parametrize("lacks", [{"watchers": {}}, {"conversation": replace(RULES, answers={})}])
def test_conversations_are_off_until_settings_name_answers_and_who_watches(lacks):
    assert bar(THERE, REPLY, replace(OURS, **lacks), NOW) is Bar.OFF
    assert bar(THERE, REPLY, replace(OURS, mode="shadow"), NOW) is Bar.SHADOW


def test_answers_go_while_somebody_watches_and_the_text_by_itself_at_any_hour():
    day = replace(OURS, conversation=replace(RULES, hours=Window(start=time(12), end=time(20))))

    assert bar(THERE, REPLY, day, NOW) is Bar.AFTER_HOURS
    assert bar(THERE, REPLY, day, NOW, by_itself=True) is None
    assert bar(THERE, REPLY, day, after(60)) is None


def test_nobody_is_told_that_a_reply_is_unread_which_somebody_has_seen():
    seen = replace(REPLY, seen_by="desk:id:1", seen_at=NOW)

    assert verdict(row(NOT_READ), weighed(reply=seen)) == Never(SEEN)
    assert verdict(row(), weighed(reply=seen)) == Go()


@pytest.mark.parametrize("state", [State.SENT, State.UNKNOWN, State.SENDING])
def test_nobody_is_told_twice_in_a_day_that_their_replies_are_unread(state):
    earlier = replace(row(NOT_READ, after(-60)), state=state)
    earlier = replace(earlier, key=replace(earlier.key, reply_at=after(-75)))

    assert verdict(row(NOT_READ), weighed(others=(earlier,))) == Never("already_told")
    assert verdict(row(NOT_READ), weighed(others=(replace(earlier, state=State.SUPPRESSED),))) == Go()
    assert verdict(row(NOT_READ), weighed(others=(replace(earlier, created_at=after(-25 * 60)),))) == Go()


def test_a_pause_holds_an_answer_until_it_is_of_no_use():
    pause = Pause(of="agency", author="R. Lead", reason="", at=NOW)
    held = verdict(row(), weighed(conditions=Conditions((pause,), NOW)))

    assert isinstance(held, Wait)
    assert (held.reason, held.until) == ("paused", after(1))
    late = weighed(conditions=Conditions((pause,), NOW), now=row().expires_at)
    assert verdict(row(reason="paused"), late) == Never("paused")


def test_the_cap_of_a_person_and_day_counts_answers():
    full = replace(THERE, contact=Contact(sent_today=OURS.caps.per_person_and_day))

    assert verdict(row(), weighed(standing=full)) == Never("cap_per_day")
    assert verdict(row(attempts=1), weighed(standing=full)) == Go()


CONTACTS = st.builds(
    Contact,
    opted_out=st.sampled_from([None, *OptOutScope]),
    bounced=st.booleans(),
    silenced_until=st.sampled_from([None, after(-1), NOW, after(5)]),
    unsafe=st.booleans(),
    landline=st.booleans(),
    sent_today=st.integers(0, 30),
)
CALLS = st.lists(
    st.sampled_from(
        [
            call(),
            call("DV"),
            call("UNHEARD-OF"),
            call(latches=frozenset({Latch.JUVENILE})),
            call(latches=frozenset({Latch.DO_NOT_CONTACT})),
            call(parties={"1": caller()}, unsafe_parties=frozenset({"1"})),
        ]
    ),
    max_size=3,
)


@given(CONTACTS, CALLS, st.booleans(), st.sampled_from([NOT_READ, "seen"]), st.booleans())
def test_whatever_is_so_no_answer_goes_to_somebody_who_may_not_be_written_to(contact, told, more, name, danger):
    calls = tuple(incident(one) for one in told)
    standing = Standing(contact=contact, calls=calls, phone=PHONE if calls else "", more=more)
    about = weighed(standing=standing, reply=replace(REPLY, danger=danger))

    if isinstance(verdict(row(name), about), Go):
        assert contact.opted_out is not OptOutScope.ALL
        assert not contact.silent(NOW)
        assert not (contact.bounced, contact.landline, danger, more).count(True)
        assert calls
        assert not any(one.holds(latch) for one in calls for latch in Latch)
        assert not any(one.unsafe_addresses for one in calls)


HOURS = st.builds(Window, start=st.times(timezones=st.none()), end=st.times(timezones=st.none()))
INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@given(HOURS, INSTANTS)
def test_a_reply_waits_in_the_hours_alone_and_never_before_a_quarter_of_an_hour(hours, at):
    rules = replace(RULES, hours=hours)
    since = rules.waits_from(at, DENVER)

    assert since >= at + NOT_READ_AFTER
    assert rules.watched(since, DENVER)
    if hours.start == hours.end:
        assert since == at + NOT_READ_AFTER


@given(
    st.text("abcdef0123456789", min_size=64, max_size=64),
    INSTANTS,
    st.from_regex(r"[a-z][a-z0-9_]{0,23}", fullmatch=True),
)
def test_a_hint_leads_back_to_its_answer_and_to_no_notification(keyed_hash, at, name):
    key = CannedKey("springfield", keyed_hash, at, name)

    assert read_canned(key.id) == key
    assert read_canned("springfield__P26-1__outcome__1__0") is None
