"""`tenfour query` and `tenfour report`, as people call them."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tenfour.common.paths import AGENCIES
from tests.command import tenfour
from tests.insight.lake.rows import sample, write

TENFOUR = str(Path(sys.executable).with_name("tenfour"))


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    return write(tmp_path_factory.mktemp("lake"), sample(incidents=60))


def run(*arguments):
    """Run a command as the program that people start."""
    done = subprocess.run([TENFOUR, *map(str, arguments)], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def test_a_query_is_a_table_of_80_columns_or_csv_or_json(lake):
    asked = ("query", "satisfaction", "--from", "2026-07-01", "--to", "2026-07-31", "--lake", lake)

    code, shown, _ = run(*asked)
    as_csv = tenfour(*asked, "--csv").stdout
    as_json = tenfour(*asked, "--json").stdout

    assert code == 0
    assert "How satisfied are people" in shown
    assert max(map(len, shown.splitlines())) <= 80
    assert next(csv.DictReader(as_csv.splitlines())).keys() == json.loads(as_json)[0].keys()


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("query", "nothing"), "'nothing' is no query"),
        (("query", "calls", "--from", "2026-7-1"), "--from: '2026-7-1'"),
        (("query", "calls", "--from", "2026-07-02", "--to", "2026-07-01"), "--from 2026-07-02 is after"),
        (("query", "calls", "--lake", "nowhere"), "--lake nowhere"),
        (("report", "--quarter", "2026"), "--quarter: '2026'"),
        (("report", "--quarter", "2026Q3", "--language", "fr"), "--language: 'fr'"),
        (("report", "--quarter", "2026Q3", "--lake", "."), "--lake and --settings"),
        (("report", "--quarter", "2026Q3", "--baseline", "May"), "--baseline: 'May'"),
        (("report", "--quarter", "2026Q3", "--stack", "none.json"), "none.json"),
        (("lake", "rebuild", "yesterday"), "DAY: 'yesterday'"),
        (("lake", "rebuild", "2026-07-01", "--table", "x"), "--table: 'x'"),
    ],
)
def test_wrong_words_are_refused_in_one_line_that_names_them(arguments, named, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    code, _, told = tenfour(*arguments)

    assert code == 2
    assert named in told
    assert len(told.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("form", "begins"), [("html", "<!doctype html>"), ("pdf", "%PDF"), ("md", "# What"), ("csv", "\ufeffquarter,")]
)
def test_a_report_is_written_in_each_form(lake, tmp_path, monkeypatch, form, begins):
    monkeypatch.chdir(tmp_path)
    asked = ("report", "--quarter", "2026Q3", "--format", form, "--lake", lake)

    code, shown, told = tenfour(*asked, "--settings", AGENCIES / "demo.toml")

    assert (code, told) == (0, "")
    (path,) = tmp_path.iterdir()
    assert path.name == f"report-2026Q3.{form}" == shown.strip()
    assert path.read_bytes().startswith(begins.encode())


def test_a_public_report_is_a_site(lake, tmp_path):
    code, *_ = tenfour(
        *("report", "--quarter", "2026Q3", "--public", "--language", "es"),
        *("--out", tmp_path / "site", "--lake", lake, "--settings", AGENCIES / "demo.toml"),
    )

    assert code == 0
    assert {path.name for path in (tmp_path / "site").iterdir()} == {"index.html", "2026Q3.html"}
