"""Payloads of many shapes, each mapped by a file alone: `tests/mappings` has the file, a payload and what comes out."""

import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

import jmespath
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jmespath.exceptions import JMESPathError

from chalicelib.inbound.cad.read_updates import Malformed, Unacceptable
from chalicelib.inbound.mapping.batch import as_batch, mapper_of, read_mapped
from chalicelib.inbound.mapping.file import InvalidMapping, read_mapping
from chalicelib.inbound.mapping.mapper import Mapper
from chalicelib.inbound.mapping.markup import read_xml
from chalicelib.inbound.mapping.naming import changing_names
from chalicelib.inbound.mapping.paths import one
from chalicelib.inbound.mapping.payload import read_document
from chalicelib.inbound.mapping.times import Instants
from chalicelib.inbound.mapping.values import Unfit, as_text
from tenfour.common.paths import ROOT
from tests.factories import NOW, SHARED

FOLDER, MAPS = ROOT / "tests" / "mappings", ROOT / "infra" / "maps"
SAMPLES = sorted(path for path in FOLDER.iterdir() if path.suffix in {".json", ".xml", ".csv", ".txt"})
LATER = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PRIVATE = ("Nobody", "Atall", "Somebody", "Else", "Nowhere", "900-55", "000-00", "1970", "1971", "Narrative")


def mapping_for(sample):
    own = FOLDER / f"{sample.stem}.toml"
    return mapper_of((own if own.exists() else MAPS / own.name).read_text())


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_a_payload_is_mapped_without_a_line_of_python(sample):
    mapped = mapping_for(sample).read(sample.read_bytes(), LATER)

    assert [msgspec.to_builtins(item.update) for item in mapped] == json.loads(
        sample.with_suffix(".expected").read_text()
    )


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_what_comes_out_is_what_the_webhook_takes(sample):
    batch = read_mapped(mapping_for(sample), sample.read_bytes(), "wh", "US", LATER)

    unreadable = sample.stem == "semicolons"
    assert batch.updates
    assert [item.error for item in batch.rejected] == ["updates[1]: line 4: expected 7 columns, found 8"] * unreadable


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_no_name_number_birth_or_address_leaves(sample):
    mapped = mapping_for(sample).read(sample.read_bytes(), LATER)

    text = msgspec.json.encode([item.update for item in mapped]).decode()
    assert not [word for word in PRIVATE if word in text]


def test_there_are_ten_shapes_and_more():
    assert len(SAMPLES) >= 12
    assert {path.suffix for path in SAMPLES} == {".json", ".xml", ".csv", ".txt"}


def test_persons_do_not_even_leave_the_parser():
    tree = read_xml((FOLDER / "aegis.xml").read_bytes())

    texts = {element.tag: element.text for element in tree.iter()}
    assert {texts[tag] for tag in ("FirstName", "LastName", "DateOfBirth", "SSN", "CallerName")} == {None}
    assert texts["PoliceBeat"] == "612"


@pytest.mark.parametrize("name", ["notify-with-eido", "sample-call-transfer"])
def test_nenas_own_samples_are_read(name):
    path = SHARED / "eido" / f"{name}.json"
    if not path.exists():
        pytest.skip(f"NOT RUN: {path} is not here")
    mapper = mapper_of((MAPS / "eido.toml").read_text())

    (update,) = read_mapped(mapper, path.read_bytes(), "wh", "US", LATER).updates

    assert (update.incident_id.partition(":")[0], update.incident_number) == ("a56e556d871", "")
    assert update.facts["received_at"] == datetime(2021, 4, 30, 18, 40, tzinfo=UTC)
    (party,) = update.parties.values()
    assert (party["role"], party["phone"].problem) == ("caller", None)


def eido(**incident):
    return mapped_eido(**incident).update


def mapped_eido(**incident):
    sample = json.loads((FOLDER / "eido.json").read_text())["event"]["notification"][0]
    sample["incidentComponent"] |= incident
    (mapped,) = mapper_of((MAPS / "eido.toml").read_text()).read(json.dumps(sample).encode(), LATER)
    return mapped


@pytest.mark.parametrize(
    ("words", "codes"),
    [(["Gone on Arrival"], ["GOA"]), (["CANCELLED", "duplicate"], ["CAN"]), (["Something else"], ["Something else"])],
)
def test_apcos_words_for_dispositions_become_codes_and_unknown_ones_stay_loud(words, codes):
    assert (
        eido(dispositionComponent=[{"dispositionCommonRegistryCode": word} for word in words])["dispositions"] == codes
    )


@pytest.mark.parametrize(("word", "field"), [("Closed", "closed_at"), ("Canceled", "cancelled_at"), ("Active", None)])
def test_an_incidents_status_says_what_its_time_means(word, field):
    update = eido(incidentStatusCommonRegistryText=[word])

    assert {name for name in ("closed_at", "cancelled_at") if update.get(name)} == ({field} if field else set())


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (
            {"incidentTypeInternalCode": "DIST", "incidentTypeCommonRegistryText": "Domestic Disturbance/Violence"},
            {"DIST", "Domestic Disturbance/Violence"},
        ),
        ({"incidentTypeInternalText": "Disturbance", "incidentTypeCommonRegistryText": "Suicide"}, {"Suicide"}),
        ({"dispositionComponent": {"dispositionDescriptionText": "DV advised"}}, {"DV advised"}),
    ],
)
def test_the_registrys_words_reach_the_floor_beside_the_agencys_own(told, words):
    batch = as_batch([mapped_eido(**told)], "wh", "US", LATER)
    update = batch.updates[0]

    assert words <= words_of(update) | set(update.facts.get("dispositions") or ())


