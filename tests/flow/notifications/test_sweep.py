import pytest

from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.notification import State
from chalicelib.flow.notifications.sweep import BATCH, sweep_due
from chalicelib.ports.errors import QueueUnavailable
from chalicelib.virtual.fiction import fictional_phone
from chalicelib.virtual.world import MemoryQueue
from tests.factories import after, call, caller
from tests.flow.city import City


def drained(city):
    while city.ports.queue.next_due():
        city.ports.queue.take()
    return city


def test_a_sweep_finds_what_the_queue_forgot():
    city = City()
    city.tell(call())
    drained(city)
    city.ports.tell_time(after(2))

    assert sweep_due(city.ports, after(2)) == 1
    assert city.ports.queue.take().kind is Kind.ACKNOWLEDGMENT


def test_it_looks_two_minutes_ahead_and_hints_to_the_second():
    city = City()
    city.tell(call())
    city.run_until(after(5))
    drained(city)

    city.ports.tell_time(after(27))
    assert sweep_due(city.ports, after(27)) == 0

    city.ports.tell_time(after(28))
    assert sweep_due(city.ports, after(28)) == 1
    assert city.ports.queue.next_due() == after(30)


def test_what_it_hints_twice_is_sent_once():
    city = City()
    city.tell(call())
    for _ in range(3):
        sweep_due(city.ports, after(0.5))
    city.run_until(after(2))

    assert len(city.texts()) == 1


def test_its_cost_is_what_is_due_not_what_is_open():
    city = City()
    for n in range(300):
        city.tell(call(incident_number=f"P26-{n}", at=after(n)))
    city.run_until(None)

    assert sweep_due(city.ports, after(9999)) == 0
    assert city.row(Kind.DELAY, number="P26-299").state in (State.DELIVERED, State.SUPPRESSED)


def test_a_batch_that_the_queue_does_not_take_keeps_no_other_from_it():
    class Choosy(MemoryQueue):
        refused = 0

        def hint(self, hints):
            if not self.refused:
                self.refused += 1
                raise QueueUnavailable
            super().hint(hints)

    city = City()
    for n in range(BATCH + 5):
        city.tell(call(incident_number=f"P26-{n}", parties={"1": caller(fictional_phone(n))}))
    city.ports.queue = Choosy()
    city.ports.tell_time(after(0.5))

    with pytest.raises(QueueUnavailable):
        sweep_due(city.ports, after(0.5))
    assert city.ports.queue.next_due() is not None
