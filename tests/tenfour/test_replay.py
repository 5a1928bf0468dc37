import csv
import json
import shutil
from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner

from chalicelib.virtual.clock import Told, VirtualCity
from chalicelib.virtual.extract import Case, InvalidMap, Unreadable, load_map, read_extract
from tenfour.common.paths import ROOT
from tenfour.main import cli
from tests.factories import NOW, SHARED, after, agency, call, update

CITIES = ("seattle", "nashville", "sandiego")
MAPS = ROOT / "infra" / "maps"
BARRED = (
    "officer_initiated",
    "type_not_allowed",
    "type_never",
    "sensitive",
    "after_close_only",
    "no_address",
    "not_personal",
)
HEADER = "number,kind,called,came,ended\n"
MAP = """
format = "rows"
time_zone = "America/Denver"
dates = ["%m/%d/%Y %I:%M:%S %p"]
[fields]
incident_number = "number"
incident_type = "kind"
received_at = "called"
arrived_at = "came"
dispositions = "ended"
[codes.dispositions]
"done" = "HAN"
"*" = "INF"
[replay]
settings = "agency.toml"
told_at_close = ["dispositions"]
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "map.toml").write_text(MAP)
    (tmp_path / "agency.toml").write_text((ROOT / "infra" / "agencies" / "demo.toml").read_text())
    shutil.copy(ROOT / "infra" / "agencies" / "demo.judgements.csv", tmp_path)
    return tmp_path


def extract(folder, rows, header=HEADER, encoding="utf-8"):
    (folder / "calls.csv").write_text(header + rows, encoding=encoding)
    return list(read_extract(folder / "calls.csv", load_map(folder / "map.toml")))


def test_a_row_becomes_the_messages_that_a_dispatch_system_would_have_sent(folder):
    (case,) = extract(folder, "1,NOISE,11/21/2026 11:00:00 AM,11/21/2026 11:12:00 AM,done\n")

    received, arrived, closed = case.messages
    assert (case.line, case.incident_number, received.at) == (2, "1", NOW)
    assert received.body["incident_type"] == "NOISE"
    assert received.body["reporting_parties"][0]["phone"].startswith("+1")
    assert (arrived.at, arrived.body["arrived_at"]) == (after(12), after(12))
    assert (closed.at, closed.body["dispositions"]) == (after(72), ["HAN"])


@pytest.mark.parametrize("mark", ["\ufeff", "ï»¿"])
def test_a_byte_order_mark_is_no_part_of_a_column_even_if_encoded_twice(folder, mark):
    (case,) = extract(folder, "1,NOISE,11/21/2026 11:00:00 AM,,done\n", mark + HEADER)

    assert case.incident_number == "1"


def test_times_without_an_offset_are_of_the_maps_zone_on_either_side_of_a_change_of_clocks(folder):
    summer, winter = extract(folder, "1,N,07/01/2026 11:00:00 AM,,\n2,N,12/01/2026 11:00:00 AM,,\n")

    assert summer.messages[0].at == datetime(2026, 7, 1, 17, tzinfo=UTC)
    assert winter.messages[0].at == datetime(2026, 12, 1, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",NOISE,11/21/2026 11:00:00 AM,,", "no incident number"),
        ("1,NOISE,,,", "no time of the call"),
        ("1,NOISE,2026-11-21,,", "received_at: expected a time as %m/%d/%Y"),
        ("1,NOISE,02/30/2026 11:00:00 AM,,", "received_at: expected a time as %m/%d/%Y"),
        ("1,NOISE,11/21/2026 11:00:00 AM", "expected 5 columns"),
        ("1,NOISE,11/21/2026 11:00:00 AM,,,,", "expected 5 columns"),
        ("0,NOISE,11/21/2026 11:00:00 AM,,", "is there twice"),
    ],
)
def test_a_row_that_cannot_be_read_is_listed_and_stops_nothing(folder, row, reason):
    good = "0,NOISE,11/21/2026 11:00:00 AM,,done\n"

    first, bad, last = extract(folder, good + row + "\n" + good.replace("0,", "9,", 1))

    assert isinstance(bad, Unreadable)
    assert (bad.line, reason in bad.reason) == (3, True), bad.reason
    assert (first.incident_number, last.incident_number) == ("0", "9")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (MAP.replace("received_at", "recieved_at"), "fields.recieved_at: no field"),
        (MAP.replace('received_at = "called"\n', ""), "fields.received_at: required"),
        (MAP.replace("format", "shape"), "shape"),
        (MAP.replace('told_at_close = ["d', 'told_at_close = ["r'), "replay.told_at_close"),
        ("x = ", "map.toml"),
    ],
)
def test_a_map_that_is_wrong_says_where(folder, wrong, said):
    (folder / "map.toml").write_text(wrong)

    with pytest.raises(InvalidMap, match=said):
        load_map(folder / "map.toml")


def run(*arguments):
    return CliRunner().invoke(cli, ["replay", *map(str, arguments)])


def test_bad_usage_ends_with_2_and_one_line(folder):
    (folder / "calls.csv").write_text("number,kind\n")
    for arguments in (
        (folder / "calls.csv", "--columns", folder / "map.toml"),
        (folder / "missing.csv", "--columns", folder / "map.toml"),
        (folder / "calls.csv", "--columns", folder / "missing.toml"),
        (folder / "calls.csv", "--columns", folder / "map.toml", "--live", folder / "stack.json"),
    ):
        result = run(*arguments)

        assert result.exit_code == 2, result.output
        assert len(result.stderr.strip().splitlines()) == 1


def test_a_replay_prints_its_counts_and_writes_a_line_an_incident(folder):
    extract(folder, "1,NOISE,11/21/2026 11:00:00 AM,,done\n2,DV,11/21/2026 11:05:00 AM,,\nx,NOISE,never,,\n")

    result = run(folder / "calls.csv", "--columns", folder / "map.toml", "--json", folder / "out.jsonl")

    assert result.exit_code == 0, result.output
    assert "line 4" in result.output
    first, second = map(json.loads, (folder / "out.jsonl").read_text().splitlines())
    assert {entry["kind"]: entry["state"] for entry in first["notifications"]} == {
        "acknowledgment": "delivered",
        "dispatched": "skipped",
        "delay": "delivered",
        "outcome": "delivered",
        "case_number": "skipped",
        "survey": "skipped",
    }
    assert {entry["reason"] for entry in second["notifications"]} == {"sensitive"}
    assert set(first["notifications"][0]) == {"kind", "recipient", "state", "send_at", "reason"}


def test_a_replay_of_a_shadow_file_says_what_would_go_and_what_the_night_loses(folder):
    settings = folder / "agency.toml"
    settings.write_text(
        settings.read_text()
        .replace('mode = "live"', 'mode = "shadow"')
        .replace("outcome = { start = 00:00:00, end = 00:00:00 }", "outcome = { start = 08:00:00, end = 20:00:00 }")
    )
    called = ("11:00:00 AM", "02:00:00 AM")
    extract(folder, "".join(f"{n},NOISE,11/21/2026 {at},11/21/2026 {at},done\n" for n, at in enumerate(called)))
    result = run(folder / "calls.csv", "--columns", folder / "map.toml", "--json", folder / "out.jsonl")

    assert "2 incidents: in shadow, nothing is sent" in result.output
    heading = next(line for line in result.output.splitlines() if "notification" in line)
    assert "would go" in heading
    assert "suppressed" not in heading
    assert "1 of 2 outcomes come to nothing" in result.output
    assert not [line for line in result.output.splitlines() if line.strip("│ ").startswith("shadow")]
    lines = (folder / "out.jsonl").read_text().splitlines()
    told = [each for line in lines for each in json.loads(line)["notifications"]]
    assert ("outcome", "suppressed", "shadow") in {(each["kind"], each["state"], each["reason"]) for each in told}


def shared(city):
    path = SHARED / "cfs" / f"{city}.csv"
    if not path.exists():
        pytest.skip(f"NOT RUN: {path} is not here")
    return path


@pytest.mark.parametrize("city", CITIES)
def test_a_citys_extract_runs_to_the_end_and_its_counts_add_up(city, tmp_path):
    path, out = shared(city), tmp_path / "out.jsonl"

    result = run(path, "--columns", MAPS / f"{city}.toml", "--json", out)

    assert result.exit_code == 0, result.output
    lines = [json.loads(text) for text in out.read_text().splitlines()]
    items = list(read_extract(path, load_map(MAPS / f"{city}.toml")))
    assert len(lines) == sum(isinstance(item, Case) for item in items) > 200
    for line in lines:
        kinds = [entry["kind"] for entry in line["notifications"]]
        assert set(kinds) == {"acknowledgment", "dispatched", "delay", "outcome", "case_number", "survey"}
        for entry in line["notifications"]:
            assert entry["reason"] or entry["state"] in ("delivered", "sent")


def test_in_seattle_exactly_those_who_waited_half_an_hour_hear_of_it(tmp_path):
    path, out = shared("seattle"), tmp_path / "out.jsonl"
    run(path, "--columns", MAPS / "seattle.toml", "--json", out)
    with path.open(encoding="utf-8-sig") as file:
        rows = {row["CAD Event Number"]: row for row in csv.DictReader(file)}

    def waited(row):
        if not row["Arrived Time"]:
            return True
        columns = ("Original Time Queued", "Arrived Time")
        queued, arrived = (datetime.strptime(row[name], "%m/%d/%Y %I:%M:%S %p") for name in columns)  # noqa: DTZ007
        return arrived - queued >= timedelta(minutes=30)

    told = 0
    for text in out.read_text().splitlines():
        line = json.loads(text)
        row = rows[line["incident_number"]]
        (entry,) = [entry for entry in line["notifications"] if entry["kind"] == "delay"]
        if entry["state"] == "delivered":
            told += 1
            assert waited(row)
            assert row["Call Type"] != "ONVIEW"
        elif waited(row):
            # Not reported by somebody, not of an allowed type, not safe to text about, or not textable.
            assert entry["reason"] in BARRED, line
        else:
            assert entry["reason"] != ""
    assert told > 50


def test_the_timer_comes_before_the_arrival_at_a_tie():
    city = VirtualCity(agency())
    told = [call(), update(after(30), "a", arrived_at=after(30))]

    list(city.play(Told(item.as_of, order, item) for order, item in enumerate(told)))

    (record,) = city.records()
    assert {row.key.kind.value: row.state for row in record.rows.values()} == {
        "acknowledgment": "delivered",
        "delay": "delivered",
    }


def test_the_same_updates_are_the_same_city():
    def play():
        city = VirtualCity(agency())
        told = [call(incident_number=f"P26-{n}", at=after(n)) for n in range(20)]
        list(city.play(Told(item.as_of, order, item) for order, item in enumerate(told)))
        return [record.rows for record in city.records()]

    assert play() == play()
