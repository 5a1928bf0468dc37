"""The ledger in DynamoDB: each step once, and an act with its entries or neither."""

from datetime import timedelta
from uuid import uuid4

import pytest
from msgspec import json
from msgspec.structs import replace

from chalicelib.aws.stores.ledger import LedgerTable, NoLedger, copy_entries, no_ledger
from chalicelib.aws.stores.settings import SettingsTable
from chalicelib.aws.tables import LedgerItem, SettingsItem
from chalicelib.domain.approval import Act, Author, Entry, Proposal, digest, proposed, step, waiting
from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.names import IncidentKey
from chalicelib.domain.notifications.record import IncidentChange
from chalicelib.domain.settings.judgements import Judgements
from chalicelib.ports.errors import Conflict
from tests.factories import NOW, after, agency, judged

ANN, BEN = "arn:aws:iam::111122223333:user/ann", "arn:aws:iam::111122223333:user/ben"


@pytest.fixture
def ledger(tables):
    return LedgerTable(tables.bound[LedgerItem], tables.connection)


@pytest.fixture
def ours():
    """Return an agency that no other test has."""
    numbers = replace(agency().numbers, sms_from=f"+1{uuid4().int % 10**10:010}")
    return agency(
        agency_id=f"a{uuid4().hex[:8]}",
        numbers=numbers,
        judgements=Judgements((judged("incident_type", "NOISE", "Noise complaint"),)),
    )


@pytest.fixture
def settings(tables, ledger):
    return SettingsTable(tables.bound[SettingsItem], tables.connection, lambda: NOW, ledger=ledger.add)


def proposal(agency_id, at=NOW, **words):
    act = Act(agency_id=agency_id, what="publish", words={"comment": "x", **words}, of="1", ends=("a silence ends",))
    return Proposal(act=act, by=ANN, at=at, reason="a street's name")


def test_each_step_is_taken_once(ledger):
    one = proposal(f"a{uuid4().hex[:8]}")
    ledger.keep(proposed(one))
    ledger.keep(step(one, "approved", Author(BEN), after(1)))

    for again in (replace(proposed(one), by=BEN), step(one, "approved", Author(ANN), after(2))):
        with pytest.raises(Conflict):
            ledger.keep(again)
    kept = ledger.since(one.act.agency_id, NOW)
    assert [(entry.step, entry.by, entry.digest) for entry in kept] == [
        ("approved", BEN, digest(one.act)),
        ("proposed", ANN, digest(one.act)),
    ]
    assert all(entry.act == one.act for entry in kept)


def test_what_waits_is_what_was_proposed_since_and_not_decided(ledger):
    name = f"a{uuid4().hex[:8]}"
    old, done, waits = (proposal(name, after(minutes), number=str(minutes)) for minutes in (0, 5, 9))
    for one in (old, done, waits):
        ledger.keep(proposed(one))
    ledger.keep(step(done, "failed", Author(BEN), after(6), "they answered a moment ago"))

    assert waiting(ledger.since(name, NOW), after(10)) == (old, waits)
    assert waiting(ledger.since(name, after(1)), after(10)) == (waits,)
    assert waiting(ledger.since(name, NOW), NOW + timedelta(days=2)) == ()
    assert ledger.since(f"{name}x", NOW) == ()


def test_settings_and_their_entries_are_published_together_or_not_at_all(settings, ledger, ours):
    one = proposal(ours.agency_id)
    entries = [step(one, "approved", Author(BEN), NOW), step(one, "done", Author(BEN), NOW)]

    settings.publish(ours, ANN, "first", NOW, over=0, entries=entries)
    with pytest.raises(Conflict):  # the same proposal once more
        settings.publish(replace(ours, mass_call=9), ANN, "second", NOW, entries=entries)
    with pytest.raises(Conflict):  # other settings are in force than were decided on
        settings.publish(replace(ours, mass_call=9), ANN, "second", NOW, over=0, entries=_of(ours, NOW + _DAY))

    assert [item.comment for item in settings.history(ours.agency_id)] == ["first"]
    assert {entry.step for entry in ledger.since(ours.agency_id, NOW)} == {"approved", "done"}
    assert len(ledger.since(ours.agency_id, NOW)) == 2


_DAY = timedelta(days=1)


def _of(ours, at):
    return [step(proposal(ours.agency_id, at), "done", Author(BEN), at)]


def test_a_release_and_its_entries_are_written_together_or_not_at_all(tables, ledger, number):
    name = f"a{uuid4().hex[:8]}"
    one = proposal(name, incident=number)
    entries = (step(one, "approved", Author(BEN), NOW), step(one, "done", Author(BEN), NOW))
    change = IncidentChange(
        incident=Incident(agency_id=name, incident_number=number),
        version=0,
        created_at=NOW,
        settings_version=1,
        skipped=(),
        rows=(),
        updates=(),
        source_id="",
        at=NOW,
        silence=None,
        entries=entries,
        keep_until=None,
        keep_history_until=None,
    )

    with pytest.raises(Conflict):  # somebody else wrote the incident
        tables.incidents.save(replace(change, version=3))
    assert ledger.since(name, NOW) == ()
    tables.incidents.save(change)
    with pytest.raises(Conflict):  # approved twice at the same moment
        tables.incidents.save(replace(change, version=1))
    assert len(ledger.since(name, NOW)) == 2
    assert tables.incidents.load(IncidentKey(name, number)).version == 1


def test_proposed_settings_are_read_as_they_were_proposed(settings, ours):
    words = settings.propose(ours)

    assert settings.proposed(ours.agency_id, words) == ours
    assert set(map(type, words.values())) == {str}


class Bucket:
    """A bucket that remembers what it was given."""

    def __init__(self):
        self.kept = {}

    def keep(self, name, document):
        self.kept[name] = json.decode(document, type=Entry)


def test_the_stream_copies_entries_and_nothing_else(ledger):
    one = proposed(proposal("springfield"))
    item = ledger._item(one)
    records = [
        {"eventName": "INSERT", "dynamodb": {"NewImage": image}}
        for image in (
            {"pk": {"S": item.pk}, "sk": {"S": item.sk}, "document": {"S": item.document}},
            {"pk": {"S": "springfield#P26-1"}, "sk": {"S": "history#2026#w#done"}, "document": {"S": "[]"}},
            {"pk": {"S": "card#x"}, "document": {"S": "{}"}},
        )
    ]
    bucket = Bucket()

    assert copy_entries([*records, {"eventName": "REMOVE", "dynamodb": {}}], bucket) == 1
    ((name, entry),) = bucket.kept.items()
    assert entry == one
    assert name.split("/")[0] == "springfield"
    assert name.endswith("/proposed")


def test_a_stack_without_a_ledger_refuses_an_entry(tables, ours):
    settings = SettingsTable(tables.bound[SettingsItem], tables.connection, lambda: NOW)

    with pytest.raises(NoLedger, match="deploy this release first"):
        settings.publish(ours, ANN, "first", NOW, entries=_of(ours, NOW))
    assert list(settings.history(ours.agency_id)) == []
    with pytest.raises(NoLedger):
        no_ledger(_of(ours, NOW)[0])
