"""Old incidents are found once the pass has been over them, and nothing else makes them found."""

from uuid import uuid4

import pytest
from msgspec.structs import replace

from chalicelib.aws.tables import ContactItem, IncidentItem, bind, incident_pk
from chalicelib.carriers.tools import Carriers
from chalicelib.domain.desk.attention import Cause
from chalicelib.domain.desk.recent import CallOf
from chalicelib.domain.incidents.update import Latch
from chalicelib.domain.names import IncidentKey, Kind
from chalicelib.domain.people.contact import OptOutScope
from chalicelib.domain.settings.judgements import Judgements
from chalicelib.flow.incidents.receive import receive_updates
from chalicelib.insight.records import every_call
from chalicelib.insight.records.index import index
from chalicelib.insight.records.reconcile import phones
from chalicelib.insight.records.subject import Person, incidents_of
from chalicelib.ports.errors import NotSearchable, Unreadable
from chalicelib.virtual.fiction import fictional_phone
from chalicelib.virtual.world import MemoryQueue
from chalicelib.wiring import Aws
from rigs.city.storage import furnish
from tenfour.common.reach import client, tables_at
from tests.factories import NOW, PHONE, after, agency, call, caller, judged, update

pytestmark = pytest.mark.city

PLACES = ("day", "began", "state", "reason", "incident_type", "beat")
CALLS = 7
HELD = "C-mass"


@pytest.fixture
def aws(stack):
    return storage(stack)


def storage(stack, calls=CALLS):
    """Return a stack's storage with an agency, calls of one phone, and a call that a person must decide on."""
    config = furnish(stack.aws_endpoint, f"index-{uuid4().hex[:8]}", Carriers())
    queue = MemoryQueue()
    queue.now = NOW
    made = Aws(
        config,
        lambda: after(5),
        lambda name, config=None: client(name, stack.aws_endpoint, config),
        tables_at(stack.aws_endpoint),
        queue=queue,
        senders={},
    )
    ours = made.settings.publish(
        replace(agency(), mass_call=3, judgements=Judgements((judged("incident_type", "NOISE", "Noise complaint"),))),
        "tests",
        "",
        NOW,
    )
    for number in range(calls):
        tell(made, ours, call(parties={"1": caller(PHONE)}, incident_number=f"C{number}", beat="12"), f"w{number}")
    crowd = {str(each): caller(fictional_phone(each)) for each in range(3)}
    tell(made, ours, call(parties=crowd, incident_number=HELD), "mass")
    young = call(parties={"1": caller(PHONE)}, incident_number="C-young", latches={Latch.JUVENILE})
    tell(made, ours, young, "young")
    return made


def tell(aws, ours, update, source):
    receive_updates([update], source, ours, aws, NOW)


def person(aws):
    return Person(aws.settings.agency("springfield"), PHONE, aws.contacts.reference(PHONE).keyed_hash)


def found(aws):
    """Return all that is found of the agency."""
    recent = {
        (one.key.incident_number, one.kind, one.state, one.beat) for one in aws.recent.all_of("springfield", NOW, NOW)
    }
    return (
        recent,
        aws.contacts.incidents_of("springfield", PHONE),
        {one.name for one in aws.attention.of("springfield")},
    )


def as_the_release_before(aws):
    """Write everything as a release does that knows no index, and no list of what waits."""
    apart = tables_at(aws.connection.client.meta.endpoint_url)
    items = bind(IncidentItem, aws.config.incidents_table, apart)
    people = bind(ContactItem, aws.config.contacts_table, apart)
    for item in items.scan():
        if item.day:
            item.update([getattr(items, name).remove() for name in PLACES])
    for item in people.scan():
        if item.sk.startswith("call#") or item.pk.startswith("!attention#"):
            item.delete()
    client("dynamodb", aws.connection.client.meta.endpoint_url).delete_item(
        TableName=aws.config.settings_table, Key={"pk": {"S": "springfield"}, "sk": {"S": "searchable"}}
    )


