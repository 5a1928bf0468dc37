"""The preview shows every text that there is, as it will be read, with its price."""

import json

import pytest
from msgspec import convert
from typer.testing import CliRunner

from chalicelib.domain.names import Kind
from chalicelib.insight.settings.files import load_settings
from chalicelib.insight.settings.lint_texts import OUTCOMES
from chalicelib.insight.settings.preview import Previewed, preview, samples
from tenfour.commands.settings import cli
from tenfour.common.paths import AGENCIES, ROOT

STARTER = AGENCIES / "starter.toml"
OWN_WORDS = ROOT / "tests" / "broken" / "good" / "own_words.toml"
TEXTS = len(Kind) - 1 + len(OUTCOMES)


def run(*arguments, columns=80):
    result = CliRunner().invoke(cli, ["preview", *map(str, arguments)], env={"COLUMNS": str(columns)})
    assert result.exit_code == 0, result.output
    return result.output


def previewed(file, incident_number=None):
    agency = load_settings(file)
    return preview(agency, samples(agency, incident_number, None))


def test_every_kind_is_there_in_every_language_channel_and_sample():
    shown = previewed(STARTER, "P26-77")

    assert len(shown) == TEXTS * 2 * 2 * 3
    assert {(one.language, one.channel) for one in shown} == {(a, b) for a in ("en", "es") for b in ("sms", "email")}
    assert not [one for one in shown if one.problem]


def test_the_starters_texts_take_a_segment_each_at_their_longest():
    assert {one.segments for one in previewed(STARTER) if one.channel == "sms"} == {1}


def test_own_words_stand_in_place_of_tenfours():
    (delay,) = [
        one
        for one in previewed(OWN_WORDS)
        if (one.kind, one.channel, one.language, one.sample) == ("delay", "sms", "es", "typical")
    ]

    assert delay.body == "Riverton PD: P26-0001234 sigue en espera. Si empeora, llame o escriba al 911."


def test_words_of_a_type_are_shown_beside_the_agencys(tmp_path):
    (tmp_path / "own.toml").write_text(
        f'extends = "{STARTER}"\n[[incident_types]]\ncodes = ["TOW"]\ndescription = "Car"\n'
        'words.en.sms.delay = "{{ nothing }}"\n'
    )
    delays = [one for one in previewed(tmp_path / "own.toml") if one.title.startswith("delay") and one.language == "en"]

    assert {(one.title, one.channel) for one in delays} == {
        ("delay", "sms"),
        ("delay (words of TOW)", "sms"),
        ("delay", "email"),
    }
    assert {one.problem for one in delays} == {"", "'nothing' is undefined"}
    assert "typical: can't be filled in: 'nothing' is undefined" in run(tmp_path / "own.toml")


def test_the_link_of_a_survey_is_in_no_other_text():
    assert {one.kind for one in previewed(STARTER) if "xxxxx" in one.body} == {Kind.SURVEY}


def test_it_reads_well_in_80_columns():
    page = run(STARTER)

    assert max(map(len, page.splitlines())) <= 80
    assert "acknowledgment\n  typical: 1 segment, 135 characters, $0.012\n" in page
    assert "A caller who gets one of each: 5 segments, $0.060 in English;" in page


def test_real_values_take_the_place_of_usual_ones():
    page = run(STARTER, "--incident-number", "P26-77", "--case-number", "26-9")

    assert "we have your call P26-77." in page
    assert "your case number is 26-9 " in page
    assert "P26-0001234." not in page


def test_programs_get_json():
    told = json.loads(run(OWN_WORDS, "--json"))

    assert {one["cost"] for one in told if one["channel"] == "sms"} == {0.012}
    assert {convert({**one, "cost": None}, Previewed, strict=False).sample for one in told} == {"typical", "longest"}


def test_a_page_can_be_written(tmp_path):
    run(STARTER, "--html", tmp_path / "page.html")

    page = (tmp_path / "page.html").read_text()
    assert "&#39;" in page
    assert page.count('<div class="body"') == TEXTS * 2 * 2 * 2


@pytest.mark.parametrize("arguments", [("nowhere.toml",), (ROOT / "tests" / "broken" / "form_time_zone.toml",)])
def test_what_can_not_be_read_is_refused_in_one_line(arguments):
    result = CliRunner().invoke(cli, ["preview", *map(str, arguments)])

    assert result.exit_code == 2
    assert result.output.count("\n") == 1
