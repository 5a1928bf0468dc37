from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.names import CORRELATION, LONGEST_TAG, IncidentKey, Kind, NotificationKey
from chalicelib.domain.notifications.notification import MOVES, IllegalMove, State
from chalicelib.domain.notifications.receipt import Receipt, UnknownEvent, apply, our_notification
from tests.factories import NOW, after, row

printable = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=40)
keys = st.builds(
    NotificationKey,
    st.from_regex(r"[a-z][a-z0-9-]{0,23}", fullmatch=True),
    printable,
    st.sampled_from(Kind),
    printable,
    st.integers(0, 9),
)
states = st.sampled_from(State)


@given(keys)
def test_an_id_leads_back_to_its_key_and_fits_a_tag_of_ses(key):
    word = key.id

    assert NotificationKey.from_id(word) == key
    assert len(word) <= LONGEST_TAG
    assert all(character.isascii() and (character.isalnum() or character in "_-") for character in word)


def test_an_id_reads_well_in_a_log():
    key = NotificationKey("springfield", "P26-0001234", Kind.DELAY, "1", 0)

    assert key.id == "springfield__P26-0001234__delay__1__0"
    assert key.incident == IncidentKey("springfield", "P26-0001234")
    assert CORRELATION == "notification"


@given(st.text(max_size=80))
def test_any_other_word_is_none_of_ours(word):
    try:
        assert NotificationKey.from_id(word).id
    except ValueError:
        with pytest.raises(UnknownEvent):
            our_notification(word)


@given(states, states)
def test_only_legal_moves_are_made(here, there):
    item = row(state=here)

    if there in MOVES[here]:
        assert item.moved(there, NOW).state is there
    else:
        with pytest.raises(IllegalMove):
            item.moved(there, NOW)


def test_every_state_can_be_reached_and_the_finished_ones_do_not_move():
    finished = {state for state, moves in MOVES.items() if not moves}

    assert set(MOVES) == set(State)
    assert set().union(*MOVES.values()) == set(State)
    assert finished == {State.DELIVERED, State.UNDELIVERED, State.FAILED, State.SUPPRESSED}


def test_a_finished_row_knows_since_when():
    assert row().moved(State.SUPPRESSED, after(3)).finished_at == after(3)
    assert row().moved(State.CANCELLED, after(3)).finished_at is None


def test_a_hold_that_is_renewed_adds_no_step():
    item = row()
    for minute in range(5):
        item = item.moved(State.SCHEDULED, after(minute), "paused", send_at=after(minute + 1))

    assert [(step.at, step.reason) for step in item.steps] == [(after(0), "paused")]


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("kind", [Kind.DELAY, Kind.SURVEY])
def test_what_waits_is_looked_at_again(state, kind):
    waits = {State.SCHEDULED, State.SENDING} | ({State.UNKNOWN} if kind is Kind.SURVEY else set())

    assert row(kind, state=state).awaits == (state in waits)


def receipt(state, **more):
    fields = {"reason": state.value, "at": after(1), "provider": "ses", "reference": "m-1"} | more
    return Receipt(notification=row().key, state=state, **fields)


@given(st.lists(st.sampled_from([State.SENT, State.DELIVERED, State.UNDELIVERED, State.FAILED]), max_size=6))
def test_receipts_in_any_order_and_number_leave_the_first_end_as_it_is(told):
    item = row(state=State.SENT, attempts=1)
    ended = None
    for state in told:
        item = apply(receipt(state), item) or item
        ended = ended or (item.state if item.state is not State.SENT else None)

    assert item.state is (ended or State.SENT)


def test_a_receipt_settles_what_nobody_could_say():
    item = apply(receipt(State.DELIVERED), row(state=State.UNKNOWN, attempts=1))

    assert (item.state, item.reference, item.sent_at) == (State.DELIVERED, "m-1", after(1))


def test_a_receipt_for_a_row_that_was_never_tried_is_ignored():
    assert apply(receipt(State.DELIVERED), row()) is None


def test_what_did_not_reach_a_landline_is_tried_by_email_until_it_expires():
    sent = row(state=State.SENT, attempts=1, sent_at=NOW, reference="m")

    def told(at):
        receipt = Receipt(
            notification=sent.key,
            state=State.UNDELIVERED,
            reason="invalid",
            at=at,
            provider="end_user_messaging",
            reference="m",
            landline=True,
        )
        return apply(receipt, sent, has_email=True).state

    assert told(sent.expires_at - timedelta(milliseconds=1)) is State.SCHEDULED
    assert told(sent.expires_at) is State.UNDELIVERED
