"""A text to one's own phone goes once at most, and nothing of a phone is learned from one that does not go."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.domain.desk.own_text import (
    BARRED,
    CODE,
    WORTH,
    Order,
    OwnText,
    Shown,
    as_word,
    barred,
    read_order,
    refusal,
    shown,
    stopped,
)
from chalicelib.domain.names import NotificationKey
from chalicelib.domain.notifications.notification import IllegalMove, State
from chalicelib.domain.notifications.pause import Pause
from chalicelib.domain.notifications.permit import Conditions
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.domain.notifications.retry import LEASE
from chalicelib.domain.people.canned import read_canned
from chalicelib.domain.people.contact import Contact, OptOutScope
from chalicelib.domain.people.talk import Standing
from tests.factories import PHONE, agency, call, incident

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
OURS = agency()


def row(what="acknowledgment", **more):
    usual = {"agency_id": "springfield", "name": "t1", "language": "en", "segments": 1, "asked_at": NOW}
    return OwnText(what=what, **usual | more)


def pause(of, which=""):
    return Conditions((Pause(of=of, which=which, author="ann", reason="", at=NOW),), NOW)


def ends(what):
    """Return every way in which a text ends, by what it is called here."""
    claimed = row(what).claimed(NOW)
    suppressed = {reason: row(what).moved(State.SUPPRESSED, reason) for reason in (BARRED, Reason.PAUSED)}
    failed = {outcome: claimed.failed(outcome, "x") for outcome in ("permanent", "retry", "ambiguous")}
    return {"sent": claimed.moved(State.SENT), "waits": row(what), "claimed": claimed, **suppressed, **failed}


def test_of_a_code_the_page_says_the_same_whether_it_went_or_the_phone_may_not_be_texted():
    told = {name: shown(one, NOW) for name, one in ends(CODE).items()}

    same = ("sent", "waits", "claimed", BARRED, "permanent", "ambiguous")
    assert {told[name] for name in same} == {Shown.PERHAPS}
    assert (told[Reason.PAUSED], told["retry"]) == (Shown.PAUSED, Shown.NOT_TAKEN)


def test_of_a_test_the_page_says_what_became_of_it():
    assert {name: shown(one, NOW) for name, one in ends("delay").items()} == {
        "sent": Shown.SENT,
        "waits": Shown.WAITS,
        "claimed": Shown.WAITS,
        BARRED: Shown.BARRED,
        Reason.PAUSED: Shown.PAUSED,
        "permanent": Shown.NOT_TAKEN,
        "retry": Shown.NOT_TAKEN,
        "ambiguous": Shown.UNKNOWN,
    }


def test_a_text_that_nobody_took_up_is_too_late_and_a_claim_without_an_end_is_in_doubt():
    assert shown(row(), NOW + WORTH) is Shown.TOO_LATE
    assert shown(row(CODE), NOW + WORTH) is Shown.TOO_LATE
    assert shown(row().claimed(NOW), NOW + LEASE) is Shown.UNKNOWN


@given(st.lists(st.sampled_from(["claim", "sent", "permanent", "retry", "ambiguous", "barred"]), max_size=8))
def test_no_sequence_of_moves_claims_a_text_twice(acts):
    one, claims = row(), 0
    for act in acts:
        try:
            if act == "claim":
                one, claims = one.claimed(NOW), claims + 1
            elif act == "sent":
                one = one.moved(State.SENT)
            elif act == "barred":
                one = one.moved(State.SUPPRESSED, BARRED)
            else:
                one = one.failed(act, "x")
        except IllegalMove:
            continue

    assert claims <= 1
    assert (one.state in (State.SENT, State.UNKNOWN)) <= claims


def test_an_order_is_read_back_and_is_nobody_else_s_hint():
    order = Order(agency_id="springfield", name="t1", phone=PHONE, body='TEST: "ñ"\n😀')

    assert read_order(as_word(order)) == order
    assert read_canned(as_word(order)) is None
    with pytest.raises(ValueError, match="not a notification id"):
        NotificationKey.from_id(as_word(order))


@pytest.mark.parametrize("word", ["", "!own-text ", "!own-text {}", "!own-text null", "!canned a b c d", "a#b#c"])
def test_what_is_no_order_is_read_as_none(word):
    assert read_order(word) is None


def test_an_order_of_no_agency_is_none():
    assert read_order(as_word(Order(agency_id="a#b", name="t", phone=PHONE, body="x"))) is None


@pytest.mark.parametrize(
    ("of", "holds"), [("agency", True), ("tables", True), ("kind", False), ("type", False), ("incident", False)]
)
def test_a_pause_of_everything_stops_codes_and_tests_and_a_narrower_one_none(of, holds):
    assert stopped(pause(of, "delay")) is holds
    assert (refusal(row(), pause(of, "delay"), NOW) is Reason.PAUSED) is holds


def test_a_text_that_comes_too_late_does_not_go():
    assert refusal(row(), Conditions((), NOW), NOW + WORTH - timedelta(seconds=1)) is None
    assert refusal(row(), Conditions((), NOW), NOW + WORTH) is Reason.EXPIRED


def is_barred(contact=None, calls=(), rules=OURS, *, protected=False, more=False, phone=PHONE):
    standing = Standing(contact=contact or Contact(), calls=calls, phone=PHONE if calls else "", more=more)
    return barred(phone, standing, rules, NOW, protected=protected)


def test_a_phone_of_which_nothing_is_known_may_be_texted():
    assert not is_barred()


@pytest.mark.parametrize(
    "contact",
    [
        Contact(opted_out=OptOutScope.ALL),
        Contact(opted_out=OptOutScope.SURVEYS),
        Contact(bounced=True),
        Contact(unsafe=True),
        Contact(silenced_until=NOW + timedelta(minutes=1)),
        Contact(landline=True),
    ],
)
def test_whatever_is_known_against_a_phone_bars_it(contact):
    assert is_barred(contact)


def test_a_phone_on_a_sensitive_call_on_the_auditors_list_or_of_the_agency_itself_is_barred():
    assert is_barred(calls=(incident(call("DV")),))
    assert not is_barred(calls=(incident(call("NOISE")),))
    assert is_barred(protected=True)
    assert is_barred(more=True)
    assert is_barred(phone=OURS.numbers.sms_from)
    assert is_barred(rules=replace(OURS, institutional_numbers=frozenset({PHONE})))
    assert is_barred(rules=replace(OURS, numbers=replace(OURS.numbers, non_emergency="303-555-0123")))