def test_of_several_calls_each_ones_word_reaches_the_floor():
    sample = json.loads((FOLDER / "eido.json").read_text())["event"]["notification"][0]
    for call, word in zip(sample["callComponent"], ("LOUD", "DV"), strict=True):
        call["localCallType"] = word
    mapper = mapper_of((MAPS / "eido.toml").read_text())

    (update,) = read_mapped(mapper, json.dumps(sample).encode(), "wh", "US", LATER).updates

    assert {"LOUD", "DV"} <= words_of(update)


@pytest.mark.parametrize(
    ("more", "word"),
    [
        (
            "<AgencyContext><AgencyType>Medical</AgencyType><CallType>SUICIDE ATTEMPT</CallType></AgencyContext>",
            "SUICIDE ATTEMPT",
        ),
        ("<AgencyContext><AgencyType>Police</AgencyType><CallType>DV</CallType></AgencyContext>", "DV"),
    ],
)
@pytest.mark.parametrize("place", ["<AgencyContexts>", "</AgencyContexts>"], ids=["first", "last"])
def test_the_words_of_every_agencys_context_reach_the_floor(more, word, place):
    text = (FOLDER / "aegis.xml").read_text()
    text = text.replace(place, place + more if place == "<AgencyContexts>" else more + place)

    (update,) = read_mapped(mapping_for(FOLDER / "aegis.xml"), text.encode(), "wh", "US", LATER).updates

    assert word in words_of(update)


def test_references_that_point_at_one_another_end():
    body = {"$id": "urn:emergency:uid:incidentid:x:y", "lastUpdateTimeStamp": "2026-11-21T11:00:00Z"}
    body["personComponent"] = [
        {"$id": "p1", "personIncidentRoleRegistryText": ["Caller"], "callBackReference": {"$ref": "c1"}},
        {"$id": "c1", "callBackInformationUri": ["tel:3035550123"], "owner": {"$ref": "p1"}, "lost": {"$ref": "gone"}},
    ]

    (mapped,) = mapper_of((MAPS / "eido.toml").read_text()).read(json.dumps(body).encode(), LATER)

    assert mapped.update["reporting_parties"][0]["phone"] == "3035550123"


# --- an older file comes after a newer one


def test_a_call_export_that_comes_late_does_not_win():
    mapper, text = mapping_for(FOLDER / "aegis.xml"), (FOLDER / "aegis.xml").read_text()
    early = text.replace("2026-11-21T11:42:30", "2026-11-21T11:10:00").replace("11:41:00", "11:02:00")
    early = early.replace("11:40:00", "11:03:00").replace("11:15:00", "11:02:00").replace("11:19:00", "11:02:30")

    (new,), (old,) = (mapper.read(body.encode(), LATER) for body in (text, early))

    assert old.update["as_of"] < new.update["as_of"]


@pytest.mark.parametrize("root", ["Call", "CallExport"])
@pytest.mark.parametrize("mark", ["", "\ufeff", "ï»¿"])
def test_either_root_and_any_byte_order_mark(root, mark):
    text = (
        (FOLDER / "aegis.xml")
        .read_text()
        .replace("CallExport xmlns", f"{root} xmlns")
        .replace("/CallExport>", f"/{root}>")
    )

    (mapped,) = mapping_for(FOLDER / "aegis.xml").read((mark + text).encode(), LATER)

    assert mapped.update["incident_number"] == "26-0001187"


# --- files that are wrong

GOOD = 'format = "json"\n[fields]\nincident_number = "n"\nas_of = "t"\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = ", "not TOML"),
        (GOOD.replace("json", "yaml"), "format: "),
        (GOOD + 'arived_at = "x"', "fields.arived_at: no field"),
        (GOOD.replace("incident_number", "priority"), "fields.incident_number: required"),
        (GOOD + 'priority = "a["', r"fields.priority: 'a\[' is no JMESPath"),
        (GOOD + "priority = {join = []}", "fields.priority: expected a path"),
        (GOOD + "priority = {now = true}", "fields.priority: only times"),
        (GOOD + "priority = {from = 'a', pick = 'x'}", "fields.priority.pick: expected one pair"),
        (GOOD + "priority = {from = 'a', pick = '('}", "fields.priority.pick: "),
        (GOOD + 'priority = {form = "x"}', "fields.priority: unknown key form"),
        ('dates = ["%Q"]\n' + GOOD, "fields.as_of: dates: '%Q' is no format of a time: 'Q' is a bad directive"),
        ('dates = ["%Y-%m-%d %"]\n' + GOOD, "fields.as_of: dates: .* is no format of a time: stray %"),
        ('dates = ["%H:%M"]\n' + GOOD, "fields.as_of: dates: '%H:%M' does not say the day"),
        (GOOD + "[codes.colour]\na = 'b'", "codes.colour: no field"),
        ("time_zone = 'Mars'\n" + GOOD, "time_zone: no time zone 'Mars'"),
        (GOOD + "[[parties]]\nname = 'x'", "parties.name: no field"),
        (GOOD + "[[units]]\nunit = 'caller.lastName'", "names, social security"),
        (GOOD + "call_taker_id = 'person.SSN'", "names, social security"),
        (GOOD + "shift = 'Persons[0].DateOfBirth'", "names, social security"),
        (GOOD.replace("json", "xml") + "priority = 'a[b'", "fields.priority: 'a\\[b' is no path"),
        (GOOD.replace("json", "rows") + "[[parties]]\nfrom = 'x'\nphone = 'y'", "parties.from"),
    ],
)
def test_a_mapping_that_is_wrong_names_the_field(text, said):
    with pytest.raises(InvalidMapping, match=said):
        Mapper(read_mapping(text))


def test_words_like_names_that_are_none_may_be_mapped():
    text = GOOD + "[[units]]\nunit = 'UnitName'\nofficer_ids = 'mission.id'"

    assert Mapper(read_mapping(text))


