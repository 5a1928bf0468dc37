"""Every scenario goes as it says; and what does not is told in words that a records lead can use."""

import re
from pathlib import Path

import pytest

from chalicelib.domain.notifications.reasons import Reason
from chalicelib.insight.reasons import PLAIN
from chalicelib.insight.scenarios import NOT_A_SCENARIO, run_file, run_folder, scenario_files
from chalicelib.insight.scenarios.read import ACTIONS, Expect, Scenario, read_scenario
from chalicelib.insight.scenarios.settings import as_if_live
from chalicelib.insight.settings.files import load_settings
from tenfour.common.paths import ROOT
from tests.factories import agency

FOLDER = Path(__file__).parents[1] / "scenarios"
PHONE = re.compile(r"\d{3}\)?[-. ]?\d{3}[-. ]?\d{4}\b")
SPRINGFIELD = load_settings(FOLDER / NOT_A_SCENARIO)

WHOLE = """
title = "A call is acknowledged"
why = "Silence makes people call again."

[[steps]]
at = "0m"
call = { incident_type = "NOISE" }

[[steps]]
at = "10m"
update = { arrived_at = "10m" }

[[expect]]
kind = "acknowledgment"
at = "1m"
"""


@pytest.mark.parametrize("file", scenario_files(FOLDER), ids=lambda file: file.stem)
def test_it_goes_as_it_says(file):
    failure = run_file(file, SPRINGFIELD)

    assert failure is None, f"{failure.name}\n{failure.message}"


def test_there_are_enough_and_each_has_a_name_of_its_own():
    scenarios = [read_scenario(file).scenario for file in scenario_files(FOLDER)]

    assert len(scenarios) >= 60
    assert len({scenario.title for scenario in scenarios}) == len(scenarios)


def test_every_reason_for_not_sending_is_in_some_scenario():
    expected = {item.reason for file in scenario_files(FOLDER) for item in read_scenario(file).scenario.expect}

    by_hand = {Reason.CANCELLED_BY_PERSON}  # somebody presses a button at the desk: no update of a scenario does
    assert set(Reason) - by_hand <= expected


def test_phones_are_fictional():
    for file in scenario_files(FOLDER):
        assert all("55501" in re.sub(r"\D", "", phone) for phone in PHONE.findall(file.read_text())), file


