"""`tenfour mapping check` shows what comes out, what is ignored and what is missing."""

import json

import pytest
from typer.testing import CliRunner

from tenfour.common.paths import ROOT
from tenfour.main import cli

FOLDER, MAPS = ROOT / "tests" / "mappings", ROOT / "infra" / "maps"


def check(mapping, sample, *more):
    return CliRunner().invoke(
        cli, ["mapping", "check", str(mapping), "--sample", str(sample), *more], env={"COLUMNS": "80"}
    )


def found(name, sample, folder=FOLDER):
    done = check(folder / f"{name}.toml", FOLDER / sample, "--json")
    return done.exit_code, json.loads(done.stdout)


def test_a_good_sample_is_shown_field_by_field():
    done = check(MAPS / "aegis.toml", FOLDER / "aegis.xml")

    assert done.exit_code == 0, done.output
    assert "2026-11-21 11:15:00-07:00" in done.output
    assert "CallExport/Location/FullAddress" in done.output
    assert "closed_at, type_modifier, cancelled_at" in done.output
    assert max(map(len, done.output.splitlines())) <= 80
    assert not [word for word in ("Nobody", "900-55", "Nowhere") if word in done.output]


def test_what_is_ignored_is_named_by_its_place_alone():
    _, checked = found("nested", "nested.json")

    assert {"payload.sent", "payload.calls[].people.callers[].name"} <= checked["ignored"].keys()
    assert not any(place.endswith(("number", "badge", "email")) for place in checked["ignored"])


@pytest.mark.parametrize("lines", [1, 150])
def test_free_text_in_a_field_about_the_nature_is_named(tmp_path, lines):
    words = "the caller says that a man " + "walks up and down the road and " * 5 if lines == 1 else "a man walks"
    rows = [{"number": f"P26-{n}", "at": "2026-11-21T18:00:00Z", "said": f"{words} {n}"} for n in range(lines)]
    (tmp_path / "told.json").write_text(json.dumps(rows))
    (tmp_path / "told.toml").write_text(
        'format = "json"\n[fields]\nincident_number = "number"\nas_of = "at"\n'
        'incident_type = {value = "NOISE"}\nincident_type_description = "said"\n'
    )

    done = check(tmp_path / "told.toml", tmp_path / "told.json")

    assert "incident_type holds free text" in done.output, done.output
    assert "holds free text" not in check(MAPS / "aegis.toml", FOLDER / "aegis.xml").output


def test_columns_that_nobody_asked_for_are_ignored():
    _, checked = found("semicolons", "semicolons.csv")

    assert checked["ignored"] == {}
    assert checked["missing"] == ["closed_at"]


def test_an_update_that_would_be_rejected_is_said_to_be(tmp_path):
    mapping = tmp_path / "late.toml"
    mapping.write_text((FOLDER / "history.toml").read_text().replace('as_of = "at"', 'as_of = "who"'))

    done = check(mapping, FOLDER / "history.json")

    assert done.exit_code == 2
    assert "4 would be rejected" in done.output
    assert "as_of" in done.output


@pytest.mark.parametrize(
    ("mapping", "sample", "said"),
    [
        ("no.toml", FOLDER / "flat.json", "no.toml"),
        (FOLDER / "flat.toml", "no.json", "no.json"),
        (FOLDER / "flat.toml", FOLDER / "aegis.xml", "aegis.xml: the body is not JSON"),
        (FOLDER / "log.toml", FOLDER / "semicolons.csv", "there is no column"),
        (FOLDER / "flat.json", FOLDER / "flat.json", "not TOML"),
    ],
)
def test_what_can_not_be_read_ends_with_2_and_one_line(mapping, sample, said):
    done = check(mapping, sample)

    assert (done.exit_code, len(done.stderr.splitlines())) == (2, 1)
    assert said in done.stderr


def test_a_mapping_that_could_lose_a_word_is_an_error_although_the_sample_would_be_taken(tmp_path):
    (tmp_path / "told.json").write_text('{"n": "1", "t": "2026-11-21T11:00:00Z", "c": [{"k": "P", "w": "NOISE"}]}')
    (tmp_path / "told.toml").write_text(
        "format = 'json'\n[fields]\nincident_number = 'n'\nas_of = 't'\nincident_type = \"c[?k=='P'].w\"\n"
    )

    done = check(tmp_path / "told.toml", tmp_path / "told.json")
    words = " ".join(done.stdout.split())

    assert done.exit_code == 2
    assert "a word about the nature could be lost: fields.incident_type:" in words
    assert "would be taken" not in words


HEAD = "format = 'json'\nrecords = 'calls[]'\n[fields]\nincident_number = 'n'\nas_of = 't'\n"


def made(tmp_path, text, sample='{"calls": [{"n": "1", "t": "2026-11-21T11:00:00Z", "cases": ["26-1", "26-2"]}]}'):
    (tmp_path / "made.toml").write_text(text)
    (tmp_path / "made.sample").write_text(sample)
    return check(tmp_path / "made.toml", tmp_path / "made.sample")


@pytest.mark.parametrize(
    ("more", "where", "word"),
    [
        ("origin = 'o'\n[codes.origin]\n'7 Digit' = 'non_emergency'\n'*' = 'phone'\n", 'codes.origin."*"', "phone"),
        ("[[parties]]\nparty_id = 'n'\nrole = {value = 'callr'}\n", "parties.role.value", "callr"),
        ("[linked_to]\nincident_number = 'd'\nrelation = {value = 'copy'}\n", "linked_to.relation.value", "copy"),
        ("response_mode = 'm'\n[codes.response_mode]\nTEL = 'phoned'\n", 'codes.response_mode."TEL"', "phoned"),
    ],
)
def test_a_word_that_its_field_does_not_take_is_an_error_although_no_record_of_the_sample_has_it(
    tmp_path, more, where, word
):
    done = made(tmp_path, HEAD + more)
    words = " ".join(done.stdout.split())

    assert done.exit_code == 2, done.output
    assert f"a word that the field does not take: {where}: '{word}' is none of" in words
    assert "would be taken" not in words
    assert words.endswith("Not ready: look at the lines in red.")


