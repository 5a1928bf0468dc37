"""A message that a person cancelled never goes, whatever dispatch says and whatever the plan wants afterwards."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.domain.names import IncidentKey, Kind
from chalicelib.domain.notifications.notification import MOVES, State
from chalicelib.domain.notifications.plan import Planned
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.domain.notifications.reconcile import reconcile
from chalicelib.flow.incidents.receive import receive_updates
from chalicelib.flow.notifications.cancel import TooLate, cancel_one
from chalicelib.ports.errors import Conflict
from chalicelib.virtual.clock import VirtualCity
from tests.factories import NOW, agency, call, caller, row, update

KEY = IncidentKey("springfield", "P26-1")
CANCELLED = (State.SUPPRESSED, Reason.CANCELLED_BY_PERSON)


def city():
    """Return a city in which a call's first message waits."""
    made = VirtualCity(agency())
    made.ports.tell_time(NOW)
    receive_updates([call()], "a", made.agency, made.ports, NOW)
    return made


def waiting(made):
    return next(one for one in made.ports.incidents.load(KEY).rows.values() if one.state is State.SCHEDULED)


def row_of(made, key):
    return made.ports.incidents.load(KEY).rows[key]


NEWS = st.lists(
    st.sampled_from(
        [
            {"dispatched_at": NOW},
            {"arrived_at": NOW},
            {"closed_at": NOW},
            {"closed_at": None},
            {"cancelled_at": NOW},
            {"cancelled_at": None},
            {"incident_type": "ALARM"},
            {"incident_type": "NOISE"},
            {"priority": "1"},
            {"parties": {"1": caller("+13035550177")}},
            {"parties": {"2": caller("+13035550188")}},
        ]
    ),
    max_size=6,
)


@settings(deadline=None, max_examples=40)
@given(NEWS, st.integers(0, 20))
def test_it_stays_cancelled_whatever_dispatch_says_then(news, minutes):
    made = city()
    key = waiting(made).key
    cancel_one(key, made.ports, NOW)
    at = NOW
    for number, told in enumerate(news):
        at += timedelta(minutes=minutes, seconds=1)
        made.ports.tell_time(at)
        receive_updates([update(at, f"n{number}", **told)], f"w{number}", made.agency, made.ports, at)
    made.run_until(at + timedelta(days=2))

    found = row_of(made, key)
    assert (found.state, found.reason, found.sent_at) == (*CANCELLED, None)
    assert sum(one.kind is key.kind and one.recipient == "1" for one in made.ports.incidents.load(KEY).rows) == 1


@given(st.sampled_from(Kind), st.booleans())
def test_no_plan_moves_it_again(kind, wanted):
    gone = row(kind).moved(State.SUPPRESSED, NOW, Reason.CANCELLED_BY_PERSON)
    same = ("key", "channel", "address", "addresses", "variant", "send_at", "expires_at")
    plan = Planned(**{name: getattr(gone, name) for name in same})
    after = reconcile({gone.key: gone}, [plan] if wanted else [], agency(), NOW)

    assert after.changed == ()
    assert MOVES[gone.state] == frozenset()


@pytest.mark.parametrize("state", sorted(set(State) - {State.SCHEDULED}))
def test_what_waits_no_more_is_left_as_it_is_and_said(state):
    made = city()
    one = waiting(made)
    put = made.ports.incidents.put(replace(one, state=state))

    with pytest.raises(TooLate) as late:
        cancel_one(one.key, made.ports, NOW)
    assert late.value.state == state
    assert row_of(made, one.key) == put


def test_a_worker_that_claims_it_at_the_same_moment_wins_and_the_person_is_told():
    made = city()
    one = waiting(made)
    put = made.ports.incidents.put

    def claimed_first(wanted, attention):
        made.ports.incidents.put = put
        put(one.moved(State.SENDING, NOW))
        raise Conflict

    made.ports.incidents.put = claimed_first
    with pytest.raises(TooLate, match="sending"):
        cancel_one(one.key, made.ports, NOW)


def test_of_no_message_it_says_so():
    made = city()

    with pytest.raises(LookupError):
        cancel_one(replace(waiting(made).key, recipient="9"), made.ports, NOW)
