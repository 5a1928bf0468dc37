"""The feed as it runs: a process beside a living PostgreSQL, posting to the local city, and what people see of it."""

import json
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy
from typer.testing import CliRunner

from chalicelib.domain.names import IncidentKey
from feed.command import cli
from feed.config import SECRET
from feed.place import Place
from tenfour.common.paths import ROOT
from tests.waiting import wait_until

FEED = str(Path(sys.executable).with_name("tenfour-feed"))
# The schema is not named like the user `cad`: that user would make the other tests' tables in it, where no other looks.
SCHEMA = """
DROP SCHEMA IF EXISTS cad1 CASCADE;
DROP ROLE IF EXISTS reader;
CREATE SCHEMA cad1;
CREATE TABLE cad1.incident (id bigserial PRIMARY KEY, number text UNIQUE, nature text, entered timestamptz NOT NULL,
    arrived timestamptz, cleared timestamptz, clearance text, caller_name text, caller_phone text,
    changed timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE INDEX ON cad1.incident (changed, id);
CREATE VIEW cad1.for_tenfour AS SELECT id, number, nature, entered, arrived, cleared, clearance, caller_phone, changed
    FROM cad1.incident;
CREATE ROLE reader LOGIN;
GRANT USAGE ON SCHEMA cad1 TO reader;
GRANT SELECT ON cad1.for_tenfour TO reader;
"""
CHANGE = "UPDATE cad1.incident SET {}, changed = clock_timestamp() WHERE number = :no"
MAPPING = """
format = "rows"
snapshots = true
[fields]
incident_number = "number"
as_of = "changed"
incident_type = "nature"
received_at = "entered"
arrived_at = "arrived"
closed_at = "cleared"
dispositions = "clearance"
[[parties]]
party_id = {value = "1"}
role = {value = "caller"}
phone = "caller_phone"
"""


class Process:
    """A feed as systemd would run it."""

    def __init__(self, file, secret):
        self._file, self._environment = file, {"PATH": "/usr/bin:/bin", SECRET: secret}
        self.start()

    def start(self):
        command = [FEED, "run", str(self._file)]
        self._process = subprocess.Popen(
            command, env=self._environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )

    def end(self, how):
        self._process.send_signal(how)
        self.said = self._process.communicate()[0].decode()
        return self._process.returncode

    def ends_with_its_test(self):
        if self._process.poll() is None:
            self.end(signal.SIGKILL)


@pytest.fixture
def cad(postgres):
    engine = sqlalchemy.create_engine(postgres.url, isolation_level="AUTOCOMMIT", pool_pre_ping=True)
    with engine.connect() as connection:
        connection.execute(sqlalchemy.text(SCHEMA))
    yield engine
    engine.dispose()


@pytest.fixture
def file(stack, cad, postgres, tmp_path):
    (tmp_path / "view.toml").write_text(MAPPING)
    (tmp_path / "feed.toml").write_text(
        f'address = "{stack.api}"\nagency = "springfield"\nmapping = "view.toml"\nstate = "state"\n'
        f'[view]\nurl = "{postgres.url.replace("cad@", "reader@")}"\nname = "cad1.for_tenfour"\nkey = ["id"]\n'
        'changed = "changed"\nevery = "1s"\n'
    )
    return tmp_path / "feed.toml"


@pytest.fixture
def process(stack, file):
    running = Process(file, stack.webhook_secret)
    yield running
    running.ends_with_its_test()


def command(*words):
    return CliRunner().invoke(cli, [str(word) for word in words], env={"COLUMNS": "80"})


