from contextlib import nullcontext
from datetime import timedelta

import pytest
from msgspec.structs import replace

from chalicelib.domain.duration import Duration
from chalicelib.domain.incidents.update import Latch
from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.notification import State
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.domain.notifications.retry import LEASE, MOST_ATTEMPTS, RECEIPT_WAIT, back_off
from chalicelib.domain.notifications.text_code import text_code
from chalicelib.domain.people.contact import OptOutScope
from chalicelib.domain.settings.judgements import Judgements
from chalicelib.domain.surveys.token import survey_token, token_hash
from chalicelib.flow.incidents.receive import receive_updates
from chalicelib.flow.notifications.deliver import ASIDE, deliver_notification, push_on
from chalicelib.flow.surveys.answer import answer_survey
from chalicelib.ports.errors import Busy, Conflict
from chalicelib.ports.notices import Notice
from chalicelib.virtual.fiction import fictional_phone
from chalicelib.virtual.world import senders
from tests.factories import NOW, OTHER_PHONE, PHONE, after, agency, call, caller, update
from tests.flow.city import City, MoodySender, of_a_minute_ago

RETRY, LOST, NEVER = ("retry", "throttled"), ("ambiguous", "ReadTimeout"), ("permanent", "invalid")


def closed(minutes=60, disposition="HAN", **more):
    return update(after(minutes), "closing", closed_at=after(minutes), dispositions=(disposition,), **more)


def test_a_call_is_acknowledged_after_the_hold():
    city = City()
    city.tell(call())

    city.run_until(after(1, seconds=-1))
    assert city.texts() == []

    city.run_until(after(1))
    (text,) = city.texts()
    code = text_code(city.ports.code_secret, city.row(Kind.ACKNOWLEDGMENT).key)
    assert text == (
        "Springfield PD: we have your call P26-1. This number is not monitored: if it gets worse, call or text 911. "
        f"Code {code}. STOP to opt out."
    )
    assert city.row(Kind.ACKNOWLEDGMENT).sent_at == after(1)


def test_a_delay_notice_goes_at_the_threshold_and_not_a_second_before():
    city = City()
    city.tell(call())

    city.run_until(after(30, seconds=-1))
    assert len(city.texts()) == 1

    city.run_until(after(30))
    assert "officers are delayed" in city.texts()[1]


def test_a_sender_with_the_settings_of_a_minute_ago_reads_those_that_planned_the_text():
    """Found: nobody had judged the type in them, and the text of a call that came right after was cancelled."""
    city = City(agency(version=3))
    city.tell(call())
    of_a_minute_ago(city.ports, agency(version=2, judgements=Judgements()))

    city.run_until(after(1))

    assert len(city.texts()) == 1


def test_an_arrival_cancels_it_and_at_a_tie_the_timer_comes_first():
    early, tie = City(), City()
    for city, minutes in ((early, 29.99), (tie, 30)):
        city.tell(call())
        city.tell(update(after(minutes), "a", arrived_at=after(minutes)))
        city.run_until(None)

    assert early.row(Kind.DELAY).state is State.CANCELLED
    assert tie.row(Kind.DELAY).state is State.DELIVERED


def test_what_nobody_told_the_row_is_seen_when_it_is_sent():
    """A plan that changed without an update: new settings no longer allow the type."""
    city = City()
    city.tell(call())
    city.ports.settings._agencies["springfield"] = agency(incident_types=())

    city.run_until(None)

    assert city.texts() == []
    assert (city.row(Kind.DELAY).state, city.row(Kind.DELAY).reason) == (State.CANCELLED, Reason.TYPE_NOT_ALLOWED)


def test_an_incident_re_typed_as_sensitive_goes_and_stays_silent():
    city = City()
    city.tell(call())
    city.tell(update(after(0.5), "x", incident_type="DV"))
    city.tell(update(after(2), "y", incident_type="NOISE"), closed())
    city.run_until(None)

    assert city.texts() == []


