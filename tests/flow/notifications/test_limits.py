"""A provider that is down is not hammered and recovers by itself; over the budget, what matters most goes first."""

from datetime import timedelta
from itertools import pairwise

import pytest

from chalicelib.domain.names import Kind, NotificationKey
from chalicelib.domain.notifications.breaker import FIRST_PAUSE, LONGEST_PAUSE, MOST_FAILURES
from chalicelib.domain.notifications.notification import State
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.domain.notifications.receipt import Receipt
from chalicelib.domain.notifications.wave import MOST_BLOCKED
from chalicelib.domain.settings.budget import Budget
from chalicelib.domain.settings.providers import Providers
from chalicelib.flow.notifications.record_receipt import take_receipt
from chalicelib.ports.carrier import SendFailed
from chalicelib.ports.errors import Conflict
from chalicelib.ports.notices import Notice
from chalicelib.virtual.world import MemorySender
from tests.factories import NOW, after, agency, call, caller, update
from tests.flow.city import City

BOTH = Providers(sms=("end_user_messaging", "twilio"))


class Outage(MemorySender):
    """A provider that answers nothing until it is back, and keeps when it was called."""

    def __init__(self, city, until, outcome="retry"):
        super().__init__()
        self.city, self.until, self.outcome, self.called = city, until, outcome, []

    def send(self, outgoing):
        now = self.city.ports.queue.now
        self.called.append(now)
        if now < self.until:
            raise SendFailed(self.outcome, "down")
        return super().send(outgoing)


def phone(number):
    return {"1": caller(f"+130355501{number % 100:02}")}


def outage(calls, until, outcome="retry", **rules):
    """Return a city in which a provider is down until then, with so many calls, two seconds apart, from the start."""
    city = City(agency(**rules))
    city.first, city.second = Outage(city, until, outcome), Outage(city, NOW)
    city.ports.senders = {"end_user_messaging": city.first, "twilio": city.second, "ses": city.ports.email}
    for number in range(calls):
        at = after(seconds=2 * number)
        city.tell(call(incident_number=f"P26-{number}", parties=phone(number), at=at))
    return city


def rows(city, kind=Kind.ACKNOWLEDGMENT):
    found = (record.rows.values() for record in city.ports.incidents.records())
    return [row for of_one in found for row in of_one if row.key.kind is kind]


class TestAProviderThatIsDown:
    def test_is_called_a_few_times_and_everybody_gets_the_text_once_it_is_back(self):
        city = outage(40, until=after(8))
        city.run_until(after(20))

        down = [at for at in city.first.called if at < after(8)]
        assert len(down) <= MOST_FAILURES + 8, "40 people, 8 minutes"
        assert {row.state for row in rows(city)} == {State.DELIVERED}
        assert len(city.first.outgoing) == 40
        assert max(row.attempts for row in rows(city)) <= 3
        assert max(row.sent_at for row in rows(city)) < after(8) + LONGEST_PAUSE + timedelta(minutes=1)

    def test_is_told_to_people_each_time_it_is_given_up(self):
        city = outage(40, until=after(3))
        city.run_until(after(20))

        told = [ids for notice, ids in city.ports.notices if notice is Notice.PROVIDER_DOWN]
        assert told
        assert set(map(tuple, (one.items() for one in told))) == {
            (("agency", "springfield"), ("provider", "end_user_messaging"))
        }

    def test_says_so_in_the_row_and_takes_no_attempt_from_it(self):
        city = outage(MOST_FAILURES + 1, until=after(60))
        city.run_until(after(1.5))

        waits = [row for row in rows(city) if row.reason == Reason.PROVIDER_DOWN]
        assert [row.attempts for row in waits if row.key.incident_number == f"P26-{MOST_FAILURES}"] == [0]

    def test_is_passed_over_where_there_is_another(self):
        city = outage(40, until=after(60), providers=BOTH)
        city.run_until(after(5))

        assert len(city.second.outgoing) == 40
        assert MOST_FAILURES <= len(city.first.called) <= MOST_FAILURES + 4
        assert {row.attempts for row in rows(city)} == {1}

    def test_is_preferred_again_once_it_is_back(self):
        city = outage(20, until=after(1), providers=BOTH)
        city.run_until(after(30))
        city.tell(call(incident_number="P26-99", parties=phone(99), at=after(31)))
        city.run_until(after(33))

        assert city.row(Kind.ACKNOWLEDGMENT, number="P26-99").provider == "end_user_messaging"
        assert city.ports.settings.conditions("springfield").breakers == {}

    def test_leaves_nobody_a_stale_text(self):
        city = outage(10, until=after(90))
        city.run_until(after(60))

        assert {(row.state, row.reason) for row in rows(city)} <= {
            (State.SUPPRESSED, Reason.PROVIDER_DOWN),
            (State.FAILED, "down"),
            (State.SUPPRESSED, Reason.EXPIRED),
        }
        assert city.first.outgoing == []

    def test_that_leaves_everything_in_doubt_is_left_alone_too(self):
        city = outage(40, until=after(60), outcome="ambiguous")
        city.run_until(after(3))

        assert len(city.first.called) <= MOST_FAILURES + 3

    def test_is_not_down_because_it_refuses_one_person(self):
        city = outage(20, until=after(60), outcome="permanent")
        city.run_until(after(3))

        assert len(city.first.called) == 20

    def test_is_tried_by_one_message_alone(self):
        city = outage(MOST_FAILURES + 20, until=after(60))
        city.run_until(after(4))

        tries = [at for at in city.first.called if at > after(seconds=2 * MOST_FAILURES + 60)]
        assert all(later - at >= FIRST_PAUSE for at, later in pairwise(tries))

    def test_somebody_elses_try_is_not_another_ones(self):
        city = outage(MOST_FAILURES, until=after(60))
        city.run_until(after(1, seconds=10))
        writes, note = [], city.ports.settings.note_breakers

        def quicker(agency_id, before, now):
            if not writes:
                writes.append(now)
                note(agency_id, before, now)
                raise Conflict
            note(agency_id, before, now)

        city.ports.settings.note_breakers = quicker
        called = len(city.first.called)
        waits = [row for row in rows(city) if row.state is State.SCHEDULED]
        city.run_until(min(row.send_at for row in waits))

        assert len(city.first.called) == called