# --- payloads that are wrong


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe{", "{}".encode("utf-16") + b"x", b"[" * 100_000])
def test_what_is_no_json_is_malformed(body):
    with pytest.raises(Malformed):
        mapper_of(GOOD).read(body, LATER)


@pytest.mark.parametrize("body", [b"5", b'"x"', b"[5]"])
def test_json_without_records_is_unacceptable(body):
    with pytest.raises(Unacceptable, match="records"):
        mapper_of(GOOD).read(body, LATER)


@pytest.mark.parametrize("ours", ["incident_type", "type_modifier", "initial_type", "incident_type_description"])
def test_of_several_words_at_a_path_none_is_left_out(ours):
    mapper = mapper_of(f'time_zone = "UTC"\n{GOOD}{ours} = "w"')
    body = json.dumps([{"n": "1", "t": "2026-11-21T11:00:00", "w": ["LOUD", "", "DV", "LOUD"]}])

    (update,) = read_mapped(mapper, body.encode(), "wh", "US", LATER).updates

    assert update.facts[ours] == "LOUD"
    assert words_of(update) == {"LOUD", "DV"}


NATURE = ["incident_type", "type_modifier", "initial_type", "incident_type_description", "offenses"]
"""Fields of words about the nature. The oracle of the tests below is `docs/vendor/mapping.md`: none is left out."""

PLACES = [
    ("w", {"w": ["LOUD", "DV"]}),
    ("w", {"w": [["LOUD"], [["DV"]]]}),
    ("w", {"w": ["LOUD", 5150], "also": "5150"}),
    ("a.w", {"a": [{"w": "LOUD"}, {"w": "DV"}]}),
    ("a.b.w", {"a": [{"b": [{"w": "LOUD"}]}, {"b": {"w": ["DV"]}}]}),
    ("a[].w", {"a": {"w": ["LOUD", "DV"]}}),
    ("a[].b[].w", {"a": [{"b": {"w": "LOUD"}}, {"b": [{"w": "DV"}, {"w": None}]}]}),
    (["w", "a.w"], {"w": "LOUD", "a": {"w": "DV"}}),
    (["a.w", "w"], {"w": "DV", "a": {"w": "LOUD"}}),
    ({"from": ["w", "v"]}, {"w": " LOUD ", "v": ["", "DV"]}),
    ("[w, a[*].w]", {"w": "LOUD", "a": {"w": "DV"}}),
    ("a[*].w", {"a": [{"w": "LOUD"}, "DV"]}),
    ("[w, a.w]", {"w": "LOUD", "a": {"w": "DV"}}),
    (["w", "a.w"], {"w": "LOUD", "a": "DV"}),
    (["w", "a[].w"], {"w": "LOUD", "a": ["DV"]}),
    ("a.*.w", {"a": [{"x": {"w": "LOUD"}}, {"y": {"w": "DV"}}]}),
]


def words_of(update):
    return {word for item in update.evidence for word in (item.code, item.text) if word}


@pytest.mark.parametrize("ours", NATURE)
@pytest.mark.parametrize(("path", "told"), PLACES)
def test_every_word_of_every_list_and_part_reaches_the_floor(ours, path, told):
    spec = json.dumps(path).replace('": [', '" = [') if isinstance(path, dict) else json.dumps(path)
    mapper = mapper_of(f"{GOOD}{ours} = {spec.replace(chr(34) + 'from' + chr(34), 'from')}")
    body = {"n": "1", "t": "2026-11-21T11:00:00Z", **told}

    (update,) = read_mapped(mapper, json.dumps(body).encode(), "wh", "US", LATER).updates

    assert words_of(update) == {"LOUD", told.get("also", "DV")}


def test_a_text_beside_what_a_star_leads_to_is_no_word():
    mapper = mapper_of(f'{GOOD}incident_type = "*.w"')
    body = {"n": "1", "t": "2026-11-21T11:00:00Z", "caller": "Ann Example", "a": {"w": "DV"}}

    (update,) = read_mapped(mapper, json.dumps(body).encode(), "wh", "US", LATER).updates

    assert words_of(update) == {"DV"}


@pytest.mark.parametrize("told", ['"w": "DV", "w": "LOUD"', '"a": {"w": "DV"}, "w": "LOUD", "a": {}'])
def test_a_name_that_is_there_twice_hides_no_word(told):
    mapper = mapper_of(f'{GOOD}incident_type = ["w", "a.w"]')
    body = f'{{"n": "1", "t": "2026-11-21T11:00:00Z", {told}}}'

    (update,) = read_mapped(mapper, body.encode(), "wh", "US", LATER).updates

    assert words_of(update) == {"LOUD", "DV"}


def test_a_column_that_is_there_twice_is_refused_by_name():
    mapper = mapper_of(GOOD.replace("json", "rows") + 'incident_type = "w"')

    with pytest.raises(Malformed, match="'w' is there twice"):
        mapper.read(b"n,t,w,w\n1,2026-11-21T11:00:00Z,DV,LOUD\n", LATER)


XML_PLACES = [
    ("W", "<W>LOUD</W><W>DV</W>", {"LOUD", "DV"}),
    ("A/W", "<A><W>LOUD</W></A><A><W>DV</W></A>", {"LOUD", "DV"}),
    ("W", "<W>LOUD <b>and</b> DV</W>", {"LOUD and DV"}),
    ("W", "<W><b>LOUD</b> DV</W>", {"LOUD DV"}),
    ("W", "<W>LOUD<br/>DV</W>", {"LOUDDV", "LOUD DV"}),
    ("W", "<W><Code>LOUD</Code><Words>DV</Words></W>", {"LOUD", "DV"}),
    ("A/@w", '<A w="LOUD"/><A w="DV"/>', {"LOUD", "DV"}),
    ("W", "<W>LOUD <CallerName>Nobody <b>Atall</b></CallerName>DV</W>", {"LOUD DV"}),
    ("W", "<W><!-- x -->LOUD<![CDATA[ & DV]]></W>", {"LOUD & DV"}),
]


@pytest.mark.parametrize("ours", NATURE[:4])
@pytest.mark.parametrize(("path", "markup", "words"), XML_PLACES)
def test_every_word_of_markup_reaches_the_floor(ours, path, markup, words):
    mapper = mapper_of(f"records = '//r'\n{GOOD.replace('json', 'xml')}{ours} = {json.dumps(path)}")
    body = f"<c><r><n>1</n><t>2026-11-21T11:00:00Z</t>{markup}</r></c>"

    (update,) = read_mapped(mapper, body.encode(), "wh", "US", LATER).updates

    assert words_of(update) == words


@pytest.mark.parametrize(
    ("told", "word"),
    [
        ({"w": {"code": "DV"}}, "DV"),
        ({"w": ["LOUD", {"code": ["DV", {"x": "LOUD"}]}]}, "DV"),
        ({"w": "x" * 500 + "DV"}, "DV"),
    ],
)
def test_words_of_an_unfit_value_hold_all_the_same(told, word):
    mapper = mapper_of(f'{GOOD}incident_type = "w"')
    body = {"n": "1", "t": "2026-11-21T11:00:00Z", **told}

    batch = read_mapped(mapper, json.dumps(body).encode(), "wh", "US", LATER)

    assert any(word in said for update in (*batch.updates, *batch.salvaged) for said in words_of(update))


def test_of_an_unfit_object_no_name_is_kept():
    mapper = mapper_of(f'{GOOD}incident_type = "w"')
    body = {"n": "1", "t": "2026-11-21T11:00:00Z", "w": {"code": "DV", "callerName": "Nobody", "DOB": "1971"}}

    batch = read_mapped(mapper, json.dumps(body).encode(), "wh", "US", LATER)

    assert "Nobody" not in str(batch)
    assert "1971" not in str(batch)


@pytest.mark.parametrize(
    ("field", "said", "value"),
    [
        ("juvenile", [False, True], True),
        ("juvenile", ["N", "Y"], True),
        ("do_not_contact", [None, "no", "yes"], True),
        ("exercise", ["0", "1"], True),
        ("juvenile", ["N", "", "N"], False),
    ],
)
def test_of_several_words_the_one_that_stops_a_text_counts(field, said, value):
    mapper = mapper_of(f'{GOOD}{field} = "w"')
    body = {"n": "1", "t": "2026-11-21T11:00:00Z", "w": said}

    assert mapper.read(json.dumps(body).encode(), LATER)[0].update[field] is value


def test_of_several_words_about_safety_the_unsafe_one_counts():
    mapper = mapper_of(f'{GOOD}[[parties]]\nparty_id = "id"\nsafe_to_contact = ["safe", "also"]')
    body = {"n": "1", "t": "2026-11-21T11:00:00Z", "id": "1", "safe": ["Y"], "also": "N"}

    (mapped,) = mapper.read(json.dumps(body).encode(), LATER)

    assert mapped.update["reporting_parties"][0]["safe_to_contact"] is False


@pytest.mark.parametrize(
    ("told", "value"),
    [({"a": "LOUD", "b": "DV"}, "LOUD DV"), ({"a": "LOUD"}, "LOUD"), ({"b": ["DV", "LOUD"]}, "DV LOUD"), ({}, None)],
)
def test_what_is_joined_is_what_is_there(told, value):
    mapper = mapper_of(f'{GOOD}incident_type = {{join = ["a", "b"]}}\nbeat = {{join = ["a", "b"]}}')

    (mapped,) = mapper.read(json.dumps({"n": "1", "t": "2026-11-21T11:00:00Z", **told}).encode(), LATER)

    assert mapped.update.get("incident_type") == value
    assert mapped.update.get("beat") == (value and value.split(" ")[0] if "a" not in told else value)


def test_half_a_time_is_no_time():
    mapper = mapper_of(f'{GOOD}arrived_at = {{join = ["a", "b"]}}')

    (mapped,) = mapper.read(b'{"n": "1", "t": "2026-11-21T11:00:00Z", "a": "2026-11-21"}', LATER)

    assert "arrived_at" not in mapped.update
    assert mapped.problems == ()


@pytest.mark.parametrize("more", ['DV = "NOISE"\n"*" = "NOISE"', '"*" = "NOISE"', '"*" = ""'])
def test_a_word_that_no_line_of_a_table_names_stays_what_it_is(more):
    mapper = mapper_of(f'{GOOD}incident_type = "w"\n[codes.incident_type]\n{more}')

    (mapped,) = mapper.read(b'{"n": "1", "t": "2026-11-21T11:00:00Z", "w": "SUICIDE"}', LATER)

    assert mapped.update["incident_type"] == "SUICIDE"


def test_a_word_of_another_form_than_that_to_pick_from_stays_whole():
    mapper = mapper_of(f"{GOOD}incident_type = {{from = 'w', pick = '^([A-Z]+) -'}}")

    bodies = (json.dumps({"n": "1", "t": "2026-11-21T11:00:00Z", "w": word}).encode() for word in ("LOUD - x", "dv"))
    told = [mapper.read(body, LATER)[0].update for body in bodies]

    assert [update["incident_type"] for update in told] == ["LOUD", "dv"]


def test_a_field_that_does_not_fit_is_named_and_its_neighbours_are_spared():
    mapper = mapper_of('time_zone = "UTC"\n' + GOOD + 'arrived_at = "a"\nincident_type = "ty"')
    body = json.dumps(
        [{"n": "1", "t": "2026-11-21T11:00:00", "a": "Nobody", "ty": "DV"}, {"n": "2", "t": "2026-11-21T11:00:00"}]
    )

    batch = read_mapped(mapper, body.encode(), "wh", "US", LATER)

    assert [update.incident_number for update in batch.updates] == ["2"]
    assert [item.error for item in batch.rejected] == ["updates[0].arrived_at: expected a time as iso"]
    assert batch.salvaged[0].facts == {"incident_type": "DV"}


def test_what_is_required_and_not_there_is_named():
    batch = read_mapped(mapper_of(GOOD), b'{"t": "2026-11-21T11:00:00Z"}', "wh", "US", LATER)

    assert batch.rejected[0].error == "updates[0].incident_number: required, and nothing is there"


@pytest.mark.parametrize("first", [None, "", "  ", "NULL", " null ", [], ["", None]])
def test_the_first_of_several_paths_that_says_anything_counts(first):
    mapper = mapper_of('blank = ["NULL"]\n' + GOOD + 'priority = ["a", "b"]\nbeat = ["b", "a"]')

    (mapped,) = mapper.read(json.dumps({"n": "1", "t": "2026-11-21T11:00:00Z", "a": first, "b": 7}).encode(), LATER)

    assert (mapped.update["priority"], mapped.update["beat"]) == ("7", "7")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (" a ", "a"),
        ("a\nb\tc", "a b c"),
        (3, "3"),
        (3.0, "3"),
        (2.5, "2.5"),
        (True, "true"),
        (Decimal("12.00"), "12"),
        (date(2026, 11, 21), "2026-11-21"),
        (time(9, 5), "09:05:00"),
        (["", "x", "y"], "x"),
        (UUID(int=7), "00000000-0000-0000-0000-000000000007"),
        (None, None),
        ("  ", None),
    ],
)
def test_whatever_a_source_has_becomes_a_text_on_one_line(value, text):
    assert as_text(value) == text


