"""Whatever names updates bear and in whatever order they come, a call is one call, and nobody hears a kind twice.

The oracle is written from the documents: calls by their names alone, facts by the latest word.
"""

from collections import Counter
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.domain.incidents.facts import Link
from chalicelib.domain.incidents.update import Evidence, Latch
from chalicelib.domain.names import IncidentKey
from chalicelib.domain.notifications.notification import GONE
from chalicelib.domain.settings.identity import IdentityRules
from chalicelib.flow.incidents.receive import receive_updates
from chalicelib.virtual.fiction import fictional_phone
from chalicelib.virtual.world import MemoryPorts
from tests.factories import after, agency, call, caller, update
from tests.flow.city import City

CALLS = 3
RULES = IdentityRules(cad="sometimes")


def names(one, form):
    """Return a call's names in one of the forms in which its updates may have them."""
    late, early, known = f"P26-{one}", f"F26-{one}", f"50-{one}"
    return {
        "id": {"incident_number": "", "incident_id": known},
        "number": {"incident_number": late},
        "both": {"incident_number": late, "incident_id": known},
        "early": {"incident_number": early, "incident_id": known},
    }[form]


@st.composite
def stories(draw):
    """Return updates about some calls; each call has an update that proves its names to be one's."""
    told = []
    for one in range(1, CALLS + 1):
        forms = draw(st.lists(st.sampled_from(["id", "number", "both", "early"]), min_size=1, max_size=5))
        for place, form in enumerate([*forms, "both"]):
            minute = draw(st.integers(0, 25))
            name, parties = f"{one}-{place}", {"1": caller(fictional_phone(one))}
            facts = draw(st.sampled_from([{}, {"arrived_at": after(minute)}, {"beat": str(minute)}]))
            latches = draw(st.sampled_from([frozenset(), frozenset(), frozenset(), frozenset({Latch.DO_NOT_CONTACT})]))
            opening = call(parties=parties, **names(one, form), **facts)
            later = update(after(minute), name, latches=latches, **names(one, form), **facts)
            told.append(replace(opening, update_id=name) if place == 0 else later)
    return draw(st.permutations(told))


def played(told):
    city = City(agency(identity=RULES))
    for place, each in enumerate(told):
        city.tell(each, at=max(city.now, after(26)), source=f"wh{place}")
    return city


def of_call(told, one):
    ours = {*(tuple(sorted(names(one, form).items())) for form in ("id", "number", "both", "early"))}
    bears = {(name, value) for each in ours for name, value in each if value}
    return [
        each for each in told if {("incident_number", each.incident_number), ("incident_id", each.incident_id)} & bears
    ]


@given(told=stories())
def test_each_call_is_told_of_once_and_by_its_latest_words(told):
    city = played(told)
    speaking = [record.incident for record in city.records() if record.incident.leads]

    assert len(speaking) == CALLS
    for incident in speaking:
        ours = of_call(told, int(next(iter(incident.identity.ids)).removeprefix("50-")))
        arrivals = [each for each in ours if "arrived_at" in each.facts]
        latest = max(arrivals, key=lambda each: each.as_of, default=None)
        assert incident.facts.arrived_at == (latest and latest.facts["arrived_at"])
        assert incident.holds(Latch.DO_NOT_CONTACT) == any(each.latches for each in ours)
        assert {party.phone.number for party in incident.parties.values()} == {
            each.parties["1"]["phone"].number for each in ours if each.parties
        }


@given(told=stories())
def test_nobody_hears_a_kind_twice_and_what_arrived_is_not_late(told):
    city = played(told)
    city.run_until(None)

    gone = Counter(
        (row.address, row.key.kind, row.key.ordinal)
        for record in city.records()
        for row in record.rows.values()
        if row.state in GONE
    )
    assert [kind for kind, count in gone.items() if count > 1] == []
    for one in range(1, CALLS + 1):
        ours = of_call(told, one)
        if any("arrived_at" in each.facts or each.latches for each in ours):
            assert not [text for text in city.texts(fictional_phone(one)) if "delayed" in text]


@given(told=stories())
def test_a_webhook_that_is_sent_again_changes_nothing(told):
    city = played(told)
    before = {record.incident.key: record.incident for record in city.records()}
    for each in told:
        city.tell(each, at=city.now, source="again")

    assert {record.incident.key: record.incident for record in city.records()} == before


class Killed(Exception):
    """The function ended here."""