def storm(budget, minutes=15, **told):
    """Return a city that one storm has hit: surveys of yesterday's calls are due with today's acknowledgments."""
    city = City(agency(budget=budget, hours={}, acknowledgment=agency().acknowledgment))
    for number in range(60):
        name = f"P26-{number}"
        city.tell(call(incident_number=name, parties=phone(number), at=NOW - timedelta(days=1)), source=f"a{number}")
    city.run_until(NOW - timedelta(hours=20))
    for number in range(60):
        closed = update(
            NOW - timedelta(hours=18),
            incident_number=f"P26-{number}",
            arrived_at=NOW - timedelta(hours=19),
            closed_at=NOW - timedelta(hours=18),
            dispositions=("HAN",),
        )
        city.tell(closed, at=NOW - timedelta(hours=18), source=f"b{number}")
    city.run_until(NOW - timedelta(minutes=1))
    for number in range(60):
        fresh = call(incident_number=f"P26-S{number}", parties=phone(number), at=NOW - timedelta(seconds=60), **told)
        city.tell(fresh, at=NOW - timedelta(seconds=60), source=f"s{number}")
    city.run_until(after(minutes))
    return city


@pytest.fixture(scope="module")
def short_of_texts():
    return storm(Budget(messages_per_minute=10), minutes=14)


