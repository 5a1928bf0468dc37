"""Values to judge and drafts of judgements: the same rules over DynamoDB and in memory."""

from datetime import timedelta
from uuid import uuid4

import pytest

from chalicelib.aws.stores.judging import AGAIN_FOR, MOST, ONCE_FOR, JudgingTable
from chalicelib.aws.tables import SettingsItem
from chalicelib.domain.approval import Author
from chalicelib.domain.desk.judging import Draft
from chalicelib.domain.desk.unjudged import Heard
from chalicelib.domain.incidents.update import Evidence
from chalicelib.ports.errors import Conflict
from chalicelib.virtual.judging import MemoryJudging
from tests.aws.conftest import DATABASES
from tests.factories import NOW, after

PARK, LOUD = Evidence("incident_type", "PARK", "Parking complaint"), Evidence("incident_type", "LOUD", "Loud party")


@pytest.fixture
def clock():
    return [NOW]


@pytest.fixture
def table(tables, clock):
    """Return the adapter over DynamoDB, at an instant that a test moves."""
    return JudgingTable(tables.bound[SettingsItem], lambda: clock[0])


@pytest.fixture(params=["memory", *DATABASES])
def judging(request):
    """Return the port, by each of its adapters."""
    if request.param == "memory":
        return MemoryJudging()
    return JudgingTable(request.getfixturevalue(request.param).bound[SettingsItem], lambda: NOW)


@pytest.fixture
def springfield():
    """Return the name of an agency that no other test has used."""
    return f"s{uuid4().hex[:10]}"


def draft(number=0, **more):
    told = {"item": PARK, "verdict": "dull", "judge": Author("desk:id:ana", "Ana Ruiz"), "at": NOW}
    return Draft(**{**told, **more}, number=number)


def test_a_value_is_counted_with_its_calls_since_it_first_came(judging, springfield):
    judging.came(springfield, [Heard(PARK, ("P1", "P2")), Heard(LOUD, ("P2",))], "b1", NOW)
    judging.came(springfield, [Heard(PARK, ("P3",))], "b2", after(5))
    found = {one.item: one for one in judging.values(springfield)}

    assert (found[PARK].calls, found[PARK].since, found[PARK].heard_at) == (3, NOW, after(5))
    assert set(found[PARK].examples) <= {"P1", "P2", "P3"}
    assert found[LOUD].calls == 1
    assert judging.values("shelbyville") == ()


def test_a_batch_that_is_handed_out_again_counts_once(judging, springfield):
    for _ in range(3):
        judging.came(springfield, [Heard(PARK, ("P1",))], "b1", NOW)

    assert [one.calls for one in judging.values(springfield)] == [1]


def test_a_draft_is_written_over_what_its_judge_saw_and_over_nothing_else(judging, springfield):
    written = judging.draft(springfield, draft())
    with pytest.raises(Conflict):
        judging.draft(springfield, draft())
    again = judging.draft(springfield, draft(written.number, verdict="never"))

    assert judging.drafts(springfield) == (again,)
    assert (written.number, again.number) == (1, 2)
    assert again.digest != written.digest


def test_a_value_that_came_once_is_forgotten_sooner(table, clock, springfield):
    table.came(springfield, [Heard(PARK, ("P1",)), Heard(LOUD, ("P1",))], "b1", NOW)
    table.came(springfield, [Heard(LOUD, ("P2",))], "b2", NOW)
    clock[0] = NOW + ONCE_FOR + timedelta(seconds=1)
    once = [one.item for one in table.values(springfield)]
    clock[0] = NOW + AGAIN_FOR + timedelta(seconds=1)

    assert once == [LOUD]
    assert table.values(springfield) == ()


def test_only_so_many_values_are_kept_and_known_ones_go_on_to_be_counted(table, springfield):
    kinds = [Evidence("incident_type", f"T{number:04}", "Free text") for number in range(MOST + 5)]
    table._known.get(springfield, lambda: set(map(str, range(MOST - 2))))
    table.came(springfield, [Heard(one, ("P1",)) for one in kinds[:3]], "b1", NOW)
    table.came(springfield, [Heard(kinds[0], ("P2",))], "b2", NOW)

    assert [(one.item, one.calls) for one in sorted(table.values(springfield), key=lambda one: one.place)] == [
        (kinds[0], 2),
        (kinds[1], 1),
    ]


def test_what_another_release_wrote_is_left_out_and_told(tables, springfield):
    told = []
    items = tables.bound[SettingsItem]
    items(f"!unjudged#{springfield}", "x", document='{"no": 1}', calls=1).save()
    items(f"!judging#{springfield}", "x", document='{"no": 1}', version=1).save()
    table = JudgingTable(items, lambda: NOW, told.append)

    assert (table.values(springfield), table.drafts(springfield)) == ((), ())
    assert told == [f"!unjudged#{springfield} x", f"!judging#{springfield} x"]
