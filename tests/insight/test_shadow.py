import csv
import json
import random
import re
import shutil
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from typer.testing import CliRunner

from chalicelib.domain.harmless import guarded
from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.notification import GONE
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.domain.settings.incident_types import Caps, City, IncidentType
from chalicelib.domain.settings.judgements import Judgement, Judgements
from chalicelib.insight.replay.outcome import line
from chalicelib.insight.settings.files import load_settings
from chalicelib.insight.shadow.count import count
from chalicelib.insight.shadow.findings import findings
from chalicelib.insight.shadow.rehearse import (
    AFTER_CLOSING,
    EXCUSED,
    ORDINARY,
    UNJUDGED,
    WELFARE,
    example_of,
    floors,
    rehearse,
)
from chalicelib.insight.shadow.sample import TEXTS
from chalicelib.insight.shadow.sign_off import SIGNERS, sheets
from chalicelib.insight.shadow.why import ABOUT_THE_INCIDENT
from chalicelib.virtual.cases import told_by
from chalicelib.virtual.clock import Told, VirtualCity
from chalicelib.virtual.town.calls import generate
from tenfour.common.paths import ROOT
from tenfour.common.screen import Screen
from tenfour.main import cli
from tenfour.rehearse.shadow_make import write
from tenfour.rehearse.shadow_show import show
from tests.factories import NOW, OTHER_PHONE, after, agency, call, caller, demo_agency, judged, update

MONDAY = datetime(2026, 11, 2, 7, tzinfo=UTC)
"""Midnight in Denver."""

EMAIL = "robin@people.example"


def played(rules, *updates):
    """Return a city after so many updates and everything that was due because of them."""
    city = VirtualCity(rules)
    list(city.play(Told(item.as_of, order, item) for order, item in enumerate(updates)))
    return city


def shadow(**changes):
    return agency(mode="shadow", **changes)


def told_of(number, incident_type="NOISE", phone=None, at=NOW, ending="HAN", **more):
    """Return an incident from its call to its closing: an officer comes after five minutes."""
    parties = {"1": caller(phone)} if phone else {"1": caller(email=EMAIL)}
    later = {"arrived_at": at + timedelta(minutes=5)}
    closing = {"closed_at": at + timedelta(minutes=20), "dispositions": (ending,)}
    return (
        call(incident_type, parties, at, incident_number=number, **more),
        update(at + timedelta(minutes=5), f"{number}-b", incident_number=number, **later),
        update(at + timedelta(minutes=20), f"{number}-c", incident_number=number, **closing),
    )


def counted(rules, *updates, **more):
    return count(played(rules, *updates).records(), rules, floors, **more)


def week(rules, incidents=250):
    city = VirtualCity(rules)
    told, _ = told_by(generate(5, incidents, MONDAY, timedelta(days=7), 1), rules)
    list(city.play(told))
    return city


@pytest.fixture(scope="module")
def rules():
    return replace(demo_agency(), mode="shadow")


@pytest.fixture(scope="module")
def city(rules):
    return week(rules)


@pytest.fixture(scope="module")
def report(rules, city):
    return count(city.records(), rules, floors)


def test_in_shadow_nothing_is_handed_to_a_provider(city, report):
    assert report.total("messages") > 300
    assert (city.ports.sms.outgoing, city.ports.email.outgoing) == ([], [])


def test_every_decision_is_counted_once(city, report):
    entries = Counter(entry.kind for record in city.records() for entry in line(record).notifications)

    for kind in report.kinds:
        assert kind.messages + kind.went + kind.waiting + kind.not_sent == entries[kind.kind]
        assert kind.not_sent == sum(reason.kinds.get(kind.kind, 0) for reason in report.reasons)
        assert kind.texts + kind.emails == kind.messages
    assert report.incidents == report.with_message + report.only_waiting + report.without == 250


def test_hours_and_types_add_up_to_the_messages(report):
    assert sum(report.hours) == sum(each.total for each in report.types) == report.total("messages")
    assert sum(each.incidents for each in report.types) == report.incidents
    assert sum(each.segments for each in report.types) == report.total("segments")
    assert report.cost == pytest.approx(report.total("segments") * report.price)
    by_night = [number for hour, number in enumerate(report.hours) if hour >= 22 or hour < 7]
    assert sum(night.messages for night in report.night) == sum(by_night)