@pytest.mark.parametrize("value", [{}, {"a": 1}, b"x", object()])
def test_what_is_no_single_value_is_unfit(value):
    with pytest.raises(Unfit, match="one value"):
        as_text(value)


# --- times


def test_an_hour_that_comes_twice_is_the_later_one_as_soon_as_that_has_begun():
    mapper = mapper_of('time_zone = "America/Denver"\n' + GOOD)
    body, first = b'{"n": "1", "t": "2026-11-01T01:30:00"}', datetime(2026, 11, 1, 7, 30, tzinfo=UTC)

    told = [mapper.read(body, now)[0].update["as_of"] for now in (first, first + timedelta(hours=1), LATER)]

    assert told == [first, first + timedelta(hours=1), first + timedelta(hours=1)]


FORMATS = {
    "%m/%d/%Y %I:%M:%S %p": ("11/22/2026 01:02:03 PM", "11/22/2026 1:02:03 pm", "11/22/2026  01:02:03 PM"),
    "%Y-%m-%d %H:%M:%S": ("2026-11-22 13:02:03", "2026-11-22 13:2:3"),
    "%d.%m.%Y %H:%M:%S": ("22.11.2026 13:02:03",),
    "%Y%m%d%H%M%S": ("20261122130203",),
    "%d %b %Y %H:%M:%S": ("22 Nov 2026 13:02:03", "22 nov 2026 13:02:03"),
    "%m/%d/%y %H:%M:%S.%f": ("11/22/26 13:02:03.000", "11/22/26 13:02:03.0000"),
    "%a, %d %b %Y %H:%M:%S %z": ("Sun, 22 Nov 2026 06:02:03 -0700", "Sun, 22 Nov 2026 06:02:03 -07:00"),
}


