"""People find a call by every name that it ever had, and are asked which one where several had it."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from chalicelib.aws.stores.history import Heard, Story
from chalicelib.domain.settings.identity import IdentityRules
from chalicelib.flow.incidents.identify import bearing
from chalicelib.insight.explain.calls import named
from chalicelib.insight.explain.merged import with_merged
from chalicelib.insight.explain.span import span_of
from chalicelib.insight.explain.story import explain
from chalicelib.insight.records.subject import Unclear, find_incident
from tests.factories import NOW, after, agency, call, caller, update
from tests.flow.city import City

YEAR = timedelta(days=362)


@pytest.fixture
def city():
    """Return a city with a call that changed its number, and two calls of one number."""
    found = City(agency(identity=IdentityRules()))
    found.tell(call(parties={"1": caller()}, incident_number="F26-7", incident_id="50-1"))
    found.tell(update(after(1), "late", incident_number="P26-7", incident_id="50-1"))
    found.tell(call(incident_number="0001", at=NOW - YEAR), at=after(1), source="old")
    found.tell(call(incident_number="0001"), at=after(1), source="new")
    return found


@pytest.mark.parametrize("name", ["F26-7", "P26-7", "50-1", "=F26-7"])
def test_a_call_is_found_by_every_name(city, name):
    (found,) = named(city.ports, city.agency, name)

    assert (found.incident_number, found.key) == ("P26-7", "F26-7")
    assert find_incident(city.ports, city.agency, name).incident_number == "F26-7"


def test_of_several_calls_of_one_number_people_choose(city):
    both = named(city.ports, city.agency, "0001")

    assert {call.key for call in both} == {"0001", "0001~20261121"}
    with pytest.raises(Unclear, match="=0001~20261121"):
        find_incident(city.ports, city.agency, "0001")
    assert find_incident(city.ports, city.agency, "=0001").incident_number == "0001"
    today = span_of("2026-11-21", city.agency.zone, after(60))
    assert [call.key for call in named(city.ports, city.agency, "0001", today)] == ["0001~20261121"]


@pytest.mark.parametrize(("restart", "days"), [("daily", 9), ("monthly", 200), ("yearly", 700)])
def test_a_search_looks_back_where_numbers_begin_anew(restart, days):
    city = City(agency(identity=IdentityRules(numbers_restart=restart)))
    city.tell(call(incident_number="239", at=NOW - timedelta(days=days)), at=NOW)

    assert len(bearing("239", city.agency, city.ports, NOW)) == 1


def test_the_story_names_what_people_read_first_and_every_other_name(city):
    record = city.ports.incidents.load(find_incident(city.ports, city.agency, "P26-7"))
    told = explain(Story(record=record), {}, city.agency, (), at=after(5))

    assert (told.incident_number, told.key, told.names) == ("P26-7", "F26-7", ("50-1", "F26-7"))


def test_the_story_has_what_went_out_before_two_calls_became_one():
    city = City(agency(identity=IdentityRules()))
    city.tell(call(parties={"1": caller()}, incident_number="", incident_id="50-1"))
    city.tell(replace(call(incident_number="P26-7", at=after(0.5)), update_id="n"))
    city.run_until(after(3))
    city.tell(update(after(4), "both", incident_number="P26-7", incident_id="50-1"))
    archive = {
        record.incident.key: Story(record=record, heard=(Heard(after(at), "wh", ()),))
        for at, record in enumerate(city.records())
    }
    older = find_incident(city.ports, city.agency, "P26-7")

    whole = with_merged(archive[older], archive.__getitem__)

    assert sum(row.sent_at is not None for row in whole.record.rows.values()) == 2
    assert [each.at for each in whole.heard] == [after(0), after(1)]


def test_the_story_says_when_two_calls_became_one():
    city = City(agency(identity=IdentityRules()))
    city.tell(call(parties={"1": caller()}, incident_number="", incident_id="50-1"))
    city.tell(replace(call(incident_number="P26-7"), update_id="n"), at=after(0.5))
    city.tell(update(after(0.6), "both", incident_number="P26-7", incident_id="50-1"))
    record = city.ports.incidents.load(find_incident(city.ports, city.agency, "P26-7"))
    told = explain(Story(record=record), {}, city.agency, (), at=after(5))

    assert [(moment.at, moment.detail) for moment in told.moments if moment.what == "linked"] == [
        (after(0.6), "P26-7 was proven to be this call by its names: all that was told of it counts here")
    ]