def test_its_caller_hears_nothing_about_anything_else():
    city = City()
    city.tell(call("DV", incident_number="P26-0"))
    city.tell(call(at=after(5)))
    city.run_until(None)

    assert city.texts() == []


def test_a_latch_after_the_first_text_stops_the_next():
    city = City()
    city.tell(call())
    city.tell(update(after(5), "x", latches=frozenset({Latch.DO_NOT_CONTACT})))
    city.run_until(None)

    assert len(city.texts()) == 1


def test_stop_is_heard_between_two_texts_and_start_restores():
    city = City()
    city.tell(call(), closed())
    city.run_until(after(2))
    city.ports.contacts.opt_out("springfield", PHONE, OptOutScope.ALL, after(5), "STOP")
    city.run_until(None)
    assert (city.row(Kind.OUTCOME).state, city.row(Kind.OUTCOME).reason) == (State.SUPPRESSED, Reason.OPTED_OUT)

    city.ports.contacts.opt_in("springfield", PHONE, after(100), "START")
    city.tell(call(incident_number="P26-2", at=after(200)))
    city.run_until(None)
    assert city.row(Kind.ACKNOWLEDGMENT, number="P26-2").state is State.DELIVERED


def test_shadow_decides_renders_and_counts_but_sends_nothing():
    city = City(agency(mode="shadow"))
    city.tell(call())
    city.run_until(None)

    row = city.row(Kind.ACKNOWLEDGMENT)
    assert (row.state, row.reason, row.segments) == (State.SUPPRESSED, Reason.SHADOW, 1)
    assert row.body.startswith("Springfield PD")
    assert city.texts() == []


class TestFailures:
    def city(self, *moods):
        city = City()
        city.ports.sms = MoodySender(*moods)
        city.ports.senders = senders(city.ports.sms, city.ports.email)
        return city

    def test_what_surely_did_not_go_is_tried_again_later(self):
        city = self.city(RETRY)
        city.tell(call())
        city.run_until(after(1))
        row = city.row(Kind.ACKNOWLEDGMENT)
        assert (row.state, row.reason, row.attempts) == (State.SCHEDULED, "throttled", 1)
        assert row.send_at == after(1) + back_off(row)

        city.run_until(after(3))
        assert city.row(Kind.ACKNOWLEDGMENT).state is State.DELIVERED
        assert len(city.texts()) == 1

    def test_the_wait_doubles_and_is_spread(self):
        city = self.city(*[RETRY] * 3)
        city.tell(call())
        waits = []
        for _ in range(3):
            city.run_until(city.row(Kind.ACKNOWLEDGMENT).send_at)
            row = city.row(Kind.ACKNOWLEDGMENT)
            waits.append(back_off(row))

        assert [round(wait / waits[0], 3) for wait in waits] == [1, 2, 4]
        assert timedelta(seconds=15) <= waits[0] <= timedelta(seconds=22.5)

    def test_five_attempts_are_enough(self):
        city = self.city(*[RETRY] * 9)
        city.tell(call(), closed())
        city.run_until(None)

        row = city.row(Kind.OUTCOME)
        assert (row.state, row.attempts) == (State.FAILED, MOST_ATTEMPTS)

    def test_no_attempt_is_made_when_it_would_be_stale(self):
        city = self.city(*[RETRY] * 9)
        city.tell(call())
        city.run_until(None)

        assert city.row(Kind.ACKNOWLEDGMENT).state is State.FAILED
        assert city.row(Kind.ACKNOWLEDGMENT).finished_at < after(15)

    def test_what_will_never_go_is_not_tried_again(self):
        city = self.city(NEVER)
        city.tell(call())
        city.run_until(after(10))

        assert (city.row(Kind.ACKNOWLEDGMENT).state, city.row(Kind.ACKNOWLEDGMENT).attempts) == (State.FAILED, 1)

    def test_an_opt_out_that_only_the_provider_has_heard_of_is_remembered(self):
        city = self.city(("permanent", "opted out there", True))
        city.tell(call())
        city.run_until(None)

        assert city.row(Kind.ACKNOWLEDGMENT).state is State.FAILED
        assert (city.row(Kind.DELAY).state, city.row(Kind.DELAY).reason) == (State.SUPPRESSED, Reason.OPTED_OUT)

    def test_nobody_knows_whether_it_went_so_a_stale_text_is_not_risked(self):
        city = self.city(LOST)
        city.tell(call())
        city.run_until(None)

        assert city.row(Kind.ACKNOWLEDGMENT).state is State.UNKNOWN
        assert "we have your call" not in " ".join(city.texts())

    def test_a_case_number_is_worth_a_second_try_when_no_receipt_comes(self):
        city = self.city(LOST)
        city.tell(call("THEFT", received_at=None), update(after(2), "rms", case_numbers=("26-1",)))
        city.run_until(after(11))
        assert city.row(Kind.CASE_NUMBER).state is State.UNKNOWN

        city.run_until(after(2) + RECEIPT_WAIT)
        assert city.row(Kind.CASE_NUMBER).attempts == 2
        assert "26-1" in city.texts()[0]

    def test_a_claim_that_was_never_heard_of_again_is_unknown(self):
        city = self.city()
        city.tell(call())
        dead = city.row(Kind.ACKNOWLEDGMENT)
        city.ports.incidents.put(dead.moved(State.SENDING, after(1), send_at=after(1) + LEASE, attempts=1))
        city.run_until(after(10))

        assert (city.row(Kind.ACKNOWLEDGMENT).state, city.row(Kind.ACKNOWLEDGMENT).reason) == (
            State.UNKNOWN,
            "lease_over",
        )
        assert city.texts() == []


