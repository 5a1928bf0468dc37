"""Items that another release wrote, or that are damaged, stop nobody: they are left out, or replaced as they stood."""

import json
from uuid import uuid4

import msgspec
import pytest
from msgspec.structs import replace

from chalicelib.aws.document import encode, plain
from chalicelib.aws.stores.contacts import ContactTable
from chalicelib.aws.stores.incidents import IncidentTable
from chalicelib.aws.stores.settings import SettingsTable
from chalicelib.aws.stream import read_records
from chalicelib.aws.tables import ANSWERS, ContactItem, IncidentItem, SettingsItem, due_shard, incident_pk, instant
from chalicelib.domain.incidents.feed_health import FeedBook
from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.breaker import Breaker
from chalicelib.domain.notifications.wave import Wave
from chalicelib.domain.people.reply import Answered, Intent
from chalicelib.domain.settings.budget import Spent
from chalicelib.ports.errors import Conflict, Unreadable
from tests.aws.test_stores import change, key
from tests.factories import NOW, PHONE, after, agency, call, incident, row

DAMAGED = ("{", "zAAAA", '{"key": 5}', "")
"""Documents that nobody can read: cut off, compressed by something else, of another shape, gone."""


@pytest.fixture
def agency_id():
    return f"a{uuid4().hex[:8]}"


@pytest.fixture
def left_out():
    return []


@pytest.fixture
def incidents(tables, left_out):
    items = tables.bound[IncidentItem]
    return IncidentTable(items, tables.contacts, tables.surveys, tables.connection, leave_out=left_out.append)


@pytest.fixture
def settings(tables, left_out):
    return SettingsTable(tables.bound[SettingsItem], tables.connection, lambda: NOW, leave_out=left_out.append)


def put(tables, number, sk, document):
    """Write a notification's item as another release would, due now; return its place."""
    pk = incident_pk(key(number))
    item = tables.bound[IncidentItem](pk, sk, version=1, document=document or None)
    item.due_shard, item.send_at = due_shard(pk), instant(NOW)
    item.save()
    return f"{pk} {sk}"


def newer(document, **fields):
    """Return a short document with fields that this release does not know."""
    return json.dumps({**json.loads(document), **fields})


def test_a_kind_that_another_release_knows_is_left_out_by_the_sweep(tables, incidents, left_out, number):
    incidents.save(change(number, rows=[row(number=number)]))
    place = put(tables, number, "notification#apology#1#0", "{}")
    found = [found.kind for found, _ in incidents.due(after(60)) if found.incident == key(number)]

    assert found == [Kind.ACKNOWLEDGMENT]
    assert place in left_out


def test_an_incident_with_a_notification_of_another_release_is_read_and_changed(tables, incidents, left_out, number):
    incidents.save(change(number, rows=[row(number=number)]))
    place = put(tables, number, "notification#apology#1#0", '{"key": {"kind": "apology"}}')
    record = incidents.load(key(number))
    incidents.save(change(number, version=record.version))

    assert [known.kind for known in record.rows] == [Kind.ACKNOWLEDGMENT]
    assert (record.unread, left_out) == (frozenset(), [place])


@pytest.mark.parametrize("document", DAMAGED)
def test_a_notification_that_can_not_be_read_is_named_and_can_be_put_aside(
    tables, incidents, left_out, number, document
):
    incidents.save(change(number))
    known = row(Kind.DELAY, number=number).key
    place = put(tables, number, "notification#delay#1#0", document)
    record = incidents.load(key(number))
    incidents.put_aside(known, after(15))

    assert (record.rows, record.unread, left_out) == ({}, {known}, [place])
    assert [at for found, at in incidents.due(after(10)) if found == known] == []
    assert [at for found, at in incidents.due(after(20)) if found == known] == [after(15)]


def test_nothing_that_waits_no_more_is_put_aside(incidents, number):
    with pytest.raises(Conflict):
        incidents.put_aside(row(number=number).key, after(15))


def test_an_incident_that_can_not_be_read_says_so(tables, incidents, number):
    incidents.save(change(number, rows=[row(number=number)]))
    items = tables.bound[IncidentItem]
    items(incident_pk(key(number)), "incident").update([items.document.set("{")])

    with pytest.raises(Unreadable):
        incidents.load(key(number))


