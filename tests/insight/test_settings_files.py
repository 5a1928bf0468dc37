"""A settings file over a default: what counts, and where a finding in either of them is."""

import tomllib
from functools import partial

import pytest

from chalicelib.inbound.settings import InvalidSettings
from chalicelib.insight.settings.check import check
from chalicelib.insight.settings.files import load_settings, read
from tenfour.common.paths import AGENCIES
from tests.insight.test_settings_check import WHOLE, over


@pytest.fixture
def settings(tmp_path):
    """Return a function that writes settings over whole ones."""
    return partial(over, tmp_path)


def test_a_default_is_laid_under_table_by_table(settings):
    agency = load_settings(settings('[numbers]\nnon_emergency = "217-555-0111"\n[dispositions]\nGOA = "lookout"\n'))

    assert agency.numbers.non_emergency == "217-555-0111"
    assert agency.numbers.sms_from == "+12175550199"
    assert agency.dispositions == {"HAN": "handled", "RPT": "report_taken", "GOA": "lookout"}


def test_an_own_entry_takes_its_codes_away_from_the_default(settings):
    agency = load_settings(settings('[[incident_types]]\ncodes = ["PARTY", "THEFT"]\ndescription = "Mine"\n'))

    assert [rule.codes for rule in agency.incident_types] == [("PARTY", "THEFT"), ("NOISE",)]


def about_types(file):
    return [found for found in check(file).found if found.field.startswith("incident_types")]


def test_a_finding_in_a_default_names_the_default_and_its_line(settings, tmp_path):
    settings('[[incident_types]]\ncodes = ["TOW", "GONE"]\ndescription = "Dead bodies"\n', "base.toml")
    file = settings('[[incident_types]]\ncodes = ["TOW"]\ndescription = "Towed"\n', extends="base.toml")

    (found,) = about_types(file)

    assert (found.file, found.line, found.field) == (tmp_path / "base.toml", 4, "incident_types[0].description")


def test_a_mistake_in_a_default_is_found_in_the_default(settings, tmp_path):
    (tmp_path / "base.toml").write_text("name = \n")

    with pytest.raises(InvalidSettings, match=r"base\.toml:1: error: not TOML"):
        load_settings(settings(extends="base.toml"))


def test_windows_files_are_read(tmp_path):
    (tmp_path / "own.toml").write_bytes(b"\xef\xbb\xbf" + WHOLE.read_bytes().replace(b"\n", b"\r\n"))

    assert load_settings(tmp_path / "own.toml") == load_settings(WHOLE)


def test_a_file_without_a_default_is_read_as_it_stands():
    assert read(WHOLE).data == tomllib.loads(WHOLE.read_text())


def test_a_list_takes_the_place_of_a_list(settings):
    settings('[delay]\nafter = ["30m", "1h"]\nanchor = "queued_at"\n', "base.toml")

    delay = load_settings(settings('[delay]\nafter = ["45m"]\n', extends="base.toml")).delay

    assert [str(after) for after in delay.after] == ["45m"]
    assert delay.anchor == "queued_at"


def test_a_shortened_entry_keeps_the_lines_of_its_codes(settings, tmp_path):
    settings('[[incident_types]]\ndescription = "Cars"\ncodes = [\n"TOW",\n"415",\n"586"]\n', "base.toml")
    file = settings('[[incident_types]]\ncodes = ["TOW"]\ndescription = "Towed"\n', extends="base.toml")

    assert [(found.file.name, found.line) for found in about_types(file)] == [("base.toml", 6), ("base.toml", 7)]


def test_a_default_of_a_default_is_read(settings):
    settings('resources_link = "https://riverton.example/help"\n', "base.toml")

    agency = load_settings(settings('short_name = "RPD"\n', extends="base.toml"))

    assert (agency.short_name, agency.resources_link, agency.agency_id) == (
        "RPD",
        "https://riverton.example/help",
        "riverton",
    )


def test_two_defaults_that_extend_each_other_are_refused(settings, tmp_path):
    settings(name="base.toml", extends="own.toml")

    with pytest.raises(InvalidSettings, match=r"base\.toml:1: error: extends: a circle"):
        load_settings(settings(extends="base.toml"))


def test_types_and_dispositions_of_the_default_can_be_left_out(settings):
    file = settings('leave_out = { incident_types = ["NOISE"], dispositions = ["HAN"] }\n')

    agency = load_settings(file)

    assert "NOISE" not in {code for rule in agency.incident_types for code in rule.codes}
    assert {code for rule in agency.incident_types for code in rule.codes} >= {"PARTY", "THEFT"}
    assert set(agency.dispositions) == {"RPT"}
    assert check(file).errors == check(settings("")).errors


def test_the_starters_types_can_all_be_left_out(tmp_path):
    starter = load_settings(AGENCIES / "starter.toml")
    codes = [code for rule in starter.incident_types for code in rule.codes]
    file = tmp_path / "own.toml"
    file.write_text(
        f'extends = "{AGENCIES / "starter.toml"}"\nleave_out = {{ incident_types = {codes} }}\n'
        '[[incident_types]]\ncodes = ["OURS"]\ndescription = "Ours alone"\n'
    )

    assert [rule.codes for rule in load_settings(file).incident_types] == [("OURS",)]


@pytest.mark.parametrize(
    ("line", "field", "said"),
    [
        ('leave_out = { incident_types = ["NOISEE"] }', "leave_out.incident_types", "the default has no 'NOISEE'"),
        ('leave_out = { dispositions = "HAN" }', "leave_out.dispositions", "expected a list of names"),
        ('leave_out = { sensitive_types = ["DV"] }', "leave_out.sensitive_types", "nothing of it can be left out"),
        ('leave_out = ["NOISE"]', "leave_out", "expected a table"),
    ],
)
def test_what_can_not_be_left_out_is_an_error_of_its_line(settings, line, field, said):
    (found,) = [one for one in check(settings(f"{line}\n")).found if one.severity == "error"]

    assert found.field.startswith(field)
    assert said in found.message


@pytest.mark.parametrize(
    "written", ["+12175550133", "217-555-0133", "(217) 555-0133", "2175550133", "217.555.0133", " 217 555 0133 "]
)
def test_a_phone_may_be_written_alike_in_every_setting(settings, written):
    agency = load_settings(
        settings(
            f'institutional_numbers = ["{written}"]\n'
            f'[numbers]\nsms_from = "{written}"\nsns_from = "{written}"\ntwilio_from = "{written}"\n'
            f'non_emergency = "{written}"\n'
        )
    )

    assert agency.institutional_numbers == {"+12175550133"}
    assert {agency.numbers.sms_from, agency.numbers.sns_from, agency.numbers.twilio_from} == {"+12175550133"}
    assert agency.numbers.non_emergency == ("(217) 555-0133" if written[0] == "+" else written.strip())


@pytest.mark.parametrize("kept", ["72345", "MG0123456789abcdef0123456789abcdef"])
def test_what_is_no_phone_stays_as_it_is(settings, kept):
    assert load_settings(settings(f'[numbers]\ntwilio_from = "{kept}"\n')).numbers.twilio_from == kept
