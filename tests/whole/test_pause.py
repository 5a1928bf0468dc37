"""The brake, by the command, on the running city."""

import pytest

from chalicelib.domain.names import IncidentKey
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


@pytest.mark.long
def test_a_pause_holds_from_the_next_second_and_what_waited_goes_when_it_is_lifted(inside, caller):
    settings("pause", "--incident", caller.number, "--reason", "wrong words")
    caller.call()

    def held():
        record = inside.aws.incidents.load(IncidentKey("springfield", caller.number))
        return any(row.reason == Reason.PAUSED for row in record.rows.values())

    assert wait_until(held)
    assert caller.texts() == []
    settings("resume", "--incident", caller.number)
    caller.hears_by_the_sweep(inside, "we have your call")
