"""Texts to people's own phones are kept alike in memory and in DynamoDB: claimed once, where the phone allows it."""

from uuid import uuid4

import pytest
from msgspec.structs import replace

from chalicelib.domain.desk.own_text import OwnText
from chalicelib.domain.names import IncidentKey
from chalicelib.domain.notifications.notification import State
from chalicelib.domain.people.contact import OptOutScope
from chalicelib.ports.conversations import CannedClaim
from chalicelib.ports.errors import Conflict
from tests.aws.test_stores import TODAY
from tests.factories import NOW
from tests.somebody import somebody


@pytest.fixture
def row():
    return OwnText(
        agency_id=f"a{uuid4().hex[:8]}", name=uuid4().hex, what="delay", language="en", segments=1, asked_at=NOW
    )


def claim(phone, **changes):
    usual = {"phone": phone, "elsewhere": frozenset(), "decided_on": (), "at": NOW, "day": TODAY, "cap": 0}
    return CannedClaim(**(usual | {"counts": False} | changes))


def kept(world, row):
    assert world.own_texts.add(row)
    return world.own_texts.find(row.agency_id, row.name)


def test_a_text_is_read_back_and_is_kept_once(world, row):
    assert kept(world, row) == replace(row, version=1)
    assert world.own_texts.add(replace(row, what="code")) is False
    assert world.own_texts.find(row.agency_id, row.name).what == "delay"
    assert world.own_texts.find("elsewhere", row.name) is None
    assert world.own_texts.find(row.agency_id, uuid4().hex) is None


def test_a_text_is_written_over_what_was_read(world, row):
    known = kept(world, row)
    after = world.own_texts.put(known.moved(State.SUPPRESSED, "barred"))

    assert world.own_texts.find(row.agency_id, row.name) == after
    with pytest.raises(Conflict):
        world.own_texts.put(known.moved(State.FAILED))


def test_a_text_is_claimed_by_one(world, row):
    known = kept(world, row)
    mine = world.own_texts.claim(known.claimed(NOW), claim(somebody()))

    assert world.own_texts.find(row.agency_id, row.name) == mine
    assert mine.state is State.SENDING
    with pytest.raises(Conflict):
        world.own_texts.claim(known.claimed(NOW), claim(somebody()))


def test_a_phone_that_stopped_texts_is_not_claimed_for_at_any_of_its_persons_addresses(world, row):
    phone, other = somebody(), somebody()
    world.contacts.opt_out(row.agency_id, phone, OptOutScope.ALL, NOW, "STOP")
    known = kept(world, row)
    for asked in (claim(phone), claim(other, elsewhere=frozenset({phone}))):
        with pytest.raises(Conflict):
            world.own_texts.claim(known.claimed(NOW), asked)

    assert world.own_texts.find(row.agency_id, row.name) == known


def test_a_text_is_not_claimed_where_a_call_that_it_was_decided_on_has_changed(world, row):
    known = kept(world, row)
    moved = ((IncidentKey(row.agency_id, "P26-1"), 3),)
    with pytest.raises(Conflict):
        world.own_texts.claim(known.claimed(NOW), claim(somebody(), decided_on=moved))


def test_what_is_stored_goes_after_a_day_and_is_of_no_person(tables, row):
    kept(tables, row)
    phone = somebody()
    tables.own_texts.claim(kept(tables, replace(row, name=uuid4().hex)).claimed(NOW), claim(phone))
    items = list(tables.bound_contacts.query(f"!own-texts#{row.agency_id}"))

    assert len(items) == 2
    assert {(item.expires - NOW).days for item in items} == {1}
    assert all(phone not in f"{item.document}{item.sk}" for item in items)
