"""A flood's cost is counted, and does not grow with the number of open incidents; `make flood` runs all of it."""

from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

from app import app
from rigs.city.storage import make_tables
from rigs.flood.city import BATCH
from rigs.flood.floods import LATE_SHARE, answer_flood, receipt_flood, storm, worst_minute
from rigs.flood.many import grown
from rigs.meter import READ_BLOCK, Meter, Used, blocks, size
from tenfour.common.reach import client

CALLS, LATE = 4, 8
"""A small minute: what one call or row costs does not depend on how many there are."""


@pytest.fixture(scope="module")
def minutes(stack):
    return [
        line
        for open_incidents in (16, 32)
        for line in worst_minute(stack.aws_endpoint, open_incidents, calls=CALLS, late=LATE)
    ]


def by_step(lines):
    return {line.step: line.used for line in lines}


def test_a_minute_costs_the_same_however_much_is_open(minutes):
    assert grown(minutes) == []
    assert {line.flood for line in minutes} == {"16 open", "32 open"}


def test_what_grows_is_told(minutes):
    more = [line for line in minutes if line.flood == "32 open" and line.step == "sweep"]
    more[0].used.read_units += 1
    try:
        assert grown(minutes)
    finally:
        more[0].used.read_units -= 1


def test_the_sweep_asks_four_times_and_hints_what_is_due_by_tens(minutes):
    hinted = LATE + CALLS

    assert by_step(minutes)["sweep"].calls == {"Query": 4, "SendMessageBatch": -(-hinted // 10)}


def test_every_text_of_a_minute_goes_once(minutes):
    assert by_step(minutes)["hint"].calls["SendTextMessage"] == LATE + CALLS


def test_a_receipt_is_one_query_and_at_most_one_write(stack):
    """The first of each text's three settles nothing; the second tells a price, and may be the last that comes."""
    told = by_step(receipt_flood(stack.aws_endpoint, 30))["receipt"]

    looks = told.calls.pop("GetItem")
    assert looks == 1, "a text that arrived asks by the container and not by itself whether others are blocked"
    assert told.calls == {"Query": 20, "PutItem": 20}
    assert (told.times, told.invocations) == (30, 3)


def test_an_answer_is_two_reads_and_a_write(stack):
    lines = by_step(answer_flood(stack.aws_endpoint, 5))

    assert lines["page"].calls == {"GetItem": 5}
    assert lines["answer"].calls == {"GetItem": 10, "PutItem": 5}


def test_in_a_storm_everybody_is_acknowledged_and_one_in_three_told_of_the_delay(stack):
    calls = 50
    used = by_step(storm(stack.aws_endpoint, calls, every=timedelta(minutes=5)))

    looks, notes = (used["webhook"].calls.pop(call) for call in ("GetItem", "UpdateItem"))
    assert looks + notes < 30, "what holds is looked at, and the feed's life noted, by the minute and not by the call"
    assert used["webhook"].calls == Counter(
        Query=2 * calls - LATE_SHARE,
        TransactWriteItems=2 * calls - LATE_SHARE,
        PutItem=calls - LATE_SHARE,
        SendMessageBatch=calls,
    )
    assert used["hint"].calls["SendTextMessage"] == calls + LATE_SHARE


def test_functions_are_handed_as_many_messages_together_as_in_the_stack():
    handed = {source.name: source.batch_size for source in app.event_sources if source.name in BATCH}

    assert handed == BATCH


@pytest.fixture(scope="module")
def database(stack):
    """Return a client, and the name of a table that nobody else writes to."""
    made = client("dynamodb", stack.aws_endpoint)
    return made, make_tables(stack.aws_endpoint, f"units-{uuid4().hex[:8]}")["Incidents"]


@contextmanager
def counting(made, used):
    """Count what a client that others use too is asked meanwhile."""
    meter = Meter()
    meter.listen(made)
    with meter.counting(used):
        yield
    made.meta.events.unregister("after-call.*.*", meter._count)


@pytest.fixture
def ask(database):
    """Return a function that asks the table something, and returns the read and write units that it is counted as."""
    made, table = database

    def ask(operation, **request):
        used = Used()
        with counting(made, used):
            getattr(made, operation)(**tabled(request, table), ReturnConsumedCapacity="TOTAL")
        return used.read_units, used.write_units

    return ask


class TestUnits:
    """DynamoDB's units worked out by hand from its Developer Guide, "Read and write operations" and "Item sizes"."""

    def test_a_write_is_a_unit_a_kib_of_the_larger_of_both_items(self, ask):
        assert ask("put_item", Item=item("a", 1024)) == (0, 1)
        assert ask("put_item", Item=item("a", 1025)) == (0, 2)
        assert ask("put_item", Item=item("a", 100)) == (0, 2)

    def test_a_transaction_bills_twice_and_checks_too(self, ask):
        puts = [{"Put": {"Item": item(name, 1025)}} for name in "bc"]
        check = {"ConditionCheck": {"Key": keys("b"), "ConditionExpression": "attribute_exists(pk)"}}

        assert ask("transact_write_items", TransactItems=puts) == (0, 8)
        assert ask("transact_write_items", TransactItems=[check]) == (0, 4)

    def test_an_index_bills_what_it_is_told(self, ask):
        def due(at):
            return {**item("d", 500), "due_shard": {"S": "1"}, "send_at": {"S": at}}

        assert ask("put_item", Item=due("2026")) == (0, 1 + 1)
        assert ask("put_item", Item={**due("2026"), "document": {"S": "x"}}) == (0, 1)
        assert ask("put_item", Item=due("2027")) == (0, 1 + 2), "an entry that moves is taken out and put in"

    def test_a_read_is_a_unit_for_four_kib_and_half_of_it_where_it_may_be_old(self, ask):
        ask("put_item", Item=item("e", 4096))
        ask("put_item", Item=item("f", 4097))

        assert ask("get_item", Key=keys("e"), ConsistentRead=True) == (1, 0)
        assert ask("get_item", Key=keys("f"), ConsistentRead=True) == (2, 0)
        assert ask("get_item", Key=keys("f")) == (1, 0)
        assert ask("get_item", Key=keys("nobody"), ConsistentRead=True) == (1, 0)

    def test_a_query_rounds_all_of_its_items_up_together(self, ask):
        for sk in range(3):
            ask("put_item", Item={**item("g", 1500), "sk": {"S": str(sk)}})

        asked = {"KeyConditionExpression": "pk = :pk", "ExpressionAttributeValues": {":pk": {"S": "g"}}}
        assert ask("query", ConsistentRead=True, **asked) == (2, 0)

    def test_a_refused_write_is_told_apart(self, database):
        made, table = database
        used = Used()
        with counting(made, used), pytest.raises(ClientError):
            made.put_item(TableName=table, Item=item("h", 500), ConditionExpression="attribute_exists(pk)")

        assert used.calls == {"PutItem refused": 1}

    def test_names_and_values_have_a_size(self):
        assert size({"name": {"S": "é"}, "n": {"N": "12"}}) == 6 + 1 + 3
        assert blocks([{"a": {"S": "x" * READ_BLOCK}}]) == 2
        assert blocks([]) == 1


def keys(name):
    return {"pk": {"S": name}, "sk": {"S": "0"}}


def item(name, many_bytes):
    """Return an item of so many bytes, with its keys."""
    rest = many_bytes - size(keys(name)) - len("document")
    return {**keys(name), "document": {"S": "x" * rest}}


def tabled(request, table):
    """Return a request that names its table, also in each part of a transaction."""
    if "TransactItems" not in request:
        return {**request, "TableName": table}
    parts = [{kind: {**part, "TableName": table} for kind, part in each.items()} for each in request["TransactItems"]]
    return {"TransactItems": parts}
