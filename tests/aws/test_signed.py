"""Signatures before going live: the same rules over DynamoDB and in memory."""

from uuid import uuid4

import pytest
from msgspec.structs import replace

from chalicelib.aws.stores.signed import SignedTable
from chalicelib.aws.tables import SettingsItem
from chalicelib.domain.approval import Author
from chalicelib.domain.desk.signed import KEPT_FOR, Signed
from chalicelib.ports.errors import Conflict
from chalicelib.virtual.signed import MemorySigned
from tests.aws.conftest import DATABASES
from tests.factories import NOW

STOP = Signed(name="stop", of="digest", by=Author("desk:id:ana", "Ana Ruiz"), at=NOW)


@pytest.fixture(params=["memory", *DATABASES])
def signatures(request):
    """Return the port, by each of its adapters."""
    if request.param == "memory":
        return MemorySigned()
    return SignedTable(request.getfixturevalue(request.param).bound[SettingsItem])


@pytest.fixture
def springfield():
    """Return the name of an agency that no other test has used."""
    return f"s{uuid4().hex[:10]}"


def test_a_signature_is_found_as_it_was_written_by_its_own_agency_alone(signatures, springfield):
    written = signatures.write(springfield, STOP)

    assert signatures.all_of(springfield) == {"stop": written}
    assert signatures.all_of("shelbyville") == {}


def test_of_two_people_one_wins(signatures, springfield):
    read = signatures.write(springfield, STOP)
    signatures.write(springfield, replace(read, withdrawn=True))
    with pytest.raises(Conflict):
        signatures.write(springfield, read)
    with pytest.raises(Conflict):
        signatures.write(springfield, STOP)

    assert signatures.all_of(springfield)["stop"].withdrawn


@pytest.mark.parametrize("table", DATABASES)
def test_a_signature_is_deleted_once_it_does_not_count_and_odd_ones_are_left_out(request, table, springfield):
    items, told = request.getfixturevalue(table).bound[SettingsItem], []
    signatures = SignedTable(items, told.append)
    signatures.write(springfield, STOP)
    items(f"!signed#{springfield}", "odd", document="[").save()

    assert items.find(f"!signed#{springfield}", "stop").expires == NOW + KEPT_FOR
    assert [*signatures.all_of(springfield)] == ["stop"]
    assert told == [f"!signed#{springfield} odd"]