def test_what_shadow_counts_is_what_live_sends(rules, report):
    live = week(replace(rules, mode="live"))

    went = Counter(row.key.kind for record in live.records() for row in record.rows.values() if row.state in GONE)
    assert {kind.kind: kind.messages for kind in report.kinds} == {kind: went[kind] for kind in Kind}


def test_the_days_of_a_week_add_up_to_the_week(rules, city, report):
    days = [count(city.records(), rules, floors, date(2026, 11, 2) + timedelta(days=n)) for n in range(9)]

    assert sum(day.total("messages") for day in days) == report.total("messages")
    assert sum(day.incidents for day in days) == report.incidents
    assert [sum(hours) for hours in zip(*(day.hours for day in days), strict=True)] == list(report.hours)


def test_the_order_of_the_incidents_does_not_matter(rules, city, report):
    records = list(city.records())
    random.Random(1).shuffle(records)

    assert count(records, rules, floors) == report


def test_what_is_live_is_counted_apart():
    live_types = (*agency().incident_types, IncidentType(codes=("LOUD",), description="Loud", mode="shadow"))
    rules = agency(incident_types=live_types)

    report = counted(rules, *told_of("P1", "NOISE", "+13035550101"), *told_of("P2", "LOUD", "+13035550102"))

    (acknowledged,) = [kind for kind in report.kinds if kind.kind is Kind.ACKNOWLEDGMENT]
    assert (acknowledged.messages, acknowledged.went) == (1, 1)
    assert report.total("messages") == report.total("went") > 1


def test_what_is_not_due_yet_waits():
    rules = shadow()
    city = VirtualCity(rules)
    told = call(at=NOW)
    city.ports.tell_time(NOW)
    next(city.play([Told(NOW, 0, told)]))

    report = count(city.records(), rules, floors)

    assert (report.total("waiting"), report.only_waiting, report.with_message) == (2, 1, 0)


def test_a_type_that_is_not_listed_says_what_listing_it_would_open():
    told = [
        *told_of("P1", "PARK", OTHER_PHONE, incident_type_description="Parking, call 303-555-0177"),
        *told_of("P2", "PARK", OTHER_PHONE, origin="officer_initiated"),
        *told_of("P3", "STALKING", "+13035550103"),
        *told_of("P4", "NOISE", "+13035550104"),
    ]

    parking, stalking = counted(shadow(), *told).unknown_types

    assert (parking.code, parking.incidents, parking.share, parking.opened) == ("PARK", 2, 0.5, 1)
    assert (parking.floor, "303-555" in parking.description) == (ORDINARY, False)
    assert (stalking.opened, "stalking" in stalking.floor) == (0, True)


def test_a_type_that_the_settings_hold_back_is_not_counted_as_one_that_they_do_not_know():
    never = Judgement(field="incident_type", value="PRANK", meaning="Prank call", verdicts=frozenset({"never"}))
    rules = shadow(
        never_types=frozenset({"ADMIN*"}),
        sensitive_types=frozenset({"NUIS9"}),
        judgements=Judgements((*agency().judgements.entries, never)),
    )
    told = [
        update
        for number, code in enumerate(("ADMIN1", "NUIS9", "PRANK", "PARK", "PARK", "NOISE"))
        for update in told_of(f"P{number}", code, f"+1303555011{number}")
    ]
    report = counted(rules, *told)

    held = {each.code for each in report.unknown_types if each.held_back}
    assert held == {"ADMIN1", "NUIS9", "PRANK"}
    assert any(said.startswith("1 type not in the settings, 33.3% of all incidents.") for said in findings(report))


def test_a_type_that_two_cities_do_not_know_is_one_type():
    cities = tuple(
        City(
            beats=(beat,),
            name=name,
            short_name=name,
            incident_types=(IncidentType(codes=("NOISE",), description="Noise"),),
        )
        for beat, name in (("1*", "Alton"), ("2*", "Beeville"))
    )
    told = [*told_of("P1", "PARK", OTHER_PHONE, beat="11"), *told_of("P2", "PARK", "+13035550103", beat="21")]
    report = counted(shadow(cities=cities), *told)

    assert len(report.unknown_types) == 2
    assert any(said.startswith("1 type not in the settings, 100.0%") for said in findings(report))