class TestOrderOfThings:
    def test_two_deliveries_of_one_hint_send_one_text(self):
        city = City()
        city.tell(call())
        key = city.row(Kind.ACKNOWLEDGMENT).key

        assert deliver_notification(key, city.ports, after(1)) is State.SENT
        assert deliver_notification(key, city.ports, after(1)) is None
        assert len(city.texts()) == 1

    @pytest.mark.parametrize(("seconds", "left_again"), [(1, True), (2, True), (3, False), (60, False)])
    def test_a_hint_that_comes_early_is_left_again_if_clocks_may_differ_by_so_much(self, seconds, left_again):
        """An earlier one was left before its row was put off, and dies: each would beget another for ever."""
        city, early = City(), after(1, seconds=-seconds)
        city.tell(call())
        city.ports.tell_time(early)
        while city.ports.queue.next_due():
            city.ports.queue.take()

        assert deliver_notification(city.row(Kind.ACKNOWLEDGMENT).key, city.ports, early) is None
        assert city.ports.queue.next_due() == (after(1) if left_again else None)

    def test_a_hint_about_nothing_is_nothing(self):
        city = City()
        city.tell(call())
        key = city.row(Kind.ACKNOWLEDGMENT).key

        assert deliver_notification(key.__class__("springfield", "P26-404", key.kind, "1"), city.ports, NOW) is None

    def test_a_stop_between_reading_and_claiming_wins(self):
        city = City()
        city.tell(call())
        contacts, load = city.ports.contacts, city.ports.contacts.load

        def load_then_stop(agency_id, address, day):
            contact = load(agency_id, address, day)
            contacts.opt_out(agency_id, address, OptOutScope.ALL, after(1), "STOP")
            return contact

        contacts.load = load_then_stop
        city.run_until(after(2))

        assert city.texts() == []
        assert city.row(Kind.ACKNOWLEDGMENT).reason == Reason.OPTED_OUT

    def test_an_update_between_reading_and_claiming_wins(self):
        city = City()
        city.tell(call())
        incidents, claim = city.ports.incidents, city.ports.incidents.claim

        def arrive_then_claim(row, asked):
            incidents.claim = claim
            receive_updates([update(after(1), "a", arrived_at=after(1))], "wh", city.agency, city.ports, after(1))
            return claim(row, asked)

        incidents.claim = arrive_then_claim
        deliver_notification(city.row(Kind.ACKNOWLEDGMENT).key, city.ports, after(1))

        assert city.texts() == []
        assert city.row(Kind.ACKNOWLEDGMENT).reason == Reason.ARRIVED

    def test_a_row_that_could_not_be_looked_at_is_put_off_and_says_so(self):
        city = City()
        city.tell(call())
        key = city.row(Kind.ACKNOWLEDGMENT).key

        push_on(key, city.ports, after(1))

        row = city.row(Kind.ACKNOWLEDGMENT)
        assert (row.state, row.reason, row.send_at) == (State.SCHEDULED, Reason.FAILED_HERE, after(3))

    def test_a_row_at_which_something_fails_is_put_off_before_the_error_goes_on(self):
        city = City()
        city.tell(call())
        key = city.row(Kind.ACKNOWLEDGMENT).key

        def fail(agency_id):
            raise LookupError

        city.ports.settings.conditions = fail
        with pytest.raises(LookupError):
            deliver_notification(key, city.ports, after(1))

        row = city.row(Kind.ACKNOWLEDGMENT)
        assert (row.state, row.reason, row.send_at) == (State.SCHEDULED, Reason.FAILED_HERE, after(3))

    @pytest.mark.parametrize(("collisions", "noted"), [(2, True), (99, False)])
    def test_what_a_provider_said_is_written_although_the_person_is_being_noted_elsewhere(self, collisions, noted):
        """Twilio refuses by 21610 while its STOP is being recorded on the same profile: E6."""
        city = City()
        city.tell(call())
        contacts, left, key = city.ports.contacts, [None] * collisions, city.row(Kind.ACKNOWLEDGMENT).key
        opt_out = contacts.opt_out

        def collide(*word):
            if left:
                left.pop()
                raise Conflict
            opt_out(*word)

        contacts.opt_out = collide
        city.ports.senders = senders(MoodySender(("permanent", "21610", True)), city.ports.email)
        with nullcontext() if noted else pytest.raises(Busy):
            deliver_notification(key, city.ports, after(1))

        assert (city.row(Kind.ACKNOWLEDGMENT).state, city.row(Kind.ACKNOWLEDGMENT).reason) == (State.FAILED, "21610")
        assert contacts.load("springfield", PHONE, NOW.date()).opted_out is (OptOutScope.ALL if noted else None)

    @pytest.mark.parametrize("trouble", [Conflict, RuntimeError])
    def test_the_first_error_is_told_although_putting_the_row_off_fails_too(self, trouble):
        city = City()
        city.tell(call())
        key = city.row(Kind.ACKNOWLEDGMENT).key

        def fail(agency_id):
            raise LookupError

        def refuse(row, attention=None):
            raise trouble

        city.ports.settings.conditions, city.ports.incidents.put = fail, refuse
        with pytest.raises(LookupError) as found:
            deliver_notification(key, city.ports, after(1))

        assert found.value.__notes__ == [f"then {'Busy' if trouble is Conflict else 'RuntimeError'}"]

    def test_a_row_that_can_not_be_read_is_put_aside_and_told(self):
        city = City()
        city.tell(call())
        key, aside = city.row(Kind.ACKNOWLEDGMENT).key, []
        record = city.ports.incidents.load(key.incident)
        rows = {known: row for known, row in record.rows.items() if known != key}
        city.ports.incidents.load = lambda _: replace(record, rows=rows, unread=frozenset({key}))
        city.ports.incidents.put_aside = lambda *told: aside.append(told)

        assert deliver_notification(key, city.ports, after(1)) is None
        assert aside == [(key, after(1) + ASIDE)]
        assert city.ports.notices[-1][0] is Notice.LEFT_OUT

    def test_a_row_that_can_not_be_read_is_not_made_again_by_the_next_update(self):
        city = City()
        city.tell(call())
        key = city.row(Kind.ACKNOWLEDGMENT).key
        load = city.ports.incidents.load

        def without_it(incident):
            record = load(incident)
            rows = {known: row for known, row in record.rows.items() if known != key}
            return replace(record, rows=rows, unread=frozenset({key}))

        city.ports.incidents.load = without_it
        receive_updates([update(after(0.5), "a", beat="612")], "wh", city.agency, city.ports, after(0.5))

        assert load(key.incident).version == 2
        assert key not in load(key.incident).rows

    def test_conflicts_that_never_end_bring_the_hint_back(self):
        city = City()
        city.tell(call())

        def always(row, claim):
            raise Conflict

        city.ports.incidents.claim = always
        with pytest.raises(Busy):
            deliver_notification(city.row(Kind.ACKNOWLEDGMENT).key, city.ports, after(1))

    def test_a_receipt_that_is_quicker_than_our_own_note_stands(self):
        city = City()
        city.tell(call())

        class Quick(MoodySender):
            def send(self, outgoing):
                sent = super().send(outgoing)
                row = city.row(Kind.ACKNOWLEDGMENT)
                city.ports.incidents.put(row.moved(State.DELIVERED, after(1)))
                return sent

        city.ports.senders = senders(Quick(), city.ports.email)
        assert deliver_notification(city.row(Kind.ACKNOWLEDGMENT).key, city.ports, after(1)) is State.DELIVERED