def test_an_incident_that_can_not_be_read_hides_no_other(tables, incidents, left_out, number):
    for name in (f"{number}-a", f"{number}-b", f"{number}-c"):
        incidents.save(change(name, incident=incident(call(), number=name)))
    items, place = tables.bound[IncidentItem], incident_pk(key(f"{number}-b"))
    items(place, "incident").update([items.document.set("{")])
    found = {record.incident.incident_number for record in incidents.records("springfield")}

    assert {name for name in found if name.startswith(number)} == {f"{number}-a", f"{number}-c"}
    assert f"{place} incident" in left_out


@pytest.mark.parametrize("document", DAMAGED[:-1])
def test_words_that_can_not_be_read_hide_nothing_else_of_an_incident(tables, incidents, left_out, number, document):
    incidents.save(change(number, incident=incident(call(), number=number), source_id=number))
    items, pk = tables.bound[IncidentItem], incident_pk(key(number))
    damaged = [f"history#{instant(after(1))}#x", f"audit#{instant(after(2))}#D. Okafor"]
    for sk in damaged:
        items(pk, sk, document=document).save()
    story = incidents.story(key(number))
    heard = [one.source_id for one in incidents.heard("springfield")]

    assert [one.source_id for one in story.heard] == [number]
    assert (story.reveals, {f"{pk} {sk}" for sk in damaged} <= set(left_out)) == ((), True)
    assert number in heard


def test_words_of_a_newer_release_are_told_without_the_fields_that_only_it_knows(tables, incidents, number):
    incidents.save(change(number, incident=incident(call(), number=number)))
    items, pk = tables.bound[IncidentItem], incident_pk(key(number))
    told = call(incident_type="NOISE")
    document = json.loads(encode((told,)))
    document[0]["facts"]["drone"] = "D-1"
    for party in document[0]["parties"].values():
        party["pronouns"] = "they"
    items(pk, f"history#{instant(after(1))}#newer", document=json.dumps(document)).save()
    (newer,) = (one for one in incidents.story(key(number)).heard if one.source_id == "newer")

    assert newer.updates == (told,)


def test_a_change_that_can_not_be_read_does_not_hold_up_the_stream(left_out):
    def record(sk, document):
        keys = {"pk": {"S": "springfield#P26-1"}, "sk": {"S": sk}}
        return {"eventName": "MODIFY", "dynamodb": {"NewImage": {**keys, "document": {"S": document}}}}

    told = [record("notification#apology#1#0", "{}"), record("notification#delay#1#0", encode(row(Kind.DELAY)))]
    found = list(read_records(told, left_out.append))

    assert found == [row(Kind.DELAY)]
    assert left_out == ["springfield#P26-1 notification#apology#1#0"]


def test_money_that_a_newer_release_counted_can_be_counted_on(tables, settings, agency_id):
    text = newer(encode(Spent(at=NOW, messages=3, day=3, month=3)), lent=7)
    tables.bound[SettingsItem](agency_id, "spent", document=text).save()
    known = settings.spent(agency_id)
    settings.note_spent(agency_id, known, Spent(at=NOW, messages=4, day=4, month=4))

    assert (known.messages, settings.spent(agency_id).messages) == (3, 4)
    with pytest.raises(Conflict):
        settings.note_spent(agency_id, known, Spent(at=NOW, messages=5, day=5, month=5))


def test_troubles_of_providers_that_a_newer_release_noted_can_be_changed(tables, settings, agency_id):
    text = json.dumps({"twilio": json.loads(newer(encode(Breaker(2, NOW)), mood="bad"))})
    tables.bound[SettingsItem](agency_id, "now", breakers=text).save()
    before = settings.conditions(agency_id).breakers
    settings.note_breakers(agency_id, before, {"twilio": Breaker(3, NOW)})
    settings.note_breakers(agency_id, settings.conditions(agency_id).breakers, {})

    assert before == {"twilio": Breaker(2, NOW)}
    assert settings.conditions(agency_id).breakers == {}


@pytest.mark.parametrize("document", ["{", "zAAAA", '{"at": 5}'])
def test_money_that_can_not_be_read_stops_no_text_and_is_counted_anew(tables, settings, left_out, agency_id, document):
    tables.bound[SettingsItem](agency_id, "spent", document=document).save()
    settings.note_spent(agency_id, settings.spent(agency_id), Spent(at=NOW, messages=1))

    assert settings.spent(agency_id) == Spent(at=NOW, messages=1)
    assert left_out == [f"{agency_id} spent"]


