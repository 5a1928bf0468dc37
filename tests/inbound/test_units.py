"""Units: several in one text or one list, and who was in them."""

import json

import pytest

from chalicelib.inbound.mapping.batch import mapper_of, read_mapped
from chalicelib.inbound.mapping.file import InvalidMapping
from tests.factories import NOW

GOOD = 'format = "json"\n[fields]\nincident_number = "n"\nas_of = {now = true}\n[[units]]\n'


def units(block, **record):
    text, body = GOOD + block, json.dumps({"n": "P26-1", **record}).encode()
    (update,) = read_mapped(mapper_of(text), body, "wh", "US", NOW).updates
    return [(unit.unit, *unit.officer_ids) for unit in update.facts.get("units", ())]


@pytest.mark.parametrize(
    ("block", "record", "told"),
    [
        ('unit = {from = "u", split = ";"}', {"u": "2A12; 2A14;;2A12 "}, [("2A12",), ("2A14",)]),
        ('unit = {from = "u", split = " / "}', {"u": "2A12"}, [("2A12",)]),
        ('unit = "u[]"', {"u": ["2A12", "2A14"]}, [("2A12",), ("2A14",)]),
        ('unit = "u"', {"u": ["2A12", None, ""]}, [("2A12",)]),
        ('unit = ["a", "u"]', {"a": "", "u": "2A12"}, [("2A12",)]),
        ('unit = ["a", "u"]', {"a": "1", "u": "2A12"}, [("1",)]),
        (
            'unit = {from = "u", split = ",", pick = "^([0-9A-Z]+)"}',
            {"u": "2A12 (ENR), 2A14 (ONS)"},
            [("2A12",), ("2A14",)],
        ),
        ('unit = {join = ["a", "b"], with = ";", split = ";"}', {"a": "1", "b": "2"}, [("1",), ("2",)]),
        ('unit = {from = "u", split = ","}', {"u": " , "}, []),
        ('unit = {from = "u", split = ","}', {}, []),
    ],
)
def test_several_units_in_one_text_are_a_unit_each(block, record, told):
    assert units(block, **record) == told


@pytest.mark.parametrize(
    ("officers", "told"),
    [
        ("7,8", [("2A12", "7"), ("2A14", "8")]),
        ("7", [("2A12", "7"), ("2A14", "7")]),
        ("7,8,9", [("2A12", "7", "8", "9"), ("2A14", "7", "8", "9")]),
        ("", [("2A12",), ("2A14",)]),
    ],
)
def test_as_many_officers_as_units_belong_to_one_each(officers, told):
    block = 'unit = {from = "u", split = ","}\nofficer_ids = {from = "o", split = ","}'

    assert units(block, u="2A12,2A14", o=officers) == told


def test_several_in_one_text_stand_beside_those_of_other_entries():
    assert units('from = "cars"\nunit = {from = "u", split = "+"}', cars=[{"u": "1+2"}, {"u": "3"}]) == [
        ("1",), ("2",), ("3",)
    ]  # fmt: skip


def test_what_is_no_list_is_not_split():
    with pytest.raises(InvalidMapping, match=r"fields\.beat: only lists and units have `split`"):
        mapper_of(GOOD.replace("[[units]]", 'beat = {from = "b", split = ","}'))


def test_a_unit_of_a_log_is_there_once():
    log = [{"u": "5C1", "by": "o1"}, {"u": "5C2"}, {"u": "5C1", "by": "o1"}, {"u": "5C1", "by": "o2"}]

    told = units('from = "log"\nunit = "u"\nofficer_ids = "by"\n', log=log * 10)

    assert told == [("5C1", "o1"), ("5C2",), ("5C1", "o2")]