@pytest.mark.parametrize(("written", "text"), [(written, text) for written, texts in FORMATS.items() for text in texts])
def test_a_time_is_read_as_vendors_write_it(written, text):
    assert Instants((written,), "UTC")(text, LATER) == datetime(2026, 11, 22, 13, 2, 3, tzinfo=UTC)


@given(st.datetimes(datetime(2001, 1, 1), datetime(2035, 1, 1)))  # noqa: DTZ001
@pytest.mark.parametrize("written", ["%m/%d/%Y %I:%M:%S %p", "%Y-%m-%d %H:%M:%S", "%d.%m.%Y %H:%M:%S"])
def test_any_time_is_read_as_it_was_written(written, at):
    at = at.replace(microsecond=0)

    assert Instants((written,), "UTC")(at.strftime(written), LATER) == at.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "13/01/2026 01:00:00 AM",
        "02/30/2026 01:00:00 AM",
        "1/1/2026 0:00:00 AM",
        "1/1/2026 13:00:00 PM",
        "x",
        "1/1/2026",
    ],
)
def test_what_is_no_time_does_not_fit_and_the_format_is_told(text):
    with pytest.raises(Unfit, match="expected a time as %m/%d/%Y %I:%M:%S %p"):
        Instants(("%m/%d/%Y %I:%M:%S %p",), "UTC")(text, LATER)


# --- paths


@pytest.mark.parametrize("path", ["length(b)", "a[?starts_with(@, 'x')]", "sort(a)", "sum(a)", "max_by(b, &c)"])
def test_a_function_that_is_given_another_type_finds_nothing(path):
    record = {"a": [{}, "x"], "b": 1}

    with pytest.raises(JMESPathError):
        jmespath.search(path, record)
    assert one(path, "json")(record) is None