class TestWhere:
    def test_a_phone_that_is_a_landline_gets_an_email(self):
        city = City()
        city.ports.contacts.note_landline("springfield", PHONE, NOW)
        city.tell(call(parties={"1": caller(email="a@people.example")}))
        city.run_until(after(2))

        assert city.texts() == []
        assert [mail.address for mail in city.ports.email.outgoing] == ["a@people.example"]
        assert city.ports.email.outgoing[0].subject == "Springfield Police Department: your call P26-1"

    def test_who_stopped_emails_gets_none_instead(self):
        city = City()
        city.ports.contacts.note_landline("springfield", PHONE, NOW)
        city.ports.contacts.opt_out("springfield", "a@people.example", OptOutScope.ALL, NOW, "STOP")
        city.tell(call(parties={"1": caller(email="a@people.example")}))
        city.run_until(after(2))

        assert city.row(Kind.ACKNOWLEDGMENT).reason == Reason.OPTED_OUT

    def test_who_must_be_spared_at_one_address_is_spared_at_all_of_theirs(self):
        city = City()
        people = {"1": caller(None, email="a@people.example")}
        city.tell(update(NOW, "s", people, incident_number="P26-9", incident_type="DV"))
        city.tell(call(parties={"1": caller(email="a@people.example")}))
        city.run_until(after(2))

        assert city.row(Kind.ACKNOWLEDGMENT).reason == Reason.SILENCED

    def test_a_party_who_turns_out_to_share_a_phone_is_not_told_twice(self):
        city = City()
        city.tell(call(parties={"2": caller()}))
        city.run_until(after(2))
        city.tell(update(after(3), "x", parties={"1": caller()}))
        city.run_until(after(9))

        assert len(city.texts(PHONE)) == 1
        assert city.row(Kind.ACKNOWLEDGMENT, "1").reason == Reason.ALREADY_TOLD

    def test_the_message_lives_no_longer_than_it_is_worth(self):
        city = City()
        city.tell(call())
        city.run_until(after(1))

        assert city.ports.sms.outgoing[0].lives_for == 14 * 60

    def test_caps_hold_across_incidents(self):
        city = City(agency(caps=agency().caps.__class__(per_person_and_day=2)))
        for n in range(4):
            city.tell(call(incident_number=f"P26-{n}", at=after(2 * n)))
        city.run_until(after(29))

        assert len(city.texts(PHONE)) == 2

    def test_a_second_try_at_another_address_counts_there_too(self):
        city = City(agency(caps=agency().caps.__class__(per_person_and_day=1)))
        city.ports.sms = MoodySender(RETRY)
        city.ports.senders = senders(city.ports.sms, city.ports.email)
        city.tell(call(parties={"1": caller(email="pat@people.example")}))
        city.run_until(after(1.1))
        city.tell(update(after(1.2), "gone", {"1": {"phone": None}}))

        city.run_until(after(59))

        assert city.texts() == []
        assert len(city.ports.email.outgoing) == 1


