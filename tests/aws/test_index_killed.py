"""The pass over old incidents, killed at each of its writes, and overtaken by intake at each of them."""

from itertools import count

import pytest

from chalicelib.aws.tables import ContactItem, IncidentItem, SettingsItem, bind
from chalicelib.insight.records.index import index
from tenfour.common.reach import tables_at
from tests.aws.test_index import as_the_release_before, found, run, storage, tell
from tests.factories import PHONE, after, caller, update

pytestmark = [pytest.mark.city, pytest.mark.long]

WRITES = {"PutItem", "UpdateItem", "TransactWriteItems", "BatchWriteItem", "DeleteItem"}
CALLS, PAGE = 1, 3
"""Few: each of its writes is killed in a pass of its own."""


class Killed(BaseException):
    """The end of a process: nobody catches it."""


@pytest.fixture
def aws(stack):
    made = storage(stack, CALLS)
    made.items_again.size = PAGE
    return made


class At:
    """What happens at a write, before or after it; `seen` counts writes."""

    def __init__(self, aws, act, when):
        self._events, self._act, self._name = aws.connection.client.meta.events, act, f"{when}-call.dynamodb.*"
        self.seen = 0

    def __enter__(self):
        self._events.register(self._name, self._told)
        return self

    def __exit__(self, *_):
        self._events.unregister(self._name, self._told)

    def _told(self, model, **_):
        if model.name in WRITES:
            self.seen += 1
            self._act(self.seen)


def kill_at(place):
    def act(seen):
        if seen == place:
            raise Killed

    return act


def stored(aws):
    """Return all that is stored, item by item; since when an agency is searchable is another instant each time."""
    apart, tables = tables_at(aws.connection.client.meta.endpoint_url), aws.config
    kinds = ((IncidentItem, tables.incidents_table), (ContactItem, tables.contacts_table))
    items = [item.to_dynamodb_dict() for kind, name in kinds for item in bind(kind, name, apart).scan()]
    settings = [(item.pk, item.sk) for item in bind(SettingsItem, tables.settings_table, apart).scan()]
    return sorted(map(str, (*items, *settings)))


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_pass_that_is_killed_at_any_write_and_run_again_leaves_what_one_in_peace_does(aws, when):
    whole = found(aws)
    as_the_release_before(aws)
    run(aws)
    in_peace = stored(aws)
    assert found(aws) == whole

    for place in count(1):
        as_the_release_before(aws)
        try:
            with At(aws, kill_at(place), when):
                run(aws)
        except Killed:
            run(aws)
        else:
            break
        assert stored(aws) == in_peace, place
    assert place > 15
    assert run(aws, check=True) == 0


def test_a_pass_that_is_killed_again_and_again_comes_to_its_end(aws):
    whole = found(aws)
    as_the_release_before(aws)
    for _ in range(200):
        try:
            with At(aws, kill_at(PAGE + 3), "after"):
                run(aws)
        except Killed:
            continue
        break

    assert found(aws) == whole
    assert run(aws, check=True) == 0


def test_intake_that_overtakes_the_pass_at_any_write_has_the_last_word_and_all_is_found(aws):
    """Before each of its writes a call is told of anew, with another beat; before some, a call that is new."""
    ours, told = aws.settings.agency("springfield"), []
    as_the_release_before(aws)

    def overtake(seen):
        if told and told[-1] is None:
            return  # a write of intake's own
        told.append(None)
        number = ("C0", "C-mass", "C-young", f"N{seen}")[seen % 4]
        parties = {"1": caller(PHONE)}
        tell(aws, ours, update(after(seen), incident_number=number, parties=parties, beat=f"{seen}"), f"again-{seen}")
        told[-1] = number

    with At(aws, overtake, "before"):
        run(aws)

    assert len(told) > 15
    run(aws)
    _, calls, _ = found(aws)
    last = {number: place for place, number in enumerate(told, 1)}
    assert run(aws, check=True) == 0
    assert {one.incident_number for one in calls} >= set(last)


def test_two_passes_at_once_do_what_one_does(aws):
    whole = found(aws)
    as_the_release_before(aws)
    passes = [index(aws, after(5)), index(aws, after(5))]
    while passes:
        for one in tuple(passes):
            if next(one, None) is None:
                passes.remove(one)

    assert found(aws) == whole
    assert run(aws, check=True) == 0
