"""Two cities' delay notices, worked out anew from the raw file: who hears of a delay, and in which second.

Nothing of tenfour's rules is used: the rows, the settings and the judgements are read as the plain files that they are.
"""

import csv
import hashlib
import io
import json
import tomllib
from datetime import UTC, datetime, timedelta

import pytest
from msgspec import Struct
from typer.testing import CliRunner

from tenfour.common.paths import AGENCIES, ROOT
from tenfour.main import cli
from tests.factories import SHARED

HALF_AN_HOUR, WINTER_CHICAGO, WINTER_LOS_ANGELES = timedelta(minutes=30), timedelta(hours=-6), timedelta(hours=-8)
LETS = {"dull", "welfare"}


class Columns(Struct):
    number: str
    code: str
    at: str
    offset: timedelta
    meaning: str = ""
    modifier: str = ""
    priority: str = ""


CITIES = {
    "nashville": Columns(
        "Event Number", "Tencode", "Call_Received", WINTER_CHICAGO, "Tencode Description", "Tencode Suffix Description"
    ),
    "sandiego": Columns("incident_num", "call_type", "date_time", WINTER_LOS_ANGELES, priority="priority"),
}


def rows(path, number):
    """Return the rows by number; of two with one number the first counts."""
    text = path.read_bytes().decode().removeprefix("\ufeff").removeprefix("ï»¿")
    found = {}
    for row in csv.DictReader(io.StringIO(text)):
        found.setdefault(row[number].strip(), row)
    return found


def judgements(city):
    with (AGENCIES / f"{city}.judgements.csv").open(encoding="utf-8") as file:
        return {
            (row["field"], row["value"].casefold(), row["meaning"].casefold()): set(
                row["verdicts"].replace(";", " ").split()
            )
            for row in csv.DictReader(file)
        }


def expected(city, path):
    """Return the instant of each delay notice by incident number."""
    names, verdicts = CITIES[city], judgements(city)
    settings = tomllib.loads((AGENCIES / f"{city}.toml").read_text())
    mapping = tomllib.loads((ROOT / "infra" / "maps" / f"{city}.toml").read_text())
    allowed = {code for each in settings["incident_types"] for code in each["codes"]}
    not_a_callers = {code for code, origin in mapping["codes"]["origin"].items() if origin != "911"}
    without_phone = mapping["replay"]["blank_phones"] + mapping["replay"]["pseudo_911_phones"]

    def is_told(number, row):
        code = row[names.code].strip()
        meaning = row[names.meaning].strip() if names.meaning else settings.get("code_list", {}).get(code, "")
        words = [("incident_type", code.casefold(), meaning.casefold())]
        if names.modifier and row[names.modifier].strip():
            words.append(("type_modifier", row[names.modifier].strip().casefold(), ""))
        judged = all(verdicts.get(word) and verdicts[word] <= LETS for word in words)
        urgent = bool(names.priority) and row[names.priority].strip() in ("0", "1")
        drawn = int(hashlib.sha256(number.encode()).hexdigest()[:8], 16) / 16**8
        return code in allowed - not_a_callers and judged and not urgent and drawn >= without_phone

    return {
        number: (datetime.fromisoformat(row[names.at]) - names.offset).replace(tzinfo=UTC) + HALF_AN_HOUR
        for number, row in rows(path, names.number).items()
        if is_told(number, row)
    }


@pytest.mark.parametrize("city", CITIES)
def test_exactly_those_who_waited_hear_of_it_in_the_right_second(city, tmp_path):
    path, out = SHARED / "cfs" / f"{city}.csv", tmp_path / "out.jsonl"
    if not path.exists():
        pytest.skip(f"NOT RUN: {path} is not here")

    mapping = ROOT / "infra" / "maps" / f"{city}.toml"
    result = CliRunner().invoke(cli, ["replay", str(path), "--columns", str(mapping), "--json", str(out)])
    told = {
        line["incident_number"]: datetime.fromisoformat(entry["send_at"])
        for line in map(json.loads, out.read_text().splitlines())
        for entry in line["notifications"]
        if entry["kind"] == "delay" and entry["state"] == "delivered"
    }

    assert result.exit_code == 0, result.output
    assert told == expected(city, path)
    assert len(told) > 700
