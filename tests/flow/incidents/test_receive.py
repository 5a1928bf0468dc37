from datetime import timedelta

import pytest

from chalicelib.domain.names import IncidentKey, Kind
from chalicelib.domain.notifications.notification import State
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.domain.settings.judgements import Judgements
from chalicelib.flow.incidents.receive import MOST_TRIES, receive_updates
from chalicelib.flow.notifications.hints import leave_hints
from chalicelib.ports.errors import Busy, Conflict, QueueUnavailable
from chalicelib.ports.queue import Hint
from chalicelib.virtual.fiction import fictional_phone
from tests.factories import NOW, OTHER_PHONE, PHONE, after, agency, call, caller, judged, row, update
from tests.flow.city import City, ports

KEY = IncidentKey("springfield", "P26-1")


def receive(world, *updates, source="wh-1", now=NOW):
    return receive_updates(updates, source, agency(), world, now)


def test_an_update_becomes_an_incident_with_its_notifications():
    world = ports()

    received = receive(world, call())

    record = world.incidents.load(KEY)
    assert (received.accepted, received.duplicates) == (1, 0)
    assert record.incident.facts.incident_type == "NOISE"
    assert {key.kind for key in record.rows} == {Kind.ACKNOWLEDGMENT, Kind.DELAY}
    assert {item.kind for item in record.skipped} == {Kind.DISPATCHED, Kind.OUTCOME, Kind.CASE_NUMBER, Kind.SURVEY}


def test_a_repeated_webhook_changes_nothing():
    world = ports()
    receive(world, call())
    before = world.incidents.load(KEY)

    received = receive(world, call())

    assert (received.accepted, received.duplicates) == (0, 1)
    assert world.incidents.load(KEY) is before


def test_the_same_word_under_a_new_id_is_a_duplicate():
    world = ports()
    receive(world, update(NOW, "a", incident_type="NOISE"))

    received = receive(world, update(NOW, "b", incident_type="NOISE"))

    assert (received.accepted, received.duplicates) == (0, 1)


def test_updates_of_several_incidents_are_written_each_by_itself():
    world = ports()

    received = receive(world, call(), call(incident_number="P26-2"), update(after(1), "x", beat="612"))

    assert received.accepted == 3
    assert world.incidents.load(KEY).version == 1
    assert world.incidents.load(IncidentKey("springfield", "P26-2")).version == 1


def test_a_rejected_update_is_neither_news_nor_a_duplicate_but_its_words_silence():
    world = ports()

    received = receive(world, call(), update(NOW, "wh-1:001", incident_type="DV", rejected=True))

    assert (received.accepted, received.duplicates) == (1, 0)
    assert {item.reason for item in world.incidents.load(KEY).skipped} == {Reason.SENSITIVE}


def test_nothing_is_stored_of_a_rejected_update_that_would_stop_no_text():
    world = ports()

    receive(world, update(NOW, "wh-1:000", beat="612", rejected=True))

    assert world.incidents.load(KEY).version == 0


@pytest.mark.parametrize(
    ("verdicts", "reason"),
    [
        ([], Reason.NOT_JUDGED),
        (["never"], Reason.TYPE_NEVER),
        (["sensitive"], Reason.SENSITIVE),
        (["after_close"], Reason.AFTER_CLOSE_ONLY),
    ],
)
def test_a_word_of_a_rejected_update_holds_as_the_agency_judged_it(verdicts, reason):
    of_word = [judged("type_modifier", "BLUE DOOR", "", *verdicts)] if verdicts else []
    rules = agency(judgements=Judgements((judged("incident_type", "NOISE", "Noise"), *of_word)))
    world = ports()

    receive_updates([call()], "wh-1", rules, world, NOW)
    receive_updates([update(NOW, "wh-2", type_modifier="BLUE DOOR", rejected=True)], "wh-2", rules, world, NOW)

    (skipped,) = (item for item in world.incidents.load(KEY).skipped if item.kind is Kind.ACKNOWLEDGMENT)
    assert skipped.reason is reason


def test_what_fails_for_one_incident_spares_the_others():
    class Failing:
        def __init__(self, incidents):
            self.incidents, self.save = incidents, incidents.save

        def load(self, key):
            if key == KEY:
                raise RuntimeError
            return self.incidents.load(key)

    world = ports()
    incidents, world.incidents = world.incidents, Failing(world.incidents)

    with pytest.raises(RuntimeError):
        receive(world, call(), call(incident_number="P26-2"))
    assert incidents.load(IncidentKey("springfield", "P26-2")).version == 1


def test_what_is_due_soon_is_hinted_and_the_rest_is_the_sweeps():
    world = ports()

    receive(world, call())

    assert world.queue.next_due() == after(1)
    world.queue.take()
    assert world.queue.next_due() is None


