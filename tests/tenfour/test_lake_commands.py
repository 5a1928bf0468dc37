"""`tenfour query` and `tenfour report`, as people call them."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tenfour.common.paths import AGENCIES
from tenfour.main import cli
from tests.insight.lake.rows import sample, write

TENFOUR = str(Path(sys.executable).with_name("tenfour"))


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    return write(tmp_path_factory.mktemp("lake"), sample(incidents=60))


def run(*arguments, cwd=None):
    done = subprocess.run([TENFOUR, *map(str, arguments)], capture_output=True, text=True, check=False, cwd=cwd)
    return done.returncode, done.stdout, done.stderr


def test_a_query_is_a_table_of_80_columns_or_csv_or_json(lake):
    asked = ("query", "satisfaction", "--from", "2026-07-01", "--to", "2026-07-31", "--lake", lake)

    code, shown, _ = run(*asked)
    _, as_csv, _ = run(*asked, "--csv")
    _, as_json, _ = run(*asked, "--json")

    assert code == 0
    assert "How satisfied are people" in shown
    assert max(map(len, shown.splitlines())) <= 80
    assert next(csv.DictReader(as_csv.splitlines())).keys() == json.loads(as_json)[0].keys()


def refused(monkeypatch, folder, *arguments):
    """Run a command here, which takes a second less than a process; return how it ended and what it said."""
    monkeypatch.chdir(folder)
    done = CliRunner().invoke(cli, [*map(str, arguments)])
    return done.exit_code, done.stderr


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
    code, told = refused(monkeypatch, tmp_path, *arguments)

    assert code == 2
    assert named in told
    assert len(told.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("form", "begins"), [("html", "<!doctype html>"), ("pdf", "%PDF"), ("md", "# What"), ("csv", "quarter,")]
)
def test_a_report_is_written_in_each_form(lake, tmp_path, form, begins):
    asked = ("report", "--quarter", "2026Q3", "--format", form, "--lake", lake)

    code, shown, told = run(*asked, "--settings", AGENCIES / "demo.toml", cwd=tmp_path)

    assert (code, told) == (0, "")
    (path,) = tmp_path.iterdir()
    assert path.name == f"report-2026Q3.{form}" == shown.strip()
    assert path.read_bytes().startswith(begins.encode())


def test_a_public_report_is_a_site(lake, tmp_path):
    code, *_ = run(
        *("report", "--quarter", "2026Q3", "--public", "--language", "es"),
        *("--out", tmp_path / "site", "--lake", lake, "--settings", AGENCIES / "demo.toml"),
    )

    assert code == 0
    assert {path.name for path in (tmp_path / "site").iterdir()} == {"index.html", "2026Q3.html"}
