"""Where things stand in the index, and that no part of it is written more than DynamoDB takes."""

from collections import Counter
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.desk.recent import SHARDS, Wanted, days_back, recent_call, recent_message, shard_of
from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.notification import State
from chalicelib.domain.notifications.plan import Skipped
from chalicelib.domain.notifications.reasons import Reason
from tests.factories import NOW, after, call, incident, row

UNITS = 22
"""Write units of the index for one incident's whole way (docs/operator/cost.md)."""

A_PARTITION = 1000
"""Write units a second that a partition takes (DynamoDB's Developer Guide)."""

DENVERS_WORST_MINUTE = 3 * 5
"""Calls: three times those of the city in the data (docs/developer/flood.md)."""

FIRST_WEBHOOK = 6
"""Entries that the first webhook of a call writes at most: the call, and a message of each kind to one person."""


def test_five_denvers_stay_far_below_what_a_part_of_the_index_takes():
    calls = 5 * DENVERS_WORST_MINUTE
    in_one_part = max(Counter(shard_of(f"springfield#P26-{number:06}") for number in range(calls)).values())

    assert in_one_part < calls / 2
    assert in_one_part * FIRST_WEBHOOK < A_PARTITION / 2  # all first webhooks of the minute in one second
    assert calls * UNITS / 60 < A_PARTITION / 20  # all of their writes, in one part


def test_numbers_in_a_row_spread_over_all_parts():
    spread = Counter(shard_of(f"springfield#2026-{number:05}") for number in range(1000))

    assert len(spread) == SHARDS
    assert max(spread.values()) < 1.5 * 1000 / SHARDS


@given(st.integers(0, 90), st.integers(0, 86_400))
def test_every_day_that_a_span_touches_is_looked_at_the_latest_first(days, seconds):
    until = after(days * 24 * 60 + seconds / 60)
    found = list(days_back(NOW, until))

    assert found == sorted(found, reverse=True)
    assert (found[0], found[-1]) == (until.date(), date(2026, 11, 21))
    assert len(found) == (until.date() - NOW.date()).days + 1


def test_a_call_says_how_it_stands_and_why_nothing_is_sent():
    barred = [Skipped(kind, Reason.NOT_JUDGED) for kind in Kind]

    assert recent_call(incident(call()), NOW, barred).reason == "not_judged"
    assert recent_call(incident(call()), NOW, [*barred[:2], Skipped(Kind.DELAY, Reason.ARRIVED)]).reason == ""
    assert recent_call(incident(call()), NOW, [Skipped(Kind.DELAY, Reason.NO_ADDRESS, "1")]).reason == ""
    assert recent_call(incident(call(closed_at=after(1))), NOW, ()).state == "closed"
    assert recent_call(incident(call(closed_at=after(1), cancelled_at=after(1))), NOW, ()).state == "cancelled"


def test_what_is_wanted_is_found_by_each_of_its_words():
    message = recent_message(row().about(incident(call(beat="12")).facts).moved(State.FAILED, NOW, "no_route"))
    told = {"kind": "acknowledgment", "state": "failed", "reason": "no_route", "incident_type": "NOISE", "beat": "12"}

    assert Wanted(**told).has(message)
    assert not any(Wanted(**{**told, name: "other"}).has(message) for name in told)
    assert Wanted(kind="call").has(recent_call(incident(call()), NOW, ()))