def test_of_a_thousand_records_no_more_are_mapped_than_tell_that_they_are_too_many():
    mapper = mapper_of(GOOD)
    body = msgspec.json.encode([{"n": "1", "t": "2026-11-21T11:00:00Z"}] * 1_000)

    with pytest.raises(Unacceptable, match="length <= 100"):
        read_mapped(mapper, body, "wh", "US", LATER)
    assert len(mapper.read(body, LATER)) == 101


# --- XML that is out to do harm

BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><Call><CallId>&b;</CallId></Call>'
XML = GOOD.replace("json", "xml")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (BOMB, "document type"),
        (b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><Call/>', "document type"),
        (b"<a>" * 5_000 + b"</a>" * 5_000, "deeper than 100"),
        (b"<a>" + b"<b/>" * 200_001 + b"</a>", "more than 200,000"),
        (b"<a>&b;</a>", "not XML"),
        (b"<a><b></a>", "not XML"),
        (b"", "not XML"),
        (b"<a>\xff</a>", "not XML"),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', "not XML"),
        (b'{"a": 1}', "not XML"),
        ("<a/>".encode("utf-16")[:5], "not XML"),
    ],
    ids=["bomb", "external", "deep", "wide", "entity", "open", "empty", "bytes", "encoding", "json", "half"],
)
def test_xml_that_could_do_harm_is_refused_with_a_line(body, said):
    with pytest.raises(Malformed, match=said):
        mapper_of(XML).read(body, LATER)


# --- encodings: what the bytes say themselves outweighs what the mapping says

WRITTEN = "Fête bruyante – ñ"


@pytest.mark.parametrize("encoding", ["", "windows-1252"])
@pytest.mark.parametrize(
    ("declared", "written"),
    [
        (' encoding="windows-1252"', "cp1252"),
        (' encoding="utf-16"', "utf-16"),
        (' encoding="utf-8"', "utf-8"),
        ("", "utf-8"),
        ("", "utf-8-sig"),
        ("", "utf-16"),
    ],
)
def test_xml_is_read_in_the_encoding_that_it_says(encoding, declared, written):
    mapper = mapper_of(f"encoding = '{encoding}'\nrecords = '//c'\n{XML}incident_type = 'w'")
    body = f'<?xml version="1.0"{declared}?><r><c><n>1</n><t>2026-11-21T11:00:00Z</t><w>{WRITTEN}</w></c></r>'

    assert mapper.read(body.encode(written), LATER)[0].update["incident_type"] == WRITTEN


@pytest.mark.parametrize("written", ["cp1252", "utf-8", "utf-8-sig", "utf-16"])
def test_json_and_rows_are_read_in_the_encoding_that_they_have(written):
    as_json = mapper_of(f"encoding = 'windows-1252'\n{GOOD}incident_type = 'w'")
    as_rows = mapper_of(f"encoding = 'windows-1252'\n{GOOD.replace('json', 'rows')}incident_type = 'w'")
    told = json.dumps({"n": "1", "t": "2026-11-21T11:00:00Z", "w": WRITTEN}, ensure_ascii=False)
    rows = f"n,t,w\n1,2026-11-21T11:00:00Z,{WRITTEN}\n"

    read = [mapper.read(text.encode(written), LATER) for mapper, text in ((as_json, told), (as_rows, rows))]

    assert [mapped.update["incident_type"] for (mapped,) in read] == [WRITTEN, WRITTEN]


# --- rows: one that can't be read costs none of its neighbours

ROWS = GOOD.replace("json", "rows") + "incident_type = 'w'"


def rows_of(*lines):
    return mapper_of(ROWS).read("\n".join(["n,t,w", *lines, ""]).encode(), LATER)


@pytest.mark.parametrize(
    "bad", ['2,"2026-11-21,X', '2,2026-11-21T11:00:00Z,"loud', '"2', "2,x", "2,x,y,z", '2,"x"y,z,u']
)
def test_a_row_that_can_not_be_read_costs_none_of_its_neighbours(bad):
    good = [f"{number},2026-11-21T11:00:00Z,NOISE" for number in (1, 3, 4, 5)]

    mapped = rows_of(good[0], bad, *good[1:])

    assert [item.update["incident_number"] for item in mapped if not item.problems] == ["1", "3", "4", "5"]
    assert [item.problems[0][1].startswith("line 3: ") for item in mapped if item.problems] == [True]


def test_a_row_of_several_lines_is_one_row():
    mapped = rows_of('1,2026-11-21T11:00:00Z,"NOISE\nLOUD"', "2,2026-11-21T11:00:00Z,DV")

    assert [item.update["incident_type"] for item in mapped] == ["NOISE LOUD", "DV"]


def test_a_text_full_of_open_quotes_ends():
    mapped = list(mapper_of(ROWS).records(read_document(b"n,t,w\n" + b'"1,2\n' * 3_000, mapper_of(ROWS).mapping)))

    assert all(row.reason for row in mapped)
    assert len(mapped) > 100


# --- one unfit field, record or part costs none of its neighbours

UNFIT = [
    {"beat": 10**400},
    {"beat": {"a": 1}},
    {"beat": float("inf")},
    {"t": "9999-12-31T23:59:59Z"},
    {"t": 1e308},
    {"t": True},
    {"who": [1, None, "x", []]},
    {"who": {"id": {"a": 1}}},
    {"list": 5},
    {"list": "x"},
]


@pytest.mark.parametrize("unfit", UNFIT, ids=str)
def test_whatever_one_record_holds_its_neighbours_are_taken(unfit):
    mapper = mapper_of(
        'time_zone = "UTC"\n' + GOOD + "beat = 'beat'\nshift = 'sum(list)'\npriority = 'list[0].sort(@)'\n"
        "[[parties]]\nfrom = 'who'\nparty_id = 'id'"
    )
    good = {"n": "1", "t": "2026-11-21T11:00:00Z"}

    batch = as_batch(
        [item for record in ({**good, **unfit}, {**good, "n": "2"}) for item in mapper.map(record, LATER)],
        "wh",
        "US",
        LATER,
    )

    assert "2" in {update.incident_number for update in batch.updates}


