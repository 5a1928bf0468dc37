"""What a flood costs is counted, and does not grow with what is open; the whole of it is `make flood`."""

from collections import Counter

import pytest

from app import app
from rigs.flood.city import BATCH
from rigs.flood.expressions import Reader, Unsupported
from rigs.flood.floods import DUE, LATE_SHARE, WORST_MINUTE, answer_flood, receipt_flood, storm, worst_minute
from rigs.flood.many import grown
from rigs.flood.units import index_units, read_units, size, write_units


@pytest.fixture(scope="module")
def minutes():
    return [line for open_incidents in (200, 400) for line in worst_minute(open_incidents)]


def by_step(lines):
    return {line.step: line.used for line in lines}


def item(many_bytes):
    return {"a": {"S": "x" * (many_bytes - 1)}}


def test_a_minute_costs_the_same_however_much_is_open(minutes):
    assert grown(minutes) == []
    assert {line.flood for line in minutes} == {"200 open", "400 open"}


def test_what_grows_is_told(minutes):
    more = [line for line in minutes if line.flood == "400 open" and line.step == "sweep"]
    more[0].used.read_units += 1
    try:
        assert grown(minutes)
    finally:
        more[0].used.read_units -= 1


def test_the_sweep_asks_four_times_and_hints_what_is_due_by_tens(minutes):
    hinted = DUE + WORST_MINUTE

    assert by_step(minutes)["sweep"].calls == {"Query": 4, "SendMessageBatch": -(-hinted // 10)}


def test_every_text_of_a_minute_goes_once(minutes):
    assert by_step(minutes)["hint"].calls["SendTextMessage"] == DUE + WORST_MINUTE


def test_a_receipt_is_one_query_and_at_most_one_write():
    told = by_step(receipt_flood(30))["receipt"]

    assert told.calls == {"Query": 20, "PutItem": 10}  # the first of each text's three settles nothing
    assert (told.times, told.invocations) == (30, 3)


def test_an_answer_is_two_reads_and_a_write():
    lines = by_step(answer_flood(5))

    assert lines["page"].calls == {"GetItem": 5}
    assert lines["answer"].calls == {"GetItem": 10, "PutItem": 5}


def test_in_a_storm_everybody_is_acknowledged_and_one_in_three_told_of_the_delay():
    used = by_step(storm(100))

    looks = used["webhook"].calls.pop("GetItem")
    assert looks < 30, "what holds right now is looked at by the minute, not by the call"
    assert used["webhook"].calls == Counter(Query=200 - LATE_SHARE, TransactWriteItems=200 - LATE_SHARE) + Counter(
        SendMessageBatch=100
    )
    assert used["hint"].calls["SendTextMessage"] == 100 + LATE_SHARE


def test_functions_are_handed_as_many_messages_together_as_in_the_stack():
    handed = {source.name: source.batch_size for source in app.event_sources if source.name in BATCH}

    assert handed == BATCH


def test_units_are_those_of_the_developer_guide():
    assert size({"name": {"S": "é"}, "n": {"N": "12"}}) == 6 + 1 + 3
    assert [read_units([item(many)], consistent=True) for many in (1, 4096, 4097)] == [1, 1, 2]
    assert read_units([item(100)] * 50, consistent=False) == 1.0
    assert write_units(item(1025), item(10), in_transaction=False) == 2
    assert write_units({}, item(10), in_transaction=True) == 2
    assert index_units({}, item(10)) == 1
    assert index_units(item(10), item(11)) == 2
    assert index_units(item(10), item(10)) == 0


@pytest.mark.parametrize("expression", ["size (#0) > :0", "#0 IN (:0)", "#0 = :0 #0"])
def test_what_no_store_asks_for_is_refused_rather_than_guessed(expression):
    reader = Reader({"ExpressionAttributeNames": {"#0": "a"}, "ExpressionAttributeValues": {":0": {"S": "x"}}})

    with pytest.raises(Unsupported):
        reader.holds(expression, {"a": {"S": "x"}})
