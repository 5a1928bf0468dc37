"""A provider that is busy, or breaks off, on the running city.

How long a text is put off, the domain's tests prove; here it need not wait.
"""

from datetime import timedelta

import pytest

from chalicelib.aws.tables import incident_pk, instant, notification_sk
from chalicelib.domain.names import IncidentKey, Kind
from tests.waiting import wait_until
from tests.whole.people import Caller, OfLongDelays, now, web


@pytest.fixture
def caller(stack):
    return Caller(stack)


def rows(inside, caller):
    """Return the caller's notifications by kind."""
    record = inside.aws.incidents.load(IncidentKey(caller.agency_id, caller.number))
    return {key.kind: row for key, row in record.rows.items()}


def test_a_throttled_survey_is_asked_a_little_later(stack, inside, caller):
    """A survey that is tried again is looked up first, which takes a permission of its own."""
    caller.call()
    caller.hears("we have your call")
    caller.tell(arrived_at=now(), closed_at=now(), dispositions=["HAN"])
    caller.hears("have finished with your call")
    web.post(f"{stack.carrier}/behaviour", json={caller.phone: "throttle", "times": 1}).raise_for_status()

    caller.hears_without_the_wait(inside, Kind.SURVEY, "how did we do")

    assert rows(inside, caller)[Kind.SURVEY].attempts == 2


def test_a_throttled_text_is_sent_a_little_later(stack, inside, caller):
    web.post(f"{stack.carrier}/behaviour", json={caller.phone: "throttle", "times": 1}).raise_for_status()
    caller.call()

    caller.hears_without_the_wait(inside, Kind.ACKNOWLEDGMENT, "we have your call")

    assert rows(inside, caller)[Kind.ACKNOWLEDGMENT].attempts == 2


def test_an_answer_that_breaks_off_is_settled_by_the_receipt(stack, inside, caller):
    web.post(f"{stack.carrier}/behaviour", json={caller.phone: "accept_then_drop", "times": 1}).raise_for_status()
    caller.call()
    caller.hears("we have your call")

    assert wait_until(lambda: rows(inside, caller)[Kind.ACKNOWLEDGMENT].state == "delivered")
    steps = [step.state for step in rows(inside, caller)[Kind.ACKNOWLEDGMENT].steps]
    assert steps[0] == "sending"
    assert steps[-1] == "delivered"
    assert caller.times("we have your call") == 1


def test_a_text_that_the_carrier_blocks_is_counted(stack, inside):
    """Of an agency of its own: what else goes through lets the count fall again."""
    caller = OfLongDelays(stack, inside)
    web.post(f"{stack.carrier}/behaviour", json={caller.phone: "block"}).raise_for_status()
    caller.call()

    assert wait_until(lambda: rows(inside, caller)[Kind.ACKNOWLEDGMENT].state == "undelivered")
    assert wait_until(lambda: inside.aws.settings.waves(caller.agency_id))
    (wave,) = inside.aws.settings.waves(caller.agency_id).values()
    assert (wave.blocked, wave.until) == (1, None)


def test_a_row_that_can_not_be_read_is_put_aside(stack, inside):
    caller = OfLongDelays(stack, inside)
    caller.call()
    row, items = rows(inside, caller)[Kind.DELAY], inside.aws.incidents._items
    place = items(incident_pk(row.key.incident), notification_sk(row.key))
    place.update([items.document.set("{"), items.send_at.set(instant(now()))])
    aside = instant(now() + timedelta(minutes=10))

    def is_aside():
        inside.sweep()
        place.refresh(consistent_read=True)
        return place.send_at > aside

    assert wait_until(is_aside, every=2)
    assert place.document == "{"
    place.delete()