def test_who_said_stop_is_listed_with_the_word_and_an_old_word_by_the_pass(aws):
    hashed = aws.contacts.reference(PHONE)
    aws.contacts.opt_out("springfield", PHONE, OptOutScope.ALL, NOW, "STOP", "text")
    assert phones(aws, "springfield") == {PHONE}
    aws.contacts.opt_in("springfield", PHONE, after(1), "START", "text")
    assert phones(aws, "springfield") == set()

    aws.contacts.opt_out("springfield", PHONE, OptOutScope.ALL, after(2), "STOP", "text")
    aws.contacts.stopped.item(aws.contacts.partition("springfield", hashed)).delete()
    assert phones(aws, "springfield") == set()
    assert run(aws) > 0
    assert phones(aws, "springfield") == {PHONE}
    assert run(aws, check=True) == 0


def test_only_the_word_that_counts_is_listed(aws):
    aws.contacts.opt_in("springfield", PHONE, after(5), "START", "text")
    aws.contacts.opt_out("springfield", PHONE, OptOutScope.ALL, after(1), "STOP", "text")  # it came late

    assert phones(aws, "springfield") == set()


def run(aws, **how):
    return sum(step.wrong for step in index(aws, after(5), **how))


def test_a_new_agency_is_searchable_and_everything_is_in_place(aws):
    assert run(aws, check=True) == 0
    assert {one.incident.incident_number for one in incidents_of(aws, person(aws))} == {
        "C-young",
        *(f"C{n}" for n in range(CALLS)),
    }
    assert {one.name for one in aws.attention.of("springfield")} == {(Cause.HELD, HELD), (Cause.HELD, "C-young")}


def test_what_an_earlier_release_wrote_is_found_after_the_pass_and_not_before(aws):
    whole = found(aws)
    as_the_release_before(aws)

    with pytest.raises(NotSearchable):
        incidents_of(aws, person(aws))
    assert found(aws) == (set(), (), set())
    assert run(aws, check=True) > CALLS
    assert found(aws) == (set(), (), set())
    assert run(aws) > CALLS

    assert found(aws) == whole
    assert run(aws, check=True) == 0
    assert len(incidents_of(aws, person(aws))) == CALLS + 1


def test_a_pass_that_is_stopped_goes_on_where_it_was(aws):
    whole = found(aws)
    as_the_release_before(aws)
    aws.items_again.size = 4
    first = index(aws, after(5))
    for _ in range(2):
        next(first)

    with pytest.raises(NotSearchable):
        incidents_of(aws, person(aws))
    rest = list(index(aws, after(6)))

    every = list(index(aws, after(7), check=True))
    assert sum(step.seen for step in rest) == sum(step.seen for step in every) - 8
    assert sum(step.wrong for step in every) == 0
    assert found(aws) == whole


def test_a_message_keeps_the_beat_that_its_call_had_and_an_old_one_gets_the_present_one(aws):
    ours = aws.settings.agency("springfield")
    tell(aws, ours, update(after(1), incident_number="C0", beat="13"), "moved")

    def beats():
        every = aws.recent.all_of("springfield", NOW, NOW)
        return {one.beat for one in every if one.key.incident_number == "C0" and one.kind is Kind.ACKNOWLEDGMENT}

    run(aws)
    assert beats() == {"12"}
    as_the_release_before(aws)
    run(aws)
    assert beats() == {"13"}


def test_the_next_word_about_a_call_leads_all_of_its_people_to_it(aws):
    as_the_release_before(aws)
    ours = aws.settings.agency("springfield")
    tell(aws, ours, call(parties={"1": caller(PHONE)}, at=after(1), incident_number="C3", beat="14"), "later")

    assert aws.contacts.incidents_of("springfield", PHONE) == (CallOf(NOW, "C3"),)