def test_outcomes_that_the_night_loses_are_said():
    """Closed at 1 in the morning: at 8 the outcome is seven hours old, and lives for four."""
    night = NOW.replace(hour=8)
    told = [*told_of("P1", "NOISE", OTHER_PHONE, at=night), *told_of("P2", "NOISE", "+13035550103")]
    report = counted(shadow(), *told)

    (said,) = [line for line in findings(report) if "come to nothing" in line]
    assert said.startswith("1 of 2 messages of the kind outcome come to nothing: at night they may not go")


def test_words_that_nobody_has_judged_are_named_with_what_they_silence():
    rules = shadow(judgements=Judgements((judged("incident_type", "NOISE", "Noise complaint"),)))
    told = [
        *told_of("P1", "NOISE", OTHER_PHONE),
        *told_of("P2", "NOISE", OTHER_PHONE, type_modifier="Loud, call 303-555-0177"),
        *told_of("P3", "NOISE", OTHER_PHONE, type_modifier="loud call 303 555 0177", origin="officer_initiated"),
        *told_of("P4", "THEFT", "+13035550103", incident_type_description="Theft", type_modifier="JUVRUN"),
    ]

    report = counted(rules, *told)

    silent = {(each.field, each.words): (each.incidents, each.opened) for each in report.unjudged}
    (loud,) = [each for each in report.unjudged if each.words.startswith("Loud")]
    assert (loud.incidents, loud.opened, "303-555" in loud.words) == (2, 1, False)
    assert silent["incident_type", "THEFT = Theft"] == (1, 0)
    assert report.unjudged_incidents == 3
    assert any("nobody has judged" in line for line in findings(report))


@pytest.mark.parametrize("name", ["demo", "starter", "seattle", "nashville", "sandiego"])
def test_a_sheet_plays_a_type_by_the_words_that_were_judged_and_not_by_those_of_the_settings(name):
    rules = load_settings(ROOT / "infra" / "agencies" / f"{name}.toml")
    types = [(example_of(rule, rules), rule.description) for rule in rules.incident_types]

    assert {words for words in floors(rules, types).values() if words.startswith(UNJUDGED)} == set()
    assert all(any(spoken.values()) for spoken in rehearse(rules, types).values())


def test_the_sheet_of_a_type_that_nobody_has_judged_says_so_and_what_the_word_lists_think():
    rules = shadow(judgements=Judgements((judged("incident_type", "NOISE", "Noise complaint"),)))

    told = floors(rules, [("NOISE", "Noise complaint"), ("PARK", "Parking"), ("CKW", "Check the welfare")])

    assert (told["NOISE"], told["PARK"]) == (ORDINARY, UNJUDGED)
    assert told["CKW"].startswith(UNJUDGED)
    assert "welfare" in told["CKW"]


def test_a_disposition_without_a_class_says_who_is_not_told():
    told = [*told_of("P1", "NOISE", OTHER_PHONE, ending="INF"), *told_of("P2", "DV", OTHER_PHONE, ending="INF")]

    (unmapped,) = counted(shadow(), *told).unmapped_dispositions

    assert (unmapped.code, unmapped.incidents, unmapped.untold) == ("INF", 2, 1)


def test_what_was_known_too_late_is_shown():
    worse = update(after(3), "w", incident_number="P1", incident_type="DV")

    report = counted(shadow(), *told_of("P1", "NOISE", OTHER_PHONE)[:1], worse)

    (turned,) = report.turned
    assert (turned.reason, turned.messages, turned.incidents) == ("sensitive", 1, ("P1",))