def test_a_word_that_no_code_names_is_rejected_with_the_words_that_there_are(tmp_path):
    done = made(tmp_path, HEAD + "origin = {value = 'phone'}\n")

    assert "origin: Invalid enum value 'phone': expected one of 911, text_911," in " ".join(done.stdout.split())


def test_a_list_that_is_mapped_is_not_ignored(tmp_path):
    done = made(tmp_path, HEAD + "case_numbers = 'cases'\n")

    assert "26-1" in done.stdout
    assert "ignored" not in done.stdout


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD + "priority = {from = 'p', wenn = 1}\n", "fields.priority: unknown key wenn"),
        (HEAD + "[[parties]]\nphone = {form = 'p'}\n", "parties.phone: unknown key form"),
        (HEAD + "[[units]]\nfrom = 'u['\nunit = 'u'\n", "units.from: 'u[' is no JMESPath"),
        (HEAD.replace("'json'", "'xml'"), "records: 'calls[]' is no path of the XPath"),
    ],
)
def test_a_mistake_is_named_by_its_place_in_the_file(tmp_path, text, said):
    done = made(tmp_path, text)

    assert done.exit_code == 2
    assert said in done.stderr


def test_an_empty_path_into_xml_is_answered_with_the_root_element(tmp_path):
    text = HEAD.replace("'json'", "'xml'").replace("calls[]", "Reply/Call")

    done = made(tmp_path, text, "<Envelope><Reply><Call><n>1</n></Call></Reply></Envelope>")

    assert "records: nothing at Reply/Call; the root element is <Envelope>" in done.stderr


def test_a_quiet_message_is_all_passed_over():
    done = check(FOLDER / "snapshot.toml", FOLDER / "quiet" / "snapshot-null.json")

    assert done.exit_code == 0, done.output
    assert "0 records, 0 updates, 1 passed over" in " ".join(done.output.split())
    assert "missing" not in done.output
    assert "Nothing to take: all is passed over, as the mapping says." in done.output


def test_what_is_passed_over_is_counted():
    code, checked = found("snapshot", "snapshot.json")

    assert (code, checked["passed_over"], len(checked["outcomes"])) == (0, 2, 2)
    assert found("pages", "pages.txt")[1]["passed_over"] == 1


def test_records_of_one_call_are_not_passed_over_beside_others_of_it(tmp_path):
    mapping, sample = tmp_path / "contexts.toml", tmp_path / "contexts.csv"
    mapping.write_text(
        'format = "rows"\nonly = {agency = ["PD"]}\n[fields]\nincident_number = "call"\nas_of = {now = true}\n'
        'incident_type = "type"\n'
    )
    sample.write_text("call,agency,type\n1,PD,NOISE\n1,FD,E - Cardiac Arrest\n2,FD,ALARM\n")

    done = check(mapping, sample)

    assert done.exit_code == 2
    assert "1 of the records that are passed over are of calls of which others are taken" in " ".join(
        done.output.split()
    )


def test_dates_that_stand_for_none_are_named_with_what_to_do(tmp_path):
    mapping, sample = tmp_path / "zeros.toml", tmp_path / "zeros.json"
    text = (
        'format = "json"\ntime_zone = "America/Denver"\nblank = ["1900-01-01"]\n[fields]\nincident_number = "n"\n'
        'as_of = "t"\nincident_type = "type"\narrived_at = "a"\nclosed_at = "c"\n'
    )
    mapping.write_text(text)
    sample.write_text(
        json.dumps(
            [
                {"n": "1", "t": "2026-11-21T11:00:00", "type": "NOISE", "a": "1900-01-01", "c": "0001-01-01T00:00:00"},
                {"n": "2", "t": "2026-11-21T11:00:00", "type": "NOISE", "a": "2026-11-21T11:00:00", "c": "N/A"},
            ]
        )
    )

    done = check(mapping, sample)

    said = " ".join(done.output.split())
    assert done.exit_code == 0
    assert "closed_at has dates that stand for none: 0001-01-01T00:00:00, N/A. They are read as nothing." in said
    assert "Write them into `blank`" in said
    assert "arrived_at has dates" not in said


def test_an_empty_snapshot_is_said_how_to_declare(tmp_path):
    mapping, sample = tmp_path / "empty.toml", tmp_path / "empty.json"
    mapping.write_text('format = "json"\nrecords = "Calls[]"\n[fields]\nincident_number = "n"\nas_of = {now = true}\n')

    sample.write_text('{"Calls": null}')
    assert "say `document = {empty = true}`" in " ".join(check(mapping, sample).output.split())
    sample.write_text('{"Call": null}')
    assert "empty = true" not in check(mapping, sample).output


def test_a_sample_of_which_nothing_comes_out_says_so(tmp_path):
    text = "format = 'json'\n[fields]\nincident_number = 'n'\n[parts]\nfrom = 'log'\nas_of = 'at'\n"
    done = made(tmp_path, text, '{"n": "P26-1", "log": []}')

    assert done.exit_code == 2
    assert "Not ready: nothing comes out of it" in done.stdout
    assert "in red" not in done.stdout
