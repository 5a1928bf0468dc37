"""`first_seen`: at the webhook, and in mappings of systems that say what is so, but not since when."""

import json
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from chalicelib.inbound.cad.read_updates import read_updates
from chalicelib.inbound.mapping.batch import mapper_of, read_mapped
from chalicelib.inbound.mapping.file import InvalidMapping
from tenfour.common.paths import ROOT
from tests.factories import NOW, after, incident

STATUS = """
format = "json"
snapshots = true
[fields]
incident_number = "n"
as_of = {now = true}
arrived_at = {now = true, when = {status = ["ONSCN"]}}
closed_at = {from = "closed", first_seen = true}
priority = "p"
"""


def told(**fields):
    """Return the batch of one update in our own format."""
    whole = {"incident_number": "P26-1", "as_of": NOW.isoformat(), **fields}
    return read_updates(json.dumps({"updates": [whole]}).encode(), "wh", "US", NOW)


def mapped(at=NOW, text=STATUS, **record):
    (update,) = read_mapped(mapper_of(text), json.dumps({"n": "P26-1", **record}).encode(), "wh", "US", at).updates
    return update


def test_the_webhook_reads_which_times_were_seen():
    (update,) = told(arrived_at=NOW.isoformat(), first_seen=["arrived_at", "closed_at"], as_of_now=True).updates

    assert (update.first_seen, update.as_of_now) == ({"arrived_at"}, True)
    assert not told(arrived_at=NOW.isoformat()).updates[0].first_seen


@pytest.mark.parametrize("nothing", [None, "", " "])
def test_a_time_that_was_not_seen_takes_nothing_back(nothing):
    (update,) = told(arrived_at=nothing, closed_at=None, first_seen=["arrived_at"]).updates

    assert update.facts == {"closed_at": None}


def test_a_field_that_is_no_such_time_is_named():
    (rejected,) = told(first_seen=["as_of"]).rejected

    assert rejected.error.startswith(
        "updates[0].first_seen[0]: Invalid enum value 'as_of': expected one of received_at"
    )


def test_what_is_salvaged_of_a_rejected_update_is_still_only_seen():
    batch = told(arrived_at=NOW.isoformat(), first_seen=["arrived_at"], as_of_now=True, origin="phone")

    assert batch.rejected
    (update,) = batch.salvaged
    assert (update.first_seen, update.as_of_now, update.facts) == ({"arrived_at"}, True, {"arrived_at": NOW})


def test_a_status_is_seen_again_in_each_snapshot_and_the_first_sight_counts():
    snapshots = [mapped(after(minute), status="ONSCN") for minute in (3, 4, 9)]

    assert all(each.first_seen == {"arrived_at"} and each.as_of_now for each in snapshots)
    assert incident(*snapshots).facts.arrived_at == incident(*reversed(snapshots)).facts.arrived_at == after(3)


def test_a_status_that_ends_takes_the_arrival_not_back_in_snapshots():
    update = mapped(after(5), status="AVAIL")

    assert "arrived_at" not in update.facts
    assert update.facts["priority"] is None  # what is no first sight is taken back as ever
    assert incident(mapped(after(3), status="ONSCN"), update).facts.arrived_at == after(3)


def test_statuses_that_come_one_a_message_need_no_clock_of_ours():
    text = """
    format = "json"
    [fields]
    incident_number = "n"
    as_of = "time"
    arrived_at = {from = "time", when = {status = ["ONSCN"]}, first_seen = true}
    closed_at = {from = "time", when = {status = ["CLSD"]}}
    """
    messages = [
        mapped(NOW + timedelta(hours=1), text, time=after(minute).isoformat(), status=status, unit=unit)
        for minute, status, unit in ((1, "DISP", "A"), (4, "ONSCN", "A"), (7, "ONSCN", "B"), (30, "CLSD", "B"))
    ]

    for order in (messages, messages[::-1]):
        facts = incident(*order).facts
        assert (facts.arrived_at, facts.closed_at) == (after(4), after(30))
    assert not any(each.as_of_now for each in messages)


def test_parts_of_a_record_see_beside_it():
    text = """
    format = "json"
    [fields]
    incident_number = "n"
    as_of = {now = true}
    closed_at = {now = true, when = {status = ["CLSD"]}}
    [parts]
    from = "units"
    arrived_at = {now = true, when = {status = ["ONSCN"]}}
    """

    assert mapped(NOW, text, status="CLSD", units=[{"status": "ONSCN"}]).first_seen == {"arrived_at", "closed_at"}


@pytest.mark.parametrize("field", ["as_of", "scheduled_for", "priority", "incident_type"])
def test_only_times_of_what_happens_are_seen(field):
    text = STATUS.replace("as_of = {now = true}\n", "") + f'{field} = {{from = "x", first_seen = true}}\n'
    text = text.replace('priority = "p"\n', "")
    with pytest.raises(InvalidMapping, match=f"fields.{field}: .*first_seen"):
        mapper_of(text if field == "as_of" else text + 'as_of = "y"\n')


def test_the_first_unit_that_arrives_counts_whatever_else_stands_in_the_messages():
    folder = ROOT / "tests" / "mappings"
    mapper = mapper_of((folder / "statuses.toml").read_text())
    updates = read_mapped(mapper, (folder / "statuses.json").read_bytes(), "wh", "US", NOW + timedelta(days=1)).updates

    assert {incident(*order, number="26-5").facts.arrived_at for order in permutations(updates)} == {
        datetime(2026, 11, 22, 4, 7, 30, tzinfo=UTC)
    }