def test_who_would_get_many_is_named_by_four_digits_and_incidents():
    told = [part for n in range(3) for part in told_of(f"P{n}", "NOISE", OTHER_PHONE, after(60 * n))]
    rules = shadow(caps=Caps(per_person_and_day=4, per_incident=0))

    report = counted(rules, *told, *told_of("P9", "NOISE", None))

    (person,) = report.people
    assert (person.who, person.messages, person.most_in_a_day) == ("(•••) •••-0124", 9, 6)
    assert person.kinds == {Kind.ACKNOWLEDGMENT: 3, Kind.OUTCOME: 3, Kind.SURVEY: 3}
    assert person.incidents == ("P2", "P1", "P0")
    assert report.held_by_caps == {"cap_per_day": 2, "cap_surveys": 2}


def test_the_caps_would_hold_back_what_they_hold_back_live(rules):
    capped = replace(rules, caps=Caps(per_person_and_day=4, per_incident=3))
    live = week(replace(capped, mode="live"))
    reasons = Counter(row.reason for record in live.records() for row in record.rows.values())

    report = count(week(capped).records(), capped, floors)

    assert report.held_by_caps == {
        reason.value: reasons[reason]
        for reason in (Reason.CAP_PER_INCIDENT, Reason.CAP_PER_DAY, Reason.CAP_SURVEYS)
        if reasons[reason]
    }


def test_a_sample_has_twenty_texts_that_differ_and_every_wording(city, report):
    for samples in report.samples.values():
        texts = [sample for sample in samples if sample.channel == "sms"]
        assert len(texts) <= TEXTS
        assert len({sample.body for sample in texts}) == len(texts)
        assert texts == sorted(texts, key=lambda sample: sample.at)
    outcomes = [sample.body for sample in report.samples[Kind.OUTCOME]]
    assert len(report.samples[Kind.SURVEY]) >= TEXTS
    for words in ("have finished", "found nobody there", "on the lookout", "a report was taken", "was cancelled"):
        assert any(words in body for body in outcomes)
    assert len({sample.at.date() for sample in report.samples[Kind.DELAY]}) >= 7


def everything(report, rules, folder, width=80):
    """Return all that anybody gets to see of a report."""
    folder.mkdir(exist_ok=True)
    paths = write(report, rules, folder)
    console = Screen(width=width, record=True, file=(folder / "out.txt").open("w"))
    show(console, report, ())
    return {path.name: path.read_text(encoding="utf-8-sig") for path in paths} | {"shown": console.export_text()}


def test_no_phone_and_no_email_of_anybody_is_in_any_output(rules, city, report, tmp_path):
    known = {address for record in city.records() for row in record.rows.values() for address in row.addresses}
    digits = {re.sub(r"\D", "", address)[1:] for address in known if "@" not in address}

    for name, text in everything(report, rules, tmp_path).items():
        assert not any(address in text for address in known), name
        found = {re.sub(r"\D", "", number) for number in re.findall(r"\(?\d{3}\)?[ .-]?\d{3}[ .-]?\d{4}", text)}
        assert not found & digits - {"3035550100"}, name


def test_the_terminal_is_80_columns_wide(rules, report, tmp_path):
    shown = everything(report, rules, tmp_path)["shown"].splitlines()

    assert max(map(len, shown)) <= 80
    assert any("would have gone" in text for text in shown)


def test_a_day_without_anything_says_so(rules, city, tmp_path):
    report = count(city.records(), rules, floors, date(2026, 12, 24))

    everywhere = everything(report, rules, tmp_path)

    assert "Nothing was decided" in everywhere["shown"]
    assert "Nothing was decided" in everywhere["report.html"]


def test_the_pages_need_nothing_from_elsewhere_and_run_nothing(rules, report, tmp_path):
    for name, text in everything(report, rules, tmp_path).items():
        assert "<script" not in text, name
        assert not re.search(r"(src|href)=\"(?!#|data:,)", text), name


@pytest.mark.parametrize(
    ("text_to_911", "said"), [(True, "The words offer to text 911."), (False, "no words offer it")]
)
def test_those_who_sign_read_whether_the_words_offer_to_text_911(text_to_911, said, rules, city, tmp_path):
    ours = replace(rules, text_to_911=text_to_911)
    report = count(city.records(), ours, floors)

    assert said in everything(report, ours, tmp_path)["sign-off.html"]


