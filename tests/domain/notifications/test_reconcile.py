from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.notification import State
from chalicelib.domain.notifications.plan import Planned, plan
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.domain.notifications.reconcile import reconcile
from tests.factories import NOW, OTHER_PHONE, after, agency, call, caller, incident, update
from tests.strategies import updates


def settle(rows, merged, now=NOW, rules=None):
    """Return the rows after a plan was carried out, and the reasons for what was skipped."""
    rules = rules or agency()
    result = reconcile(rows, plan(merged, rules), rules, now)
    changed = {row.key: row for row in result.changed}
    return {**rows, **changed}, {(item.kind, item.recipient): item.reason for item in result.skipped}


def of(rows, kind):
    return next(row for row in rows.values() if row.key.kind is kind)


def put(rows, row):
    return {**rows, row.key: row}


@given(st.lists(updates, max_size=4), st.integers(0, 2000))
def test_what_is_reconciled_once_needs_nothing_more(told, minutes):
    rules, now = agency(), NOW + timedelta(minutes=minutes)
    decisions = plan(incident(*told), rules)
    rows = {row.key: row for row in reconcile({}, decisions, rules, now).changed}

    assert reconcile(rows, decisions, rules, now).changed == ()


@given(st.lists(updates, max_size=4))
def test_every_decision_is_a_row_or_a_reason(told):
    rules = agency()
    decisions = plan(incident(*told), rules)
    result = reconcile({}, decisions, rules, NOW)

    rows = {(row.key.kind, row.key.recipient, row.key.ordinal) for row in result.changed}
    skipped = {(item.kind, item.recipient, item.ordinal) for item in result.skipped}
    for item in decisions:
        name = item.key if isinstance(item, Planned) else item
        assert (name.kind, name.recipient, name.ordinal) in rows | skipped


def test_what_is_wanted_gets_a_row():
    rows, _ = settle({}, incident(call()))

    assert {row.key.kind for row in rows.values()} == {Kind.ACKNOWLEDGMENT, Kind.DELAY}
    assert {row.state for row in rows.values()} == {State.SCHEDULED}


def test_what_is_no_longer_wanted_is_cancelled_with_the_reason():
    rows, _ = settle({}, incident(call()))

    rows, _ = settle(rows, incident(call(), update(after(9), "a", arrived_at=after(9))))

    assert (of(rows, Kind.DELAY).state, of(rows, Kind.DELAY).reason) == (State.CANCELLED, Reason.ARRIVED)


def test_what_is_wanted_again_and_never_went_is_scheduled_again():
    rows, _ = settle({}, incident(call()))
    arrived = update(after(9), "a", arrived_at=after(9))
    rows, _ = settle(rows, incident(call(), arrived))

    rows, _ = settle(rows, incident(call(), arrived, update(after(10), "b", arrived_at=None)))

    assert (of(rows, Kind.DELAY).state, of(rows, Kind.DELAY).send_at) == (State.SCHEDULED, after(30))


def test_what_has_gone_stays_as_it_went():
    rows, _ = settle({}, incident(call()))
    rows = put(rows, of(rows, Kind.DELAY).moved(State.SENDING, NOW).moved(State.SENT, NOW))

    rows, _ = settle(rows, incident(call(), update(after(9), "a", arrived_at=after(9))))

    assert of(rows, Kind.DELAY).state is State.SENT


def test_a_later_change_of_outcome_is_skipped_as_already_told():
    first = incident(call(), update(after(60), "c", closed_at=after(60), dispositions=("HAN",)))
    rows, _ = settle({}, first, after(61))
    rows = put(rows, of(rows, Kind.OUTCOME).moved(State.SENDING, NOW).moved(State.SENT, NOW))

    rows, skipped = settle(rows, first.merge(update(after(70), "d", dispositions=("RPT",))), after(71))

    assert of(rows, Kind.OUTCOME).variant == "handled"
    assert skipped[Kind.OUTCOME, "1"] is Reason.ALREADY_TOLD


def test_what_comes_too_late_never_gets_a_row():
    rows, skipped = settle({}, incident(call()), after(16))

    assert skipped[Kind.ACKNOWLEDGMENT, "1"] is Reason.EXPIRED
    assert Kind.ACKNOWLEDGMENT not in {row.key.kind for row in rows.values()}


def test_an_unsent_row_follows_a_corrected_phone():
    rows, _ = settle({}, incident(call()))

    rows, _ = settle(rows, incident(call(), update(after(2), "fix", parties={"1": caller(OTHER_PHONE)})))

    assert {row.address for row in rows.values()} == {OTHER_PHONE}


def test_a_back_off_stays_while_the_plan_does():
    rows, _ = settle({}, incident(call()))
    retried = of(rows, Kind.DELAY).moved(State.SENDING, NOW).moved(State.SCHEDULED, NOW, "throttled", send_at=after(31))
    rows = put(rows, retried)

    rows, _ = settle(rows, incident(call(), update(after(2), "x", beat="612")))

    assert of(rows, Kind.DELAY).send_at == after(31)


def test_a_row_remembers_which_settings_made_it():
    rows, _ = settle({}, incident(call()), rules=agency(version=7))

    assert {row.settings_version for row in rows.values()} == {7}


def test_what_went_out_as_it_is_wanted_is_no_news():
    rows, _ = settle({}, incident(call()))
    sent = {key: row.moved(State.SENDING, NOW).moved(State.SENT, NOW) for key, row in rows.items()}

    after_all, skipped = settle(sent, incident(call()))

    assert after_all == sent
    assert Reason.ALREADY_TOLD not in skipped.values()