def test_an_erasure_takes_the_ways_to_a_persons_calls_too_and_a_stop_stays(aws):
    aws.contacts.opt_out("springfield", PHONE, OptOutScope.ALL, NOW, "STOP", "text")

    assert aws.records.forget_contact("springfield", PHONE) > CALLS

    assert aws.contacts.incidents_of("springfield", PHONE) == ()
    assert [person.keyed_hash for person in aws.contacts.stopped.of("springfield")] == [
        aws.contacts.reference(PHONE).keyed_hash
    ]


def test_an_incident_of_theirs_that_can_not_be_read_is_said_and_nothing_is_told(aws):
    items = bind(IncidentItem, aws.config.incidents_table, tables_at(aws.connection.client.meta.endpoint_url))
    items("springfield#C2", "incident").update([items.document.set("{")])

    with pytest.raises(Unreadable, match="springfield#C2"):
        incidents_of(aws, person(aws))


def test_no_look_at_a_person_reads_a_whole_table(aws):
    made, somebody = [], person(aws)
    aws.connection.client.meta.events.register("before-call.dynamodb.*", lambda model, **_: made.append(model.name))

    assert len(incidents_of(aws, somebody)) == CALLS + 1
    assert sorted(made) == ["GetItem", *["Query"] * (CALLS + 2)]


def test_the_place_of_an_incident_is_as_its_table_has_it(aws):
    items = bind(IncidentItem, aws.config.incidents_table, tables_at(aws.connection.client.meta.endpoint_url))
    item = items.get(incident_pk(IncidentKey("springfield", "C0")), "incident")

    assert item.began == "2026-11-21T18:00:00.000000Z#C0"
    assert item.day.startswith("springfield#2026-11-21#")


class Told(list):
    """What a report says beside its answer."""

    def __call__(self, words):
        self.append(words)


def operations(aws):
    made = []
    aws.connection.client.meta.events.register("before-call.dynamodb.*", lambda model, **_: made.append(model.name))
    return made


def test_every_call_and_every_word_about_it_is_read_by_the_index_as_a_scan_reads_it(aws):
    told, ours = Told(), aws.settings.agency("springfield")
    for order, number in enumerate(("C1", HELD)):
        tell(aws, ours, update(after(1), incident_number=number, beat="14"), f"later-{order}")
    by_scan = list(aws.incidents.records("springfield"))
    said_by_scan = sorted(aws.incidents.heard("springfield"), key=lambda one: (one.at, one.source_id))
    made = operations(aws)

    assert list(every_call.records(aws, "springfield", after(5), told)) == by_scan
    said = sorted(every_call.heard(aws, "springfield", after(5), told), key=lambda one: (one.at, one.source_id))

    assert (said, len(by_scan)) == (said_by_scan, CALLS + 2)
    assert "Scan" not in made
    assert told == []


def test_calls_that_the_index_lacks_are_read_by_a_scan_that_is_said(aws):
    whole, told = list(aws.incidents.records("springfield")), Told()
    as_the_release_before(aws)

    assert len(list(every_call.records(aws, "springfield", after(5), told))) == len(whole)
    assert len(list(every_call.heard(aws, "springfield", after(5), told))) == CALLS + 2
    assert told == [every_call.SCANS] * 2
    run(aws)
    assert list(every_call.records(aws, "springfield", after(5), told)) == whole
    assert len(told) == 2


def test_a_call_that_can_not_be_read_is_left_out_of_every_call(aws):
    items = bind(IncidentItem, aws.config.incidents_table, tables_at(aws.connection.client.meta.endpoint_url))
    items("springfield#C2", "incident").update([items.document.set("{")])

    found = [record.incident.incident_number for record in every_call.records(aws, "springfield", after(5), Told())]

    assert "C2" not in found
    assert len(found) == CALLS + 1


def test_a_pace_of_one_query_a_part_of_a_day_and_one_a_call(aws):
    made = operations(aws)
    list(every_call.records(aws, "springfield", after(5), Told()))

    days = 3  # that of the first settings, and one on either side
    assert sorted(made) == ["GetItem"] * 2 + ["Query"] * (4 * days + CALLS + 2)