def test_words_that_look_like_html_stay_words(tmp_path):
    told = told_of("P1", "<b>PARK</b>", OTHER_PHONE, incident_type_description="<script>alert(1)</script>")

    pages = everything(counted(shadow(), *told), shadow(), tmp_path)

    assert "<b>PARK" not in pages["report.html"] + pages["sign-off.html"]
    assert "<script" not in pages["report.html"] + pages["sign-off.html"]


def sheet_of(code, rules=None, *told):
    rules = rules or shadow()
    return next(sheet for sheet in sheets(rules, counted(rules, *told)) if code in sheet.codes)


def test_a_sheet_says_what_a_types_callers_get_in_words_and_numbers():
    sheet = sheet_of("THEFT", None, *told_of("P1", "THEFT", OTHER_PHONE, incident_type_description="Theft"))

    lines = {line.kind: line for line in sheet.lines}
    assert (sheet.incidents, sheet.messages) == (1, 3)
    assert lines[Kind.ACKNOWLEDGMENT].when == "1 minute after the call"
    assert lines[Kind.SURVEY].when == "18 hours after closing, if an officer came, from 8:00 to 20:00"
    assert lines[Kind.CASE_NUMBER].when.startswith("when there is a case number, to victims and the caller")
    assert "we have your call" in lines[Kind.ACKNOWLEDGMENT].words[0].body
    classes = {words.variant for words in lines[Kind.OUTCOME].words}
    assert classes == {"handled", "unable_to_locate", "lookout", "report_taken", "cancelled"}


def test_a_sheet_knows_what_the_safety_floor_makes_of_a_type():
    assert sheet_of("NOISE").safety == ORDINARY
    welfare = sheet_of("WELFARE")
    assert welfare.safety == WELFARE
    assert {line.kind for line in welfare.lines} == {Kind.ACKNOWLEDGMENT, Kind.DELAY}
    excused = IncidentType(codes=("SHOTS",), description="Shots", override_sensitive=True)
    assert sheet_of("SHOTS", shadow(incident_types=(excused,))).safety == EXCUSED


def test_the_sheet_judges_a_type_by_what_dispatch_calls_it():
    told = told_of("P1", phone=OTHER_PHONE, incident_type_description="Noise, in progress")

    sheet = sheet_of("NOISE", None, *told)

    assert sheet.safety == AFTER_CLOSING
    assert Kind.ACKNOWLEDGMENT not in {line.kind for line in sheet.lines}


def test_a_sensitive_type_in_the_settings_gets_nothing_and_the_sheet_says_so():
    rules = shadow(incident_types=(IncidentType(codes=("ASLT",), description="Assault"),))

    sheet = sheet_of("ASLT", rules)

    assert sheet.lines == ()
    assert "assault" in sheet.safety or "aslt" in sheet.safety.lower()


def test_a_pattern_has_one_sheet_for_all_that_it_fits():
    exact = IncidentType(codes=("PARK",), description="Parks", notify=())
    rules = shadow(incident_types=(exact, IncidentType(codes=("PARK*",), description="Parking")))

    sheet = sheet_of("PARK*", rules, *told_of("P1", "PARKING", OTHER_PHONE), *told_of("P2", "PARK2", OTHER_PHONE))

    assert (sheet.incidents, sheet.messages) == (2, 6)
    assert {line.kind for line in sheet.lines} >= {Kind.ACKNOWLEDGMENT, Kind.OUTCOME}


def test_a_city_with_types_of_its_own_has_sheets_of_its_own():
    town = City(
        beats=("7*",),
        name="Shelbyville Police",
        short_name="Shelbyville PD",
        incident_types=(IncidentType(codes=("DOGS",), description="Barking dogs"),),
    )
    rules = shadow(cities=(town,))

    report = counted(rules, *told_of("P1", "DOGS", OTHER_PHONE, beat="71"), *told_of("P2", "DOGS", OTHER_PHONE))

    mine = [sheet for sheet in sheets(rules, report) if sheet.codes == ("DOGS",)]
    assert [(sheet.place, sheet.messages, bool(sheet.lines)) for sheet in mine] == [
        ("Shelbyville Police", 3, True),
        ("", 0, False),
    ]


