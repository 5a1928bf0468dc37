from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.domain.incidents.release import Release
from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.notification import State
from chalicelib.domain.notifications.pause import Pause, held_by_restore
from chalicelib.domain.notifications.permit import Conditions, Go, Refuse, Wait, permit
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.domain.notifications.record import IncidentRecord
from chalicelib.domain.people.contact import Contact, OptOutScope
from chalicelib.virtual.fiction import fictional_phone
from tests.factories import NOW, OTHER_PHONE, after, agency, call, caller, incident, row

FRESH = Conditions(pauses=(), feed_heard_at=NOW)


CALL = incident(call())


def pause(of, which=""):
    return Pause(of=of, which=which, author="S. Visor", reason="wrong words", at=NOW)


def verdict(item=None, others=(), contact=Contact(), rules=None, conditions=FRESH, now=NOW, **more):
    item = item or row()
    record = IncidentRecord(incident=more.get("incident", CALL), rows={one.key: one for one in (item, *others)})
    return permit(item, record, contact, rules or agency(), conditions, now)


def test_an_ordinary_text_goes():
    assert verdict() == Go()


class TestNever:
    def test_what_has_expired(self):
        assert verdict(now=after(15)) == Refuse(Reason.EXPIRED)

    def test_what_was_held_until_it_expired_for_the_reason_that_held_it(self):
        assert verdict(row(reason=Reason.PAUSED), now=after(15)) == Refuse(Reason.PAUSED)

    def test_a_second_try_at_another_address_is_counted_there(self):
        full = Contact(sent_today=agency().caps.per_person_and_day)

        assert verdict(row(attempts=1, counted_at=OTHER_PHONE), contact=full) == Refuse(Reason.CAP_PER_DAY)
        assert verdict(row(attempts=1, counted_at=row().address), contact=full) == Go()
        assert verdict(row(attempts=1), contact=full) == Go()

    def test_a_second_try_on_another_day_is_counted_then(self):
        full = Contact(sent_today=agency().caps.per_person_and_day, surveyed_at=NOW)
        tried = {"attempts": 1, "counted_at": row().address}
        today, before = NOW.date(), NOW.date() - timedelta(days=1)

        assert verdict(row(**tried, counted_on=today), contact=full) == Go()
        assert verdict(row(**tried, counted_on=before), contact=full) == Refuse(Reason.CAP_PER_DAY)
        assert verdict(row(Kind.SURVEY, **tried, counted_on=before), contact=Contact(surveyed_at=NOW)) == Go()

    def test_who_said_stop(self):
        assert verdict(contact=Contact(opted_out=OptOutScope.ALL)) == Refuse(Reason.OPTED_OUT)

    def test_who_wants_no_surveys_gets_the_rest(self):
        contact = Contact(opted_out=OptOutScope.SURVEYS)

        assert verdict(row(Kind.SURVEY), contact=contact) == Refuse(Reason.OPTED_OUT)
        assert verdict(contact=contact) == Go()

    def test_who_was_part_of_a_sensitive_incident_until_the_silence_ends(self):
        contact = Contact(silenced_until=after(1))

        assert verdict(contact=contact) == Refuse(Reason.SILENCED)
        assert verdict(contact=contact, now=after(1)) == Go()

    def test_a_landline_is_not_texted(self):
        assert verdict(contact=Contact(landline=True)) == Refuse(Reason.LANDLINE)
        assert verdict(row(channel="email", address="a@people.example"), contact=Contact(landline=True)) == Go()

    @pytest.mark.parametrize("state", [State.SENT, State.DELIVERED, State.UNKNOWN])
    def test_the_same_news_to_the_same_phone(self, state):
        assert verdict(others=[row(recipient="2", state=state)]) == Refuse(Reason.ALREADY_TOLD)

    def test_the_same_news_to_the_same_person_by_another_address(self):
        told = row(recipient="2", state=State.SENT, address=OTHER_PHONE, addresses=frozenset({OTHER_PHONE, "a@b.ex"}))

        assert verdict(row(addresses=frozenset({"a@b.ex"})), [told]) == Refuse(Reason.ALREADY_TOLD)

    def test_an_earlier_notice_once_a_later_one_is_due(self):
        later = row(Kind.DELAY, ordinal=1)

        assert verdict(row(Kind.DELAY), [later]) == Refuse(Reason.SUPERSEDED)
        assert verdict(row(Kind.DELAY), [replace(later, planned_for=after(1))]) == Go()
        assert verdict(row(Kind.DELAY), [replace(later, state=State.CANCELLED)]) == Go()
        assert verdict(later, [row(Kind.DELAY)]) == Go()

    def test_more_a_day_than_the_cap(self):
        assert verdict(contact=Contact(sent_today=6)) == Refuse(Reason.CAP_PER_DAY)
        assert verdict(contact=Contact(sent_today=5)) == Go()

    def test_more_about_one_incident_than_the_cap(self):
        gone = [row(Kind.DELAY, ordinal=n, state=State.DELIVERED) for n in range(6)]

        assert verdict(others=gone) == Refuse(Reason.CAP_PER_INCIDENT)
        assert verdict(others=gone[1:]) == Go()

    def test_a_cap_of_0_is_none(self):
        caps = agency().caps.__class__(per_person_and_day=0, per_incident=0)

        assert verdict(contact=Contact(sent_today=99), rules=agency(caps=caps)) == Go()

    def test_a_cap_of_1_is_one(self):
        caps = agency().caps.__class__(per_person_and_day=1, per_incident=1)
        gone = [row(Kind.DELAY, state=State.DELIVERED)]

        assert verdict(rules=agency(caps=caps)) == Go()
        assert verdict(contact=Contact(sent_today=1), rules=agency(caps=caps)) == Refuse(Reason.CAP_PER_DAY)
        assert verdict(others=gone, rules=agency(caps=caps)) == Refuse(Reason.CAP_PER_INCIDENT)

    def test_a_survey_so_soon_after_another(self):
        contact = Contact(surveyed_at=NOW - timedelta(days=29))

        assert verdict(row(Kind.SURVEY), contact=contact) == Refuse(Reason.CAP_SURVEYS)
        assert verdict(row(Kind.SURVEY), contact=Contact(surveyed_at=NOW - timedelta(days=30))) == Go()

    @pytest.mark.parametrize("kind", [Kind.SURVEY, Kind.CASE_NUMBER])
    def test_a_second_attempt_does_not_stand_in_its_own_way(self, kind):
        counted = Contact(sent_today=6, surveyed_at=NOW)

        assert verdict(row(kind, attempts=1), contact=counted) == Go()