@pytest.mark.long
def test_every_change_reaches_the_city_once_across_kill_9_and_a_database_that_goes(
    stack, inside, cad, postgres, file, process, monkeypatch
):
    monkeypatch.setenv(SECRET, stack.webhook_secret)
    word, changes = uuid4().hex[:6], 0

    def change(sql, **values):
        nonlocal changes
        with cad.connect() as connection:
            changes += connection.execute(sqlalchemy.text(sql), values).rowcount
        time.sleep(0.05)

    def status():
        told = command("status", file, "--json").stdout
        return json.loads(told) if told else {"posted": 0}  # it has just been started, and has no place yet

    looked = command("check", file)
    assert (looked.exit_code, "knows the key" in looked.output) == (0, True), looked.output
    for number in range(12):
        change(
            "INSERT INTO cad1.incident (number, nature, entered, caller_name, caller_phone)"
            " VALUES (:no, 'SUSP', now(), 'Nobody Atall', '303-555-0123')",
            no=f"F{word}-{number}",
        )
    assert wait_until(lambda: status()["posted"] == 12), command("status", file).output
    killer = threading.Timer(0.3, lambda: process.end(signal.SIGKILL))
    killer.start()
    for number in range(12):
        change(CHANGE.format("arrived = now()"), no=f"F{word}-{number}")
    killer.join()
    process.start()
    assert wait_until(lambda: status()["posted"] == 24), command("status", file).output
    postgres.stop()
    assert wait_until(lambda: status().get("source_problem"))
    postgres.start()
    for number in range(12):
        change(CHANGE.format("cleared = now(), clearance = 'HAN'"), no=f"F{word}-{number}")

    assert wait_until(lambda: status()["posted"] == changes), command("status", file).output
    well = command("status", file)
    assert process.end(signal.SIGTERM) == 0
    assert changes == 36
    with cad.connect() as connection:
        rows = connection.execute(sqlalchemy.text("SELECT number, arrived, cleared FROM cad1.incident")).all()
    for number, arrived, cleared in rows:
        facts = inside.aws.incidents.load(IncidentKey("springfield", number)).incident.facts
        assert (facts.arrived_at, facts.closed_at, facts.dispositions) == (arrived, cleared, ("HAN",))
    assert well.exit_code == 0, well.output
    assert "is well" in well.output
    assert len(well.output.splitlines()) <= 24
    assert "303" not in process.said


def test_a_feed_that_does_not_run_says_so(file, monkeypatch, stack):
    monkeypatch.setenv(SECRET, stack.webhook_secret)
    never = command("status", file)
    with_state = file.parent / "state"
    with_state.mkdir()
    place = Place(with_state / "feed.db")
    place.set_notes(alive_at=datetime(2026, 1, 1, tzinfo=UTC).isoformat(), source_problem="the view has no column 'x'")
    place.set_aside("row 7", "arrived_at: expected a time as iso", 0.0)
    place.close()

    dead = command("status", file)

    assert (never.exit_code, never.stderr.count("\n")) == (2, 1)
    assert dead.exit_code == 1
    for words in ("needs somebody", "does not run", "no column 'x'", "row 7: arrived_at: expected a time"):
        assert words in " ".join(dead.output.split())


GOOD = 'address = "https://x.example"\nagency = "a"\nmapping = "m.toml"\nstate = "s"\n[folder]\npath = "in"\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = ", "feed.toml"),
        (GOOD.replace("agency", "agancy"), "agancy"),
        (GOOD.replace("https", "http"), "address: expected https"),
        (GOOD.split("[folder]", maxsplit=1)[0], "expected one of [view], [folder], [http]"),
        (GOOD, "m.toml"),
        (GOOD.replace('"in"', "5"), "folder.path"),
    ],
)
def test_a_feed_that_can_not_run_ends_with_2_and_one_line(tmp_path, text, said):
    (tmp_path / "feed.toml").write_text(text)

    done = command("run", tmp_path / "feed.toml")

    assert (done.exit_code, done.stderr.strip().count("\n")) == (2, 0), done.output
    assert said in done.stderr


def test_the_agencys_side_needs_nothing_of_aws():
    parts = "command config folder gone listed look place post run source sources status view"
    parts += " http.answer http.auth http.check http.fetch http.paging http.request http.source http.walk"
    imports = "; ".join(f"import feed.{name}" for name in parts.split())
    heavy = "{'boto3', 'botocore', 'pynamodb', 'chalice', 'aws_lambda_powertools', 'jinja2'}"

    subprocess.run(
        [sys.executable, "-c", f"{imports}; import sys; assert not {heavy} & set(sys.modules)"], cwd=ROOT, check=True
    )


def test_the_unit_and_the_service_start_what_there_is():
    folder = ROOT / "feed" / "service"
    unit, service = (folder / "tenfour-feed.service").read_text(), (folder / "tenfour-feed.xml").read_text()

    assert "ExecStart=/opt/tenfour/.venv/bin/tenfour-feed run /etc/tenfour/feed.toml" in unit
    assert "<arguments>run " in service
    assert 'tenfour-feed = "feed.command:main"' in (ROOT / "pyproject.toml").read_text()
