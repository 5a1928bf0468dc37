"""What a mapping can't name: people, places, free texts, and values that nobody has named."""

import json

import pytest

from chalicelib.inbound.mapping.batch import mapper_of, read_mapped
from chalicelib.inbound.mapping.file import InvalidMapping, read_mapping
from tests.factories import NOW

GOOD = 'format = "{}"\n[fields]\nincident_number = "n"\nas_of = {{now = true}}\n'
PLACES = """
Address CallAddress FULL_ADDRESS StreetName street CrossStreet Latitude Longitude lat Lon Long GPS XCoordinate
LicensePlate Plate LicenceNo Vin Apartment Apt ZipCode Location EventLocation EVENT_LOCATION Location_Address
"""
FREE = "Narrative Comments CallComment Remarks Note NOTES ClosingNotes"
FINE = """
CallBackPhone Phone1 PoliceBeat TypeOfCall LongTermCallID EmailAddress E-MailAddress LocationType Template Flat
Allocation Notified Beat_Location_Code Division Platoon Recommendation ContactPhone CallerPhone Violation
"""


def field(kind, name, path, block="fields", more=""):
    head = "" if block == "fields" else f"[[{block}]]\n{more}"
    return read_mapping(GOOD.format(kind) + head + f"{name} = {json.dumps(path)}\n")


@pytest.mark.parametrize("kind", ["json", "xml", "rows"])
@pytest.mark.parametrize("name", PLACES.split())
def test_places_and_plates_are_refused_by_name(kind, name):
    path = {"json": f'Call."{name}"', "xml": f"Call/{name}", "rows": name}[kind]
    with pytest.raises(InvalidMapping, match=r"fields\.beat: .* places and plates are not sent"):
        field(kind, "beat", path)


@pytest.mark.parametrize("name", FREE.split())
def test_free_texts_are_refused_unless_a_part_is_picked(name):
    with pytest.raises(InvalidMapping, match=rf"fields\.incident_type_description: '{name}': free texts"):
        field("json", "incident_type_description", name)
    with pytest.raises(InvalidMapping, match="free texts"):  # what does not fit the pattern would stay whole
        read_mapping(GOOD.format("json") + f"dispositions = {{from = '{name}', pick = '^([A-Z]{{3}})'}}")
    read_mapping(GOOD.format("rows") + f"[[parties]]\nphone = {{from = '{name}', pick = 'Cb ([0-9]{{10}})'}}")


@pytest.mark.parametrize("name", FINE.split())
def test_names_that_only_look_alike_are_let_through(name):
    read = field("rows", "email", name, "parties") if "mail" in name.lower() else field("rows", "beat", name)
    assert name in read.paths
    if "Phone" in name:
        assert field("json", "phone", f'CallerInformation."{name}"', "parties").parties


@pytest.mark.parametrize("name", ["incident_type", "beat", "priority", "dispositions", "case_numbers"])
@pytest.mark.parametrize(
    "path",
    [
        "values(CallerInformation)",
        "values(@)",
        "CallerInformation.*",
        "*",
        "@",
        "Call.*",
        "Call.*.*",
        "Calls[].*",
        "join(', ', values(Call))",
        "Call | values(@)",
        "Call.[Type, *]",
        "Type || values(Caller)",
        "to_string(@)",
        "not_null(Type, @)",
        "merge(Call, Caller)",
        "Call.values(@)",
        "{a: Type, b: *}",
    ],
)
def test_wildcards_and_functions_onto_all_are_refused(name, path):
    with pytest.raises(InvalidMapping, match=rf"fields\.{name}: .*it ends in no name"):
        field("json", name, path)


@pytest.mark.parametrize("path", ["*", "Caller/*", "//*", ".", "Caller/.", "Call/*/text()"])
def test_wildcards_of_xml_are_refused(path):
    with pytest.raises(InvalidMapping, match="it ends in no name"):
        field("xml", "incident_type", path)


@pytest.mark.parametrize("path", ["Caller", "CallerInformation", "Call.Persons", "ReportingParty", "Victims[]"])
def test_a_whole_person_is_no_word(path):
    with pytest.raises(InvalidMapping, match="it is a person's"):
        field("json", "incident_type", path)


