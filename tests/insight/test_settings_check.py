"""The check names each mistake's line, field and fix, and is silent about settings that are right."""

import json
import re
from functools import partial

import pytest
from msgspec import Struct
from typer.testing import CliRunner

from chalicelib.domain.settings import agency as agency_module
from chalicelib.domain.settings import experiment, hours
from chalicelib.domain.settings import incident_types as rules
from chalicelib.domain.settings import questions as question
from chalicelib.domain.settings import survey as survey_rules
from chalicelib.domain.settings.page_words import PageWords
from chalicelib.insight.settings.check import check
from tenfour.commands.settings import cli
from tenfour.common.paths import AGENCIES, ROOT

BROKEN = ROOT / "tests" / "broken"
WHOLE = BROKEN / "good" / "whole.toml"
PAGE = (ROOT / "docs" / "agency" / "settings.md").read_text()
EXPECT = re.compile(r"# expect: (\d+): (.+)\n# hint: ?(.*)\n")
CITY = '[[cities]]\nname = "{0}"\nshort_name = "{0}"\nbeats = [\n{1}]\n'
STRUCTS = {
    struct
    for module in (agency_module, hours, rules, survey_rules, experiment, question)
    for struct in vars(module).values()
    if isinstance(struct, type) and issubclass(struct, Struct) and struct.__struct_config__.forbid_unknown_fields
} - {PageWords}  # its names are those of words/en.toml, which a test of its own compares


def over(folder, text="", name="own.toml", extends=WHOLE):
    """Write a file that extends another."""
    (folder / name).write_text(f'extends = "{extends}"\n{text}')
    return folder / name


def run(*arguments):
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


@pytest.fixture
def settings(tmp_path):
    """Return a function that writes settings over whole ones."""
    return partial(over, tmp_path)


def warnings_of(file):
    return [f"{found.line}: {found.field}: {found.message}" for found in check(file).found]


def test_there_are_enough_ways_to_be_wrong():
    assert len(list(BROKEN.glob("*.toml"))) >= 40


@pytest.mark.parametrize("path", sorted(BROKEN.glob("*.toml")), ids=lambda path: path.stem)
def test_a_broken_file_is_refused_with_its_line_its_field_and_a_hint(path):
    line, said, hint = EXPECT.match(path.read_text(errors="replace")).groups()

    result = run("check", path)

    assert result.exit_code == 2
    (found,) = [
        text for text in result.output.split("\n") if text.startswith(f"{path}:{line}: error: ") and said in text
    ]
    assert hint in result.output.split(f"{found}\n")[1].split("\n")[0]
    assert re.search(rf"{re.escape(str(path))}: 1 error, \d warnings?\n$", result.output)


@pytest.mark.parametrize(
    "path", [*sorted(AGENCIES.glob("*.toml")), *sorted((BROKEN / "good").glob("*.toml"))], ids=lambda path: path.stem
)
def test_what_ships_and_what_is_right_is_fine(path):
    result = run("check", path)

    assert result.exit_code == 0, result.output
    assert re.search(rf"{re.escape(str(path))}: fine, \d+ warnings?\n$", result.output)


