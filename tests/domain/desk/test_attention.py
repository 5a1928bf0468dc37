"""What waits for somebody, from what is known of it: nothing that waits is left out, and nothing else is there."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.domain.desk.attention import CALM, TAKEN_FOR, Cause, Waiting, applied, changed, gravest_first
from chalicelib.domain.desk.by_time import LATELY, by_time
from chalicelib.domain.desk.held import heeded_row, held
from chalicelib.domain.desk.met import met
from chalicelib.domain.desk.owed import owed, owing, withdrawn
from chalicelib.domain.incidents.feed_health import FeedTrouble
from chalicelib.domain.incidents.legal_hold import LegalHold
from chalicelib.domain.incidents.release import Release
from chalicelib.domain.incidents.update import Latch
from chalicelib.domain.notifications.breaker import MOST_FAILURES, Breaker
from chalicelib.domain.notifications.notification import State
from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.domain.surveys.follow_up import Because, Desk, FollowUp
from chalicelib.virtual.fiction import fictional_phone
from tests.factories import NOW, OTHER_PHONE, PHONE, after, agency, call, caller, incident, row

OURS = replace(agency(), mass_call=3)


def waiting(cause=Cause.HELD, about="C1", since=0, until=None, **more):
    end = None if until is None else after(until)
    return Waiting(agency_id="springfield", cause=cause, about=about, since=after(since), until=end, **more)


entries = st.builds(
    waiting,
    cause=st.sampled_from(Cause),
    about=st.sampled_from("abc"),
    since=st.integers(-9, 9),
    until=st.none() | st.integers(-9, 9),
)
lists = st.lists(entries, unique_by=lambda one: one.name)


@given(lists)
def test_only_what_waits_now_is_shown_and_danger_comes_first(found):
    shown = gravest_first(found, NOW)

    begun = [one for one in found if one.since <= NOW or one.cause is not Cause.FOLLOW_UP]
    assert {*shown} == {one for one in begun if one.until is None or one.until > NOW}
    assert [one.cause for one in shown] == sorted((one.cause for one in shown), key=list(Cause).index)


@given(lists, lists)
def test_a_change_leads_from_what_is_known_to_what_is_so(before, now):
    change = changed(before, now)
    after_it = {one.name: one for one in before} | {one.name: one for one in change.begun}

    names = after_it.keys() - change.ended
    assert names == {one.name for one in now}
    assert not changed((after_it[name] for name in names), now)
    assert not changed(before, before)
    assert {*applied(before, change)} == {after_it[name] for name in names}


def test_who_takes_something_keeps_it_for_ten_minutes_while_its_news_come():
    taken = waiting(count=1).take("somebody", NOW)

    (newer,) = changed([taken], [waiting(since=3, count=2)]).begun
    assert (newer.taken_by, newer.since, newer.count) == ("somebody", NOW, 2)
    assert newer.taken(NOW + TAKEN_FOR - timedelta(seconds=1))
    assert not newer.taken(NOW + TAKEN_FOR)


class TestHeldCalls:
    def crowd(self, people=3):
        return incident(call(parties={str(each): caller(fictional_phone(each)) for each in range(people)}))

    def rows(self, *states):
        rows = [
            row(recipient=str(each)).moved(state, NOW) if state else row(recipient=str(each))
            for each, state in enumerate(states)
        ]
        return {one.key: one for one in rows}

    def test_a_mass_call_waits_for_as_long_as_its_last_text_is_worth_sending(self):
        rows = self.rows(None, None, State.CANCELLED)
        last = max(one.expires_at for one in rows.values())

        one = held(self.crowd(), rows, OURS, NOW)
        assert (one.cause, one.about, one.detail, one.count, one.until) == (Cause.HELD, "P26-1", "mass_call", 2, last)
        assert held(self.crowd(), rows, OURS, last) is None
        assert held(self.crowd(2), rows, OURS, NOW) is None

    def test_a_release_ends_it(self):
        freed = self.crowd().release(Release(what="mass_call", author="a", reason="b", at=NOW))

        assert held(freed, self.rows(None), OURS, NOW) is None

    @pytest.mark.parametrize("latch", list(Latch))
    def test_a_latch_waits_where_it_alone_keeps_a_message_from_somebody(self, latch):
        quiet = incident(call(latches=frozenset({latch})))

        assert held(quiet, {}, OURS, NOW).detail == latch
        assert held(quiet, {}, OURS, after(60 * 24 * 30)) is None
        assert held(incident(call("SUICIDE", latches=frozenset({latch}))), {}, OURS, NOW) is None
        assert held(incident(call()), {}, OURS, NOW) is None

    def test_a_row_that_begins_to_wait_tells_of_its_call_and_the_last_that_ends_takes_it_back(self):
        rows = self.rows(None)
        (known,) = rows.values()
        record = IncidentRecord(incident=self.crowd(), rows=rows, version=1)
        waits = known.moved(State.SCHEDULED, NOW, "mass_call")

        begins = heeded_row(record, waits, OURS, NOW)
        assert [one.name for one in begins.begun] == [(Cause.HELD, "P26-1")]
        later = replace(record, rows={known.key: waits})
        assert heeded_row(later, waits, OURS, after(1)) == CALM
        gone = waits.moved(State.CANCELLED, NOW, "arrived")
        assert heeded_row(later, gone, OURS, NOW).ended == {(Cause.HELD, "P26-1")}

    def test_of_a_call_that_never_waited_nothing_is_written(self):
        record = IncidentRecord(incident=incident(call()), rows=self.rows(None), version=1)
        (known,) = record.rows.values()

        assert heeded_row(record, known.moved(State.SENDING, NOW), OURS, NOW) == CALM


class TestFollowUps:
    def follow_up(self, because=Because.LOW_SCORE, desk=Desk.SUPERVISORS, **more):
        told = {"raised_at": NOW, "due_at": after(60), "incident_number": "C1", **more}
        return FollowUp(id="ab12", agency_id="springfield", desk=desk, because=because, **told)

    def test_one_waits_once_it_is_late_and_an_alert_at_once(self):
        late = owed(self.follow_up(), after(999))

        assert (late.cause, late.since, late.until, late.incident_number) == (
            Cause.FOLLOW_UP,
            after(60),
            after(999),
            "C1",
        )
        assert not late.waits(after(59))
        assert late.waits(after(60))
        assert owed(self.follow_up(rests_until=after(90)), None).since == after(90)
        danger = owed(self.follow_up(Because.DANGER, Desk.ALERTS, due_at=NOW), None)
        assert (danger.cause, danger.since) == (Cause.DANGER, NOW)

    def test_what_standards_have_says_no_call(self):
        assert owed(self.follow_up(Because.MISCONDUCT, Desk.STANDARDS, called="0001"), None).incident_number == ""
        assert owed(self.follow_up(Because.MISCONDUCT, Desk.STANDARDS, called="0001"), None).called == ""

    def test_praise_waits_for_nobody_and_what_was_seen_to_no_more(self):
        assert owing(self.follow_up(Because.PRAISE, Desk.UNIT, due_at=None), None) == CALM
        answered = owing(self.follow_up(answered_at=after(5)), None)
        assert answered.ended == {owed(self.follow_up(), None).name} == withdrawn(Desk.SUPERVISORS, "ab12").ended


class TestByTime:
    def found(self, troubles=(), breakers=None, due=()):
        return {one.name: one for one in by_time("springfield", troubles, after(-9), breakers or {}, due, NOW)}

    def test_a_silent_feed_waits_since_it_was_heard_and_unknown_values_are_one_entry(self):
        found = self.found([FeedTrouble.SILENT, FeedTrouble.UNKNOWN_TYPES])

        assert found.keys() == {(Cause.FEED, "silent"), (Cause.UNJUDGED, "")}
        assert found[Cause.FEED, "silent"].since == after(-9)

    def test_a_provider_is_down_while_it_fails_and_not_known_to_be_an_hour_later(self):
        down = Breaker()
        for _ in range(MOST_FAILURES):
            down = down.after_failure(NOW)
        calm, old = Breaker().after_failure(NOW), replace(down, failed_at=NOW - LATELY - timedelta(seconds=1))

        assert self.found(breakers={"sns": down, "twilio": calm, "ses": old}).keys() == {(Cause.PROVIDER, "sns")}

    def test_overdue_texts_are_counted_from_the_oldest(self):
        (one,) = self.found(due=[after(-3), after(-1), after(-7)]).values()

        assert (one.cause, one.count, one.since) == (Cause.OVERDUE, 2, after(-7))
        assert self.found(due=[after(-1)]) == {}


class TestWaysFromPeople:
    def record(self, **more):
        return IncidentRecord(incident=incident(call()), version=1, created_at=NOW, **more)

    def both(self):
        return incident(call(), call(parties={"2": caller(OTHER_PHONE)}, at=after(1)))

    def test_only_who_is_new_is_led(self):
        assert met(IncidentRecord(incident=incident()), incident(call()), NOW) == {PHONE}
        assert met(self.record(), self.both(), after(1)) == {OTHER_PHONE}
        assert met(self.record(), incident(call()), after(1)) == frozenset()

    def test_all_are_led_again_where_their_ways_might_end_first(self):
        hold = LegalHold(author="a", reason="b", at=NOW)
        kept = replace(incident(call()), legal_holds={"x": hold})

        assert met(self.record(), kept, after(1)) == {PHONE}
        assert met(self.record(), incident(call()), NOW + timedelta(days=61)) == {PHONE}
        assert met(self.record(found=False), incident(call()), after(1)) == {PHONE}


def test_a_survey_that_a_latch_keeps_back_is_nobodys_decision():
    closed = incident(call(latches=frozenset({Latch.JUVENILE}), closed_at=after(1), dispositions=("X",)))

    assert held(closed, {}, OURS, after(60 * 24 * 2)) is None