@pytest.mark.parametrize("after_saves", range(6))
def test_a_crash_between_two_writes_tells_nobody_twice(after_saves):
    city = City(agency(identity=RULES))
    told = [
        call(parties={"1": caller()}, incident_number="", incident_id="50-1"),
        call(parties={"1": caller()}, incident_number="P26-1", at=after(0.5)),
        update(after(0.8), "both", incident_number="P26-1", incident_id="50-1"),
        update(after(2), "arrived", incident_number="P26-1", arrived_at=after(2)),
    ]
    saved, save = [], city.ports.incidents.save

    def fragile(change):
        if len(saved) == after_saves:
            saved.append(None)
            raise Killed
        save(change)
        saved.append(change)

    city.ports.incidents.save = fragile
    for place, each in enumerate(told):
        city.now = max(city.now, each.as_of)
        city.run_until(city.now)
        city.ports.tell_time(city.now)
        try:
            receive_updates([each], f"wh{place}", city.agency, city.ports, city.now)
        except Killed:
            receive_updates([each], f"wh{place}", city.agency, city.ports, city.now)
    city.run_until(None)

    speaking = [record.incident for record in city.records() if record.incident.leads]
    assert [one.facts.arrived_at for one in speaking] == [after(2)]
    assert [text for text in city.texts() if "delayed" in text] == []
    assert sum("we have your call" in text for text in city.texts()) == 1


def test_a_link_that_is_passed_on_late_makes_no_second_call_of_an_id():
    city, phones = City(agency(identity=RULES)), (fictional_phone(1), fictional_phone(2))
    duplicate = call(
        parties={"1": caller(phones[1])},
        incident_number="P26-2",
        linked_to=Link("id:50-1", "duplicate_of", "50-1"),
    )
    save = city.ports.incidents.save

    def killed_behind(change):
        city.ports.incidents.save = save
        save(change)
        raise Killed

    city.ports.incidents.save = killed_behind
    with pytest.raises(Killed):
        city.tell(duplicate, source="first try")
    both = call(parties={"1": caller(phones[0])}, at=after(0.1), incident_number="P26-1", incident_id="50-1")
    city.tell(both, source="the call itself")
    city.tell(duplicate, at=after(0.2), source="second try")
    arrived = update(after(2), "arrived", incident_number="", incident_id="50-1", arrived_at=after(2))
    city.tell(arrived, source="by its id alone")
    city.run_until(None)

    call_itself = city.ports.incidents.load(IncidentKey("springfield", "P26-1")).incident
    assert call_itself.facts.arrived_at == after(2)
    assert [text for text in city.texts() if "delayed" in text] == []
    assert sum("we have your call" in text for text in city.texts(phones[0])) == 1


LINKED = (
    call(parties={"1": caller(fictional_phone(1))}, incident_number="", incident_id="a"),
    call(parties={"2": caller(fictional_phone(2))}, incident_number="N", at=after(0.1)),
    call(
        parties={"1": caller(fictional_phone(3))},
        incident_number="X",
        at=after(0.2),
        linked_to=Link("N", "duplicate_of"),
    ),
    update(after(1), "proof", incident_number="N", incident_id="a"),
    update(after(2), "back", incident_number="", incident_id="a", linked_to=Link("X", "duplicate_of")),
)


@pytest.mark.parametrize("order", list(permutations(range(5))))
def test_of_a_ring_with_a_proven_link_one_is_told(order):
    city = City(agency(identity=RULES))
    for place in order:
        city.tell(LINKED[place], at=after(3), source=f"wh{place}")
    city.run_until(None)

    speaking = [record.incident for record in city.records() if record.incident.leads]
    assert len(speaking) == 1
    for one in (1, 2, 3):
        assert sum("we have your call" in text for text in city.texts(fictional_phone(one))) == 1


def test_what_is_said_of_the_younger_silences_the_older():
    city = City(agency(identity=RULES))
    city.tell(call(parties={"1": caller()}, incident_number="", incident_id="a"))
    violent = update(after(0.2), "dv", incident_number="N", incident_type_description="domestic violence")
    city.tell(violent, source="rms")
    city.tell(update(after(0.4), "proof", incident_number="N", incident_id="a"), source="proof")
    city.run_until(None)

    assert city.texts() == []


def test_two_agencies_of_one_deployment_stay_apart():
    ours = agency(identity=RULES)
    theirs = replace(ours, agency_id="shelbyville")
    city = City(ours)
    city.ports = MemoryPorts(ours, theirs)
    city.ports.tell_time(city.now)
    told = call(parties={"1": caller()}, incident_number="P26-1", incident_id="50-1")
    receive_updates([told], "one", ours, city.ports, city.now)
    receive_updates(
        [update(after(1), "b", incident_number="", incident_id="50-1")], "two", theirs, city.ports, city.now
    )

    found = {record.incident.key: record.incident for record in city.records()}
    assert {*found} == {IncidentKey("springfield", "P26-1"), IncidentKey("shelbyville", "id:50-1")}
    assert found[IncidentKey("shelbyville", "id:50-1")].parties == {}
    assert Evidence("incident_type", "NOISE") not in found[IncidentKey("shelbyville", "id:50-1")].evidence