def told(tmp_path, old="", new="", text=WHOLE, rules=None):
    """Return what the runner says of a scenario in which something is different."""
    assert old in text
    (tmp_path / "scenario.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    failures = run_folder(tmp_path, rules or agency())
    return failures[0].message if failures else None


def test_a_scenario_that_goes_as_it_says_is_not_mentioned(tmp_path):
    assert told(tmp_path) is None


def test_what_is_wrong_is_told_with_what_happened_instead_and_the_whole_story(tmp_path):
    message = told(tmp_path, 'at = "1m"', 'at = "2m"\nsays = "officers"')

    wanted, happened, unexpected, heading, *story = message.splitlines()
    assert wanted == "expected: acknowledgment of P26-1, sent, at 2m, saying 'officers'"
    assert happened.startswith("happened: to 1: delivered, at 2026-11-21 11:01 (1m), by sms, saying 'Springfield PD")
    assert unexpected.startswith("not expected, but it went: acknowledgment of P26-1 to 1")
    assert heading == "What happened:"
    assert story[0] == "  2026-11-21 11:00 (0m)  call: incident_type NOISE"
    assert story[-1].endswith("delay of P26-1 to 1: cancelled (arrived)")


def test_why_something_did_not_go_is_told_in_plain_words(tmp_path):
    message = told(tmp_path, 'kind = "acknowledgment"\nat = "1m"', 'kind = "delay"')

    assert f"happened: to 1: cancelled, arrived ({PLAIN[Reason.ARRIVED]})" in message


def test_what_goes_and_is_not_expected_fails(tmp_path):
    message = told(tmp_path, '[[expect]]\nkind = "acknowledgment"\nat = "1m"', "")

    assert message == "line 1: expect is missing"
    nothing = WHOLE.replace("[[steps]]", "expect = []\n[[steps]]", 1).partition("[[expect]]")[0]
    assert told(tmp_path, text=nothing).startswith("not expected, but it went: acknowledgment of P26-1 to 1")


def test_one_expectation_is_one_notification(tmp_path):
    message = told(tmp_path, text=WHOLE + '[[expect]]\nkind = "acknowledgment"\n')

    assert message.startswith("expected: acknowledgment of P26-1, sent\nhappened: to 1: skipped, arrived")


def test_several_people_must_be_named(tmp_path):
    two = (
        'incident_type = "NOISE", reporting_parties = [{ party_id = "a", phone = "303-555-0121" }, { party_id = "b" }]'
    )

    message = told(tmp_path, 'incident_type = "NOISE"', two)

    assert 'say to whom: to = "a", or to = "b"' in message


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('title = "A call', "title = A call", "line 2: not TOML: "),
        ("[[steps]]", "[[step]]", "line 5: there is nothing of the name step here"),
        ('why = "Silence makes people call again."', "", "line 1: why is missing"),
        ("call =", "calls =", "line 7: steps[0]: there is nothing of the name calls here"),
        ('call = { incident_type = "NOISE" }', "", "line 5: steps[0]: a step has at and one of: call"),
        ("incident_type =", "incident_typ =", "line 7: call.incident_typ: no such field; docs/vendor/webhook.md"),
        ('"NOISE"', '"NOISE", priority = 3', "line 7: call.priority: Expected str | null, got int"),
        ('"NOISE"', '"NOISE", reporting_parties = [{ id = "1" }]', "line 7: call.reporting_parties[0].id: no such"),
        (
            '"NOISE"',
            '"NOISE", taken_back = "beat"',
            'line 7: call.taken_back: expected a list of fields, such as ["arr',
        ),
        (
            'arrived_at = "10m"',
            'arrived_at = "at ten"',
            "line 11: update.arrived_at: 'at ten' is no time; write \"30m\"",
        ),
        ('at = "10m"', 'at = "soon"', "line 10: at: 'soon' is no time"),
        ('at = "10m"', 'at = "-1m"', "line 10: at: -1m is before the step above it"),
        ('update = { arrived_at = "10m" }', 'resume = { of = "agency" }', "line 11: resume: there is no such pause"),
        ('update = { arrived_at = "10m" }', "answer = { marks = {} }", "line 11: answer: the survey can't be answered"),
        ('update = { arrived_at = "10m" }', 'reply = { from = "x", body = "a" }', "line 11: reply: 'x' is no phone"),
        (
            'update = { arrived_at = "10m" }',
            'carrier = { to = "x", does = "fail" }',
            "line 11: carrier: 'x' is no phone",
        ),
        (
            'update = { arrived_at = "10m" }',
            'release = { what = "juvenile", incident_number = "P26-9" }',
            "line 11: release: springfield has no incident P26-9",
        ),
        ('"acknowledgment"', '"greeting"', "line 14: expect[0].kind: Invalid enum value 'greeting'"),
        ('at = "1m"', 'at = "then"', "line 15: at: 'then' is no time"),
        ("[[steps]]", 'start = "noon"\n[[steps]]', "line 5: start: 'noon' is no time"),
        ("[[steps]]", 'start = "2026-13-01 11:00"\n[[steps]]', "line 5: start: '2026-13-01 11:00' is no time"),
        ("[[steps]]", '[settings]\nmode = "alive"\n[[steps]]', "line 6: settings.mode: "),
        ("[[steps]]", "[settings]\nincident_types = [7]\n[[steps]]", "line 6: settings.incident_types[0]: "),
        ("[[steps]]", "[settings.hours]\nquiet = 7\n[[steps]]", "line 6: settings.hours.quiet: "),
    ],
)
def test_a_scenario_that_can_not_be_played_names_its_line(tmp_path, old, new, message):
    assert told(tmp_path, old, new).startswith(message)


def test_a_folder_without_scenarios_is_no_success(tmp_path):
    (tmp_path / NOT_A_SCENARIO).write_text("")

    assert [failure.message for failure in run_folder(tmp_path, agency())] == [
        "there are no scenarios: no file ends with .toml"
    ]
    assert run_folder(tmp_path / "none", agency())[0].message == "the folder can't be read: No such file or directory"
    assert run_file(tmp_path / "none.toml", agency()).message == "the file can't be read: No such file or directory"
    (tmp_path / "latin.toml").write_bytes('title = "Señor"'.encode("latin-1"))
    assert "save the file as UTF-8" in run_folder(tmp_path, agency())[0].message


def test_an_agency_is_played_as_if_it_were_live(tmp_path):
    assert told(tmp_path, rules=agency(mode="shadow", shadow_kinds=frozenset({"acknowledgment"}))) is None
    assert as_if_live(as_if_live(agency(mode="shadow"))) == as_if_live(agency())


def test_settings_of_a_scenario_are_laid_over_the_agencys(tmp_path):
    own = '[settings]\nincident_types = [{ codes = ["NOISE"], description = "Noise", notify = [] }]\n[[steps]]'

    assert "not_for_type" in told(tmp_path, "[[steps]]", own)
    assert told(tmp_path, "[[steps]]", own.replace("NOISE", "BEES")) is None


def test_the_page_has_every_name_and_an_example_that_goes_as_it_says(tmp_path):
    page = (ROOT / "docs" / "agency" / "scenarios.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`\[*(\w+)", page))
    (tmp_path / "example.toml").write_text(re.search(r"```toml\n(.*?)```", page, re.DOTALL)[1])

    assert {*ACTIONS, *Expect.__struct_fields__, *Scenario.__struct_fields__} <= named
    assert run_folder(tmp_path, SPRINGFIELD) == []
