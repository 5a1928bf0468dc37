"""Judging: an agency's first week, by the command and with a scripted judge."""

import csv
import json

import pytest
from msgspec.structs import replace
from typer.testing import CliRunner

from chalicelib.domain.settings.judgements import Judgements
from chalicelib.inbound.judgements import InvalidJudgements, read_judgements, write_judgements
from chalicelib.insight.settings.calls import calls_of_extract
from chalicelib.insight.settings.check import check
from chalicelib.insight.settings.files import load_settings
from chalicelib.insight.settings.judge import judged_anew
from chalicelib.insight.settings.worklist import worklist
from tenfour.common.paths import ROOT
from tenfour.main import cli
from tenfour.settings import judging
from tests.factories import CARELESS, JUDGES, SHARED, agency, call, judged, update

BY = ("--by", JUDGES[0], "--by", JUDGES[1])
MOST_NOT_JUDGED = 0.05
MAPS = ROOT / "infra" / "maps"
SETTINGS = """
agency_id = "larkspur"
name = "Larkspur Police"
short_name = "Larkspur PD"
time_zone = "America/Denver"
mode = "live"
judgements = "own.csv"
[numbers]
non_emergency = "303-555-0100"
sms_from = "+13035550199"
email_from = "no-reply@larkspur.example"
[survey]
link = "https://tell.larkspur.example/s"
[dispositions]
HAN = "handled"
[[incident_types]]
codes = ["NOISE"]
description = "Noise complaint"
"""
CODES = "code,meaning\nNOISE,Noise complaint\nDV,Domestic violence\nGUNS,Gun shop alarm\n"


@pytest.fixture
def file(tmp_path):
    (tmp_path / "own.toml").write_text(SETTINGS)
    (tmp_path / "codes.csv").write_text(CODES)
    return tmp_path / "own.toml"


def run(*words, typed=None):
    return CliRunner().invoke(cli, ["settings", "judge", *map(str, words)], input=typed)


def test_what_waits_is_a_spreadsheet_that_comes_back_as_answers(file, tmp_path):
    shown = run(file, "--codes", tmp_path / "codes.csv", "--worksheet", tmp_path / "sheet.csv")
    assert shown.exit_code == 0, shown.output

    rows = list(csv.DictReader((tmp_path / "sheet.csv").open()))
    for row in rows:
        row["verdicts"] = "sensitive" if row["looks"] else "dull"
    with (tmp_path / "filled.csv").open("w") as filled:
        writer = csv.DictWriter(filled, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    taken = run(file, "--codes", tmp_path / "codes.csv", "--answers", tmp_path / "filled.csv", *BY)

    assert "3 judged now, 3 in all, 0 still wait" in " ".join(taken.output.split())
    assert {entry.value for entry in load_settings(file).judgements.entries if entry.lets} == {"NOISE"}
    assert not check(file).errors


def test_the_terminal_asks_and_an_answer_against_the_lists_needs_a_reason(file, tmp_path):
    shown = run(file, "--codes", tmp_path / "codes.csv", *BY, typed="d\n\nd\nA shop with an alarm\nd\n")
    told = {entry.value: entry for entry in load_settings(file).judgements.entries}

    assert set(told) == {"GUNS", "NOISE"}, shown.output
    assert told["GUNS"].reason == "A shop with an alarm"
    assert told["NOISE"].judged_by == JUDGES
    assert "not written: DV" in shown.output


def test_one_person_alone_judges_nothing(file, tmp_path):
    for names in ((), BY[:2], (*BY[:2], "--by", JUDGES[0].upper())):
        shown = run(file, "--codes", tmp_path / "codes.csv", *names, typed="d\n")

        assert shown.exit_code == 2
        assert "two people judge" in shown.stderr


def test_answers_that_the_word_lists_know_are_not_written_without_a_reason(file, tmp_path):
    lines = "field,value,meaning,verdicts\nincident_type,DV,Domestic violence,dull\nincident_type,NOISE,Noise,dull\n"
    shown = run(file, "--codes", tmp_path / "codes.csv", "--answers", "-", *BY, typed=lines)

    assert "known as sensitive" in shown.output
    assert [entry.value for entry in load_settings(file).judgements.entries] == ["NOISE"]


class Gone:
    """A terminal at which somebody answers, and then presses Ctrl-C."""

    def __init__(self, *answers):
        self.answers = list(answers)

    def print(self, *_words, **_how):
        pass

    def input(self, *_words, **_how):
        if not self.answers:
            raise KeyboardInterrupt
        return self.answers.pop(0)


def test_whoever_leaves_the_table_in_the_middle_loses_no_answer(file, tmp_path):
    bench = judging.open_bench(file, JUDGES)
    work = judging.waiting(bench, judging.Source(codes=tmp_path / "codes.csv"), endings=False)
    terminal = Gone("s", "s")
    written = []
    for answer in judging.asked(bench, work, terminal):
        judging.take_at_once(replace(bench, agency=load_settings(file)), [answer], work, terminal)
        written.append(len(load_settings(file).judgements.entries))

    assert written == [1, 2]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["codes.csv", "own.csv", "own.toml"]


def test_the_second_name_is_not_the_first_one_turned_round(file):
    with pytest.raises(ValueError, match="two people judge"):
        judging.open_bench(file, ("Ana Ruiz", "RUIZ, Ana"))


def test_answers_in_another_encoding_are_refused_by_their_line(file, tmp_path):
    (tmp_path / "ansi.csv").write_bytes("field,value,verdicts\ntype_modifier,FIESTA DE NIÑOS,dull\n".encode("cp1252"))
    shown = run(file, "--codes", tmp_path / "codes.csv", "--answers", tmp_path / "ansi.csv", *BY)

    assert "line 2: not in UTF-8" in " ".join(shown.stderr.split())


def test_live_without_judgements_is_refused_and_says_what_to_do(file):
    file.write_text(SETTINGS.replace('judgements = "own.csv"\n', ""))
    (found,) = [found for found in check(file).found if found.field == "judgements"]

    assert found.severity == "error"
    assert "tenfour settings judge" in found.hint


def test_a_judgement_by_an_example_is_none_of_a_real_agencys(file, tmp_path):
    example = judged("incident_type", "NOISE", "Noise", judged_by=("Example supervisor", "Example advocate"))
    (tmp_path / "own.csv").write_text(write_judgements(Judgements((example,))))
    file.write_text(SETTINGS.replace("no-reply@larkspur.example", "no-reply@larkspur.gov"))

    assert [found.severity for found in check(file).found if found.field == "judgements"] == ["error"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("value,verdicts\n", "line 1: field: no such column"),
        ("field,value,verdicts\noffenses,11A,bad\n", "line 2: verdicts: 'bad' is none of"),
        ("field,value,verdicts\nnature,11A,never\n", "line 2: field: Invalid enum value 'nature'"),
        (
            "field,value,verdicts\noffenses,11A,never\noffenses,11a,sensitive\n",
            "line 3: entries: offenses 11A is judged twice",
        ),
        ('field,value,verdicts\noffenses,"11A,never\noffenses,11B,never\n', "unexpected end of data"),
        ("field,value,verdicts,Verdicts\noffenses,11A,never,dull\n", "line 1: verdicts: two columns have this name"),
        (
            "field,value,verdicts\n" + "".join(f"offenses,{number},never\n" for number in range(5001)),
            "more than 5000 values are free text",
        ),
        ("field,value,meaning,verdicts\noffenses,11A,Rape,dull\n", "line 2: judged_by: 11A = Rape needs the names of"),
    ],
)
def test_a_file_that_is_wrong_is_refused_by_its_line_and_column(text, problem):
    with pytest.raises(InvalidJudgements, match=problem):
        read_judgements(text)


