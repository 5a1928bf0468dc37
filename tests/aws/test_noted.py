"""Looks and acts in the ledger, in memory and in DynamoDB: kept once, found by time, kind and person, and purged."""

from contextlib import contextmanager
from datetime import timedelta
from itertools import islice
from uuid import uuid4

import msgspec
import pytest
from msgspec.structs import replace
from pynamodb.exceptions import PutError

from chalicelib.aws.document import plain
from chalicelib.aws.stores.ledger import LedgerTable, NoLedger, copy_entries
from chalicelib.aws.stores.noted import partition_of, partitions, place_of
from chalicelib.aws.tables import LedgerItem, condition_failed
from chalicelib.domain.approval import Act, Author, Proposal, proposed, step
from chalicelib.domain.ledger.noted import Noted, Unnotable, incident
from chalicelib.domain.ledger.what import What, Why
from chalicelib.domain.ledger.who import key_of
from chalicelib.ports.errors import NotNoted
from tests.factories import NOW, after

ANN, BEN = "arn:aws:iam::111122223333:user/ann", "desk:login.example:ben"
FOREVER = (NOW - timedelta(days=9), NOW + timedelta(days=9))


@pytest.fixture
def ledger(world):
    return world.ledger


@pytest.fixture
def name():
    """Return an agency that no other test has."""
    return f"a{uuid4().hex[:8]}"


def look(agency_id, minutes=0, **fields):
    told = {"by": ANN, "what": What.LOOKED, "about": incident(f"P26-{minutes}")} | fields
    return Noted(agency_id=agency_id, at=after(minutes), **told)


def test_an_entry_is_read_as_it_was_noted_and_kept_once(ledger, name):
    one = look(name, reason=Why.COURT, ticket="26-104", session="0123456789ab", name="Ann Lead", count=2)
    for _ in range(3):
        ledger.note(one)

    assert list(ledger.noted(name, *FOREVER)) == [one]
    assert list(ledger.noted(f"{name}x", *FOREVER)) == []


def test_entries_of_one_instant_are_all_kept(ledger, name):
    found = [look(name, about=incident(f"P26-{number}")) for number in range(5)]
    for one in found:
        ledger.note(one)

    assert {one.about for one in ledger.noted(name, NOW, NOW)} == {one.about for one in found}


def test_entries_are_found_by_time_by_kind_and_by_person_the_newest_first(ledger, name):
    found = [
        look(name, minutes, by=by, what=what)
        for minutes, (by, what) in enumerate(((ANN, "looked"), (BEN, "looked"), (ANN, "paused"), (BEN, "paused")) * 2)
    ]
    for one in found:
        ledger.note(one)

    def minutes(since=0, until=9, size=2, **only):
        entries = ledger.noted(name, after(since), after(until), size=size, **only)
        return [int(one.about.removeprefix("incident P26-")) for one in entries]

    assert minutes() == [7, 6, 5, 4, 3, 2, 1, 0]
    assert minutes(2, 4) == [4, 3, 2]
    assert minutes(what="paused") == [7, 6, 3, 2]
    assert minutes(1, 6, by=BEN) == [5, 3, 1]
    assert minutes(by=BEN, what="paused") == [7, 3]
    assert minutes(by="arn:aws:iam::111122223333:user/cal") == []


def test_what_is_not_on_a_list_is_not_kept(ledger, name):
    with pytest.raises(Unnotable):
        ledger.note(look(name, what="juggled"))
    assert list(ledger.noted(name, *FOREVER)) == []


def test_acts_that_take_two_people_stay_apart(ledger, name):
    act = Act(agency_id=name, what="publish", words={}, of="1", ends=())
    one = Proposal(act=act, by=ANN, at=NOW, reason="x")
    two = replace(one, at=after(5))
    for each in (proposed(one), step(one, "approved", Author(BEN), after(9)), proposed(two)):
        ledger.keep(each)
    ledger.note(look(name))

    assert {entry.step for entry in ledger.since(name, NOW)} == {"proposed", "approved"}
    assert [entry.proposed_at for entry in ledger.proposed_between(name, *FOREVER)] == [after(5), NOW, NOW]
    assert [entry.proposed_at for entry in ledger.proposed_between(name, NOW, after(4))] == [NOW, NOW]
    assert len(list(ledger.noted(name, *FOREVER))) == 1


def test_a_purge_deletes_a_range_of_time_everywhere_and_leaves_what_tells_of_purges(ledger, name):
    told = look(name, 2, what=What.PURGED, about="2026-01-01 to 2026-02-01", reason=Why.SCHEDULE, count=7)
    for one in (*(look(name, minutes) for minutes in range(5)), told):
        ledger.note(one)

    assert ledger.purging.extent(name, after(1), after(4)) == (3, after(1))
    assert ledger.purging.purge(name, after(1), after(4)) == 3
    assert ledger.purging.purge(name, after(1), after(4)) == 0
    for only in ({}, {"what": "looked"}, {"by": ANN}, {"by": ANN, "what": "looked"}):
        left = [one.at for one in ledger.noted(name, *FOREVER, **only)]
        assert [at for at in left if at != told.at] == [after(4), NOW]
    assert list(ledger.noted(name, *FOREVER, what=What.PURGED)) == [told]