@pytest.mark.parametrize("references", ["", '[references]\nid = "$id"\nref = "$ref"\n'])
@pytest.mark.parametrize("unfit", ["junk", 5, True])
def test_what_is_no_record_costs_no_neighbour(unfit, references):
    """Found: a word between two calls, and both calls were refused."""
    good = {"n": "1", "t": "2026-11-21T11:00:00Z"}
    body = json.dumps({"calls": [good, unfit, {**good, "n": "2"}]}).encode()
    mapper = mapper_of(f'records = "calls[]"\n{GOOD}{references}')

    batch = read_mapped(mapper, body, "wh", "US", LATER)

    assert [update.incident_number for update in batch.updates] == ["1", "2"]
    assert [(each.index, each.error) for each in batch.rejected] == [(1, "updates[1]: expected an object or a list")]


@pytest.mark.parametrize(
    ("told", "phone"),
    [
        ({"p": ["303-555-0123", "303-555-0124"]}, ["303-555-0123", "303-555-0124"]),
        ({"p": "x1", "q": "303-555-0124"}, ["303-555-0124", "x1"]),
        ({"p": "303-555-0123", "q": ["(303) 555-0123"]}, "303-555-0123"),
        ({"p": "", "q": 3035550123}, "3035550123"),
        ({}, None),
    ],
)
def test_all_phones_of_a_person_are_told_the_one_to_be_texted_first(told, phone):
    mapper = mapper_of(f"{GOOD}[[parties]]\nparty_id = {{value = '1'}}\nphone = ['p', 'q']")

    (mapped,) = mapper.read(json.dumps({"n": "1", "t": "2026-11-21T11:00:00Z", **told}).encode(), LATER)

    assert mapped.update["reporting_parties"][0].get("phone") == phone


@pytest.mark.parametrize(("told", "sequence"), [(7, 7), ("0012", 12), ("", 0), (None, 0)])
def test_a_systems_own_number_of_an_update_is_a_number(told, sequence):
    """Found: each update of a mapping with `sequence` was rejected, for it came out as a text."""
    mapper = mapper_of(f'{GOOD}sequence = "s"')
    body = json.dumps({"n": "1", "t": "2026-11-21T11:00:00Z", "s": told}).encode()

    (update,) = read_mapped(mapper, body, "wh", "US", LATER).updates

    assert update.sequence == sequence


def test_what_is_no_whole_number_is_refused_by_its_name():
    mapper = mapper_of(f'{GOOD}sequence = "s"')

    (rejected,) = read_mapped(mapper, b'{"n": "1", "t": "2026-11-21T11:00:00Z", "s": "7a"}', "wh", "US", LATER).rejected

    assert rejected.error == "updates[0].sequence: expected a whole number"


@pytest.mark.parametrize(
    ("told", "closed"),
    [
        ({"open": True}, False),
        ({"open": False}, True),
        ({"open": None}, True),
        ({}, True),
        ({"open": False, "state": "ACTIVE"}, False),
        ({"state": "done"}, True),
        ({"open": ["false", "TRUE"]}, False),
    ],
)
def test_a_field_does_not_count_where_something_is_so(told, closed):
    mapper = mapper_of(f'{GOOD}closed_at = {{from = "c", unless = {{open = ["true"], state = ["active"]}}}}')
    body = json.dumps({"n": "1", "t": "2026-11-21T11:00:00Z", "c": "2026-11-21T10:00:00Z", **told}).encode()

    assert ("closed_at" in mapper.read(body, LATER)[0].update) == closed


@pytest.mark.parametrize(("kind", "closed"), [("Police", True), ("Fire", True), ("Guard", False)])
def test_what_must_be_so_and_what_must_not_count_together(kind, closed):
    mapper = mapper_of(f'{GOOD}closed_at = {{from = "c", when = {{k = ["*"]}}, unless = {{k = ["guard"]}}}}')
    body = json.dumps({"n": "1", "t": "2026-11-21T11:00:00Z", "c": "2026-11-21T10:00:00Z", "k": kind}).encode()

    assert ("closed_at" in mapper.read(body, LATER)[0].update) == closed


@pytest.mark.parametrize(("element", "there"), [('<p nil="true"/>', False), ("<p/>", False), ("<p>x</p>", True)])
def test_a_nil_element_is_nothing_to_a_condition_either(element, there):
    """Found: a call without a phone had a caller all the same, for `nil` is an attribute."""
    mapper = mapper_of(
        f"records = '//c'\n{GOOD.replace('json', 'xml')}[[parties]]\nparty_id = {{value = 'c', when = {{p = ['*']}}}}"
    )
    body = f"<r><c><n>1</n><t>2026-11-21T11:00:00Z</t>{element}</c></r>"

    assert bool(mapper.read(body.encode(), LATER)[0].update.get("reporting_parties")) == there


@pytest.mark.parametrize(
    ("fields", "warned"),
    [
        ('incident_number = ["Master_Incident_Number", "IncidentId"]', ["incident_number"]),
        ('incident_number = ["Master_Incident_Number", "IncidentId"]\nincident_id = "IncidentId"', []),
        ('incident_number = "Master_Incident_Number"', []),
        ('incident_number = {join = ["Year", "Number"]}', []),
        ('incident_id = ["Key", "Other"]', ["incident_id"]),
    ],
)
def test_a_name_from_several_places_is_warned_of(fields, warned):
    mapping = read_mapping(f'format = "json"\n[fields]\n{fields}\nas_of = {{now = true}}\n')

    assert [said.split(" ", 1)[0] for said in changing_names(mapping)] == warned
    assert all("would change its name" in said for said in changing_names(mapping))