class TestABudget:
    def test_of_messages_a_minute_lets_acknowledgments_go_before_surveys(self, short_of_texts):
        city = short_of_texts
        acknowledged = [row for row in rows(city) if row.key.incident_number.startswith("P26-S")]
        asked = [row for row in rows(city, Kind.SURVEY) if row.sent_at]

        assert {row.state for row in acknowledged} == {State.DELIVERED}
        assert max(row.sent_at for row in acknowledged) <= after(10)
        assert asked, "surveys went too, by what was left"

    def test_is_never_exceeded(self, short_of_texts):
        city = short_of_texts
        sent = [row.sent_at for kind in Kind for row in rows(city, kind) if row.sent_at]
        minutes = [at.replace(second=0, microsecond=0) for at in sent]

        assert max(map(minutes.count, set(minutes))) == 10

    def test_says_so_by_an_alarm_and_in_the_row(self, short_of_texts):
        city = short_of_texts
        told = [ids for notice, ids in city.ports.notices if notice is Notice.OVER_BUDGET]

        assert {one["agency"] for one in told} == {"springfield"}
        held = {step.reason for row in rows(city) for step in row.steps}
        assert Reason.OVER_BUDGET in held

    def test_that_is_used_up_lets_texts_expire_rather_than_arrive_stale(self):
        city = City(agency(budget=Budget(segments_per_day=1)))
        for number in range(3):
            city.tell(call(incident_number=f"P26-{number}", parties=phone(number), at=NOW), source=f"w{number}")
        city.run_until(after(60))

        states = sorted((row.state, row.reason) for row in rows(city))
        assert states == [(State.DELIVERED, ""), *[(State.SUPPRESSED, Reason.OVER_BUDGET)] * 2]

    def test_does_not_count_emails(self):
        city = City(agency(budget=Budget(segments_per_day=1)))
        for number in range(3):
            reached = {"1": {"email": f"person{number}@people.example"}}
            city.tell(call(incident_number=f"P26-{number}", parties=reached, at=NOW), source=f"w{number}")
        city.run_until(after(5))

        assert len(city.ports.email.outgoing) == 3

    def test_counts_nothing_in_shadow(self):
        city = City(agency(mode="shadow", budget=Budget(segments_per_day=1)))
        city.tell(call())
        city.run_until(after(5))

        assert city.ports.settings.spent("springfield").day == 0


class TestACarrierThatBlocks:
    """Every text of an unregistered number is taken, blocked and paid for: E4."""

    def wave(self, calls, blocked_until, **rules):
        """Return a city after a text a minute, each taken and, until then, blocked by the carrier seconds later."""
        city = City(agency(**rules))
        city.first, city.second = MemorySender(), MemorySender()
        city.ports.senders = {"end_user_messaging": city.first, "twilio": city.second, "ses": city.ports.email}
        for number in range(calls):
            city.tell(call(incident_number=f"P26-{number}", parties=phone(number), at=after(number)))
            told = 0
            while told < len(city.first.outgoing):
                told += self.tell_of(city, city.first.outgoing[told:], after(number), blocked_until)
        return city

    def tell_of(self, city, outgoing, at, blocked_until):
        for one in outgoing:
            passed = at >= blocked_until
            state = State.DELIVERED if passed else State.UNDELIVERED
            about = {"notification": NotificationKey.from_id(one.id), "reference": "", "provider": "end_user_messaging"}
            take_receipt(Receipt(state=state, reason="carrier_blocked", at=at, carried=passed, **about), city.ports)
        return len(outgoing)

    def test_is_paid_for_a_few_times_an_hour_and_told_to_people(self):
        city = self.wave(60, blocked_until=after(999))
        told = {tuple(ids.values()) for notice, ids in city.ports.notices if notice is Notice.TEXTS_BLOCKED}

        assert MOST_BLOCKED <= len(city.first.outgoing) <= MOST_BLOCKED + 4
        assert told == {("springfield", "end_user_messaging", "carrier_blocked")}
        assert Reason.TEXTS_BLOCKED in {row.reason for row in rows(city)}

    def test_is_passed_over_where_there_is_another_provider(self):
        city = self.wave(30, blocked_until=after(999), providers=BOTH)

        assert len(city.first.outgoing) <= MOST_BLOCKED + 3
        assert len(city.first.outgoing) + len(city.second.outgoing) >= 29

    def test_gets_all_texts_again_soon_after_it_lets_one_through(self):
        city = self.wave(60, blocked_until=after(20))
        last = [city.row(Kind.ACKNOWLEDGMENT, number=f"P26-{number}") for number in range(45, 59)]

        assert {row.state for row in last} == {State.DELIVERED}
        assert city.ports.settings.waves("springfield") == {}

    def test_goes_to_everybody_who_waited_once_a_text_gets_through(self):
        """Acknowledgments live a quarter of an hour: one text a pause would let the others expire."""
        passes, calls = after(MOST_BLOCKED + 1), MOST_BLOCKED + 6
        city = self.wave(calls, blocked_until=passes)
        for minute in range(calls, 30):
            told = len(city.first.outgoing)
            city.run_until(after(minute))
            self.tell_of(city, city.first.outgoing[told:], after(minute), passes)
        waited = [city.row(Kind.ACKNOWLEDGMENT, number=f"P26-{number}") for number in range(MOST_BLOCKED, calls)]

        assert {row.state for row in waited} == {State.DELIVERED}