def test_the_csv_has_a_line_a_type_and_boxes_for_three(rules, report, tmp_path):
    write(report, rules, tmp_path)
    with (tmp_path / "sign-off.csv").open(encoding="utf-8-sig", newline="") as file:
        header, *lines = csv.reader(file)

    assert len(lines) == len(sheets(rules, report))
    assert {len(each) for each in lines} == {len(header)}
    assert all(f"{signer}: name" in header for signer in SIGNERS)
    unlisted = [each for each in lines if "nothing is sent" in each[header.index("acknowledgment")]]
    assert {each[header.index("codes")] for each in unlisted} >= {"DV", "MEET"}


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", " =1"])
def test_no_cell_is_a_formula(cell):
    assert guarded(cell) == f"'{cell}"


def test_the_reasons_that_are_about_the_incident_are_those_of_the_documentation():
    page = (ROOT / "docs" / "agency" / "notifications.md").read_text()
    section = page.partition("About the incident")[2].partition("About the kind")[0]

    assert set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)) == set(ABOUT_THE_INCIDENT)


def run(*arguments):
    return CliRunner().invoke(cli, ["shadow-report", *map(str, arguments)], env={"COLUMNS": "80"})


def test_the_command_makes_a_week_its_pages_and_its_counts(tmp_path):
    result = run("--generate", 40, "--out", tmp_path / "out", "--json", tmp_path / "counts.json")

    assert result.exit_code == 0, result.output
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"report.html", "sign-off.html", "sign-off.csv"}
    counts = json.loads((tmp_path / "counts.json").read_text())
    assert counts["incidents"] == 40
    assert sum(counts["hours"]) == sum(kind["messages"] for kind in counts["kinds"]) > 0


def test_a_stack_in_the_environment_is_no_choice_where_another_source_is_named(tmp_path, monkeypatch):
    """Found: with TENFOUR_STACK set, `--from` and `--generate` were refused as two sources."""
    monkeypatch.setenv("TENFOUR_STACK", "stack.json")

    assert run("--generate", 5, "--out", tmp_path).exit_code == 0
    assert "choose one" in run("--generate", 5, "--stack", "stack.json", "--out", tmp_path).output


def test_the_command_replays_an_extract_for_one_day(tmp_path):
    shutil.copy(ROOT / "infra" / "agencies" / "demo.judgements.csv", tmp_path)
    (tmp_path / "demo.toml").write_text((ROOT / "infra" / "agencies" / "demo.toml").read_text())
    (tmp_path / "map.toml").write_text(
        'format = "rows"\ntime_zone = "America/Denver"\ndates = ["%Y-%m-%d %H:%M"]\n'
        '[fields]\nincident_number = "n"\nincident_type = "t"\nreceived_at = "at"\n[replay]\nsettings = "demo.toml"\n'
    )
    rows = "n,t,at\n1,NOISE,2026-11-20 11:00\n2,NOISE,2026-11-21 11:00\n3,NOISE,never\n"
    (tmp_path / "calls.csv").write_text(rows)
    arguments = ("--from", tmp_path / "calls.csv", "--columns", tmp_path / "map.toml", "--out", tmp_path / "out")

    result = run(*arguments, "--day", "2026-11-21", "--json", tmp_path / "counts.json")

    assert result.exit_code == 0, result.output
    counts = json.loads((tmp_path / "counts.json").read_text())
    assert (counts["incidents"], counts["day"]) == (1, "2026-11-21")
    assert "1 row could not be read" in result.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--from", "calls.csv"), "--columns"),
        (("--generate", 3, "--stack", "stack.json"), "choose one"),
        (("--generate", 3, "--day", "2026-13-01"), "2026-13-01"),
        (("--generate", 3, "--settings", "missing.toml"), "missing.toml"),
        (("--generate", 3, "--out", "README.md"), "no folder"),
        (("--stack", "missing/stack.json"), "no running city"),
        (("--settings", "x.toml"), "--settings"),
    ],
)
def test_bad_usage_ends_with_2_and_one_line(arguments, said, monkeypatch):
    monkeypatch.chdir(Path(ROOT))

    result = run(*arguments)

    assert (result.exit_code, len(result.stderr.strip().splitlines())) == (2, 1), result.output
    assert said in result.stderr