def test_a_mapped_call_may_have_an_id_and_no_number_yet():
    mapping = read_mapping(
        'format = "json"\n[fields]\nincident_number = "Number"\nincident_id = "Id"\nas_of = {now = true}\n'
    )
    mapped = Mapper(mapping)
    document = read_document(b'[{"Number": null, "Id": 501}, {"Number": "26-1", "Id": 501}, {}]', mapping)
    updates = [item for record in mapped.records(document) for item in mapped.map(record, NOW)]

    assert [(each.update.get("incident_number"), each.update.get("incident_id")) for each in updates] == [
        (None, "501"),
        ("26-1", "501"),
        (None, None),
    ]
    assert [bool(each.problems) for each in updates] == [False, False, True]


def test_a_time_that_can_not_be_read_beside_others_is_refused():
    """Found: `latest` fell back to its first path, so an update with an unreadable arrival counted as an older one."""
    mapper = mapper_of(GOOD.replace('as_of = "t"', 'as_of = {latest = ["t", "arrived"]}'))
    body = b'{"n": "1", "t": "2026-11-21T11:00:00Z", "arrived": "soon"}'

    (rejected,) = read_mapped(mapper, body, "wh", "US", LATER).rejected

    assert rejected.error == "updates[0].as_of: expected a time as iso"


BACK = (
    'format = "json"\n[fields]\nincident_number = "n"\nas_of = {now = true}\n'
    'closed_at = {from = "closed", unless = {open = ["true"]}, taken_back = {open = ["true"]}}\n'
)
WHEN = "2026-11-21T18:00:00Z"


@pytest.mark.parametrize(
    ("record", "told"),
    [
        ({"open": True, "closed": WHEN}, {"closed_at": None}),
        ({"open": True}, {"closed_at": None}),
        ({"open": False}, {}),
        ({}, {}),
        ({"closed": WHEN}, {"closed_at": WHEN}),
    ],
    ids=str,
)
def test_a_missing_time_takes_back_only_where_the_record_says_so(record, told):
    (mapped,) = mapper_of(BACK).read(json.dumps({"n": "P26-1", **record}).encode(), NOW)

    facts = {name: value for name, value in mapped.update.items() if name == "closed_at"}
    assert json.loads(msgspec.json.encode(facts)) == told


@pytest.mark.parametrize(
    "field",
    [
        'incident_type = {from = "t", taken_back = {open = ["true"]}}',
        'arrived_at = {now = true, taken_back = {open = ["true"]}}',
        'arrived_at = {from = "a", first_seen = true, taken_back = {open = ["true"]}}',
    ],
)
def test_only_a_time_that_is_told_or_an_end_may_be_taken_back(field):
    with pytest.raises(InvalidMapping, match="taken_back"):
        mapper_of(BACK + field + "\n")


@pytest.mark.parametrize(
    ("record", "told"),
    [
        ({"open": True}, {"closed_at": None}),
        ({"open": False}, {"closed_at": NOW.isoformat().replace("+00:00", "Z"), "first_seen": ["closed_at"]}),
        ({}, {}),
    ],
    ids=str,
)
@pytest.mark.parametrize("time", ["now = true", 'from = "at", first_seen = true'])
def test_an_end_that_was_only_seen_may_be_taken_back(time, record, told):
    text = 'format = "json"\n[fields]\nincident_number = "n"\nas_of = {now = true}\n'
    text += f'closed_at = {{{time}, when = {{open = ["false"]}}, taken_back = {{open = ["true"]}}}}\n'
    body = json.dumps({"n": "P26-1", "at": NOW.isoformat(), **record}).encode()
    (mapped,) = mapper_of(text).read(body, NOW)

    facts = {name: value for name, value in mapped.update.items() if name in ("closed_at", "first_seen")}
    assert json.loads(msgspec.json.encode(facts)) == told


def test_a_part_that_takes_back_an_end_is_not_one_that_sees_it():
    text = BACK.replace('from = "closed"', "now = true").replace(
        'unless = {open = ["true"]}', 'when = {open = ["false"]}'
    )
    text += '[parts]\nfrom = "rows"\n' + text.splitlines()[-1] + "\n"
    body = json.dumps({"n": "P26-1", "open": False, "rows": [{"open": True}]}).encode()

    (mapped,) = mapper_of(text).read(body, NOW)

    assert (mapped.update["closed_at"], mapped.update["first_seen"]) == (None, [])


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("u[not(kind)]/name", ["a"]),
        ("//u[not(kind)]/name", ["a", "d"]),
        ("u[kind!='f'][not( off )]/name", ["b"]),
        ("u[not(kind)]//name", ["a"]),
        ("u[not(kind)]/@id", ["1"]),
    ],
)
def test_xpath_finds_an_element_that_has_no_such_element(path, found):
    text = "format = 'xml'\nrecords = '//c'\n[fields]\nincident_number = 'n'\nas_of = {now = true}\n"
    text += f'case_numbers = "{path}"\n'
    body = (
        b"<r><c><n>1</n><u id='1'><name>a</name></u><u id='2'><kind>p</kind><name>b</name></u>"
        b"<u><kind>p</kind><off/><name>c</name></u><w><u><name>d</name></u></w></c></r>"
    )

    (mapped,) = mapper_of(text).read(body, NOW)

    assert mapped.update["case_numbers"] == found


def test_an_unreadable_path_behind_such_a_condition_is_refused():
    with pytest.raises(InvalidMapping, match="no path of the XPath"):
        mapper_of("format = 'xml'\nrecords = '//c'\n[fields]\nincident_number = 'n[not(x)]/[['\nas_of = {now = true}\n")
