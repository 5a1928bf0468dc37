"""`only`, `skip` and `document`: what a mapping passes over, and what it must not."""

import json

import pytest

from chalicelib.inbound.cad.read_updates import Unacceptable
from chalicelib.inbound.mapping.batch import mapper_of, read_mapped
from chalicelib.inbound.mapping.file import InvalidMapping
from chalicelib.inbound.mapping.losses import losses
from chalicelib.inbound.mapping.payload import read_document
from tenfour.common.paths import ROOT
from tests.factories import NOW, SHARED

FOLDER = ROOT / "tests" / "mappings"
QUIET = sorted((FOLDER / "quiet").iterdir())
VENDORS = SHARED.parent / "cases" / "vendors"
CALL = 'format = "json"\n{}\n[fields]\nincident_number = "n"\nas_of = {{now = true}}\nincident_type = "type"\n'


def batch(text, *records, now=NOW):
    return read_mapped(mapper_of(text), json.dumps(list(records)).encode(), "wh", "US", now)


def numbers(text, *records):
    return [update.incident_number for update in batch(text, *records).updates]


@pytest.mark.parametrize("path", QUIET, ids=lambda path: path.stem)
def test_what_tells_nothing_is_passed_over(path):
    mapper = mapper_of((FOLDER / f"{path.stem.partition('-')[0]}.toml").read_text())
    read = read_mapped(mapper, path.read_bytes(), "wh", "US", NOW)

    assert (read.updates, read.rejected, read.passed_over) == ((), (), 1)


def test_records_are_counted_that_are_passed_over_among_others():
    mapper = mapper_of((FOLDER / "snapshot.toml").read_text())
    read = read_mapped(mapper, (FOLDER / "snapshot.json").read_bytes(), "wh", "US", NOW.replace(day=22))

    assert ([update.incident_number for update in read.updates], read.passed_over) == (["26-1", "26-3"], 2)


@pytest.mark.parametrize(
    "body", [b'{"Success": false, "Error": "x"}', b'{"Call": []}', b'{"data": {"Calls": []}}', b"[]", b"3"]
)
def test_a_document_without_the_place_of_its_records_is_no_empty_snapshot(body):
    mapper = mapper_of((FOLDER / "snapshot.toml").read_text())

    with pytest.raises(Unacceptable, match="records: nothing at Calls"):
        mapper.reading(body, NOW)


def test_without_a_word_of_it_an_empty_snapshot_is_refused_as_before():
    mapper = mapper_of((FOLDER / "snapshot.toml").read_text().replace("empty = true, ", ""))

    with pytest.raises(Unacceptable):
        mapper.reading(b'{"Calls": []}', NOW)


@pytest.mark.parametrize(
    ("records", "told"),
    [('records = "calls"', b'{"calls": []}'), ('records = "values(open)"', b'{"open": {}}'), ("", b"[]")],
)
def test_an_empty_list_is_an_empty_snapshot_in_each_way_of_writing_it(records, told):
    reading = mapper_of(CALL.format(f"{records}\ndocument = {{empty = true}}")).reading(told, NOW)

    assert (reading.mapped, reading.passed_over) == ([], 1)


def test_a_table_without_rows_may_be_normal():
    text = 'format = "rows"\ndocument = {empty = true}\n[fields]\nincident_number = "n"\nas_of = {now = true}\n'

    assert mapper_of(text).reading(b"n,x\n", NOW).passed_over == 1


# --- which records


def test_of_several_values_one_is_enough_to_be_taken_and_each_must_agree_to_be_passed_over():
    both, fire, none = ({"n": name, "c": kinds} for name, kinds in (("1", ["PD", "FD"]), ("2", ["FD"]), ("3", [])))

    assert numbers(CALL.format('only = {"c[]" = ["PD"]}'), both, fire, none) == ["1"]
    assert numbers(CALL.format('skip = {"c[]" = ["FD"]}'), both, fire, none) == ["1", "3"]


def test_a_fire_context_beside_a_police_one_is_heard_by_the_floor():
    text = """
    format = "xml"
    records = "/Call"
    only = {"Context/Kind" = ["Police"]}
    [fields]
    incident_number = "Number"
    as_of = {now = true}
    incident_type = ["Context[Kind='Police']/Type", "Context/Type"]
    """
    context = "<Context><Kind>{}</Kind><Type>{}</Type></Context>".format
    fire, police = context("Fire", "E - Cardiac Arrest"), context("Police", "NOISE")
    mapper = mapper_of(text)

    (update,) = read_mapped(mapper, f"<Call><Number>1</Number>{fire}{police}</Call>".encode(), "wh", "US", NOW).updates
    alone = read_mapped(mapper, f"<Call><Number>1</Number>{fire}</Call>".encode(), "wh", "US", NOW)

    assert {word.code for word in update.evidence} == {"NOISE", "E - Cardiac Arrest"}
    assert (alone.updates, alone.passed_over) == ((), 1)
    assert not losses(mapper.mapping)