def test_a_purge_leaves_what_a_legal_hold_keeps(ledger, name):
    for minutes in range(3):
        ledger.note(look(name, minutes))
    held = frozenset({incident("P26-1")})

    assert ledger.purging.extent(name, *FOREVER, held) == (2, NOW)
    assert ledger.purging.purge(name, *FOREVER, held) == 2
    assert [one.about for one in ledger.noted(name, *FOREVER)] == [incident("P26-1")]
    assert ledger.purging.extent(name, NOW, after(1)) == (0, None)


def test_more_than_one_batch_is_purged(ledger, name):
    for minutes in range(130):
        ledger.note(look(name, minutes))

    assert ledger.purging.purge(name, NOW, after(129)) == 129
    assert len(list(ledger.noted(name, *FOREVER, by=ANN))) == 1


def test_a_page_reads_what_it_shows(tables, name):
    """An item's rows are one transaction; a page of so many is one Query, of any filter."""
    about = incident("P26-1")
    for minutes in range(30):
        tables.ledger.note(look(name, minutes, about=about))

    for only in ({}, {"what": "looked"}, {"by": ANN}, {"by": key_of(ANN), "what": "looked"}, {"about": about}):
        asked = []
        with counted(tables.connection, asked):
            assert len(list(islice(tables.ledger.noted(name, *FOREVER, size=10, **only), 10))) == 10
        assert asked == ["Query"]


@contextmanager
def counted(connection, asked):
    """Write down what a connection asks of DynamoDB."""
    events = connection.client.meta.events
    events.register("before-call.dynamodb", lambda model, **_: asked.append(model.name), unique_id="counted")
    yield
    events.unregister("before-call.dynamodb", unique_id="counted")


def test_an_entry_that_is_there_is_never_written_over(tables, name):
    one = look(name)
    tables.ledger.note(one)
    items = tables.bound[LedgerItem]
    (before,) = items.query(partition_of(name))
    forged = items(before.pk, before.sk, document=before.document.replace("looked", "paused"))
    tables.ledger.note(one)

    with pytest.raises(PutError) as refused:
        forged.save(items.pk.does_not_exist())
    assert condition_failed(refused.value)
    assert list(tables.ledger.noted(name, *FOREVER)) == [one]


def items_without_table(tables):
    class Meta:
        table_name, region = "no-such-table", tables.connection.region

    return type("Gone", (tables.bound[LedgerItem],), {"Meta": Meta, "__module__": __name__})


def test_what_can_not_be_reached_notes_nothing_and_says_so(tables, name):
    gone = LedgerTable(items_without_table(tables), tables.connection)

    with pytest.raises(NotNoted):
        gone.note(look(name))
    assert issubclass(NoLedger, NotNoted)  # a stack of an earlier release is a ledger that takes nothing


def test_an_entry_of_another_release_is_left_out_and_told(tables, name):
    left = []
    ledger = LedgerTable(tables.bound[LedgerItem], tables.connection, left.append)
    ledger.note(look(name))
    newer = plain(msgspec.json.encode(look(name, 1)).decode()).decode()
    place = place_of(look(name, 1))
    tables.bound[LedgerItem](partition_of(name), place, document=newer.replace('"at"', '"new":1,"at"')).save()
    tables.bound[LedgerItem](partition_of(name), "2026-11-21T18:00:02.000000Z#0", document="{").save()

    assert [one.at for one in ledger.noted(name, *FOREVER)] == [after(1), NOW]
    assert left == [f"{name}#noted 2026-11-21T18:00:02.000000Z#0"]


class Bucket:
    """A bucket that remembers what it was given."""

    def __init__(self):
        self.kept = {}

    def keep(self, name, document):
        self.kept[name] = msgspec.json.decode(plain(document), type=Noted)


def _record(pk, sk, document, event="INSERT"):
    return {
        "eventName": event,
        "dynamodb": {"NewImage": {"pk": {"S": pk}, "sk": {"S": sk}, "document": {"S": document}}},
    }


def test_the_stream_copies_an_entry_once_and_nothing_that_looks_like_one():
    one = look("springfield", about=incident("P26-" + "9" * 150))
    place, document = place_of(one), msgspec.json.encode(one).decode()
    rows = [_record(pk, place, document) for pk in partitions(one)]
    others = [
        _record("springfield#noted", "incident", "{}"),  # an incident of that number
        _record("springfield#P26-1", place, "{}"),
        _record("a#b#noted", place, "{}"),
        {"eventName": "REMOVE", "dynamodb": {"Keys": {}}},
    ]
    bucket = Bucket()

    assert copy_entries([*rows, *others], bucket) == 1
    assert bucket.kept == {f"springfield/noted/{place.replace('#', '/')}": one}


def test_several_entries_are_one_write_and_one_that_is_there_already_keeps_no_other_out(ledger, name):
    first, second, third = (look(name, what=what) for what in ("looked_protected", "searched", "looked"))
    ledger.note(first, second)
    ledger.note(second, third)

    assert sorted(one.what for one in ledger.noted(name, *FOREVER)) == ["looked", "looked_protected", "searched"]


def test_of_several_entries_one_that_can_not_be_kept_keeps_out_all(ledger, name):
    with pytest.raises(Unnotable):
        ledger.note(look(name), look(name, ticket="303-555-0123"))

    assert list(ledger.noted(name, *FOREVER)) == []