def test_the_starter_has_nothing_to_be_warned_of():
    assert warnings_of(AGENCIES / "starter.toml") == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('mode = "live"\nincident_types = 1\n', "3: incident_types: expected a list"),
        ("[caps]\nper_incident = 0\n", "3: caps.per_incident: 0 is no cap"),
        ('silence = "0s"\n', "2: silence: 0s: people of a sensitive incident"),
        ('[acknowledgment]\nhold = "0s"\n', "3: acknowledgment.hold: 0s: a call that is re-typed"),
        ("[hours]\nsurvey = { start = 07:30:00, end = 20:00:00 }\n", "3: hours.survey: survey may go from 07:30"),
        ("[hours]\noutcome = { start = 00:00:00, end = 00:00:00 }\n", "3: hours.outcome: outcome may go at any hour"),
        ("[survey]\noutcomes = []\n", "3: survey.outcomes: empty"),
        ('mode = "live"\n[survey]\nlink = "http://riverton.example/s"\n', "4: survey.link: http:// is not private"),
        ("version = 3\n", "2: version: publishing numbers"),
        (
            '[conversation.answers.seen]\nen = "{{ agency }}: we have read your text."\n',
            "2: conversation.answers: nobody is answered, because nobody watches replies",
        ),
        ('short_name = "Policía"\n', "2: short_name: í (U+00ED)"),
        ('[words.es.sms]\ndelay = "{{ agency }} 911"\n', "2: words.es: es is not spoken"),
        ('[words.en.sms]\ndelay = "{{ agency }}: wait."\n', "3: words.en.sms.delay: does not say to call or text 911"),
        (
            'text_to_911 = false\n[words.en.sms]\ndelay = "{{ agency }}: wait."\n',
            "4: words.en.sms.delay: does not say to call 911 if it gets worse",
        ),
        ('[words.en.sms]\ndelay = "{{ link }} 911"\n', "3: words.en.sms.delay: {{ link }} is empty here"),
        (
            'languages = ["es"]\n[words.en.sms]\ndelay = "{{ agency }} 911"\n',
            "4: words.en.sms.delay: has no version in es",
        ),
        (
            '[[incident_types]]\ncodes = ["TOW"]\ndescription = "Towed"\nnotify = ["delay"]\n',
            "5: incident_types[0].notify: delay is the first text",
        ),
        (
            '[[incident_types]]\ncodes = ["T-O-W"]\ndescription = "Towed"\nwords.en.sms.delay = "Towed: 911"\n',
            "5: incident_types[0].words.en.sms.delay: 'towed' says what the call was about",
        ),
        (
            CITY.format("A B", '"6*"') + CITY.format("C D", '"5",\n"61"'),
            "12: cities[1].beats[1]: beat 61 is A B's already",
        ),
        (
            '[code_list]\n415F = "Family disturbance"\n[[incident_types]]\ncodes = ["415*"]\ndescription = "Noise"\n',
            "5: incident_types[0].codes[0]: 415* holds 415F",
        ),
    ],
    ids=lambda text: text.partition(": ")[0] if text[0].isdigit() else "",
)
def test_what_may_not_be_meant_is_said_too(settings, text, said):
    assert [warning for warning in warnings_of(settings(text)) if warning.startswith(said)]


def test_live_with_nothing_allowed_is_said(tmp_path):
    bare = WHOLE.read_text().partition("[[incident_types]]")[0].replace("[numbers]", 'mode = "live"\n\n[numbers]')
    (tmp_path / "bare.toml").write_text(bare)

    assert [said for said in warnings_of(tmp_path / "bare.toml") if "nothing will be sent" in said]


def test_words_that_fit_and_harm_nobody_are_left_alone(settings):
    words = "{{ agency }}: {{ case_number }}{% if resources_link %} {{ resources_link }}{% endif %}"

    said = warnings_of(settings(f'[words.en.sms]\ncase_number = "{words}"\n'))
    assert [each for each in said if "judgements" not in each] == []


def test_programs_get_json():
    told = json.loads(run("check", BROKEN / "type_duration.toml", "--json").output)

    assert (told["errors"], told["warnings"]) == (1, 0)
    assert told["findings"][0] | {"hint": ""} == {
        "file": str(BROKEN / "type_duration.toml"),
        "line": 4,
        "field": "silence",
        "severity": "error",
        "message": "expected a duration such as 20s, 30m, 18h or 90d, got 'three months'",
        "hint": "",
    }


def test_scenarios_are_tried_once_the_settings_are_right(settings, tmp_path):
    (tmp_path / "none").mkdir()

    tried = run("check", WHOLE, "--scenarios", tmp_path / "none")
    wrong = run("check", settings("mode = 1\n"), "--scenarios", tmp_path / "none")

    assert tried.exit_code == 2
    assert f"{tmp_path / 'none'}: error: there are no scenarios" in tried.output
    assert wrong.exit_code == 2
    assert "no scenarios" not in wrong.output


def test_a_file_that_is_not_there_is_one_line():
    result = run("check", "nowhere.toml")

    assert result.exit_code == 2
    assert result.output == "nowhere.toml: No such file or directory\n"


def test_all_that_is_wrong_is_said_at_once(settings):
    file = settings('mode = "on"\nmass_call = 1\ncolour = "blue"\n[caps]\nper_incident = "6"\n')

    assert [said.partition(": ")[0] for said in warnings_of(file)] == ["2", "3", "4", "6"]


@pytest.mark.parametrize(
    "struct", sorted(STRUCTS, key=lambda struct: struct.__name__), ids=lambda struct: struct.__name__
)
def test_every_setting_is_documented(struct):
    documented = {word for code in re.findall(r"`([^`\n]+)`", PAGE) for word in re.findall(r"\w+", code)}

    assert set(struct.__struct_fields__) <= documented


@pytest.mark.parametrize("shown", re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL))
def test_what_the_page_shows_is_right(settings, shown):
    checked = check(settings(re.sub(r'extends = ".*"\n', "", shown)))

    assert not checked.errors, str(checked)
