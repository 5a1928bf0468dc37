"""A text that is itself JSON: ` >> ` leads from the text into it, in each format."""

import json

import pytest

from chalicelib.inbound.cad.read_updates import Unacceptable
from chalicelib.inbound.mapping.batch import mapper_of, read_mapped
from chalicelib.inbound.mapping.file import InvalidMapping
from chalicelib.inbound.mapping.losses import losses
from tests.factories import NOW

CALL = {"no": "P26-1", "type": {"code": "NOISE"}, "units": [{"id": "2A12"}], "at": "2026-11-21T17:00:00Z"}
FIELDS = """
[fields]
incident_number = "Payload >> no"
as_of = {now = true}
incident_type = "Payload >> type.code"
received_at = {earliest = "Payload >> at"}
[[units]]
from = "Payload >> units[]"
unit = "id"
"""


def read(text, body):
    return read_mapped(mapper_of(text), body.encode() if isinstance(body, str) else body, "wh", "US", NOW)


def in_json(payload):
    return json.dumps({"Payload": payload})


def in_xml(payload):
    return f"<Call><Payload><![CDATA[{payload}]]></Payload></Call>"


def in_rows(payload):
    doubled = payload.replace('"', '""')
    return f'Payload,x\n"{doubled}",1\n'


@pytest.mark.parametrize(("kind", "written"), [("json", in_json), ("xml", in_xml), ("rows", in_rows)])
def test_fields_and_units_are_found_in_json_that_stands_in_a_text(kind, written):
    (update,) = read(f'format = "{kind}"{FIELDS}', written(json.dumps(CALL))).updates

    assert (update.incident_number, update.facts["incident_type"]) == ("P26-1", "NOISE")
    assert update.facts["received_at"].hour == 17
    assert [unit.unit for unit in update.facts["units"]] == ["2A12"]


def test_json_that_was_not_made_a_text_is_read_all_the_same():
    assert read(f'format = "json"{FIELDS}', json.dumps({"Payload": CALL})).updates[0].facts["incident_type"] == "NOISE"


def test_json_in_json_in_json():
    text = 'format = "json"\n[fields]\nincident_number = "a >> b >> c"\nas_of = {now = true}\n'

    assert read(text, json.dumps({"a": json.dumps({"b": json.dumps({"c": "P26-1"})})})).updates


@pytest.mark.parametrize("more", ["", 'only = {"Payload >> type.code" = ["*"]}', "document = {empty = true}"])
def test_records_may_stand_in_a_text(more):
    text = f"""
    format = "xml"
    records = "Envelope/Body >> calls[]"
    {more.replace("Payload >> ", "")}
    [fields]
    incident_number = "no"
    as_of = {{now = true}}
    incident_type = "type.code"
    """
    body = "<Envelope><Body>{}</Body></Envelope>".format

    (update,) = read(text, body(json.dumps({"calls": [CALL]}))).updates

    assert update.facts["incident_type"] == "NOISE"
    if "empty" in more:
        assert read(text, body(json.dumps({"calls": []}))).passed_over == 1
    with pytest.raises(Unacceptable, match="records: nothing at"):
        read(text, body("no json"))


def test_a_condition_looks_into_a_text():
    text = f'format = "json"\nskip = {{"Payload >> kind" = ["AVL"]}}{FIELDS}'

    assert read(text, in_json(json.dumps({"kind": "AVL"}))).passed_over == 1
    assert read(text, in_json(json.dumps(CALL))).updates


def test_a_text_that_is_no_json_is_said_so_and_its_words_hold():
    text = 'format = "json"\n[fields]\nincident_number = "n"\nas_of = {now = true}\n'
    text += 'incident_type = "p >> t"\nbeat = "p >> b"'

    batch = read(text, json.dumps({"n": "P26-1", "p": "DOMESTIC {"}))

    assert batch.rejected[0].error == "updates[0].beat: expected JSON in the text there"
    assert "DOMESTIC {" in {word.code for word in batch.salvaged[0].evidence}


@pytest.mark.parametrize("blank", ["", " ", None])
def test_a_blank_text_says_nothing(blank):
    text = 'format = "json"\n[fields]\nincident_number = "n"\nas_of = {now = true}\nbeat = "p >> b"'

    assert read(text, json.dumps({"n": "P26-1", "p": blank})).updates[0].facts == {}


def test_every_word_in_the_text_reaches_the_floor():
    told = {"n": "P26-1", "p": ['{"t": ["LOUD", {"x": 1}], "t": "DV"}']}
    text = 'format = "json"\n[fields]\nincident_number = "n"\nas_of = {now = true}\nincident_type = "p[] >> t"'

    batch = read(text, json.dumps({**told, "p": ['{"t": "LOUD", "t": "DV"}', '{"t": "MORE"}']}))

    assert {word.code for update in batch.updates for word in update.evidence} == {"LOUD", "DV", "MORE"}


def test_what_could_lose_a_word_there_is_named():
    text = 'format = "rows"\n[fields]\nincident_number = "n"\nas_of = {now = true}\nincident_type = "p >> t[0]"'

    assert "'p >> t[0]' takes some of several" in losses(mapper_of(text).mapping)[0]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("p >> CallerName", "names, social security numbers"),
        ("p >> Address", "places and plates"),
        ("p >> @", "it ends in no name"),
        ("p >> values(x)", "it ends in no name"),
        ("p >> [", "is no JMESPath"),
    ],
)
def test_what_can_not_be_named_can_not_be_named_there(path, said):
    with pytest.raises(InvalidMapping, match=said):
        mapper_of(f'format = "rows"\n[fields]\nincident_number = "n"\nas_of = {{now = true}}\nbeat = "{path}"')


def test_of_rows_the_column_is_read():
    assert mapper_of(f'format = "rows"{FIELDS}').mapping.paths == ("Payload",)


@pytest.mark.parametrize("more", ["", 'only = {type = ["*"]}'])
def test_a_text_that_is_no_json_does_not_cost_the_others_of_its_batch(more):
    text = f"""
    format = "json"
    records = ["[].body >> @", "spare[]"]
    {more}
    [fields]
    incident_number = "no"
    as_of = {{now = true}}
    incident_type = "type.code"
    """
    batch = read(text, json.dumps([{"body": "hello"}, {"body": json.dumps(CALL)}, {"body": '{"no": "P26-2'}]))

    assert [update.incident_number for update in batch.updates] == ["P26-1"]
    assert [(item.index, item.error) for item in batch.rejected] == [
        (0, "updates[0]: expected an object or a list"),
        (2, "updates[2]: expected an object or a list"),
    ]