def test_a_value_without_a_verdict_is_not_judged():
    assert read_judgements("field,value,verdicts\noffenses,11A,\n").entries == ()


def test_free_text_is_named_because_no_list_can_judge_it():
    updates = [
        call(),
        *(update(update_id=f"u{n}", incident_number=f"P26-{n}", type_modifier=f"Q {n}") for n in range(200)),
    ]
    work = worklist(updates, agency(judgements=Judgements()))

    assert work.free_text == {"type_modifier": 200}
    assert not worklist(updates, agency(judgements=CARELESS)).waiting


def test_the_most_frequent_value_comes_first_with_examples():
    updates = [update(update_id=f"u{n}", incident_number=f"P26-{n}", type_modifier="AB"[n > 0]) for n in range(5)]
    first, second = worklist(updates, agency(judgements=Judgements())).waiting

    assert (first.value, first.incidents, first.examples) == ("B", 4, ("P26-1", "P26-2", "P26-3"))
    assert second.value == "A"


@pytest.mark.parametrize("name", ["nibrs", "apco"])
def test_starter_vocabularies_are_judged_sensitive_or_not_at_all(name):
    text = (ROOT / "infra" / "vocabularies" / f"{name}.csv").read_text()
    judged_by_us = read_judgements(text).entries

    assert judged_by_us
    assert {verdict for entry in judged_by_us for verdict in entry.verdicts} == {"sensitive"}
    assert len(text.splitlines()) > len(judged_by_us) + 1


def extract(city):
    path = SHARED / "cfs" / f"{city}.csv"
    if not path.exists():
        pytest.skip(f"NOT RUN: {path} is not here")
    return path


def scripted(work):
    """Return what a scripted pair of judges says: as the word lists think, else dull."""
    words = {"sensitive": "sensitive", "urgent": "after_close", "welfare": "welfare"}
    for one in work.waiting:
        verdict = next((verdict for word, verdict in words.items() if one.looks.startswith(word)), "dull")
        meaning = one.meaning or ("" if verdict == "sensitive" else f"As code {one.value}")
        yield judged(one.field, one.value, meaning if one.field == "incident_type" else "", verdict)


@pytest.mark.parametrize("city", ["nashville", "sandiego", "seattle"])
def test_the_first_half_judged_leaves_few_of_the_second_half_unjudged(city, record_property):
    ours = load_settings(ROOT / "infra" / "agencies" / f"{city}.toml")
    told = [each.update for each in calls_of_extract(extract(city), MAPS / f"{city}.toml", ours)]
    numbers = list(dict.fromkeys(each.incident_number for each in sorted(told, key=lambda each: each.as_of)))
    early = set(numbers[: len(numbers) // 2])
    new = agency(judgements=Judgements(), code_list=ours.code_list)
    first = worklist((each for each in told if each.incident_number in early), new)
    answers = judged_anew(Judgements(), scripted(first))
    judging = agency(judgements=answers, code_list=ours.code_list)
    second = worklist((each for each in told if each.incident_number not in early), judging)

    figures = f"{city}: {len(first.waiting)} values judged; {second.not_judged} of {second.incidents} not judged"
    record_property("figures", figures)
    print(f"{figures} ({second.share:.1%})")
    assert first.waiting
    if city != "seattle":  # 222 rows are too few to say
        assert second.share <= MOST_NOT_JUDGED


def test_what_waits_is_json_for_programs(file, tmp_path):
    shown = run(file, "--codes", tmp_path / "codes.csv", "--json")
    told = json.loads(shown.stdout)

    assert [one["value"] for one in told["waiting"]] == ["DV", "GUNS", "NOISE"]
    assert told["waiting"][0]["looks"].startswith("sensitive")