@pytest.mark.parametrize(
    ("conditions", "taken"),
    [
        ('only = {a = ["x"]}', "14"),
        ('only = {a = "x"}', "14"),
        ('only = {a = ["X"], b = ["*"]}', "4"),
        ('only = [{a = ["x"]}, {b = ["z"]}]', "134"),
        ('only = {a = [""]}', "23"),
        ('skip = {a = ["x", "y"]}', "23"),
        ('skip = {a = ["*"]}', "23"),
        ('skip = {a = [""]}', "14"),
        ('skip = [{a = ["x"]}, {b = ["z"]}]', "2"),
        ('skip = {a = ["x"], b = ["z"]}', "123"),
        ('only = {"o.deep" = ["1"]}', "2"),
        ('only = {o = ["*"]}', "2"),
        ('blank = ["NULL"]\nonly = {c = ["*"]}', "3"),
        ('blank = ["NULL"]\nskip = {"[a, c]" = ["x"]}', "23"),
        ('blank = ["NULL"]\nskip = {c = ["NULL"]}', "234"),
    ],
)
def test_conditions(conditions, taken):
    records = (
        {"n": "1", "a": "x", "c": "NULL"},
        {"n": "2", "a": "", "o": {"deep": 1}},
        {"n": "3", "b": "z", "a": None, "c": "c"},
        {"n": "4", "a": "X", "b": "z"},
    )

    assert "".join(numbers(CALL.format(conditions), *records)) == taken


def test_a_record_that_can_not_be_read_is_rejected_and_not_passed_over():
    read = batch(CALL.format('skip = {n = ["*"]}'), {"n": "1"}, "no record")

    assert ([item.error for item in read.rejected], read.passed_over) == (
        ["updates[0]: expected an object or a list"],
        1,
    )


# --- what is refused


@pytest.mark.parametrize("conditions", ['only = {type = ["NOISE"]}', 'skip = [{n = ["1"]}, {"type" = ["DV"]}]'])
def test_a_call_is_not_passed_over_for_a_word_that_may_change(conditions):
    (loss,) = losses(mapper_of(CALL.format(conditions)).mapping)

    assert loss.startswith(f"{conditions[:4]}: 'type' is fields.incident_type: when that word changes")


def test_names_of_people_are_not_even_looked_at():
    with pytest.raises(InvalidMapping, match="only, skip: 'CallerName'"):
        mapper_of(CALL.format('skip = {CallerName = ["TEST"]}'))


@pytest.mark.parametrize(
    ("conditions", "said"),
    [
        ('skip = {"a[" = ["x"]}', r"only, skip: 'a\[' is no JMESPath"),
        ('document = {only = {"a[" = ["x"]}}', r"document.only, document.skip: 'a\['"),
        ('only = "x"', "only: Expected"),
        ("skip = [{a = 1}]", "skip.*: Expected"),
        ("document = {emty = true}", "document: unknown key emty"),
    ],
)
def test_conditions_that_can_not_be_read_are_named(conditions, said):
    with pytest.raises(InvalidMapping, match=said):
        mapper_of(CALL.format(conditions))


def test_rows_have_no_document():
    with pytest.raises(InvalidMapping, match="document: rows have no place outside their records"):
        mapper_of(CALL.format('document = {skip = {a = ["b"]}}').replace("json", "rows"))


def test_the_columns_of_conditions_are_read():
    text = CALL.format('only = {agency = ["PD"]}').replace("json", "rows")

    assert [row["agency"] for row in read_document(b"n,type,agency\n1,NOISE,PD\n", mapper_of(text).mapping)] == ["PD"]
    assert "agency" in mapper_of(text).mapping.paths


# --- vendors' own quiet messages


@pytest.mark.parametrize(
    ("file", "key", "extra"),
    [
        ("inform/none.json", "inform/inform.toml", "document = {empty = true}"),
        ("spillman/empty.xml", "spillman/spillman.toml", "document = {empty = true}"),
        ("tablet/heartbeat.json", "tablet/tablet.toml", 'skip = {Message = ["heartbeat"]}'),
    ],
)
def test_vendors_empty_snapshots_and_heartbeats_can_be_declared_as_normal(file, key, extra):
    if not VENDORS.exists():
        pytest.skip(f"NOT RUN: {VENDORS} is not here")
    text = f"{extra}\n{(VENDORS / key).read_text()}"
    text = text.replace("CallerInformation.MethodOfCallRcvd", "CallMethod")

    reading = mapper_of(text).reading((VENDORS / file).read_bytes(), NOW)

    assert (reading.mapped, reading.passed_over) == ([], 1)
