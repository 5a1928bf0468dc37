"""Calls break, functions die, and every text is still sent once or says why not; the whole of it is `make faults`.

It proves nothing unless it can fail: what is doubled, lost or missing from the lake is found.
"""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from chalicelib.domain.lake.tables import Day, table_of
from chalicelib.flow.lake.export import rows_of
from rigs.faults.found import not_found
from rigs.faults.judge import Verdict, _lake, judge
from rigs.faults.mailbox import Mailbox
from rigs.faults.place import placed
from rigs.faults.rules import FAILED, SHARES, THROTTLED, WITHOUT_ERRORS, rules
from rigs.faults.stream import halved
from rigs.faults.town import MOST_RECEIVES, VISIBILITY, Town
from tenfour.stack.template import merged

pytestmark = pytest.mark.long

EVERY = timedelta(minutes=5)
"""A sweep costs four calls, and here nothing depends on how often it comes."""


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    with placed(tmp_path_factory.mktemp("weather")) as place:
        yield place


@pytest.fixture(scope="module")
def calm(place):
    """Return a town that met no faults, with its verdict."""
    town = Town(place, Mailbox(place.outbox), 0, 4, calm=True, every=EVERY)
    town.live()
    return town, judge(town, calm=True)


@pytest.fixture(scope="module")
def stormy(place, calm):
    """Return the verdict about a town that met faults, and which were injected."""
    for proxy in place.proxies:
        proxy.rules(rules())
    town = Town(place, Mailbox(place.outbox), 1, 6, calm=False, every=EVERY)
    town.live()
    verdict = judge(town, calm=False)
    return verdict, [fault for proxy in place.proxies for fault in proxy.fired().items()]


def test_without_faults_everything_that_is_due_goes_once(calm):
    _, verdict = calm

    assert verdict.wrong == []
    assert verdict.fates == {"once": verdict.due}
    assert verdict.due > 0
    assert verdict.lake_rows > verdict.rows


def test_among_faults_nothing_is_lost_doubled_or_left_unfinished(stormy):
    verdict, injected = stormy

    assert verdict.wrong == []
    assert sum(verdict.fates.values()) == verdict.due > 0
    assert injected


def test_what_should_not_be_is_found(place, calm):
    """One test for all: another worker would have to live through the day again."""
    town, _ = calm
    story = next(one for one in town.stories if one.due and one.phone)

    town.stories = [replace(story, due=frozenset())]
    assert any("must not" in wrong for wrong in judge(town, calm=True).wrong)
    town.stories = [replace(story, number="F26-nobody")]
    assert judge(town, calm=True).fates["lost"] == len(story.due)
    town.stories = [story]
    again(place, story)
    assert ["went 2 times" in wrong for wrong in judge(town, calm=True).wrong] == [True]
    assert "differ" in without_a_row_of_the_lake(town).wrong[0]
    assert "items are not in their places" in next(without_a_place(town))


def again(place, story):
    """Let a carrier take a text once more."""
    message = next(one for one in place.carrier.messages(story.phone) if one.reference)
    copied = ("provider", "channel", "to", "body", "reference", "sender")
    place.carrier.take(**{name: getattr(message, name) for name in copied})


def without_a_place(town):
    """Take one item out of the index, as a release does that knows none."""
    aws = town.straight()
    item = next(one for one in aws.items_again.page("", "") if one.day)
    item.update([type(item).day.remove(), type(item).began.remove()])
    return not_found(aws, town.agency.agency_id, town.now, people=True)


def without_a_row_of_the_lake(town):
    aws, verdict = town.straight(), Verdict()
    row = next(row for changed in aws.changes(pytest.fail) for row in rows_of(changed, aws.settings))
    day = aws.lake.read_day(table_of(row), row.dt)
    aws.lake.write_day(table_of(row), row.dt, Day(day.rows[1:], day.tag))
    _lake(town, aws, verdict)
    return verdict


def test_each_service_fails_in_each_way():
    found = {(rule["service"], rule["probability"]) for rule in rules() if "operation" not in rule}

    assert THROTTLED.keys() == FAILED.keys()
    assert found >= {(service, share) for service in THROTTLED for share in SHARES.values()}
    assert {service for service, _ in found} == {*THROTTLED, *WITHOUT_ERRORS}


def test_queues_hand_messages_out_as_the_stacks_do():
    template = merged()["Resources"]
    for name in ("Hints", "Receipts", "Replies"):
        queue = template[name]["Properties"]
        assert queue["VisibilityTimeout"] == VISIBILITY.total_seconds()
        assert queue["RedrivePolicy"]["maxReceiveCount"] == MOST_RECEIVES


def test_a_batch_of_the_stream_loses_only_the_record_that_nobody_can_read():
    landed = []

    def export(batch):
        if 7 in batch:
            return False
        landed.extend(batch)
        return True

    assert halved(list(range(10)), export) == 1
    assert sorted(landed) == [0, 1, 2, 3, 4, 5, 6, 8, 9]