@pytest.mark.parametrize(
    ("seconds", "delay"), [(-5, 0), (0, 0), (0.2, 1), (20, 20), (20.001, 21), (180, 180), (180.5, None)]
)
def test_a_hint_is_never_early(seconds, delay):
    class Left(list):
        def hint(self, hints):
            self.extend(hints)

    due, queue = row(send_at=NOW + timedelta(seconds=seconds)), Left()

    leave_hints([due], queue, NOW)

    assert queue == ([] if delay is None else [Hint(due.key, delay)])


def test_a_lost_hint_is_counted_and_loses_nothing_else():
    class DeadQueue:
        def hint(self, hints):
            raise QueueUnavailable

    world = ports(queue=DeadQueue())

    received = receive(world, call())

    assert (received.accepted, received.hints_lost) == (1, 1)
    assert world.incidents.load(KEY).rows


class Contended:
    """Incidents that somebody else writes to first, so many times."""

    def __init__(self, incidents, times):
        self.incidents, self.times = incidents, times

    def load(self, key):
        return self.incidents.load(key)

    def save(self, change):
        self.times -= 1
        if self.times >= 0:
            raise Conflict
        self.incidents.save(change)


def test_a_webhook_with_the_settings_of_a_minute_ago_takes_nothing_back_that_later_ones_planned():
    city = City(agency(version=3))
    city.tell(call())
    city.agency = agency(version=2, judgements=Judgements())

    city.tell(update(after(0.5), "u2", dispatched_at=after(0.5)))

    assert city.row(Kind.ACKNOWLEDGMENT).state is State.SCHEDULED
    assert city.ports.incidents.load(city.row(Kind.ACKNOWLEDGMENT).key.incident).settings_version == 3


def test_what_was_overtaken_is_read_and_planned_again():
    world = ports()
    world.incidents = Contended(world.incidents, 3)

    assert receive(world, call()).accepted == 1


def test_conflicts_that_never_end_are_the_callers_to_repeat():
    world = ports()
    world.incidents = Contended(world.incidents, MOST_TRIES)

    with pytest.raises(Busy):
        receive(world, call())


def test_a_sensitive_incident_silences_every_address_that_was_ever_on_it_for_90_days():
    world = ports()
    receive(world, call(), now=NOW)
    receive(world, update(after(1), "fix", parties={"1": caller(OTHER_PHONE, email="a@people.example")}))

    receive(world, update(after(2), "bad", incident_type="DV"))

    for address in (PHONE, OTHER_PHONE, "a@people.example"):
        contact = world.contacts.load("springfield", address, NOW.date())
        assert contact.silenced_until == after(2) + timedelta(days=90)


def test_the_silence_does_not_depend_on_the_order():
    told = [
        call(),
        update(after(1), "fix", parties={"1": caller(OTHER_PHONE)}),
        update(after(2), "bad", incident_type="DV"),
    ]
    silenced = []
    for order in (told, told[::-1], [told[1], told[2], told[0]]):
        world = ports()
        for each in order:
            receive(world, each)
        silenced.append(
            [world.contacts.load("springfield", phone, NOW.date()).silenced_until for phone in (PHONE, OTHER_PHONE)]
        )

    assert silenced == [[after(2) + timedelta(days=90)] * 2] * 3


def test_ten_people_get_a_hint_each():
    world = ports()
    crowd = {str(n): caller(fictional_phone(n)) for n in range(4)}

    receive(world, call(parties=crowd))

    hinted = [world.queue.take().recipient for _ in range(4)]
    assert sorted(hinted) == sorted(crowd)


def test_snapshots_that_are_read_every_five_seconds_are_written_where_they_changed():
    world, numbers = ports(), [f"P26-{number}" for number in range(20)]
    reads = [NOW + timedelta(seconds=second) for second in range(0, 3600, 5)]
    accepted = duplicates = 0

    for at in reads:
        there = {number for place, number in enumerate(numbers) if at >= after(10 + place)}
        snapshots = [
            update(at, "", incident_number=number, as_of_now=True, received_at=NOW, incident_type="NOISE")
            if number not in there
            else update(
                at,
                "",
                incident_number=number,
                as_of_now=True,
                received_at=NOW,
                incident_type="NOISE",
                arrived_at=at,
                first_seen=frozenset({"arrived_at"}),
            )
            for number in numbers
        ]
        received = receive(world, *snapshots, source=f"wh-{at:%H%M%S}", now=at)
        accepted, duplicates = accepted + received.accepted, duplicates + received.duplicates

    assert (accepted, duplicates) == (20 + 20, 20 * len(reads) - 40)
    assert [
        world.incidents.load(IncidentKey("springfield", number)).incident.facts.arrived_at for number in numbers
    ] == [after(10 + place) for place in range(20)]
    late = receive(world, update(after(12), "", priority="2"), update(after(59), "", as_of_now=True, arrived_at=None))
    assert late.accepted == 2
