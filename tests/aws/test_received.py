"""What a key posted, as DynamoDB keeps it for a day."""

from datetime import timedelta
from uuid import uuid4

from chalicelib.aws.stores.received import MOST, ReceivedTable
from chalicelib.aws.tables import IncidentItem
from chalicelib.domain.incidents.posted import Posted, PostedUpdate
from tests.factories import NOW


def posted(name, minutes=0, **more):
    return Posted(id=name, at=NOW - timedelta(minutes=minutes), answer=202, **more)


def received(tables):
    return ReceivedTable(tables.bound[IncidentItem]), uuid4().hex


def test_the_newest_come_first_and_each_as_it_was(tables):
    store, key = received(tables)
    update = PostedUpdate(index=0, incident_number="P26-1", update_id="u", as_of=NOW, fields=("arrived_at",))
    told = [posted(f"w{n}", minutes=n, updates=(update,), accepted=1) for n in range(3)]
    for each in reversed(told):
        store.keep("springfield", key, each)

    assert store.of("springfield", key, NOW) == told


def test_an_id_finds_its_request_among_many_and_all_of_its_tries(tables):
    store, key = received(tables)
    for n in range(MOST + 5):
        store.keep("springfield", key, posted(f"w{n}", minutes=n))
    store.keep("springfield", key, posted("w54", minutes=60))

    assert len(store.of("springfield", key, NOW)) == MOST
    assert [one.at for one in store.of("springfield", key, NOW, "w54")] == [posted("", n).at for n in (54, 60)]
    assert store.of("springfield", key, NOW, "w99") == []


def test_of_yesterday_and_of_another_key_or_agency_there_is_nothing(tables):
    store, key = received(tables)
    store.keep("springfield", key, posted("w1", minutes=24 * 60 + 1))
    store.keep("springfield", key, posted("w2"))

    assert [one.id for one in store.of("springfield", key, NOW)] == ["w2"]
    assert store.of("springfield", key, NOW, "w1") == []
    assert store.of("springfield", uuid4().hex, NOW) == []
    assert store.of("shelbyville", key, NOW) == []


def test_a_request_of_a_hundred_updates_is_two_kilobytes_and_of_one_less_than_one(tables):
    """DynamoDB bills a write by the kilobyte: docs/operator/deploy.md says a write for each request."""
    store, key = received(tables)
    update = PostedUpdate(
        index=0,
        incident_number="P26-0001234",
        update_id=f"{'m' * 36}:000",
        as_of=NOW,
        fields=("arrived_at", "units") * 6,
    )
    written = [store.item("springfield", key, posted("m" * 36, updates=(update,) * n)) for n in (1, 100)]

    sizes = [sum(len(str(value)) for value in item.serialize().items()) for item in written]
    assert sizes[0] < 1000
    assert sizes[1] < 3000
