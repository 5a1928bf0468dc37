"""Items make the calls that pynamodb's own models make, and read what those read."""

from datetime import UTC, datetime

import pytest
from botocore.exceptions import EndpointConnectionError
from hypothesis import given
from hypothesis.strategies import datetimes, integers, timezones
from pynamodb.attributes import NumberAttribute, TTLAttribute, UnicodeAttribute, UnicodeSetAttribute
from pynamodb.connection import Connection
from pynamodb.exceptions import AttributeDeserializationError, GetError, PutError, QueryError
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from chalicelib.aws.items import Count, Expiry, Item, Tables
from chalicelib.aws.tables import bind

AT = datetime(2026, 11, 29, 22, 42, 10, 999_999, tzinfo=UTC)
FOUND = {
    "pk": {"S": "springfield#1"},
    "sk": {"S": "incident"},
    "version": {"N": "3"},
    "calls": {"SS": ["a", "b"]},
    "expires": {"N": "1796000000"},
    "newer": {"S": "of another release"},
    "document": {"NULL": True},
}


def attributes(number, ttl):
    return {
        "pk": UnicodeAttribute(hash_key=True),
        "sk": UnicodeAttribute(range_key=True),
        "version": number(null=True),
        "document": UnicodeAttribute(null=True),
        "calls": UnicodeSetAttribute(null=True),
        "expires": ttl(null=True),
    }


class Recorder:
    """Takes what would be called, and answers from a list."""

    def _make_api_call(self, operation, told):
        self.calls.append((operation, told))
        if isinstance(self.answers[0], Exception):
            raise self.answers[0]
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


class OurTables(Recorder, Tables):
    pass


class TheirTables(Recorder, Connection):
    pass


def bound(base, tables, answers):
    connection = tables(region="us-west-2")
    connection.calls, connection.answers = [], list(answers)
    kinds = (Count, Expiry) if base is Item else (NumberAttribute, TTLAttribute)
    meta = type("Meta", (), {"table_name": "x", "region": "us-west-2"})
    model = type(base)("Thing", (base,), {"Meta": meta, "__module__": __name__, **attributes(*kinds)})
    return bind(model, "incidents", connection), connection


def both(act, *answers):
    """Return what an act calls and returns, by our items and by pynamodb's."""
    told = []
    for base, tables in ((Item, OurTables), (Model, TheirTables)):
        items, connection = bound(base, tables, answers or [{}])
        result = act(items)
        told.append((connection.calls, result))
    return told


@pytest.mark.parametrize(
    "condition",
    [
        lambda items: None,
        lambda items: items.version == 2,
        lambda items: items.pk.does_not_exist(),
        lambda items: items.document.does_not_exist() | (items.document == "x"),
    ],
)
def test_a_write_is_the_one_that_pynamodb_makes(condition):
    def put(items):
        items("springfield#1", "incident", version=3, document="{}", calls={"a"}, expires=AT).save(condition(items))

    (ours, _), (theirs, _) = both(put)

    assert ours == theirs
    assert ours[0][0] == "PutItem"


def test_a_transaction_is_the_one_that_pynamodb_makes():
    def write(items):
        with TransactWrite(connection=items._get_connection().connection, client_request_token="t") as transaction:
            transaction.save(items("a", "1", version=1, document=None), items.version == 0)
            transaction.update(items("b", "1"), actions=[items.version.add(1)], condition=items.version < 9)
            transaction.condition_check(items, "c", "1", condition=items.pk.exists())

    (ours, _), (theirs, _) = both(write)

    assert ours == theirs
    assert len(ours[0][1]["TransactItems"]) == 3


def test_items_from_a_sort_key_on_are_read_as_pynamodb_reads_them_page_by_page():
    pages = [
        {"Items": [FOUND], "Count": 1, "ScannedCount": 1, "LastEvaluatedKey": {"pk": {"S": "a"}, "sk": {"S": "b"}}},
        {"Items": [FOUND, FOUND], "Count": 2, "ScannedCount": 2},
    ]

    def read(items):
        if issubclass(items, Item):
            return [item.attribute_values for item in items.onwards("a", "incident")]
        return [item.attribute_values for item in items.query("a", items.sk >= "incident", consistent_read=True)]

    (ours, found), (theirs, expected) = both(read, *pages)

    assert ours == theirs
    assert found == expected
    assert len(found) == 3
    assert [told.get("ExclusiveStartKey") for _, told in ours] == [None, {"pk": {"S": "a"}, "sk": {"S": "b"}}]


@pytest.mark.parametrize("answer", [{"Item": FOUND}, {}])
def test_one_item_is_read_as_pynamodb_reads_it(answer):
    def read(items):
        if issubclass(items, Item):
            found = items.find("a", "incident")
        else:
            try:
                found = items.get("a", "incident", consistent_read=True)
            except items.DoesNotExist:
                found = None
        return found and found.attribute_values

    (ours, found), (theirs, expected) = both(read, answer)

    assert ours == theirs
    assert found == expected
    assert bool(found) == bool(answer)


def test_an_attribute_of_another_type_is_no_value():
    def read(items):
        with pytest.raises(AttributeDeserializationError):
            items.from_raw_data({**FOUND, "version": {"S": "three"}})

    both(read)


def test_an_attribute_that_nobody_knows_is_refused():
    def make(items):
        with pytest.raises(ValueError, match="versoin"):
            items("a", "b", versoin=1)

    both(make)


@pytest.mark.parametrize(
    ("act", "error"),
    [
        (lambda items: items.find("a", "b"), GetError),
        (lambda items: items.onwards("a", "b"), QueryError),
        (lambda items: items("a", "b").save(), PutError),
    ],
)
def test_what_fails_is_told_as_pynamodb_tells_it(act, error):
    items, _ = bound(Item, OurTables, [EndpointConnectionError(endpoint_url="x")])

    with pytest.raises(error):
        act(items)


@given(at=datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1), timezones=timezones()))  # noqa: DTZ001  as it asks
def test_an_instant_is_written_and_read_as_pynamodb_does(at):
    written = Expiry().serialize(at)

    assert written == TTLAttribute().serialize(at)
    assert Expiry().deserialize(written) == TTLAttribute().deserialize(written)


@given(number=integers(-(10**12), 10**12))
def test_a_number_is_written_as_pynamodb_does(number):
    assert Count().serialize(number) == NumberAttribute().serialize(number)