@pytest.mark.parametrize("document", ["{", "zAAAA", '{"ses": 5}'])
def test_troubles_that_can_not_be_read_stop_no_text_and_are_noted_anew(tables, settings, left_out, agency_id, document):
    tables.bound[SettingsItem](agency_id, "now", breakers=document).save()
    settings.note_breakers(agency_id, settings.conditions(agency_id).breakers, {"ses": Breaker(1, NOW)})

    assert settings.conditions(agency_id).breakers == {"ses": Breaker(1, NOW)}
    assert left_out == [f"{agency_id} breakers"]


def test_waves_are_kept_and_a_newer_releases_can_be_changed(tables, settings, agency_id):
    wave = Wave(2, NOW)
    settings.note_waves(agency_id, {}, {"twilio": wave})
    items = tables.bound[SettingsItem]
    items(agency_id, "now").update([items.waves.set(json.dumps({"twilio": json.loads(newer(encode(wave), height=3))}))])
    before = settings.waves(agency_id)
    settings.note_waves(agency_id, before, {})

    assert before == {"twilio": wave}
    assert settings.conditions(agency_id).waves == {}
    with pytest.raises(Conflict):
        settings.note_waves(agency_id, before, {"twilio": wave})


def of_its_own(agency_id):
    """Return an agency with a number that no other one has."""
    number = f"+1303{uuid4().int % 10**7:07}"
    return agency(agency_id=agency_id, numbers=replace(agency().numbers, sms_from=number))


def put_in(value, *steps):
    """Put a field that no release knows into a document, at the end of these steps."""
    for step in steps:
        value = value[step]
    value["newer"] = {"than": "this"}


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ((), "settings.newer"),
        (("budget",), "settings.budget.newer"),
        (("survey", "follow_up"), "settings.survey.follow_up.newer"),
        (("incident_types", 0), "settings.incident_types[0].newer"),
    ],
)
def test_settings_that_a_newer_release_published_are_read_without_what_it_added(
    tables, settings, left_out, agency_id, steps, told
):
    settings.publish(of_its_own(agency_id), "lead", "first", NOW)
    items = tables.bound[SettingsItem]
    as_published = SettingsTable(items, tables.connection, lambda: NOW).version(agency_id, 1)
    place = items.get(agency_id, "version#00000001")
    written = json.loads(plain(place.document))
    put_in(written, *steps)
    place.update([items.document.set(json.dumps(written))])

    assert settings.version(agency_id, 1) == as_published
    assert left_out == [told]


def test_settings_that_can_not_be_read_otherwise_are_refused(tables, settings, agency_id):
    settings.publish(of_its_own(agency_id), "lead", "first", NOW)
    items = tables.bound[SettingsItem]
    place = items.get(agency_id, "version#00000001")
    written = json.loads(plain(place.document))
    place.update([items.document.set(json.dumps({**written, "mode": "loud", "newer": 1}))])

    with pytest.raises(msgspec.ValidationError):
        settings.version(agency_id, 1)


def test_a_feed_whose_book_can_not_be_read_begins_another_one(tables, settings, left_out, agency_id):
    tables.bound[SettingsItem](agency_id, "feed", document='{"since": "some day"}').save()
    settings.note_feed(agency_id, NOW)
    _, book = settings.feed(agency_id)
    begun = FeedBook(since=NOW, tallied_at=NOW)
    settings.note_book(agency_id, book, begun)

    assert (book, settings.feed(agency_id)[1]) == (None, begun)
    assert left_out == [f"{agency_id} feed"]


def test_answers_that_a_newer_release_noted_can_be_added_to(tables, agency_id):
    contacts = ContactTable(tables.bound[ContactItem], lambda: b"secret", tables.connection)
    one, two = Answered(Intent.HELP, NOW), Answered(Intent.STOP, after(1))
    place = tables.bound[ContactItem](contacts.partition(agency_id, PHONE), ANSWERS)
    written = json.loads(encode((one,)))
    place.document = json.dumps(
        [{**each, "tone": "kind"} if isinstance(each, dict) else each for each in written], indent=1
    )
    place.save()
    before = contacts.answered(agency_id, PHONE)
    contacts.note_answered(agency_id, PHONE, before, (one, two), after(60))

    assert before == (one,)
    assert contacts.answered(agency_id, PHONE) == (one, two)