class TestNotNow:
    def test_while_the_agency_is_paused(self):
        paused = Conditions(pauses=(pause("agency"),), feed_heard_at=NOW)

        assert verdict(conditions=paused) == Wait(after(1), Reason.PAUSED)

    @pytest.mark.parametrize(
        ("of", "which", "other"),
        [
            ("incident", "P26-1", "P26-2"),
            ("type", "NOI*", "THEFT"),
            ("beat", "6*", "7*"),
            ("kind", "acknowledgment", "delay"),
        ],
    )
    def test_while_its_part_of_the_agency_is_paused(self, of, which, other):
        there = incident(call(beat="612"))

        for wanted, expected in ((which, Wait(after(1), Reason.PAUSED)), (other, Go())):
            conditions = Conditions(pauses=(pause(of, wanted),), feed_heard_at=NOW)
            assert verdict(conditions=conditions, incident=there) == expected

    def test_five_callers_wait_for_a_human(self):
        crowd = incident(call(parties={str(n): caller(fictional_phone(n)) for n in range(5)}))
        freed = crowd.release(Release(what="mass_call", author="S. Visor", reason="a power cut", at=NOW))

        assert verdict(incident=crowd) == Wait(after(1), Reason.MASS_CALL)
        assert verdict(incident=crowd, rules=agency(mass_call=6)) == Go()
        assert verdict(incident=freed) == Go()

    def test_who_waits_for_a_human_is_looked_at_less_and_less(self):
        crowd = incident(call(parties={str(n): caller(fictional_phone(n)) for n in range(5)}))
        waiting = row(Kind.CASE_NUMBER, expires_at=NOW + timedelta(days=14))

        looks, now = 0, NOW
        while now < waiting.expires_at:
            hold = verdict(waiting, incident=crowd, now=now)
            assert timedelta(minutes=1) <= hold.until - now <= max(timedelta(minutes=1), (now - NOW) / 20)
            looks, now = looks + 1, hold.until
        assert looks < 1500

    @pytest.mark.parametrize("since", ["planned_for", "created_at"])
    def test_how_long_it_has_waited_counts_from_when_it_could_first_go(self, since):
        crowd = incident(call(parties={str(n): caller(fictional_phone(n)) for n in range(5)}))
        days_ago = {"planned_for": NOW - timedelta(days=2), "created_at": NOW - timedelta(days=2), since: NOW}

        assert verdict(row(Kind.CASE_NUMBER, expires_at=after(9999), **days_ago), incident=crowd).until == after(1)

    def test_victims_and_witnesses_are_no_callers(self):
        others = {str(n): caller(fictional_phone(n), role="victim" if n % 2 else "witness") for n in range(5)}

        assert verdict(incident=incident(call(parties=others | {"9": caller()}))) == Go()

    def test_no_hold_outlasts_the_message(self):
        paused = Conditions(pauses=(pause("agency"),), feed_heard_at=NOW)

        assert verdict(conditions=paused, now=after(14.5)) == Wait(after(15), Reason.PAUSED)

    @pytest.mark.parametrize("heard_at", [None, NOW - timedelta(minutes=5, seconds=1)])
    def test_a_silent_feed_must_not_tell_people_that_nobody_came(self, heard_at):
        silent = Conditions(pauses=(), feed_heard_at=heard_at)

        assert verdict(row(Kind.DELAY), conditions=silent) == Wait(after(1), Reason.FEED_SILENT)
        assert verdict(conditions=silent) == Go()

    def test_a_feed_heard_five_minutes_ago_lives(self):
        conditions = Conditions(pauses=(), feed_heard_at=NOW - timedelta(minutes=5))

        assert verdict(row(Kind.DELAY), conditions=conditions) == Go()

    def test_at_night_only_what_waits_for_an_officer_goes(self):
        night = NOW + timedelta(hours=11)  # 22:00 in Denver
        outcome = row(Kind.OUTCOME, expires_at=night + timedelta(days=1))

        assert verdict(outcome, now=night) == Wait(NOW + timedelta(hours=21), Reason.QUIET_HOURS)
        assert verdict(row(expires_at=night + timedelta(minutes=9)), now=night) == Go()

    @pytest.mark.parametrize(
        "contact", [Contact(sent_today=agency().caps.per_person_and_day), Contact(opted_out=OptOutScope.ALL)]
    )
    def test_what_waits_for_its_hours_is_judged_when_it_may_go(self, contact):
        night = NOW + timedelta(hours=11)
        outcome = row(Kind.OUTCOME, expires_at=night + timedelta(days=1))

        assert verdict(outcome, contact=contact, now=night) == Wait(NOW + timedelta(hours=21), Reason.QUIET_HOURS)
        assert isinstance(verdict(outcome, contact=contact, now=NOW + timedelta(hours=21)), Refuse)

    def test_while_the_same_news_is_on_its_way_to_the_same_phone(self):
        assert verdict(others=[row(recipient="2", state=State.SENDING)]) == Wait(after(1), Reason.ALREADY_TOLD)
        assert verdict(others=[row(recipient="2", state=State.SENDING, address=OTHER_PHONE)]) == Go()


@given(
    st.dictionaries(st.sampled_from("abcd"), st.integers(0, 3).map(str)),
    st.dictionaries(st.sampled_from("abcd"), st.integers(0, 3).map(str)),
)
def test_tables_hold_everything_just_when_one_that_is_known_is_another(known, found):
    held = held_by_restore(known, found, NOW)

    assert bool(held) == any(use in found and found[use] != name for use, name in known.items())
    assert all(pause.holds(kind, incident(call())) for pause in held for kind in Kind)