class TestSurvey:
    def city(self, moods=None, **rules):
        rules = {"survey": agency().survey.__class__(link="https://t.ex/s", after=Duration(minutes=1)), **rules}
        city = City(agency(**rules))
        city.tell(call(), update(after(5), "a", arrived_at=after(5)), closed(10))
        if moods:
            city.run_until(after(10.5))
            city.ports.senders = senders(moods, city.ports.email)
        else:
            city.run_until(after(20))
        return city

    def test_a_survey_is_asked_with_a_link_of_its_own(self):
        city = self.city()

        text = next(text for text in city.texts() if "t.ex" in text)
        token = text.split("https://t.ex/s/")[1][:13]
        survey = city.ports.surveys.load(token_hash(token))
        assert (survey.notification, survey.asked_at) == (city.row(Kind.SURVEY).key, after(11))

    def test_a_survey_that_was_throttled_is_asked_a_little_later_with_the_same_link(self):
        moody = MoodySender()
        city = self.city(moods=moody)
        moody.moods = [RETRY]
        city.run_until(after(20))

        assert city.row(Kind.SURVEY).attempts == 2
        assert city.row(Kind.SURVEY).state is State.DELIVERED

    def test_who_answered_a_survey_that_may_not_have_gone_is_not_asked_again(self):
        moody = MoodySender()
        city = self.city(moods=moody)
        moody.moods = [LOST]
        city.run_until(after(12))
        token = survey_token(city.ports.survey_secret, city.row(Kind.SURVEY).key)
        answer_survey(token, {"overall": "5"}, "en", city.ports, after(13))

        city.run_until(None)

        assert (city.row(Kind.SURVEY).state, city.row(Kind.SURVEY).reason) == (State.DELIVERED, Reason.ANSWERED)
        assert not any("t.ex" in text for text in city.texts())

    def test_the_link_is_nowhere_in_our_tables(self):
        city = self.city()

        assert "? Tell us: https://t.ex/s/… Code " in city.row(Kind.SURVEY).body

    def test_nobody_is_asked_twice_in_30_days(self):
        city = self.city()
        later = [
            call(incident_number="P26-2", at=after(30)),
            update(after(31), "z", incident_number="P26-2", arrived_at=after(31)),
        ]
        city.tell(*later, update(after(32), "y", incident_number="P26-2", closed_at=after(32), dispositions=("HAN",)))
        city.run_until(None)

        assert city.row(Kind.SURVEY, number="P26-2").reason == Reason.CAP_SURVEYS

    def test_an_outcome_for_somebody_else_is_not_ours(self):
        city = self.city()

        assert city.texts(OTHER_PHONE) == []


def crowd(number):
    return {str(who): caller(fictional_phone(who)) for who in range(number)}


def test_a_call_that_waits_for_a_person_counts_for_its_alarm_each_time_it_is_looked_at():
    city = City()
    city.tell(call(parties=crowd(5)))
    city.run_until(after(10))

    held = [told for notice, told in city.ports.notices if notice is Notice.CALL_HELD]
    assert {told["notification"] for told in held} == {
        city.row(Kind.ACKNOWLEDGMENT, str(who)).key.id for who in range(5)
    }
    assert {told["agency"] for told in held} == {"springfield"}
    assert city.texts() == []


def test_a_call_that_waits_for_nobody_counts_for_no_alarm():
    city = City()
    city.tell(call(parties=crowd(4)))
    city.run_until(after(10))

    assert Notice.CALL_HELD not in {notice for notice, _ in city.ports.notices}
    assert len(city.texts()) == 4
