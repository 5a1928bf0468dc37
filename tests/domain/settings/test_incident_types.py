import pytest

from chalicelib.domain.incidents.facts import Facts
from chalicelib.domain.language import choose_language
from chalicelib.domain.names import Kind
from chalicelib.inbound.settings import read_settings
from tests.factories import SETTINGS

MORE = """
[[incident_types]]
codes = ["PARK*", "TOW?"]
description = "Parking"
delay = { after = ["45m"], anchor = "queued_at" }
[incident_types.priorities.5]
notify = ["acknowledgment"]
delay = { after = ["90m"] }
[[incident_types]]
codes = ["PARK-HC"]
description = "Parking on a place for the disabled"
[priorities.4]
notify = ["acknowledgment", "delay"]
acknowledgment = { hold = "5m" }
[[cities]]
beats = ["7*"]
name = "Shelbyville Police Department"
short_name = "Shelbyville PD"
non_emergency = "303-555-0177"
mode = "shadow"
[[cities]]
beats = ["81?"]
name = "Ogdenville Police"
short_name = "Ogdenville"
delay = { after = ["20m"] }
[[cities.incident_types]]
codes = ["BEES"]
description = "Bees"
"""
COUNTY = read_settings(SETTINGS + MORE)


def rule(code, priority="3", agency=COUNTY):
    return agency.rule(Facts(incident_type=code, priority=priority))


def minutes(found):
    return [after.total_seconds() / 60 for after in found.delay.after]


@pytest.mark.parametrize(
    ("code", "description"),
    [
        ("PARK-1", "Parking"),
        ("parking", "Parking"),
        ("TOW1", "Parking"),
        ("PARK-HC", "Parking on a place for the disabled"),
        ("NOISE", "Noise and the like"),
    ],
)
def test_a_type_is_found_by_its_exact_code_else_by_a_pattern(code, description):
    assert COUNTY.type_of(code).description == description


@pytest.mark.parametrize("code", ["TOW", "TOW12", "APARK", "", None, "NOISE 2"])
def test_what_fits_neither_is_not_allowed(code):
    assert COUNTY.type_of(code) is None
    assert rule(code) is None


def test_the_most_particular_word_counts():
    assert (minutes(rule("NOISE")), rule("NOISE").delay.anchor) == ([30], "received_at")
    assert (minutes(rule("PARK-1")), rule("PARK-1").delay.anchor) == ([45], "queued_at")
    assert minutes(rule("PARK-1", "5")) == [90]
    assert rule("PARK-1", "5").notify == (Kind.ACKNOWLEDGMENT,)
    assert rule("NOISE", "4").notify == (Kind.ACKNOWLEDGMENT, Kind.DELAY)
    assert rule("NOISE", "4").acknowledgment.hold.total_seconds() == 300
    assert rule("NOISE", "3").acknowledgment.hold.total_seconds() == 60


def test_a_city_has_its_own_name_numbers_and_rules():
    shelbyville, ogdenville = COUNTY.at("712"), COUNTY.at("815")

    assert (shelbyville.short_name, shelbyville.numbers.non_emergency) == ("Shelbyville PD", "303-555-0177")
    assert shelbyville.numbers.sms_from == COUNTY.numbers.sms_from
    assert rule("NOISE", agency=shelbyville)
    assert rule("NOISE", agency=ogdenville) is None
    assert minutes(rule("BEES", agency=ogdenville)) == [20]
    assert COUNTY.at("612") is COUNTY
    assert COUNTY.at(None) is COUNTY


def test_going_live_is_by_city_type_and_kind():
    in_shadow = SETTINGS.replace('codes = ["THEFT"]', 'codes = ["THEFT"]\nmode = "shadow"')
    some = read_settings('shadow_kinds = ["survey"]\n' + in_shadow + MORE)

    assert some.sends(Kind.DELAY, "NOISE")
    assert not some.sends(Kind.SURVEY, "NOISE")
    assert not some.sends(Kind.DELAY, "THEFT")
    assert not some.at("712").sends(Kind.DELAY, "NOISE")
    assert not some.sends(Kind.DELAY, "UNHEARD-OF")


def test_a_city_can_not_go_live_before_its_county():
    eager = MORE.replace('mode = "shadow"', 'mode = "live"')

    assert read_settings(SETTINGS + eager).at("712").mode == "live"
    assert read_settings(SETTINGS.replace('mode = "live"', "") + eager).at("712").mode == "shadow"


@pytest.mark.parametrize(
    ("told", "language"),
    [("es", "es"), ("es-MX", "es"), ("Spanish", "es"), ("ESPAÑOL", "es"), ("en", "en"), ("vi", "en"), (None, "en")],
)
def test_people_are_written_to_in_their_language_where_the_agency_speaks_it(told, language):
    assert choose_language(told, ("en", "es")) == language
    assert choose_language(told, ("en",)) == "en"
