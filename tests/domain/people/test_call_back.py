"""Who should not be called back, or not without knowing something first."""

import pytest

from chalicelib.domain.incidents.update import Latch
from chalicelib.domain.people.call_back import KEEPS_OFF, caution
from chalicelib.domain.people.contact import Contact, OptOutScope
from chalicelib.domain.people.talk import Bar, Standing
from tests.factories import NOW, PHONE, after, agency, call, incident

CALL = incident(call())


def standing(*calls, **contact):
    return Standing(contact=Contact(**contact), calls=calls or (CALL,), phone=PHONE)


def test_nothing_speaks_against_a_usual_call():
    assert caution(standing(), agency(), NOW) is None


@pytest.mark.parametrize(
    ("theirs", "bar"),
    [
        (standing(unsafe=True), Bar.UNSAFE),
        (standing(silenced_until=after(9)), Bar.SILENCED),
        (standing(incident(call("DV"))), Bar.SENSITIVE),
        (standing(CALL, incident(call("DV"))), Bar.SENSITIVE),
        (standing(incident(call(latches=frozenset({Latch.JUVENILE})))), Bar.JUVENILE),
        (Standing(contact=Contact()), Bar.NO_CALL),
    ],
)
def test_somebody_who_may_not_hear_from_us_is_not_called(theirs, bar):
    assert caution(theirs, agency(), NOW) is bar
    assert bar in KEEPS_OFF


def test_stop_is_about_texts_and_is_only_said():
    assert caution(standing(opted_out=OptOutScope.ALL), agency(), NOW) is Bar.STOPPED
    assert Bar.STOPPED not in KEEPS_OFF


def test_the_gravest_comes_first():
    both = standing(unsafe=True, opted_out=OptOutScope.ALL, silenced_until=after(9))

    assert caution(both, agency(), NOW) is Bar.UNSAFE


def test_a_silence_that_is_over_keeps_nobody_off():
    assert caution(standing(silenced_until=after(-1)), agency(), NOW) is None
