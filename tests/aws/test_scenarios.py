"""Scenarios of an agency: the same promises in memory and over DynamoDB."""

from uuid import uuid4

import pytest
from msgspec.structs import replace

from chalicelib.aws.stores.scenarios import ScenarioTable
from chalicelib.aws.tables import SettingsItem
from chalicelib.domain.approval import Author
from chalicelib.domain.desk.scenarios import Kept
from chalicelib.virtual.scenarios import MemoryScenarios
from tests.aws.conftest import DATABASES
from tests.factories import NOW

ONE = Kept(name="noise", title="Noise", text="title = 1", by=Author("desk:id:ana", "Ana Ruiz"), at=NOW)


@pytest.fixture(params=["memory", *DATABASES])
def kept(request):
    """Return the port, by each of its adapters."""
    if request.param == "memory":
        return MemoryScenarios()
    return ScenarioTable(request.getfixturevalue(request.param).bound[SettingsItem])


def test_scenarios_are_kept_by_name_replaced_and_removed_for_their_own_agency_alone(kept):
    springfield, other = f"s{uuid4().hex[:10]}", replace(ONE, name="a-theft")
    for one in (ONE, other, replace(ONE, text="title = 2")):
        kept.keep(springfield, one)

    assert kept.all_of(springfield) == (other, replace(ONE, text="title = 2"))
    assert kept.all_of(f"{springfield}x") == ()
    kept.remove(springfield, "noise")
    kept.remove(springfield, "noise")
    assert kept.all_of(springfield) == (other,)