def test_times_are_found_by_a_wildcard_but_not_below_a_person():
    read_mapping(GOOD.format("json") + 'received_at = {earliest = ["Taken", "Times.*"]}')
    for path in ("CallerInformation.*", "values(Location)", "*", "values(@)"):
        with pytest.raises(InvalidMapping, match="it ends in no name"):
            read_mapping(GOOD.format("json") + f'received_at = {{earliest = ["{path}"]}}')


@pytest.mark.parametrize(
    "path",
    [
        "Types.*.Code",
        "[3]",
        "Units[]",
        "Units[0]",
        "a[?contains(@, 'x')]",
        "a[].b | [0]",
        "to_string(Number)",
        "*.Code",
    ],
)
def test_paths_that_end_in_a_name_or_a_place_are_let_through(path):
    assert path in field("json", "incident_type", path).paths


@pytest.mark.parametrize(
    ("kind", "name", "path", "block", "more"),
    [
        ("json", "phone", "CallerInformation.Call_Back_Phone", "parties", ""),
        ("xml", "phone", "Persons/Person/ContactPhone", "parties", ""),
        ("xml", "phone", "Caller", "parties", ""),
        ("xml", "unit", ".", "units", 'from = "Units/Unit"\n'),
    ],
)
def test_phones_and_units_stay_mappable_by_their_path(kind, name, path, block, more):
    assert path in field(kind, name, path, block, more).paths


def test_an_object_is_not_written_as_a_text():
    text = GOOD.format("json") + 'beat = "to_string(b)"\nincident_type = "to_string(t)"\n'
    body = {"n": "1", "b": {"street": "1 Nowhere Rd"}, "t": [{"x": "Nobody"}]}

    (update,) = read_mapped(mapper_of(text), json.dumps(body).encode(), "wh", "US", NOW).updates

    assert update.facts == {}


def test_of_an_object_where_a_code_is_expected_nothing_is_kept():
    body = {"n": "1", "b": {"x": "1 Nowhere Rd"}, "t": {"CallAddress": "1 Nowhere Rd", "code": "DV"}}
    text = GOOD.format("json") + 'beat = "b"\nincident_type = "t"\n'

    batch = read_mapped(mapper_of(text), json.dumps(body).encode(), "wh", "US", NOW)

    assert "Nowhere" not in str(batch.set_aside)
    assert "DV" in str(batch.salvaged)  # a word about the nature holds, whatever its form


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("json", "Caller.Name"),
        ("json", "Callers[0].name"),
        ("json", "Caller.{a: Name}"),
        ("json", "Call.Contacts[?Kind=='A'].Name"),
        ("json", "Caller[].[Name][]"),
        ("xml", "Caller/Name"),
        ("xml", "Persons/Person[Role='Victim']/@Name"),
        ("rows", "RP NAME"),
        ("rows", "rp_name"),
        ("rows", "Reporting Party Name"),
        ("rows", "WitnessName"),
        ("rows", "contact-name"),
    ],
)
def test_a_name_of_a_person_is_refused(kind, path):
    """Found: only names such as `CallerName` were; `Caller.Name` and `RP NAME` went out."""
    for block, name in (("fields", "shift"), ("parties", "party_id")):
        with pytest.raises(InvalidMapping, match="names, social security numbers and dates of birth are not sent"):
            field(kind, name, path, block)


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("json", "Unit.Name"),
        ("xml", "Dispositions/CallDisposition/Name"),
        ("rows", "Name"),
        ("json", "Caller.Role.Name"),
    ],
)
def test_a_name_of_something_else_is_let_through(kind, path):
    assert path in field(kind, "shift", path).paths


def test_a_party_s_own_name_is_refused_and_its_role_s_is_not():
    with pytest.raises(InvalidMapping, match=r"parties\.party_id: 'Name': names"):
        field("json", "party_id", "Name", "parties", 'from = "People"\n')
    assert field("json", "party_id", "Role.Name", "parties", 'from = "People"\n').parties


@pytest.mark.parametrize("pick", ["^(.*)$", "^(.{1,400})", "^.(.*)$", r"^([\\s\\S]{1,300})"])
def test_a_pick_of_a_whole_narrative_is_refused(pick):
    """Found: a pick that takes all let a free text through."""
    with pytest.raises(InvalidMapping, match="free texts"):
        read_mapping(GOOD.format("rows") + f'shift = {{from = "Narrative", pick = "{pick}"}}')
