"""The brake, by the command, on the running city."""

import pytest

from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.reasons import Reason
from tests.command import tenfour_in_the_city as tenfour
from tests.waiting import wait_until
from tests.whole.people import Caller


def settings(*words):
    done = tenfour("settings", *words)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def caller(stack):
    return Caller(stack)


def test_a_pause_holds_from_the_next_second_and_what_waited_goes_when_it_is_lifted(inside, caller):
    """It is looked at again each minute, which `test_permit.py` proves; this minute is cut short."""
    settings("pause", "--incident", caller.number, "--reason", "wrong words")
    caller.call()

    assert wait_until(lambda: caller.put_off(inside, Kind.ACKNOWLEDGMENT))
    assert caller.put_off(inside, Kind.ACKNOWLEDGMENT).reason == Reason.PAUSED
    assert caller.texts() == []
    settings("resume", "--incident", caller.number)
    caller.hears_without_the_wait(inside, Kind.ACKNOWLEDGMENT, "we have your call")
